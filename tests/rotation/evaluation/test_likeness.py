"""A face as vectors: as photographed, turned to the camera, fused."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.errors import NoFace
from goodside.rotation import Rotator
from goodside.rotation.evaluation.cycle import turned_away
from goodside.rotation.evaluation.fuse import fuse
from goodside.rotation.evaluation.likeness import LikenessReader
from goodside.types import Pose
from tests.rotation.made import PORTRAIT, BrightnessRecogniser


def test_a_side_face_comes_nearer_to_its_frontal_one_when_fused(rotator: Rotator) -> None:
    reader = LikenessReader(rotator, second=BrightnessRecogniser())
    frontal = reader.read(PORTRAIT)
    subject = rotator.prepare(PORTRAIT, size_px=224)
    side = reader.read(turned_away(subject, 45, matting=rotator.matting).portrait)
    one, other = frontal.embedder, side.embedder
    assert abs(one.yaw_deg) < 15 < abs(other.yaw_deg)
    assert one.fused is one.plain
    assert other.fused == pytest.approx(fuse(other.plain, other.rotated, yaw_deg=other.yaw_deg))
    assert one.plain @ other.fused > one.plain @ other.plain
    everything = [each for both in (frontal, side) for each in both.by_recogniser().values()]
    assert len(everything) == 4
    for likeness in everything:
        for vector in (likeness.plain, likeness.rotated, likeness.fused):
            assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_a_frontal_face_turned_to_the_camera_stays_itself(rotator: Rotator) -> None:
    likeness = LikenessReader(rotator).read(PORTRAIT).embedder
    assert likeness.plain @ likeness.rotated > 0.8
    subject = rotator.prepare(PORTRAIT, face=0, size_px=224)
    turned = rotator.turn(subject, [Pose(0, 0, 0)], size_px=224)[0]
    assert turned.identity == pytest.approx(float(likeness.plain @ likeness.rotated), abs=0.06)


def test_without_a_face_there_is_no_likeness(rotator: Rotator) -> None:
    with pytest.raises(NoFace):
        LikenessReader(rotator).read(np.zeros((80, 80, 3), np.uint8))
