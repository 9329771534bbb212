"""What is expected of turned faces, and what is doubtful about one that is worse."""

from __future__ import annotations

import pytest

from goodside.rotation.expectation import Expectation, read_expectation, worst_of
from goodside.runtime import WeightsStore
from goodside.types import Doubt, Pose

KNOWN = Expectation(30, (-40.0, 0.0, 40.0), (8.0, 2.0, 12.0), (0.5, 0.9, 0.4))


def _doubts(yaw_deg: float, measured_deg: float, identity: float) -> list[str]:
    found = KNOWN.doubts(Pose(yaw_deg, 0, 0), measured=Pose(measured_deg, 0, 0), identity=identity)
    return [doubt.kind for doubt in found]


@pytest.mark.parametrize(
    ("yaw_deg", "measured_deg", "identity", "kinds"),
    [
        (40, 29, 0.45, []),
        (40, 27, 0.45, ["yaw"]),
        (40, 40, 0.35, ["identity"]),
        (-40, -49, 0.45, ["yaw", "identity"]),
        (20, 26, 0.7, []),  # half way between 2 and 12 degrees, .9 and .4
        (20, 28, 0.6, ["yaw", "identity"]),
        (60, 49, 0.41, []),  # beyond the last yaw its limits hold
    ],
)
def test_what_is_worse_than_the_worst_is_doubtful(
    yaw_deg: float, measured_deg: float, identity: float, kinds: list[str]
) -> None:
    assert _doubts(yaw_deg, measured_deg, identity) == kinds


def test_a_result_without_a_face_is_doubtful_whatever_is_known() -> None:
    for expectation in (KNOWN, Expectation()):
        found = expectation.doubts(Pose(30, 0, 0), measured=None, identity=None)
        assert found == (Doubt("face"),)


def test_no_weights_are_allowed_everything() -> None:
    bad = Expectation(30, (-60.0, 60.0), (50.0, 50.0), (-0.2, -0.2))
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


def test_the_worst_of_every_yaw_is_kept_in_order() -> None:
    worst = worst_of([30, -30, 60], [[1, 5, 2], [4, 3], []], [[0.9, 0.7, 0.8], [0.6, 0.8], []])
    assert worst == Expectation(2, (-30.0, 30.0), (4.0, 5.0), (0.6, 0.7))
    assert worst_of([30], [[]], [[]]) is None


@pytest.mark.parametrize("name", ["rotation-mesh", "rotation-capg"])
def test_the_shipped_cards_say_what_to_expect(name: str) -> None:
    card = WeightsStore().card(name)
    expected = read_expectation(card)
    assert expected.people >= 10
    assert list(expected.yaw_deg) == sorted(expected.yaw_deg)
    assert {-45.0, -30.0, 30.0, 45.0} <= set(expected.yaw_deg)
    rows = {row["yaw"]: row["network"] for row in card.metrics["parts"]["rows"]}
    for yaw, error, identity in zip(
        expected.yaw_deg, expected.yaw_error_deg, expected.identity, strict=True
    ):
        assert error >= rows[yaw]["pose_error_p95_deg"]
        assert identity <= rows[yaw]["embedder_cosine"]


@pytest.mark.parametrize("name", ["rotation-mesh", "rotation-capg"])
def test_the_shipped_cards_say_what_the_parts_are_worth(name: str) -> None:
    card = WeightsStore().card(name)
    drafts = card.facts["recipe"] == "mesh"
    for row in card.metrics["parts"]["rows"]:
        assert set(row) == {"yaw", "network", "unposed"} | ({"draft"} if drafts else set())
        if not drafts and abs(row["yaw"]) >= 30:  # nothing else tells it where to look
            assert row["unposed"]["pose_error_deg"] > row["network"]["pose_error_deg"] + 15
