"""What is expected of turned faces, and what is doubtful about one that is far off."""

from __future__ import annotations

import pytest

from goodside.rotation.expectation import Expectation, read_expectation
from goodside.runtime import WeightsStore
from goodside.types import Doubt, Pose

KNOWN = Expectation((-40.0, 0.0, 40.0), (8.0, 2.0, 7.0), (0.5, 0.9, 0.7), strangers=0.1)


@pytest.mark.parametrize(
    ("yaw_deg", "measured_deg", "identity", "kinds"),
    [
        (40, 27, 0.45, []),  # 14 degrees, and half way between .7 and .1
        (40, 25, 0.45, ["yaw"]),
        (40, 55, 0.45, ["yaw"]),
        (40, 40, 0.35, ["identity"]),
        (-40, -57, 0.29, ["yaw", "identity"]),
        (-40, -55, 0.31, []),
        (0, 9, 0.6, []),  # less than ten degrees is how well angles are measured
        (0, 11, 0.6, ["yaw"]),
        (20, 30.5, 0.44, ["yaw", "identity"]),  # half way: 4.5 degrees, and .8
        (60, 47, 0.41, []),  # beyond the last yaw its limits hold
    ],
)
def test_what_is_far_off_is_doubtful(
    yaw_deg: float, measured_deg: float, identity: float, kinds: list[str]
) -> None:
    found = KNOWN.doubts(Pose(yaw_deg, 0, 0), measured=Pose(measured_deg, 0, 0), identity=identity)
    assert [doubt.kind for doubt in found] == kinds


def test_a_result_without_a_face_is_doubtful_whatever_is_known() -> None:
    for expectation in (KNOWN, Expectation()):
        found = expectation.doubts(Pose(30, 0, 0), measured=None, identity=None)
        assert found == (Doubt("face"),)


def test_no_weights_are_allowed_everything() -> None:
    bad = Expectation((-60.0, 60.0), (50.0, 50.0), (-0.2, -0.2))
    for expectation in (bad, Expectation()):
        found = expectation.doubts(Pose(30, 0, 0), measured=Pose(-19, 0, 0), identity=-0.09)
        assert [(one.kind, one.measured, one.limit) for one in found] == [
            ("yaw", 49, 20),
            ("identity", -0.09, 0.1),
        ]


def test_a_doubt_says_what_was_measured_and_expected() -> None:
    assert str(Doubt("yaw", 49.2, 8.0)) == (
        "the yaw is 49° off what was asked, and 8° at most were expected"
    )
    assert str(Doubt("identity", 0.123, 0.4)) == "identity 0.12, and 0.40 at least was expected"


@pytest.mark.parametrize("name", ["rotation-mesh", "rotation-flow", "rotation-capg"])
def test_the_shipped_cards_say_what_to_expect(name: str) -> None:
    card = WeightsStore().card(name)
    expected = read_expectation(card)
    assert {-45.0, -30.0, 30.0, 45.0} <= set(expected.yaw_deg)
    rows = {row["yaw"]: row for row in card.metrics["held_out_portraits"]["rows"]}
    assert list(expected.yaw_deg) == sorted(rows)
    for yaw, error, identity in zip(
        expected.yaw_deg, expected.yaw_error_deg, expected.identity, strict=True
    ):
        assert error == rows[yaw]["pose_error_p95_deg"]
        assert abs(yaw) > 45 or error < (14 if name == "rotation-flow" else 10)
        assert identity == rows[yaw]["embedder_cosine"] > 0.5
    assert expected.strangers < 0.15


def test_a_card_without_figures_expects_nothing() -> None:
    assert read_expectation(WeightsStore().card("face-mesh")) == Expectation()
