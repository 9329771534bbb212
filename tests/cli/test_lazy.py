"""Groups whose commands are imported when they run."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner, Result

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.lazy import LazyGroup
from goodside.engines import Engines

_LAZY = {
    "model": ("goodside.cli.model.command", "Show the models."),
    "absent": ("goodside.none", "Break."),
}


def _run(*arguments: str, default: str | None = None) -> Result:
    @click.group(cls=LazyGroup, lazy=_LAZY, default=default)
    def group() -> None:
        """A group."""

    return CliRunner().invoke(group, arguments, obj=Invocation(Engines()))


def test_help_imports_no_command() -> None:
    result = _run("--help")
    assert result.exit_code == 0
    assert "absent  Break." in result.output


@pytest.mark.parametrize("default", [None, "model"])
def test_a_command_runs_by_its_name(default: str | None) -> None:
    assert "aesthetics-lite0" in _run("model", "aesthetics-lite0", default=default).output


@pytest.mark.parametrize(("default", "exit_code"), [("model", 0), (None, 2), ("not there yet", 2)])
def test_a_word_that_is_no_command_goes_to_the_default(default: str | None, exit_code: int) -> None:
    result = _run("aesthetics-lite0", default=default)
    assert result.exit_code == exit_code, result.output
    assert ("sha256" in result.output) == (exit_code == 0)
