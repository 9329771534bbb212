"""The good side: a tinted cheek is found, a judge's own leaning is not taken for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from goodside.album import GoodSide, find_good_side
from goodside.album.good_side.good_side import _crops, _decided, _notes, _recommended, find_refusal
from goodside.album.good_side.reference import GoodSideReference, read_good_side_reference
from goodside.errors import OutOfRange
from goodside.face import FaceFinder
from goodside.rotation import Rotator
from goodside.rotation.evaluation.cycle import turned_away
from goodside.rotation.geometry.frame import Window
from goodside.runtime import WeightsStore
from goodside.types import Pose, RgbImage, Turned
from tests.rotation.made import PORTRAIT, write_store

FLAT = GoodSideReference(
    10, ("rotation-mesh 0.0.1", "made 0"), (0.0, 30.0), (0.0, 0.0), 0.01, (0.0, 50.0)
)


class MadeAssessor:
    """Scores pictures by a function of their pixels."""

    card = SimpleNamespace(identifier="made 0")

    def __init__(self, score: Callable[[RgbImage], float]) -> None:
        self._score = score

    def assess_batch(self, pictures: Iterable[RgbImage]) -> list[Any]:
        return [SimpleNamespace(aesthetic=SimpleNamespace(score=self._score(p))) for p in pictures]


def _redness(picture: RgbImage) -> float:
    r, g, b = (picture[..., k].astype(float) for k in range(3))
    return float(100 * ((r > 200) & (g < 90) & (b < 90)).mean())


def _rightness(picture: RgbImage) -> float:
    """How far to the right the picture is bright: not about the sitter at all."""
    weights = picture.astype(float).mean(axis=(0, 2))
    return float((weights * np.arange(len(weights))).sum() / weights.sum())


@pytest.fixture(scope="module")
def rotator(tmp_path_factory: pytest.TempPathFactory) -> Rotator:
    return Rotator(store=WeightsStore(write_store(tmp_path_factory.mktemp("weights") / "store")))


@pytest.fixture(scope="module")
def tinted() -> RgbImage:
    """A portrait whose cheek on the picture's left, the sitter's right one, is painted red."""
    rgb = np.asarray(Image.open(PORTRAIT).convert("RGB").crop((60, 0, 380, 320))).copy()
    face = FaceFinder().find(rgb)[0]
    x, y = face.landmarks[50, :2].round().astype(int)  # the middle of that cheek
    rgb[y - 14 : y + 14, x - 9 : x + 9] = (255, 40, 40)
    return rgb


@pytest.fixture(scope="module")
def answer(
    rotator: Rotator, tinted: RgbImage, tmp_path_factory: pytest.TempPathFactory
) -> GoodSide:
    """What is said of the painted portrait, read from a file."""
    path = tmp_path_factory.mktemp("photo") / "ann.png"
    Image.fromarray(tinted).save(path)
    return _ask(path, rotator, _redness)


def _ask(
    source: RgbImage | Path,
    rotator: Rotator,
    score: Callable[[RgbImage], float],
    **options: Any,
) -> GoodSide:
    asked: dict[str, Any] = {"yaws_deg": (-25, -15, 15, 25), "reference": FLAT, **options}
    return find_good_side(source, rotator=rotator, assessor=MadeAssessor(score), **asked)  # type: ignore[arg-type]


def test_the_cheek_that_is_judged_better_is_named_from_the_sitters_view(
    answer: GoodSide, rotator: Rotator, tinted: RgbImage
) -> None:
    assert answer.side == "right"
    assert answer.difference > 2 * answer.error > 0
    recommended = answer.recommended_yaw_deg
    assert recommended in (15, 25)
    assert 0 < answer.percentile < 100
    mirrored = _ask(np.ascontiguousarray(tinted[:, ::-1]), rotator, _redness)
    assert mirrored.side == "left"
    assert mirrored.difference == pytest.approx(-answer.difference, rel=0.2)
    assert mirrored.recommended_yaw_deg == -recommended


def test_a_leaning_of_the_judges_own_is_not_a_side(rotator: Rotator, tinted: RgbImage) -> None:
    answer = _ask(tinted, rotator, _rightness, yaws_deg=(-20, 20))
    assert answer.side is None
    assert answer.recommended_yaw_deg is None
    one_way = answer.angles[-1].score - answer.angles[0].score
    assert abs(one_way) < 1  # though in either image alone the score moves by several columns


def test_what_a_turn_costs_is_made_good(rotator: Rotator, tinted: RgbImage) -> None:
    dear = replace(FLAT, costs=(0.0, 3.0))
    answer = _ask(tinted, rotator, lambda _: 5.0, reference=dear, yaws_deg=(-20, 20))
    assert [angle.score for angle in answer.angles] == [5, 5]
    still = answer.angles[0].turned.source.yaw_deg
    for angle in answer.angles:
        assert angle.corrected == pytest.approx(5 + abs(angle.yaw_deg - still) / 10, abs=0.15)


def test_json_tells_the_same_without_pictures(answer: GoodSide) -> None:
    told = answer.as_json()
    assert list(told) == [
        "path", "good_side", "difference", "error", "percentile", "recommended_yaw_deg", "angles",
        "synthetic", "notes",
    ]  # fmt: skip
    assert Path(told["path"]).name == "ann.png"
    assert told["synthetic"] is True
    assert [angle["yaw_deg"] for angle in told["angles"]] == [-25, -15, 15, 25]
    assert told["notes"] == []


def test_a_face_that_looks_aside_is_refused(rotator: Rotator, tinted: RgbImage) -> None:
    looking = rotator.prepare(tinted, size_px=256)
    aside = turned_away(looking, 25, matting=rotator.matting).portrait
    with pytest.raises(OutOfRange, match=r"hides one side.*looks at the camera"):
        _ask(aside, rotator, _redness)


@pytest.mark.parametrize("yaws", [(0,), (10, 20), (-20, 0, 10)])
def test_angles_without_their_opposite_decide_nothing(
    rotator: Rotator, tinted: RgbImage, yaws: tuple[float, ...]
) -> None:
    with pytest.raises(OutOfRange, match="opposite"):
        _ask(tinted, rotator, _redness, yaws_deg=yaws)


@pytest.mark.parametrize(
    ("gaps", "side"),
    [
        ([[0.3, 0.2], [0.25, 0.3]], "right"),
        ([[-0.3, -0.2], [-0.25, -0.3]], "left"),
        ([[0.6, -0.1], [0.5, -0.2]], None),  # the mirror image says otherwise
        ([[0.9, 0.1], [-0.7, 0.1]], None),  # the angles say otherwise
        ([], None),
    ],
)
def test_a_side_needs_both_images_and_two_errors(gaps: list[list[float]], side: str | None) -> None:
    decided, difference, error = _decided(np.array(gaps).reshape(-1, 2), noise=0.02)
    assert decided == side
    assert difference == pytest.approx(np.mean(gaps) if gaps else 0)
    assert error >= 0.02
    assert _decided(np.array(gaps).reshape(-1, 2), noise=0.2)[0] is None


@pytest.mark.parametrize(
    ("identity", "strangers", "refused"),
    [(None, 0.4, "no face"), (0.3, 0.4, "stranger"), (0.5, 0.4, None), (0.45, None, "stranger")],
)
def test_views_that_are_no_longer_the_sitters_do_not_count(
    identity: float | None, strangers: float | None, refused: str | None
) -> None:
    pose = Pose(20, 0, 0)
    found = None if identity is None else pose
    turned = Turned(np.zeros((8, 8, 3), np.uint8), pose, found, identity, pose, "made 0")
    metrics = {} if strangers is None else {"held_out_portraits": {"strangers": {"p99": strangers}}}
    rotator: Any = SimpleNamespace(card=SimpleNamespace(metrics=metrics))
    said = find_refusal(turned, rotator=rotator)
    assert said is None if refused is None else refused in str(said)


def test_refused_views_are_neither_compared_nor_recommended(
    rotator: Rotator, tinted: RgbImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rotator.card.metrics, "held_out_portraits", {"strangers": {"p99": 1.1}})
    answer = _ask(tinted, rotator, _redness, yaws_deg=(-20, 20))
    assert answer.side is None
    assert all(angle.refused for angle in answer.angles)
    assert answer.notes == ("1 of 1 pairs of angles do not count",)
    assert _recommended(answer.angles, "right") is None


def test_the_crops_are_symmetric() -> None:
    view = np.arange(100 * 100 * 3, dtype=np.uint32).reshape(100, 100, 3)
    mirror = [crop[:, ::-1] for crop in _crops(view[:, ::-1])]  # type: ignore[arg-type]
    shapes = {crop.shape for crop in mirror}
    assert shapes == {(100, 100, 3), (88, 88, 3)}
    own = {crop.tobytes() for crop in _crops(view)}  # type: ignore[arg-type]
    assert {np.ascontiguousarray(crop).tobytes() for crop in mirror} == own


def test_the_reference_answers_by_interpolation() -> None:
    known = GoodSideReference(
        5, ("a 1", "b 1"), (0.0, 10.0, 30.0), (0.0, 0.1, 0.5), 0.05, (0.0, 0.1, 0.4)
    )
    assert known.cost(-20) == pytest.approx(0.3)
    assert known.cost(60) == known.cost(30) == 0.5
    assert known.percentile(0.1) == 50
    assert known.percentile(0.25) == pytest.approx(75)
    assert known.percentile(9) == 100


@pytest.mark.parametrize(("model", "told"), [("made 0", False), ("made 1", True)])
def test_other_weights_than_the_references_are_told(model: str, told: bool) -> None:
    engines: list[Any] = [
        SimpleNamespace(card=SimpleNamespace(identifier=name))
        for name in ("rotation-mesh 0.0.1", model)
    ]
    roomy: Any = SimpleNamespace(window=Window())
    notes = _notes(roomy, FLAT, rotator=engines[0], assessor=engines[1], pairs=[10], kept=[10])
    assert bool(notes) is told
    assert all("not by the weights in use" in note for note in notes)


def test_a_tight_crop_is_told() -> None:
    engine: Any = SimpleNamespace(card=SimpleNamespace(identifier="made 0"))
    known = replace(FLAT, models=("made 0", "made 0"))
    tight: Any = SimpleNamespace(window=Window(0.2, 0.2, 0.65))
    notes = _notes(tight, known, rotator=engine, assessor=engine, pairs=[10], kept=[10])
    assert len(notes) == 1
    assert "cut close" in notes[0]


def test_the_shipped_reference_is_whole() -> None:
    reference = read_good_side_reference()
    assert reference.faces >= 15
    assert 0 < reference.noise < reference.differences[-1]
    assert reference.costs[0] == 0
    assert len(reference.costs) == len(reference.turns_deg)
    assert np.abs(reference.costs).max() < 0.3
    assert list(reference.differences) == sorted(reference.differences)
    assert [name.split()[0] for name in reference.models] == ["rotation-mesh", "aesthetics-free"]
