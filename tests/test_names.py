"""Names: no public class twice, so that a name alone says which class is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

_SOURCES = Path(__file__).parents[1] / "src"
_TWICE_FOR_NOW = {
    *("Explained", "Failure", "Found", "Frame", "Judge", "Judged", "Marks", "Person", "Photo"),
    *("PhotoFacts", "Reference", "Series", "Shot", "Verdict", "View", "Words"),
}
"""Classes of `goodside` that still have namesakes; the list only ever becomes shorter."""


def _modules_by_class() -> dict[str, list[str]]:
    """Where each public class of both packages is defined, at the top of its module."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(_SOURCES.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(_SOURCES).as_posix())
    return found


def test_no_public_class_name_occurs_twice() -> None:
    twice = {name: at for name, at in _modules_by_class().items() if len(at) > 1}
    assert {name: at for name, at in twice.items() if name not in _TWICE_FOR_NOW} == {}


def test_no_class_of_the_training_package_has_a_namesake() -> None:
    twice = [at for at in _modules_by_class().values() if len(at) > 1]
    assert [at for at in twice if any(path.startswith("goodside_train/") for path in at)] == []


def test_only_classes_that_have_namesakes_are_excused() -> None:
    found = _modules_by_class()
    assert {name for name in _TWICE_FOR_NOW if len(found.get(name, [])) < 2} == set()
