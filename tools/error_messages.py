"""The messages of errors, as they stand in the code that raises them.

An error's message and remedy are written at the `raise`, with values in an f-string. This reads
them out of the code: `f"the face is too small: {height:.0f} pixels high"` is the message `the face
is too small: {height} pixels high`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from goodside import errors

_KINDS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.GoodsideError)
} | {"OsErrorExplanation", "Lost"}
_OTHERS = {"refusal": 0, "HTTPException": 1, "problem_response": 1}
"""Functions that make errors of a message, and at which place they take it."""
_WORDED = ("describe_exit",)
"""Functions that word a part of an error of another module."""
_SAID = ("message", "remedy", "reason", "detail")


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """A message of an error or a remedy.

    Attributes:
        text: with a name in braces for each value.
        line: where it stands.
    """

    text: str
    line: int


def find_error_messages(path: Path) -> Iterator[ErrorMessage]:
    """Every message of errors that a module raises.

    Args:
        path: of the module.
    """
    module = ErrorModule(path)
    for expression in module.said():
        yield from module.messages_of(expression)


class ErrorModule:
    """A module that raises errors.

    Args:
        path: of its source.
    """

    def __init__(self, path: Path) -> None:
        self._calls: list[ast.Call] = []
        self._results: dict[str, list[ast.expr]] = defaultdict(list)
        self._values: dict[str, list[ast.expr]] = defaultdict(list)
        functions: list[ast.FunctionDef] = []
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                self._calls.append(node)
            elif isinstance(node, ast.FunctionDef):
                functions.append(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    self._note_value(target, node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                self._note_value(node.target, node.value)
        for function in functions:
            self._note_function(function)

    def said(self) -> Iterator[ast.expr]:
        """What the errors say that it makes: an expression a message or remedy."""
        for name in _WORDED:
            yield from self._results[name]
        for call in self._calls:
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            is_own = name == "cls" and any(one.arg == "remedy" for one in call.keywords)
            if name in _KINDS or is_own:
                yield from call.args[:2]
            elif name in _OTHERS:
                yield from call.args[_OTHERS[name] : _OTHERS[name] + 1]
            else:
                continue
            yield from (one.value for one in call.keywords if one.arg in _SAID)

    def messages_of(
        self, said: ast.expr, followed: frozenset[str] = frozenset()
    ) -> Iterator[ErrorMessage]:
        """The texts that an expression can be; names and functions are followed in the module.

        Args:
            said: the expression.
            followed: names that are not followed again.
        """
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            text = said.value
        else:
            text = _template(said) if isinstance(said, ast.JoinedStr) else ""
        if _has_words(text):
            yield ErrorMessage(text, said.lineno)
        for part, deeper in self._parts(said, followed):
            for one in self.messages_of(part, deeper):
                if " " in one.text or not isinstance(said, ast.JoinedStr):  # others are names
                    yield one

    def _parts(
        self, said: ast.expr, followed: frozenset[str]
    ) -> Iterator[tuple[ast.expr, frozenset[str]]]:
        """What an expression is chosen from or made of, and which names were followed so far."""
        match said:
            case ast.JoinedStr(values=values):
                parts = [one.value for one in values if isinstance(one, ast.FormattedValue)]
            case ast.IfExp(body=body, orelse=orelse):
                parts = [body, orelse]
            case ast.BoolOp(values=parts) | ast.Dict(values=parts) | ast.Tuple(elts=parts):
                pass
            case ast.Subscript(value=value):
                parts = [value]
            case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="get")):
                parts = [table]
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=parts):
                if name not in followed:
                    yield from ((one, followed | {name}) for one in self._results[name])
            case ast.Name(id=name):
                parts = [] if name in followed else self._values[name]
                followed |= {name}
            case _:
                parts = []
        yield from ((one, followed) for one in parts)

    def _note_value(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values[target.id].append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=False):
                self._note_value(one, its)
        elif isinstance(target, ast.Tuple):  # of a table's row, each of whose texts may be said
            for one in target.elts:
                self._note_value(one, value)

    def _note_function(self, function: ast.FunctionDef) -> None:
        """What it returns, and what the module's calls give each of its arguments."""
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                self._results[function.name].append(node.value)
        places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        if places[:1] in (["self"], ["cls"]):
            del places[0]
        for call in self._calls:
            if getattr(call.func, "id", getattr(call.func, "attr", None)) == function.name:
                for name, given in zip(places, call.args, strict=False):
                    self._values[name].append(given)
                for one in call.keywords:
                    if one.arg is not None:
                        self._values[one.arg].append(one.value)


def _template(said: ast.JoinedStr) -> str:
    """An f-string as a message; each value's name is its last word, once each."""
    text, names = "", dict[str, str]()
    for part in said.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            source, word = ast.unparse(part.value), _name(part.value)
            if source not in names:
                unused = (word, *(f"{word}{number}" for number in range(2, 99)))
                names[source] = next(one for one in unused if one not in names.values())
            text += f"{{{names[source]}}}"
    return text


def _name(value: ast.expr) -> str:
    """A name for a value: the last one in it that is not of a function."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Call(args=[ast.Name(id=name) | ast.Attribute(attr=name), *_]):
            return name.strip("_")
        case ast.Subscript(value=inner) | ast.BoolOp(values=[inner, *_]):
            return _name(inner)
        case _:
            found = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
            return found[-1].strip("_") if found else "value"


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in re.sub(r"\{\w+\}", "", text))
