"""Measuring a rotator: figures for every yaw, refusals counted, the plain warp beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.face import Embedder, FaceFinder
from goodside.rotation import Rotator
from goodside.rotation.evaluate import Marks, _Measure, evaluate_rotation
from goodside.types import Json, Pose
from tests.rotation.made import EXAMPLES, PORTRAIT

OTHER = EXAMPLES / "photos" / "photographer.jpg"


@pytest.fixture(scope="module")
def figures(rotator: Rotator, tmp_path_factory: pytest.TempPathFactory) -> Json:
    note = tmp_path_factory.mktemp("photos") / "note.jpg"
    note.write_text("no picture", encoding="utf-8")
    ticks = iter(np.arange(1000) * 0.25)
    return evaluate_rotation(
        [PORTRAIT, OTHER, note],
        rotator=rotator,
        yaws_deg=[0, 35],
        size_px=192,
        clock=lambda: float(next(ticks)),
    )


def test_faces_are_counted_and_refusals_named(figures: Json) -> None:
    assert figures["faces"] == 2
    assert [Path(r["path"]).name for r in figures["refused"]] == ["note.jpg"]
    assert figures["refused"][0]["kind"] == "UnreadableImage"
    assert figures["model"] == "rotation-mesh 0.0.1"


def test_every_yaw_has_a_row_with_the_warps_figures_beside(figures: Json) -> None:
    assert [row["yaw"] for row in figures["rows"]] == [0, 35]
    for row in figures["rows"]:
        for part in (row, row["warp"]):
            assert part["n"] + part["lost"] == 2
            assert -1 <= part["embedder_cosine"] <= 1
            assert 0 <= part["embedder_rank1"] <= 1
            assert 0 <= part["pose_error_deg"] < 40
        assert row["ms"] == 250.0  # the clock ticks a quarter of a second at each reading


def test_strangers_are_less_alike_than_a_person_and_their_turned_face(figures: Json) -> None:
    assert figures["strangers"]["mean"] < 0.4
    assert figures["rows"][0]["embedder_cosine"] > figures["strangers"]["p99"]


def test_marks_worked_by_hand() -> None:
    marks = Marks(cosine=[0.5, 0.7], first=[True, False], error_deg=[1.0, 3.0], lost=["x"])
    assert marks.summary() == {
        "n": 2,
        "lost": 1,
        "embedder_cosine": 0.6,
        "embedder_rank1": 0.5,
        "pose_error_deg": 2.0,
        "pose_error_p95_deg": 2.9,
    }


def test_nothing_measured_is_null_and_no_warning(rotator: Rotator) -> None:
    assert Marks().summary()["embedder_cosine"] is None
    empty = evaluate_rotation([], rotator=rotator, yaws_deg=[10])
    assert empty["faces"] == 0
    assert empty["strangers"] == {"mean": None, "p99": None}
    assert empty["rows"][0]["n"] == 0


def test_rank_one_means_nearer_than_everybody_else(rotator: Rotator) -> None:
    sitter = rotator.sit(PORTRAIT, size_px=192)
    pose = Pose(25, 0, 0)
    picture = rotator.warp(sitter, pose, size_px=192)
    face = FaceFinder().find(picture)[0]
    twin = Embedder().embed(picture, [face])[0]  # nearer to the picture than its own photograph
    measure, marks = _Measure(np.stack([sitter.embedding, twin])), Marks()
    for index in (0, 1):
        measure.add(marks, picture, pose=pose, index=index, name=str(index))
    assert marks.first == [False, True]
    assert marks.cosine == pytest.approx([float(twin @ sitter.embedding), 1], abs=1e-5)
    measure.add(marks, np.zeros_like(picture), pose=pose, index=0, name="nobody")
    assert marks.lost == ["nobody"]
