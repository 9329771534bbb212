"""What is measured on one turned face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from goodside.face import Embedder, FaceFinder
from goodside.rotation import Rotator
from goodside.rotation.evaluation.measurements import Gallery, Measurements, portrait_box
from goodside.rotation.evaluation.report import to_json
from goodside.types import Pose
from tests.rotation.made import PORTRAIT, BrightnessRecogniser


def test_means_worked_by_hand() -> None:
    measured = Measurements(
        cosine=[0.5, 0.7],
        rank1=[True, False],
        second_distance=[0.2, 0.3],
        second_rank1=[True, True],
        yaw_error_deg=[1.0, 3.0],
        landmark_error=[0.1, 0.2],
        lost=[2],
    )
    assert to_json(measured.summary()) == {
        "n": 2,
        "lost": 1,
        "embedder_cosine": 0.6,
        "embedder_rank1": 0.5,
        "judge_distance": 0.25,
        "judge_rank1": 1.0,
        "pose_error_deg": 2.0,
        "pose_error_p95_deg": 2.9,
        "landmark_error": 0.15,
    }
    assert set(to_json(Measurements().summary()).values()) == {0, None}


def test_measurements_of_several_yaws_are_joined_and_parted_by_people() -> None:
    one = Measurements(index=[0, 1], cosine=[0.1, 0.2], yaw_error_deg=[1, 2], lost=[2])
    other = Measurements(index=[1, 2], cosine=[0.4, 0.5], yaw_error_deg=[3, 4])
    joined = Measurements.joined([one, other])
    assert joined.cosine == [0.1, 0.2, 0.4, 0.5]
    assert joined.of([1]) == Measurements(index=[1, 1], cosine=[0.2, 0.4], yaw_error_deg=[2, 3])
    assert joined.of([2]) == Measurements(index=[2], cosine=[0.5], yaw_error_deg=[4], lost=[2])
    assert Measurements.joined([]) == Measurements()


def test_rank_one_means_nearer_than_everybody_else(rotator: Rotator) -> None:
    subject = rotator.prepare(PORTRAIT, size_px=192)
    pose = Pose(25, 0, 0)
    picture = rotator.warp(subject, pose, size_px=192)
    face = FaceFinder().find(picture)[0]
    twin = Embedder().embed(picture, [face])[0]  # nearer to the picture than its own photograph
    twins = [subject, replace(subject, embedding=twin)]
    gallery, measured = Gallery(twins, second=BrightnessRecogniser()), Measurements()
    for index in (0, 1):
        gallery.add(measured, picture, subject=subject, pose=pose, index=index)
    assert measured.rank1 == [False, True]
    assert measured.cosine == pytest.approx([float(twin @ subject.embedding), 1], abs=1e-5)
    assert measured.second_distance[0] == measured.second_distance[1] < 0.1
    assert measured.second_rank1 == [True, False]  # of two equal ones the first
    assert max(measured.landmark_error) < 0.1
    gallery.add(measured, np.zeros_like(picture), subject=subject, pose=pose, index=0)
    assert measured.lost == [0]
    assert measured.index == [0, 1]


def test_landmarks_are_measured_against_the_asked_pose(rotator: Rotator) -> None:
    subject = rotator.prepare(PORTRAIT, size_px=192)
    gallery, right, wrong = Gallery([subject]), Measurements(), Measurements()
    picture = rotator.warp(subject, Pose(25, 0, 0), size_px=192)
    gallery.add(right, picture, subject=subject, pose=Pose(25, 0, 0), index=0)
    gallery.add(wrong, picture, subject=subject, pose=Pose(-25, 0, 0), index=0)
    assert wrong.landmark_error[0] > 3 * right.landmark_error[0]
    assert wrong.yaw_error_deg[0] > 40


def test_the_box_encloses_the_face_in_the_portrait(rotator: Rotator) -> None:
    subject = rotator.prepare(PORTRAIT, size_px=192)
    box = portrait_box(subject)
    found = FaceFinder().find(subject.portrait)[0].box
    assert box.as_list() == pytest.approx(found.as_list(), abs=0.05 * found.height)
