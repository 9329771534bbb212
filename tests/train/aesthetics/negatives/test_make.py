"""Made pictures that are no photographs: from a seed, of every kind, with that kind's marks."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.images import resize
from goodside_train.aesthetics.negatives.make import KINDS, SIZE_PX, make_negatives
from tests.train.aesthetics.made import photo

PHOTOS = np.stack(
    [resize(photo(n), width_px=SIZE_PX, height_px=SIZE_PX, kernel="bicubic") for n in range(3)]
)


def test_kinds_take_turns_and_a_seed_gives_the_same() -> None:
    pictures, kinds = make_negatives(PHOTOS, count=2 * len(KINDS) + 1, seed=4)
    assert pictures.shape == (2 * len(KINDS) + 1, SIZE_PX, SIZE_PX, 3)
    assert kinds == (*KINDS, *KINDS, "noise")
    again, _ = make_negatives(PHOTOS, count=3, seed=4)
    np.testing.assert_array_equal(pictures[:3], again)
    others, _ = make_negatives(PHOTOS, count=3, seed=5)
    assert (pictures[:3] != others).any()


@pytest.mark.parametrize("kind", KINDS)
def test_two_of_a_kind_differ(kind: str) -> None:
    made = [KINDS[kind](np.random.default_rng(seed), PHOTOS[seed % 3]) for seed in range(6)]
    assert len({picture.tobytes() for picture in made}) == 6
    assert all(picture.shape == (SIZE_PX, SIZE_PX, 3) for picture in made)
    assert all(picture.dtype == np.uint8 for picture in made)


@pytest.mark.parametrize("seed", range(8))
def test_marks_of_the_kinds(seed: int) -> None:
    def made(kind: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return KINDS[kind](np.random.default_rng(seed), PHOTOS[0]).astype(np.float64)

    assert made("black").mean() < 20
    assert made("white").mean() > 235
    assert made("flat").std(axis=(0, 1)).max() < 4
    assert len(np.unique(made("one bit"))) == 2
    assert len(np.unique(made("halftone"))) <= 2
    steps = np.abs(np.diff(made("gradient"), axis=1)).max()
    assert steps <= 12
    assert np.abs(np.diff(made("text page").mean(axis=(1, 2)))).max() > 5  # lines of text
