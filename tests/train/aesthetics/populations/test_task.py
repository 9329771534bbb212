"""A whole tiny training of several populations: it learns, and it can be cut in two."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from goodside_train.aesthetics.networks.multi_task import IMAGENET
from goodside_train.aesthetics.populations.batches import PopulationBatchMaker
from goodside_train.aesthetics.populations.examples import Examples
from goodside_train.aesthetics.populations.objective import mixed_score, population_losses
from goodside_train.aesthetics.populations.task import PopulationsTask, population_heads
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint
from goodside_train.loop import train
from tests.train.aesthetics.populations.conftest import RECIPE, populations_of

Fixture = Callable[[], PopulationsTask]


def test_it_learns_both_populations(task: PopulationsTask, tmp_path: Path) -> None:
    final = train(task, recipe=RECIPE.loop, out=tmp_path)
    with (tmp_path / "log.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    losses = [float(r["value"]) for r in rows if (r["part"], r["name"]) == ("train", "loss")]
    assert losses[-1] < 0.7 * losses[0]
    assert final["oasis_srcc"] > 0.7
    assert final["oasis_own_srcc"] > 0.7
    assert {"biq_technical_biq", "copies_beauty", "copies_technical_biq"} <= set(final)


def test_a_run_cut_in_two_ends_where_a_whole_one_does(
    task: PopulationsTask, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    short = RECIPE.loop.model_copy(update={"steps": 6, "checkpoint_every": 3})
    train(task, recipe=short, out=tmp_path / "whole")
    whole = load_checkpoint(tmp_path / "whole" / CHECKPOINT)["task"]["network"]
    state = {name: value.clone() for name, value in whole.items()}
    # The schedule depends on the steps of the recipe: the first half is a run that is stopped.
    first = _fresh(request)
    stopping = first.training_step

    def stop(batch: object, *, step: int, progress: float) -> dict[str, float]:
        if step == 3:
            raise KeyboardInterrupt
        return stopping(batch, step=step, progress=progress)  # type: ignore[arg-type]

    first.training_step = stop  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        train(first, recipe=short, out=tmp_path / "cut")
    train(_fresh(request), recipe=short, out=tmp_path / "cut", resume=True)
    resumed = load_checkpoint(tmp_path / "cut" / CHECKPOINT)["task"]["network"]
    for name, value in state.items():
        torch.testing.assert_close(resumed[name], value, rtol=1e-5, atol=1e-6)


def test_every_head_gets_a_gradient_and_pictures_without_label_give_none(
    task: PopulationsTask, examples: Examples
) -> None:
    asked = populations_of(RECIPE)
    maker = PopulationBatchMaker(examples, recipe=asked, data=RECIPE.data, loop=RECIPE.loop)
    batch = maker(0)
    generator = torch.Generator().manual_seed(0)
    outputs = {
        name: torch.randn(len(batch.pixels), size, generator=generator, requires_grad=True)
        for name, size in population_heads(asked).items()
    }
    parts = population_losses(outputs, batch, recipe=asked)
    torch.autograd.backward(torch.stack(list(parts.values())).sum())
    for name, value in outputs.items():
        assert value.grad is not None, name
        assert value.grad.isfinite().all(), name
        assert value.grad.any(), name
    unseen = torch.from_numpy(np.isnan(np.asarray(batch.imagenet)).any(axis=1))
    assert unseen.any()
    gradient = outputs[IMAGENET].grad
    assert gradient is not None
    assert not gradient[unseen].any()


def test_the_mixed_score_is_a_mean_over_populations() -> None:
    sure = torch.full((2, 10), -40.0)
    one, two = sure.clone(), sure.clone()
    one[:, 2], two[:, 7] = 40.0, 40.0  # scores of 3 and of 8
    recipe = populations_of(RECIPE).model_copy(update={"mix": {"oasis": 3, "ava": 1}})
    outputs = {
        "beauty_oasis": one,
        "beauty_ava": two,
        "technical_biq": torch.tensor([[1.0], [-1.0]]),
    }
    found = mixed_score(outputs, recipe=recipe)
    torch.testing.assert_close(found, torch.full((2,), 0.75 * 3 + 0.25 * 8))
    recipe = recipe.model_copy(update={"technical_share": 4.0, "spread": 2.0})
    beauty = 0.75 * 3 + 0.25 * 8 - 5.5
    torch.testing.assert_close(
        mixed_score(outputs, recipe=recipe),
        torch.tensor([5.5 + 2 * (beauty + 1.5) / 2, 5.5 + 2 * (beauty - 1.5) / 2]),
    )


def _fresh(request: pytest.FixtureRequest) -> PopulationsTask:
    """Another task like the fixture's, of the same seed."""
    from goodside_train.aesthetics.networks.build import build_network
    from goodside_train.device import open_device

    network = build_network(RECIPE, heads=population_heads(populations_of(RECIPE)))
    return PopulationsTask(
        network,
        request.getfixturevalue("examples"),
        development=(),
        recipe=RECIPE,
        device=open_device(RECIPE.loop),
    )
