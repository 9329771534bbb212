"""Batches: a pure function of the step, without validation rows, copies beside their originals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from goodside_train import ranks
from goodside_train.aesthetics.batches import KINDS, BatchMaker, degraded_pair, scaled
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.para_shards import read_labels
from goodside_train.aesthetics.datasets.tar_images import read_images
from goodside_train.aesthetics.distillation.teacher_outputs import TeacherOutputs
from goodside_train.aesthetics.recipe import AestheticsDataRecipe
from goodside_train.config import LoopRecipe

RECIPE = AestheticsDataRecipe(input_px=32, stored_px=48, batch=12, labelled=4, pairs=6)


@pytest.fixture(scope="module")
def labels(para_folder: Path) -> Labels:
    return read_labels(para_folder)


@pytest.fixture(scope="module")
def maker(para_folder: Path, labels: Labels) -> BatchMaker:
    images = read_images(para_folder, labels.names, size_px=48)
    count = len(labels)
    classes = np.zeros((count, 1000), dtype=np.float16)
    classes[:, 7] = 20
    teacher_outputs = TeacherOutputs(
        tags=np.full((count, 10), 0.1, dtype=np.float32),
        imagenet=classes,
        peer=np.repeat(np.arange(count, dtype=np.float32)[:, None], 64, axis=1),
    )
    return BatchMaker(
        images,
        labels,
        recipe=RECIPE,
        loop=LoopRecipe(steps=100, seed=5),
        teacher_outputs=teacher_outputs,
        tag_weight=0.3,
    )


def test_a_batch_is_a_function_of_its_step(maker: BatchMaker) -> None:
    one, same, other = maker(3), maker(3), maker(4)
    assert torch.equal(one.pixels, same.pixels)
    assert torch.equal(one.original, same.original)
    assert not torch.equal(one.score, other.score)


def test_shapes(maker: BatchMaker) -> None:
    batch = maker(0)
    assert batch.pixels.shape == (12 + 6, 32, 32, 3)
    assert batch.pixels.dtype == torch.uint8
    assert batch.distribution.shape == batch.tags.shape == (12, 10)
    assert batch.original.shape == (6,)
    assert len(set(batch.original.tolist())) == 6


def test_validation_rows_are_never_drawn(maker: BatchMaker, labels: Labels) -> None:
    drawn = np.concatenate([maker.rows(step) for step in range(40)])
    assert not labels.validation[drawn].any()


def test_an_epoch_shows_every_training_row_once(maker: BatchMaker, labels: Labels) -> None:
    plain = np.concatenate([maker.rows(step)[:8] for step in range(40)])
    train = np.flatnonzero(~labels.validation)
    assert sorted(plain[: len(train)]) == train.tolist()


def test_the_last_rows_of_a_batch_carry_true_labels(maker: BatchMaker, labels: Labels) -> None:
    for step in range(10):
        assert labels.true_votes[maker.rows(step)[-4:]].all()


def test_taught_tags_have_less_weight_than_true_ones(maker: BatchMaker, labels: Labels) -> None:
    batch, rows = maker(2), maker.rows(2)
    expected = np.where(labels.true_votes[rows], 1.0, 0.3)
    assert batch.tag_weight.tolist() == pytest.approx(expected.tolist())
    assert torch.isfinite(batch.tags).all()


def test_teachers_outputs_belong_to_the_rows(maker: BatchMaker) -> None:
    batch, rows = maker(2), maker.rows(2)
    assert batch.peer[:, 0].tolist() == rows.tolist()
    assert batch.imagenet.sum(dim=1).tolist() == pytest.approx([1.0] * 12)
    assert (batch.imagenet.argmax(dim=1) == 7).all()


def test_the_first_part_of_a_run_sees_smaller_pictures(para_folder: Path, labels: Labels) -> None:
    images = read_images(para_folder, labels.names, size_px=48)
    recipe = RECIPE.model_copy(update={"input_px": 64, "small_px": 32, "small_until": 0.4})
    loop = LoopRecipe(steps=10)
    maker = BatchMaker(images, labels, recipe=recipe, loop=loop, teacher_outputs=TeacherOutputs())
    assert [maker(step).pixels.shape[1] for step in (0, 3, 4, 9)] == [32, 32, 64, 64]


def test_a_run_on_few_rows_draws_the_same_few(para_folder: Path, labels: Labels) -> None:
    images = read_images(para_folder, labels.names, size_px=48)
    recipe = RECIPE.model_copy(update={"rows": 10, "labelled": 0})
    maker = BatchMaker(
        images, labels, recipe=recipe, loop=LoopRecipe(steps=9), teacher_outputs=TeacherOutputs()
    )
    assert len({row for step in range(9) for row in maker.rows(step).tolist()}) == 10


def test_processes_see_together_what_one_sees(
    maker: BatchMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in (0, 3):
        alone = maker(step)
        seen: set[bytes] = set()
        for rank in range(2):
            monkeypatch.setattr(ranks, "count", lambda: 2)
            monkeypatch.setattr(ranks, "rank", lambda rank=rank: rank)
            share = maker(step)
            monkeypatch.undo()
            assert share.pixels.shape == (6 + 3, 32, 32, 3)
            seen |= {one.numpy().tobytes() for one in share.pixels}
        assert seen == {one.numpy().tobytes() for one in alone.pixels}


def test_every_place_and_every_kind_of_copy_takes_its_turn(maker: BatchMaker) -> None:
    places = {place for step in range(2) for place in maker(step).original.tolist()}
    assert places == set(range(12))


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_of_every_kind_differ(kind: str) -> None:
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, size=(48, 48, 3), dtype=np.uint8)
    original, copy = degraded_pair(photo, kind=kind, rng=rng)
    one, other = scaled(original, size_px=32), scaled(copy, size_px=32)
    assert one.shape == other.shape == (32, 32, 3)
    assert np.abs(one.astype(float) - other).mean() > 1


def test_half_of_the_tilted_pairs_are_magnified_alike() -> None:
    photo = np.zeros((100, 100, 3), dtype=np.uint8)
    rng = np.random.default_rng(1)
    alike = [
        original.shape == copy.shape
        for original, copy in (degraded_pair(photo, kind="tilt", rng=rng) for _ in range(60))
    ]
    assert 15 < sum(alike) < 45


def test_photographs_are_mirrored_left_to_right_and_never_stood_on_their_heads(
    labels: Labels,
) -> None:
    """Dark at the bottom right: nothing that photographers judge may change."""
    corner = np.full((48, 48, 3), 200, np.uint8)
    corner[24:, 24:] = 0
    recipe = RECIPE.model_copy(update={"pairs": 0, "trim": 0.0})
    images = np.repeat(corner[None], len(labels), axis=0)
    maker = BatchMaker(
        images, labels, recipe=recipe, loop=LoopRecipe(steps=9), teacher_outputs=TeacherOutputs()
    )
    pixels = torch.cat([maker(step).pixels for step in range(4)]).float()
    assert (pixels[:, :12] > 150).all()
    right = pixels[:, 20:, 20:].mean(dim=(1, 2, 3)) < 50
    left = pixels[:, 20:, :12].mean(dim=(1, 2, 3)) < 50
    assert (left ^ right).all()
    assert 0.25 < left.float().mean() < 0.75
