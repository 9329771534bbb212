"""Near-duplicates, scenes, and the groups of a catalog."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.album.catalog import list_groups, put_facts
from goodside.album.groups import ComparablePhoto, regroup
from goodside.album.groups.disjoint_sets import DisjointSets
from goodside.album.groups.near_duplicates import find_near_duplicates
from goodside.album.groups.scenes import find_scenes
from goodside.types import RgbImage
from tests.album.catalog.made import add, fresh
from tests.album.groups.made import Given, frame, ids
from tests.images.made import encode, textured

pytestmark = pytest.mark.both_databases


def _altered(rgb: RgbImage) -> list[RgbImage]:
    """The picture, saved again, halved, brightened, and cropped by two pixels in a hundred."""
    image = Image.fromarray(rgb)
    again = Image.open(io.BytesIO(encode(image, "JPEG", quality=40)))
    half = image.resize((rgb.shape[1] // 2, rgb.shape[0] // 2))
    bright = np.clip(rgb.astype(np.float32) * 1.15, 0, 255).astype(np.uint8)
    return [rgb, np.asarray(again), np.asarray(half), bright, rgb[2:-2, 2:-2]]


def test_near_duplicates_are_found_and_nothing_else() -> None:
    """Pairwise precision and recall over 12 pictures of 5 versions."""
    frames: list[ComparablePhoto] = []
    for seed in range(12):
        for rgb in _altered(textured(192, 128, seed=seed)):
            frames.append(frame(len(frames), at_s=None, rgb=rgb))
    found = {
        pair
        for group in ids(find_near_duplicates(frames, features=Given()))
        for pair in combinations(group, 2)
    }
    true = {
        pair
        for start in range(0, len(frames), 5)
        for pair in combinations(range(start, start + 5), 2)
    }
    right = len(found & true)
    assert 2 * right / (len(found) + len(true)) >= 0.97


def test_a_photograph_without_fingerprint_is_like_no_other() -> None:
    plain = np.full((60, 90, 3), 128, dtype=np.uint8)
    assert find_near_duplicates([frame(n, rgb=plain) for n in range(3)], features=Given()) == []


def test_scenes_end_at_a_pause_and_at_a_journey() -> None:
    frames = [
        frame(0, at_s=0, latitude_deg=48.0, longitude_deg=11.0),
        frame(1, at_s=60, latitude_deg=48.001, longitude_deg=11.0, camera="C2"),
        frame(2, at_s=120, latitude_deg=48.1, longitude_deg=11.0),
        frame(3, at_s=180),
        frame(4, at_s=180 + 3600),
        frame(5, at_s=None),
    ]
    assert ids(find_scenes(frames)) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("pause_s", "metres", "is_one"),
    [(1800, 0, True), (1801, 0, False), (60, 499, True), (60, 501, False)],
)
def test_a_scene_ends_after_half_an_hour_or_500_metres(
    pause_s: float, metres: float, is_one: bool
) -> None:
    north_deg = metres / 111_195
    frames = [
        frame(n, at_s=n * pause_s, latitude_deg=48.0 + n * north_deg, longitude_deg=11.0)
        for n in range(2)
    ]
    assert ids(find_scenes(frames)) == ([[0, 1]] if is_one else [])


def test_pauses_of_a_scene_are_between_one_frame_and_the_next() -> None:
    times = (0, 1200, 2400, 6000, 7200, 8400)
    assert ids(find_scenes([frame(n, at_s=at) for n, at in enumerate(times)])) == [
        [0, 1, 2],
        [3, 4, 5],
    ]


def test_disjoint_sets() -> None:
    disjoint = DisjointSets(6)
    for pair in ((4, 2), (2, 0), (5, 3)):
        disjoint.union(*pair)
    assert disjoint.sets() == [[0, 2, 4], [1], [3, 5]]
    assert disjoint.connected(4, 0)
    assert not disjoint.connected(4, 5)
    assert disjoint.roots(np.array([[4, 5], [1, 0]])).tolist() == [[0, 3], [1, 0]]


def test_a_catalogs_groups_are_stored_and_replaced(tmp_path: Path) -> None:
    view = textured(96, 64, seed=1)
    with fresh(tmp_path / "catalog.db") as catalog:
        for number in range(3):
            photo = frame(number, at_s=number, rgb=view).photo
            add(catalog, tmp_path / f"{number}.jpg", number)
            with catalog.write() as session:
                jpeg = encode(view, "JPEG", quality=90)
                put_facts(session, number + 1, photo.facts, thumbnail=jpeg, by="test")
        for _ in range(2):
            groups = regroup(catalog)
            with catalog.read() as session:
                stored = list_groups(session)
            assert [(one.kind, one.photo_ids) for one in stored] == [
                (one.kind, one.photo_ids)
                for kind in ("near_duplicate", "burst", "scene")
                for one in groups
                if one.kind == kind
            ]
            assert {one.kind for one in stored} == {"near_duplicate", "burst", "scene"}
            assert all(len(one.photo_ids) == 3 for one in stored)
