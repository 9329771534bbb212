"""Near-duplicates: found among others, and confirmed before they are told."""

from __future__ import annotations

import numpy as np

from goodside.images.similarity.duplicates import duplicates, take_prints
from goodside.images.similarity.phash import near
from tests.images.made import textured


def test_copies_are_found_among_themselves() -> None:
    photos = [textured(160, 120, seed=seed) for seed in range(30)]
    photos += [photos[3][1:-1, 1:-1], (photos[7] * 0.8).astype(np.uint8)]
    found = duplicates(take_prints(photos))
    assert sorted(map(tuple, found.pairs.tolist())) == [(3, 30), (7, 31)]
    assert (found.likeness > 0.95).all()
    assert found.bits.tolist() == sorted(found.bits)


def test_copies_are_found_between_two_sets() -> None:
    first = [textured(160, 120, seed=seed) for seed in range(8)]
    second = [textured(160, 120, seed=50), first[5][:, :, ::1]]
    found = duplicates(take_prints(first), take_prints(second))
    assert found.pairs.tolist() == [[5, 1]]
    assert found.bits.tolist() == [0]


def test_thumbnails_have_a_say() -> None:
    """A bright spot that outweighs everything else leaves the signs and changes the picture."""
    photo = textured(160, 120, seed=1) // 8
    other = photo.copy()
    other[40:80, 60:100] += 20
    prints = take_prints([photo, other])
    pairs, _ = near(prints.hashes, within=64)
    assert len(pairs) == 1
    alike = duplicates(prints, within=64, alike=-1).likeness[0]
    assert len(duplicates(prints, within=64, alike=alike + 1e-6)) == 0
    assert len(duplicates(prints, within=64, alike=alike - 1e-6)) == 1


def test_flat_pictures_are_nobodys_duplicate() -> None:
    flat = [np.full((20, 20, 3), gray, np.uint8) for gray in (0, 0, 200)]
    assert len(duplicates(take_prints(flat))) == 0


def test_nothing_is_no_duplicate_of_nothing() -> None:
    assert len(duplicates(take_prints([]))) == 0
