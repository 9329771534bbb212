"""Turned away by the mesh and home again."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.face import FaceFinder
from goodside.rotation import Rotator
from goodside.rotation.evaluation.cycle import mirror_fill, turn_back, turned_away
from goodside.rotation.evaluation.measurements import Gallery
from goodside.rotation.evaluation.report import to_json
from tests.rotation.made import PORTRAIT

SIZE = 160


def test_the_subject_turned_away_looks_there(rotator: Rotator) -> None:
    subject = rotator.prepare(PORTRAIT, size_px=SIZE)
    away = turned_away(subject, 30, matting=rotator.matting)
    found = FaceFinder().find(away.portrait)[0]
    assert found.pose.yaw_deg == pytest.approx(30, abs=8)
    assert away.face.points == pytest.approx(found.points, abs=0.03 * len(away.portrait))
    assert (away.embedding == subject.embedding).all()


def test_no_turn_comes_home_almost_unchanged_and_a_far_one_does_not(rotator: Rotator) -> None:
    gallery = Gallery([rotator.prepare(PORTRAIT, size_px=SIZE)])
    yaw = gallery.subjects[0].face.pose.yaw_deg
    still, far = (
        to_json(turn_back(gallery, rotator=rotator, yaw_deg=angle, size_px=SIZE))
        for angle in (yaw, 60.0)
    )
    for one in (still, still["warp"], still["mirrored"]):
        assert one["l1"] < 3
        assert one["embedder_cosine"] > 0.95
    for one in (far, far["warp"], far["mirrored"]):
        assert one["l1"] > 2 * still["l1"]
    assert far["mirrored"]["embedder_cosine"] > far["warp"]["embedder_cosine"]


def test_the_mirror_half_fills_only_what_is_hidden(rotator: Rotator) -> None:
    subject = rotator.prepare(PORTRAIT, size_px=SIZE)
    away = turned_away(subject, 60, matting=rotator.matting)
    filled = mirror_fill(away, subject.head.pose, size_px=SIZE).astype(int)
    plain = rotator.warp(away, subject.head.pose, size_px=SIZE).astype(int)
    changed = np.abs(filled - plain).max(axis=-1) > 4
    assert 0.02 < changed.mean() < 0.4
    columns = np.nonzero(changed)[1]
    assert (columns > SIZE / 2).mean() > 0.8  # looking right, it hid the picture's right half
