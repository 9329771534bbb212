"""Names: no public class twice, so that a name alone says which class is meant."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

_SOURCES = Path(__file__).parents[1] / "src"


def _modules_by_class() -> dict[str, list[str]]:
    """Where each public class of both packages is defined, at the top of its module."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(_SOURCES.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(_SOURCES).as_posix())
    return found


def test_no_public_class_name_occurs_twice() -> None:
    assert {name: at for name, at in _modules_by_class().items() if len(at) > 1} == {}
