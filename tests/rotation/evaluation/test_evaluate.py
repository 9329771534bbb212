"""Measuring a rotator: figures for every yaw, refusals counted, the plain warp beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.rotation import Rotator
from goodside.rotation.evaluation.evaluate import evaluate_rotation, prepare_each
from goodside.rotation.evaluation.report import to_json
from goodside.runtime import WeightsStore
from goodside.types import Json
from tests.rotation.made import (
    EXAMPLES,
    PORTRAIT,
    BrightnessRecogniser,
    write_store,
    write_views,
)

OTHER = EXAMPLES / "photos" / "photographer.jpg"


@pytest.fixture(scope="module")
def figures(rotator: Rotator, tmp_path_factory: pytest.TempPathFactory) -> Json:
    note = tmp_path_factory.mktemp("photos") / "note.jpg"
    note.write_text("no picture", encoding="utf-8")
    views = write_views(note.parent / "views", yaws_deg=(0, 50))
    labels = note.parent / "groups.csv"
    names = (PORTRAIT.name, OTHER.name, note.name)
    rows = [f"{name},{group}" for name, group in zip(names, "abb", strict=True)]
    labels.write_text("\n".join(["image,kind", *rows]), encoding="utf-8")
    ticks = iter(np.arange(1000) * 0.25)
    subjects, refused = prepare_each([PORTRAIT, OTHER, note], rotator=rotator, size_px=128)
    report = evaluate_rotation(
        subjects,
        rotator=rotator,
        yaws_deg=[0, 50],
        refused=refused,
        second=BrightnessRecogniser(),
        views=views,
        labels=labels,
        size_px=128,
        clock=lambda: float(next(ticks)),
    )
    return to_json(report)


def test_faces_are_counted_and_refusals_named(figures: Json) -> None:
    assert figures["faces"] == 2
    assert [Path(r["path"]).name for r in figures["refused"]] == ["note.jpg"]
    assert figures["refused"][0]["kind"] == "UnreadableImage"
    assert figures["refused_share"] == 0.333
    assert figures["model"] == "rotation-mesh 0.0.1"


def test_every_yaw_has_a_row_with_the_warps_figures_beside(figures: Json) -> None:
    assert [row["yaw"] for row in figures["rows"]] == [0, 50]
    for row in figures["rows"]:
        for part in (row, row["warp"], row["draft"], row["unposed"]):
            assert part["n"] + part["lost"] == 2
            assert -1 <= part["embedder_cosine"] <= 1
            assert 0 <= part["embedder_rank1"] <= 1
            assert part["judge_distance"] >= 0
            assert 0 <= part["judge_rank1"] <= 1
            assert 0 <= part["pose_error_deg"] < 50
            assert 0 <= part["landmark_error"] < 0.5
        assert row["photo"]["pose_error_deg"] > 0
        assert row["ms"] == 250.0  # the clock ticks a quarter of a second at each reading


def test_weights_without_a_draft_have_no_row_of_it(tmp_path: Path) -> None:
    rotator = Rotator(
        store=WeightsStore(write_store(tmp_path, recipe="capg")), model="rotation-capg"
    )
    subjects, _ = prepare_each([PORTRAIT], rotator=rotator, size_px=128)
    made = to_json(evaluate_rotation(subjects, rotator=rotator, yaws_deg=[50], size_px=128))
    (row,) = made["rows"]
    assert row["draft"] is None
    assert made["realism"]["draft_kid"] is None
    # this generator looks at no pose image, and the columns say so
    assert {key: row["unposed"][key] for key in row["unposed"]} == {
        key: row[key] for key in row["unposed"]
    }


def test_strangers_are_less_alike_than_a_person_and_their_turned_face(figures: Json) -> None:
    assert figures["strangers"]["mean"] < 0.4
    assert figures["rows"][0]["embedder_cosine"] > figures["strangers"]["p99"]


def test_every_yaw_but_zero_is_brought_home_again(figures: Json) -> None:
    (home,) = figures["back"]
    assert (home["yaw"], home["n"]) == (50, 2)
    for part in (home, home["warp"], home["mirrored"]):
        assert 0 < part["l1"] < 60
        assert part["embedder_cosine"] <= 1
        assert part["judge_distance"] >= 0


def test_realism_is_told_for_steep_yaws_together_and_for_each(figures: Json) -> None:
    realism = figures["realism"]
    assert realism["yaws"] == [50]
    flat, steep = realism["by_yaw"]
    assert (realism["kid"], realism["warp_kid"]) == (steep["kid"], steep["warp_kid"])
    assert flat["kid"] != steep["kid"]
    assert steep["unposed_kid"] == steep["kid"]  # this generator looks at no pose image
    assert steep["draft_kid"] not in (None, steep["kid"])


def test_true_views_are_compared_out_and_back(figures: Json) -> None:
    assert [(row["from_yaw"], row["to_yaw"]) for row in figures["truth"]] == [(0, 50), (50, 0)]
    for row in figures["truth"]:
        assert row["n"] == 1
        assert 5 < row["psnr"] < 60
        assert 5 < row["warp_psnr"] < 60


def test_groups_hold_their_own_people_and_refusals(figures: Json) -> None:
    first, second = figures["groups"]
    assert [first[k] for k in ("column", "group", "faces", "refused")] == ["kind", "a", 1, 0]
    assert [second[k] for k in ("column", "group", "faces", "refused")] == ["kind", "b", 1, 1]
    assert first["n"] + first["lost"] == second["n"] + second["lost"] == 2  # two yaws


def test_confidence_is_fitted_to_the_judges_verdicts(figures: Json) -> None:
    curve = figures["confidence"]
    assert curve["n"] == sum(row["n"] for row in figures["rows"])
    assert curve["same"] == 1.0  # colours differ by less than 0.6
    assert curve["calibration_error"] < 0.5


def test_nothing_measured_is_null_and_no_warning(rotator: Rotator) -> None:
    empty = to_json(evaluate_rotation([], rotator=rotator, yaws_deg=[50]))
    assert empty["faces"] == 0
    assert empty["refused_share"] is None
    assert empty["strangers"] == {"mean": None, "p99": None}
    assert empty["rows"][0]["n"] == 0
    assert empty["back"][0]["l1"] is None
    assert empty["realism"]["kid"] is None
    assert empty["truth"] == []
    assert empty["groups"] == []
    assert empty["confidence"] is None
