"""Skin tone from the cheeks of a made face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.types import Box, Face, Pose
from tools.label_skin import tone, typology_angle

FACE = Face(
    box=Box(10, 10, 90, 90),
    score=1,
    mesh_score=1,
    landmarks=np.full((468, 3), 50, np.float32),
    points=np.zeros((5, 2), np.float32),
    pose=Pose(0, 0, 0),
    sharpness=1,
)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [((245, 225, 208), "light"), ((190, 140, 110), "between"), ((95, 62, 45), "dark")],
)
def test_tones(colour: tuple[int, int, int], expected: str) -> None:
    rgb = np.zeros((100, 100, 3), np.uint8)
    rgb[40:61, 40:61] = colour
    assert tone(typology_angle(rgb, FACE)) == expected


def test_the_angle_by_the_books_values() -> None:
    # sRGB (198, 134, 66) is CIELAB L* 60.85, b* 45.84
    rgb = np.full((100, 100, 3), (198, 134, 66), np.uint8)
    expected = np.degrees(np.arctan2(60.85 - 50, 45.84))
    assert typology_angle(rgb, FACE) == pytest.approx(expected, abs=0.6)


def test_a_cheek_at_the_pictures_edge_is_cut_not_wrapped() -> None:
    rgb = np.full((100, 100, 3), (245, 225, 208), np.uint8)
    rgb[50:] = 0
    corner = replace(FACE, landmarks=np.zeros((468, 3), np.float32))
    assert tone(typology_angle(rgb, corner)) == "light"
