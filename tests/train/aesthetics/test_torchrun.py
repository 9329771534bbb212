"""Two processes that torchrun starts learn what one process learns."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from goodside_train.checkpoint import CHECKPOINT, load_checkpoint
from tests.train.aesthetics import made

_CHANGES = {
    'layout = "ava-common-tags"': 'layout = "para"',
    "steps = 90000": 'steps = 3\nthreads = 1\ndevice = "cpu"',
    "validate_every = 5000": "validate_every = 0",
    "fully_connected = [4096, 4096]": "fully_connected = [8, 8]",
    "dropout = 0.5": "dropout = 0.0",  # each process draws its own
    "batch = 128": "batch = 4",
    "pairs = 0": "pairs = 2",
    "order = 0.0": "order = 0.5",
    "trunk_rate = 1e-4": "trunk_rate = 1e-3",
    "head_rate = 1e-4": "head_rate = 1e-3",
}


def _recipe(folder: Path) -> Path:
    """The paper's, which has no batch normalisation: on the CPU that would see shares alone."""
    text = (Path(__file__).parents[3] / "configs" / "aesthetics-paper.toml").read_text("utf-8")
    for old, new in _CHANGES.items():
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(old, new)
    tomllib.loads(text)
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_two_processes_under_torchrun_equal_one(tmp_path: Path) -> None:
    made.make_official(tmp_path / "data", train=24)  # whose rows all have a tag
    recipe = _recipe(tmp_path)
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    learnt = {}
    for name, starter in (("one", []), ("two", torchrun)):
        places = {"--config": recipe, "--data": tmp_path / "data", "--out": tmp_path / name}
        options = [f"{option}={path}" for option, path in places.items()]
        subprocess.run(
            [sys.executable, *starter, "-m", "goodside_train", "train", "aesthetics", *options],
            check=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        learnt[name] = load_checkpoint(tmp_path / name / CHECKPOINT)["task"]
    for key, weights in learnt["one"]["network"].items():
        # Where a gradient is next to none, rounding decides Adam's step, which is as long there as
        # anywhere: 1e-3. Processes that did not share gradients would be half of that apart.
        apart = (learnt["two"]["network"][key] - weights).abs().mean()
        assert apart < 2e-6, key
