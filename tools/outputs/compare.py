"""Compares two recordings, each output by what it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tools.outputs.differ import compare_bytes
from tools.outputs.normalise import Rules, drawn_people, read_json
from tools.outputs.record import Recording


def compare(before: Path, after: Path, *, most: int, show: Callable[[str], object]) -> int:
    """Show every difference of two recordings; at most so many of one output.

    Returns:
        0 where there is none, else 1.

    Raises:
        OSError: a recording cannot be read.
    """
    sides = _Side(before), _Side(after)
    differing = outputs = 0
    for where, found in _all_differences(*sides):
        outputs += 1
        if not found:
            continue
        differing += 1
        show(f"{where}")
        for line in found[:most]:
            show(f"    {line}")
        if len(found) > most:
            show(f"    … and {len(found) - most} more")
    steps = len(sides[0].recording.steps)
    if differing:
        show(f"{differing} of {outputs} outputs of {steps} steps differ")
        return 1
    show(f"the same: {outputs} outputs of {steps} steps")
    return 0


class _Side:
    """One recording."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
        self.recording = Recording(**told)
        self.rules = Rules(self.recording, people=frozenset(drawn_people(self._journals())))

    def step(self, name: str) -> dict[str, Any]:
        told = json.loads((self.folder / name / "step.json").read_text(encoding="utf-8"))
        return {key: _texts(value, self.rules) for key, value in told.items()}

    def files(self, name: str) -> dict[str, Path]:
        """Outputs of a step by their normalised names."""
        kept = self.folder / name / "files"
        found = {"stdout": self.folder / name / "stdout", "stderr": self.folder / name / "stderr"}
        for path in sorted(kept.rglob("*")):
            if path.is_file():
                found[self.rules.text(str(path.relative_to(kept)))] = path
        return found

    def _journals(self) -> Iterator[Any]:
        for name in self.recording.steps:
            text = (self.folder / name / "stdout").read_text(encoding="utf-8", errors="replace")
            if '"split"' in text:
                try:
                    yield read_json(text)
                except ValueError:
                    continue


def _all_differences(before: _Side, after: _Side) -> Iterator[tuple[str, list[str]]]:
    """Every output with its differences, if any."""
    one, two = before.recording, after.recording
    changed = [f"{name}: {told}" for name, told in _changed(one.inputs, two.inputs)]
    yield "inputs (record both with the same script and environment)", changed
    gone = [f"missing after: {name}" for name in one.steps if name not in two.steps]
    new = [f"new: {name}" for name in two.steps if name not in one.steps]
    yield "steps", gone + new
    for name in one.steps:
        if name in two.steps:
            yield from _step_differences(name, before, after)


def _step_differences(name: str, before: _Side, after: _Side) -> Iterator[tuple[str, list[str]]]:
    one, two = before.step(name), after.step(name)
    heading = f"{name} ({' '.join(one['words'])})"
    for key in ("words", "exit"):
        told = [] if one[key] == two[key] else [f"{one[key]!r} -> {two[key]!r}"]
        yield f"{heading}: {key}", told
    gone = [f"before only: {line}" for line in one["files"] if line not in two["files"]]
    new = [f"after only: {line}" for line in two["files"] if line not in one["files"]]
    yield f"{heading}: list of files", gone + new
    here, there = before.files(name), after.files(name)
    for output in here.keys() & there.keys():
        raw = here[output].read_bytes(), there[output].read_bytes()
        found = compare_bytes(output, *raw, rules=(before.rules, after.rules))
        yield f"{heading}: {output}", found


def _changed(one: dict[str, str], two: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(one.keys() | two.keys()):
        if one.get(name) != two.get(name):
            yield name, "changed" if name in one and name in two else "on one side only"


def _texts(value: Any, rules: Rules) -> Any:
    if isinstance(value, str):
        return rules.text(value)
    return [_texts(inner, rules) for inner in value] if isinstance(value, list) else value
