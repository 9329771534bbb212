"""What a release says of itself agrees with what it is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_WORKFLOW = (_ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
_CARDS = sorted((_ROOT / "src" / "goodside" / "weights").glob("*.json"))


def test_the_changelog_begins_with_this_version() -> None:
    text = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[([^\]]+)\] - \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
    assert released[0] == _PROJECT["version"]
    assert "unreleased" not in text.lower()


def test_every_python_that_is_promised_is_tested() -> None:
    prefix = "Programming Language :: Python :: "
    promised = [
        name.removeprefix(prefix) for name in _PROJECT["classifiers"] if name.startswith(prefix)
    ]
    promised.remove("3")
    matrix = re.search(r"python: \[(.*)\]", _WORKFLOW)
    assert matrix is not None
    assert re.findall(r'"([\d.]+)"', matrix[1]) == promised
    assert _PROJECT["requires-python"] == f">={promised[0]}"


def test_the_workflow_does_what_the_script_does() -> None:
    script = (_ROOT / ".ci" / "run").read_text(encoding="utf-8")
    steps = re.findall(r"^make \w+$", script, re.MULTILINE)
    assert steps == re.findall(r"- run: (make \w+)$", _WORKFLOW, re.MULTILINE)


@pytest.mark.parametrize("path", _CARDS, ids=lambda path: path.stem)
def test_a_card_tells_of_its_own_version_only(path: Path) -> None:
    """Figures of earlier versions are in docs/experiments/archive."""
    assert "history" not in json.loads(path.read_text(encoding="utf-8"))
