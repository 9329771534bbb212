"""`goodside train` and `goodside export`: commands of the training package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from goodside.cli import cli
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.cli import export, train
from goodside_train.config import LoopRecipe, read_recipe

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("verb", ["train", "export"])
@pytest.mark.parametrize("task", ["aesthetics", "rotation"])
def test_the_commands_are_those_of_the_training_package(verb: str, task: str) -> None:
    result = CliRunner().invoke(cli, [verb, task, "--help"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "--config" in result.stdout
    command = {"train": train, "export": export}[verb]
    direct = CliRunner().invoke(command, [task, "--help"], catch_exceptions=False)
    assert result.stdout.split()[3:] == direct.stdout.split()[2:]  # `goodside` apart


@pytest.mark.parametrize("task", ["aesthetics", "rotation"])
def test_without_torch_the_extra_is_named(task: str, tmp_path: Path) -> None:
    words = ["goodside", "train", task, "--config", str(CONFIGS / f"{task}-tiny.toml")]
    words += ["--data", str(tmp_path), "--out", str(tmp_path)]
    code = f"import sys; sys.modules['torch'] = None; sys.argv = {words}"
    code += "; from goodside.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "torch, which is not installed (pip install 'goodside[train]')" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_recipe_is_refused_in_one_line(tmp_path: Path) -> None:
    words = ["train", "rotation", "--config", str(tmp_path / "none.toml")]
    words += ["--data", str(tmp_path), "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "goodside", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "none.toml: the recipe cannot be read" in done.stderr


def test_a_recipe_may_be_run_with_another_limit_or_device() -> None:
    loop = read_recipe(CONFIGS / "aesthetics-tiny.toml", AestheticsRecipe).loop
    changed = loop.with_limits(minutes=3, device="cuda")
    assert (changed.minutes, changed.device, changed.steps) == (3, "cuda", loop.steps)
    assert LoopRecipe(steps=5, minutes=2).with_limits(minutes=None, device=None).minutes == 2
