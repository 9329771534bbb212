"""Fingerprints: stable for the same photograph, different for another, searched exactly."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from goodside.images import resize
from goodside.images.similarity.phash import NEAR, hamming, near, perceptual_hash
from goodside.types import RgbImage

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=20)


def scene(seed: int) -> RgbImage:
    """Soft blobs of colour, (120, 160, 3)."""
    rough = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    return resize(rough, width_px=160, height_px=120, kernel="bicubic")


def saved(rgb: RgbImage) -> RgbImage:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=30)
    return np.asarray(Image.open(buffer))


def marked(rgb: RgbImage) -> RgbImage:
    copy = rgb.copy()
    copy[108:116, 100:156] = 255
    return copy


@pytest.mark.parametrize(
    ("alter", "most"),
    [
        (np.copy, 0),
        (saved, 3),
        (lambda rgb: resize(rgb, width_px=61, height_px=47), 3),
        (lambda rgb: resize(rgb, width_px=300, height_px=300), 3),
        (lambda rgb: (rgb * 0.7).astype(np.uint8), 3),
        (lambda rgb: rgb[2:-1, 2:-1], NEAR),
        (marked, NEAR),
    ],
    ids=["copied", "saved", "smaller", "square", "darker", "cropped", "marked"],
)
def test_an_altered_copy_stays_near(alter: Callable[[RgbImage], RgbImage], most: int) -> None:
    photos = [scene(seed) for seed in range(20)]
    before = np.array([perceptual_hash(photo) for photo in photos])
    after = np.array([perceptual_hash(alter(photo)) for photo in photos])
    distances = hamming(before, after)
    assert np.percentile(distances, 90) <= most, distances


def test_other_photographs_are_far() -> None:
    hashes = [perceptual_hash(scene(seed)) for seed in range(60)]
    assert len(near(hashes)[0]) == 0
    assert 28 < hamming(np.array(hashes[:30]), np.array(hashes[30:])).mean() < 35


def test_bits_are_the_signs_of_waves() -> None:
    place = (np.arange(32) + 0.5) / 32
    wave = np.cos(np.pi * 3 * place)
    rows = np.broadcast_to(wave[:, None, None], (32, 32, 3))
    down = (128 + 100 * rows).astype(np.uint8)
    assert perceptual_hash(down) >> (63 - 3 * 8) & 1
    assert not perceptual_hash(255 - down) >> (63 - 3 * 8) & 1


@pytest.mark.parametrize("gray", [0, 128, 255])
def test_a_flat_picture_has_no_bits(gray: int) -> None:
    assert perceptual_hash(np.full((40, 50, 3), gray, np.uint8)) == 0


@given(a=st.integers(0, 2**64 - 1), b=st.integers(0, 2**64 - 1))
def test_hamming_counts_differing_bits(a: int, b: int) -> None:
    assert hamming(np.array([a], np.uint64), np.array([b], np.uint64)) == [(a ^ b).bit_count()]


@given(hashes=HASHES, others=st.none() | HASHES, within=st.integers(0, 40))
def test_near_is_the_plain_double_loop(
    hashes: list[int], others: list[int] | None, within: int
) -> None:
    expected = {
        (i, j): (a ^ b).bit_count()
        for i, a in enumerate(hashes)
        for j, b in enumerate(hashes if others is None else others)
        if (others is not None or i < j) and (a ^ b).bit_count() <= within
    }
    pairs, distances = near(hashes, others=others, within=within)
    assert {
        tuple(p): d for p, d in zip(pairs.tolist(), distances.tolist(), strict=True)
    } == expected
    assert distances.tolist() == sorted(distances.tolist())


def test_near_across_blocks() -> None:
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 2**63, 3000).astype(np.uint64)
    hashes[2999] = hashes[5] ^ np.uint64(0b101)
    hashes[1100] = hashes[1023]
    pairs, distances = near(hashes, within=2)
    assert pairs.tolist() == [[1023, 1100], [5, 2999]]
    assert distances.tolist() == [0, 2]
