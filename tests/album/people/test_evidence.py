"""Recognition by yaw, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.album.people.evidence import Evidence, EvidenceSample, compare_methods
from goodside.rotation.evaluation.fuse import GATE_DEG
from tests.album.people.made import look


def _samples(people: int, side: int, *, plain: float, fused: float) -> list[EvidenceSample]:
    """Each person with four good frontal faces and some side faces, noisy as said."""
    made = []
    for person in range(people):
        for number in range(4 + side):
            aside = number >= 4
            seed = 100 * person + number
            own = look(person, seed, noise=plain if aside else 0.3)
            both = look(person, seed, noise=fused if aside else 0.3)
            made.append(EvidenceSample(str(person), 50.0 if aside else 0.0, own, both, both))
    return made


@pytest.mark.parametrize(
    ("plain", "fused", "verdict"),
    [(4.0, 0.4, "helps"), (0.4, 4.0, "hurts"), (0.4, 0.4, "no difference")],
)
def test_what_fusing_does_is_said(plain: float, fused: float, verdict: str) -> None:
    found = compare_methods(_samples(4, 8, plain=plain, fused=fused), turned=32)
    assert found.verdict == verdict
    assert "of 32 side faces, fusing wins" in found.words
    frontal, aside = found.rows
    assert (frontal.from_deg, frontal.to_deg, frontal.faces) == (0, 15, 16)
    assert (aside.from_deg, aside.to_deg, aside.faces) == (45, 60, 32)
    assert frontal.rank1 == {"plain": 1, "rotated": 1, "fused": 1}
    assert (aside.tar["fused"] > aside.tar["plain"]) == (verdict == "helps")


def _split(wins: int, losses: int, *, yaw_deg: float = 50.0) -> list[EvidenceSample]:
    """Two people, ten side faces each; fusing recognises `wins` more and `losses` fewer."""
    right, wrong = np.eye(4, dtype=np.float32)[:2], np.eye(4, dtype=np.float32)[2:]
    made = [
        EvidenceSample(str(person), 0.0, right[person], right[person], right[person])
        for person in range(2)
        for _ in range(10)
    ]
    for number in range(20):
        person = number % 2
        won, lost = number < wins, wins <= number < wins + losses
        plain = wrong[person] if won else right[person]
        fused = wrong[person] if lost else right[person]
        made.append(EvidenceSample(str(person), yaw_deg, plain, fused, fused))
    return made


@pytest.mark.parametrize(
    ("wins", "losses", "verdict"),
    [
        (5, 0, "no difference"),  # p = 2 / 2^5 = .0625; one-sided it would be .031
        (6, 0, "helps"),  # p = 2 / 2^6 = .031
        (0, 6, "hurts"),
        (0, 5, "no difference"),
        (7, 1, "no difference"),  # p = 2 (1 + 8) / 2^8 = .070; one-sided .035
        (8, 1, "helps"),  # p = 2 (1 + 9) / 2^9 = .039
        (4, 4, "no difference"),
    ],
)
def test_chance_is_counted_to_both_sides(wins: int, losses: int, verdict: str) -> None:
    found = compare_methods(_split(wins, losses), turned=20)
    assert found.verdict == verdict
    assert f"of 20 side faces, fusing wins {wins} and loses {losses}" in found.words


@pytest.mark.parametrize(
    ("yaw_deg", "low"), [(0.0, 0), (14.9, 0), (15.0, 15), (-30.0, 30), (60.0, 60), (90.0, 60)]
)
def test_ranges_hold_their_lower_end(yaw_deg: float, low: float) -> None:
    samples = [EvidenceSample("a", yaw_deg, look(0, n), look(0, n), look(0, n)) for n in range(3)]
    (row,) = compare_methods(samples, turned=0).rows
    assert (row.from_deg, row.faces) == (low, 3)
    assert row.to_deg == {0: 15, 15: 30, 30: 45, 60: 90}[int(low)]


def test_shares_have_four_places() -> None:
    axes = np.eye(3, dtype=np.float32)
    samples = [
        EvidenceSample(person, 0, axes[at], axes[at], axes[at])
        for person, at in (("a", 0), ("a", 0), ("a", 1), ("b", 2), ("b", 2), ("b", 2))
    ]
    (row,) = compare_methods(samples, turned=0).rows
    assert row.tar["plain"] == 0.8333
    assert row.far == {"plain": 0, "rotated": 0, "fused": 0}


@pytest.mark.parametrize(
    ("yaw_deg", "verdict"), [(GATE_DEG[0], "helps"), (GATE_DEG[0] - 0.1, "too few")]
)
def test_from_which_yaw_on_a_face_is_a_side_face(yaw_deg: float, verdict: str) -> None:
    assert compare_methods(_split(8, 0, yaw_deg=yaw_deg), turned=20).verdict == verdict


def test_nineteen_side_faces_are_too_few() -> None:
    assert compare_methods(_split(8, 0), turned=20).verdict == "helps"
    assert compare_methods(_split(8, 0)[:-1], turned=19).verdict == "too few"


def test_a_face_is_not_recognised_by_itself() -> None:
    """Two faces unlike each other: with itself in the mean each would be like its person."""
    odd = [EvidenceSample("a", 0, look(0, 0), look(0, 0), look(0, 0))]
    odd += [EvidenceSample("a", 0, look(1, 1), look(1, 1), look(1, 1))]
    odd += [EvidenceSample("b", 0, look(2, n), look(2, n), look(2, n)) for n in (2, 3)]
    assert compare_methods(odd, turned=0).rows[0].tar["plain"] == 0.5


def test_too_few_is_said() -> None:
    found = compare_methods(_samples(2, 3, plain=0.3, fused=0.3), turned=6)
    assert found.verdict == "too few"
    assert "6 side faces" in found.words


def test_people_of_one_face_and_nobody_at_all() -> None:
    alone = [EvidenceSample("a", 0, look(0, 0), look(0, 0), look(0, 0))]
    for samples in ([], alone):
        found = compare_methods(samples, turned=0)
        assert isinstance(found, Evidence)
        assert (found.people, found.faces, found.rows) == (0, 0, ())
        assert found.verdict == "too few"
