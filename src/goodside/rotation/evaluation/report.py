"""How reports become JSON, and what several of them hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from goodside.errors import GoodsideError
from goodside.types import Json

INLINE: Mapping[str, Any] = {"inline": True}
"""Metadata of a field whose own fields stand in the object that holds it."""


def key(name: str) -> Mapping[str, Any]:
    """Metadata of a field that has another name in JSON."""
    return {"key": name}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A photograph that could not be used.

    Attributes:
        path: the photograph.
        kind: the error's, see `goodside.errors`.
        message: the error's, without the remedy.
    """

    path: str
    kind: str
    message: str

    @staticmethod
    def of(path: object, error: GoodsideError) -> Refusal:
        """The refusal of a photograph for an error."""
        return Refusal(str(path), error.kind, error.message)


def to_json(report: object) -> Json:
    """A report as nested dictionaries and lists, in the order of its fields.

    Raises:
        TypeError: it is no instance of a dataclass.
    """
    if isinstance(report, type) or not is_dataclass(report):
        raise TypeError(f"expected a report, got {type(report).__name__}")
    made: Json = {}
    for field in fields(report):
        value = _plain(getattr(report, field.name))
        if field.metadata.get("inline"):
            made.update(value)
        else:
            made[field.metadata.get("key", field.name)] = value
    return made


def _plain(value: object) -> Any:
    if is_dataclass(value):
        return to_json(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
