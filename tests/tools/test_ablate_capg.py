"""An ablation of two variants and two seeds, tiny: it trains, goes on, measures and prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside_train.rotation.pairs.prepare import prepare
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import write_data
from tools.ablate_capg import (
    ROWS,
    Ablation,
    Measurement,
    read_ablation,
    read_rows,
    run_missing,
    summary,
)

CONFIG = Path(__file__).parents[2] / "configs" / "rotation-capg-ablation.toml"
TINY = """
recipe = "capg"
skips = "deformable"
size_px = 64
width = 4
agent_width = 4
batch = 4
flow_rate = 0.0
loop = { steps = 1, threads = 1 }
data = { photos = ["photos"], turns = 1, forward_turns = 1, head_pairs = 2, landmarks = 20 }

[ablation]
seeds = [1, 2]
held_out_pairs = 3

order = ["whole"]

[ablation.flow]
flow_until = 1.0

[flows]
five = {}
twenty = { landmarks = 20 }

[variants]
whole = {}
no-agents = { loss_weights = { adversarial_identity = 0.0, adversarial_pose = 0.0 } }
"""


@pytest.fixture(scope="module")
def ablation(tmp_path_factory: pytest.TempPathFactory) -> Ablation:
    path = tmp_path_factory.mktemp("config") / "tiny.toml"
    path.write_text(TINY, "utf-8")
    return read_ablation(path)


def test_every_run_and_seed_leaves_a_row_and_is_not_trained_again(
    ablation: Ablation, tmp_path: Path
) -> None:
    data, out = write_data(tmp_path), tmp_path / "out"
    assert ablation.order == ("whole", "five", "twenty", "no-agents")
    run_missing(ablation, data=data, out=out, names=["whole", "twenty"])
    rows = read_rows(out / ROWS)
    ran = [(row["variant"], row["seed"]) for row in rows if row["seed"]]
    assert ran == [("whole", 1), ("whole", 2), ("twenty", 1), ("twenty", 2)]
    assert {path.parent.name for path in out.glob("five-*/log.csv")} == {
        "five-seed1", "five-seed2"
    }  # fmt: skip
    logs = {path: path.stat().st_mtime_ns for path in out.glob("*/log.csv")}
    run_missing(ablation, data=data, out=out, names=["whole", "five", "no-agents"])
    assert all(path.stat().st_mtime_ns == before for path, before in logs.items())
    added = [row["variant"] for row in read_rows(out / ROWS)[len(rows) :]]
    assert added == ["five", "five", "no-agents", "no-agents"]


def test_true_pictures_are_the_best_and_grey_ones_lose_every_face(
    ablation: Ablation, tmp_path: Path
) -> None:
    recipe = RotationRecipe.model_validate(ablation.recipe)
    rendered = prepare(write_data(tmp_path), recipe=recipe.data, size_px=64, out=tmp_path / "pairs")
    pairs = rendered.held_out
    measure = Measurement(pairs)
    assert measure(pairs.target) == {
        "pairs": len(pairs), "l1": 0, "cosine": 1, "yaw_error_deg": 0, "lost": 0
    }  # fmt: skip
    grey = measure(np.full_like(pairs.target, 128))
    assert "yaw_error_deg" not in grey
    assert grey["cosine"] < measure(pairs.source)["cosine"] < 1


def test_the_table_has_the_mean_and_the_spread_over_seeds() -> None:
    rows: list[dict[str, Any]] = [
        {"variant": "plain warp", "seed": None, "l1": 0.2, "lost": 0.0},
        {"variant": "whole", "seed": 1, "l1": 0.1, "lost": 0.0},
        {"variant": "whole", "seed": 2, "l1": 0.3, "lost": 0.02},
    ]
    assert summary(rows).splitlines()[2:] == [
        "| plain warp |  | 0.2000 | 0.000 |",
        "| whole | 2 | 0.2000 ± 0.1414 | 0.010 ± 0.014 |",
    ]


def test_the_shipped_configuration_changes_one_thing_a_run() -> None:
    ablation = read_ablation(CONFIG)
    assert len(ablation.seeds) >= 3
    assert set(ablation.order) == {*ablation.flows, *ablation.variants}
    for group, whole in ((ablation.flows, "five"), (ablation.variants, "whole")):
        first = ablation.recipe_of(whole, seed=1).model_dump()
        for name in group:
            own = ablation.recipe_of(name, seed=1).model_dump()
            changed = {key for key, value in own.items() if value != first[key]}
            assert len(changed) == (name != whole), name
