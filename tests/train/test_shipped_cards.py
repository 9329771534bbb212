"""The cards of our own networks: their recipes, the chain of starts, and what came before."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from goodside.runtime import WeightsStore

ROOT = Path(__file__).parents[2]
STORE = WeightsStore()
OWN = [name for name in STORE.names() if name.startswith(("aesthetics-", "rotation-"))]
RECIPE = re.compile(r"the recipe ([a-z0-9-]+\.toml), seed (\d+), ([\d,]+) steps")


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


@pytest.mark.parametrize("name", OWN)
def test_a_card_names_the_recipe_of_every_run(name: str) -> None:
    """Each with the seed, the steps and the start that the recipe states."""
    source = STORE.card(name).source
    runs = RECIPE.findall(source)
    assert runs
    for file, seed, steps in runs:
        recipe = tomllib.loads((ROOT / "configs" / file).read_text(encoding="utf-8"))
        assert recipe["loop"]["seed"] == int(seed)
        assert recipe["loop"]["steps"] == int(steps.replace(",", ""))
        if start := recipe.get("start"):
            assert f"started from {start['weights']}" in source
            assert start["source"].rstrip(".") in source
            assert start.get("sha256", "")[:12] in source
        said = recipe["card"].get("source", "")
        if name == "rotation-flow":  # what its recipe paints is left out
            said = said.partition(";")[0]
        assert said in source


@pytest.mark.parametrize("name", OWN)
def test_the_figures_of_earlier_weights_lie_beside_the_card(name: str) -> None:
    card = STORE.card(name)
    kept = STORE.folder / "history" / f"{name}.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    earlier = [json.loads(line) for line in lines]
    versions = [*(_version(one["version"]) for one in earlier), _version(card.version)]
    assert versions == sorted(set(versions))
    assert all(one["metrics"] for one in earlier)


def test_the_wheel_leaves_the_history_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["exclude"] == ["src/goodside/weights/history"]
    assert (ROOT / wheel["exclude"][0]).is_dir()
