"""Scores put beside what is usual, and into words and pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from goodside.aesthetics import Assessor
from goodside.aesthetics.explanation.explain import explain
from goodside.aesthetics.explanation.explanation_sheet import PHOTO_PX, explanation_sheet, tinted
from goodside.aesthetics.explanation.norms import ALL, Norms
from goodside.aesthetics.explanation.occlusion import EffectMap
from goodside.images.features import Tones, VisualFeatures
from goodside.types import Aesthetic, Assessment, Tag
from tests.aesthetics.made import COLOURS, write_weights

SCALE = np.linspace(1, 10, 101)
KNOWN = Norms(
    scores={"nightScene": np.linspace(2, 6, 101), "cosplay": np.linspace(5, 9, 101)},
    attributes={
        "nightScene": {name: np.linspace(2, 6, 21) for name in ("light", "color", "technical")},
        ALL: {"light": np.linspace(4, 10, 21)},
    },
)


def _assessment(score: float = 5.0, *, label: str = "nightScene", sure: float = 0.8) -> Assessment:
    judged = Aesthetic(score, 1.2, (0.1,) * 10, 0.6, percentile=34.0)
    tags = () if not label else (Tag(label, sure), Tag("food", 0.1))
    return Assessment(40, 30, judged, tags, "made 1.0.0")


def _effect(**spots: float) -> EffectMap:
    """A map of 3 x 3 cells, zero but for the cells named `c` and two digits."""
    points = np.zeros((3, 3), np.float32)
    for name, value in spots.items():
        points[int(name[1]), int(name[2])] = value
    return EffectMap(points, (0.2, 0.3))


def _sentence(
    assessment: Assessment | None = None,
    *,
    effect: EffectMap | None = None,
    reference: Norms = KNOWN,
    attributes: dict[str, float] | None = None,
) -> str:
    found = explain(
        assessment or _assessment(),
        effect=effect or _effect(),
        attributes=attributes or {},
        reference=reference,
    )
    return found.sentence


@pytest.mark.parametrize(
    ("assessment", "said"),
    [
        (_assessment(5.2), "5.2 of 10, high for a night scene: better than 80 % of night scenes."),
        (_assessment(9.9), "very high for a night scene: better than 99 % of night scenes."),
        (_assessment(1.0), "very low for a night scene: better than 1 % of night scenes."),
        (
            _assessment(6.0, label="cosplay"),
            "low for a picture tagged cosplay: better than 25 % of",
        ),
        (
            _assessment(sure=0.2),
            "5.0 of 10, middling: better than 34 % of the reference photographs",
        ),
        (_assessment(label="food"), "5.0 of 10, middling: better than 34 % of the reference"),
        (_assessment(label=""), "5.0 of 10, middling: better than 34 % of the reference"),
    ],
)
def test_a_score_is_compared_within_its_kind_where_that_is_known(
    assessment: Assessment, said: str
) -> None:
    assert said in _sentence(assessment)


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"light": 5.5, "color": 2.1}, "Above what is usual for its kind: light; below: colour."),
        (
            {"light": 5.2, "color": 5.8, "technical": 5.5},
            "Above what is usual for its kind: colour, technical quality and light.",
        ),
        ({"light": 2.4}, "Below what is usual for its kind: light."),
        ({"light": 4.0}, "Its light is near what is usual for its kind."),
        ({"light": 4.0, "color": 4.1}, "All its attributes are near what is usual for its kind."),
    ],
)
def test_attributes_stand_beside_what_is_usual(attributes: dict[str, float], said: str) -> None:
    assert said in _sentence(attributes=attributes)


def test_without_a_reference_the_attributes_ends_are_told() -> None:
    attributes = {"light": 5.0, "depth_of_field": 7.0, "content": 3.0}
    said = _sentence(reference=Norms(), attributes=attributes)
    assert "depth of field is rated highest (7.0) and content lowest (3.0)" in said


def test_an_attribute_alone_is_no_highest_and_no_lowest() -> None:
    said = _sentence(reference=Norms(), attributes={"technical": 6.26})
    assert "Its technical quality is rated 6.3." in said


def test_what_raters_would_do_is_no_attribute_of_a_photograph() -> None:
    found = explain(
        _assessment(),
        effect=_effect(),
        attributes={"content_preference": 9.0, "object_emphasis": 1.0, "light": 4.0},
        reference=KNOWN,
    )
    assert [one.name for one in found.attributes] == ["light"]


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (_effect(), "No single part decides: each moves the score by less than 0.1 points."),
        (_effect(c11=0.9), "What lifts the score most lies in the middle (+0.9 points)."),
        (_effect(c20=-0.4), "What lowers the score most lies at the bottom left (-0.4 points)."),
        (
            _effect(c02=0.7, c10=-0.2),
            "What lifts the score most lies at the top right (+0.7 points), "
            "what lowers it most on the left (-0.2).",
        ),
    ],
)
def test_the_strongest_parts_are_named(effect: EffectMap, said: str) -> None:
    assert said in _sentence(effect=effect)


def test_one_place_can_both_lift_and_lower() -> None:
    points = np.zeros((6, 6), np.float32)
    points[2, 2], points[3, 3] = 0.5, -0.3
    said = _sentence(effect=EffectMap(points, (0.2, 0.2)))
    assert "What moves the score most lies in the middle, both ways (+0.5, -0.3)." in said


_TONES = Tones(brightness=0.4, contrast=0.2, clipped_dark=0.0, clipped_bright=0.0)


@pytest.mark.parametrize(
    ("features", "label", "said"),
    [
        (
            VisualFeatures(colourfulness=100.0, warmth=0.3),
            "nightScene",
            "Its pixels show: more colourful than 95 % of photographs; "
            "warmer colours than 95 % of photographs.",
        ),
        (
            VisualFeatures(horizon_tilt_deg=0.0),
            "nightScene",
            "Its pixels show: a level horizon.",
        ),
        (VisualFeatures(horizon_tilt_deg=0.0), "food", ""),
        (VisualFeatures(colourfulness=40.0, warmth=0.05), "nightScene", ""),
        (VisualFeatures(), "nightScene", ""),
    ],
)
def test_what_pixels_show_stands_beside_photographs_in_general(
    features: VisualFeatures, label: str, said: str
) -> None:
    found = explain(
        _assessment(label=label),
        effect=_effect(),
        attributes={},
        reference=KNOWN,
        measured=(features, _TONES),
    )
    assert ("Its pixels show" in found.sentence) == bool(said)
    assert said in found.sentence
    shown = found.as_json()["qualities"]
    assert json.loads(json.dumps(shown)) == shown
    assert len(shown) == len(found.qualities) == said.count("photographs") + said.count("level")


def test_json_holds_all_figures() -> None:
    found = explain(
        _assessment(),
        effect=_effect(c11=0.25),
        attributes={"light": 5.0},
        reference=KNOWN,
    ).as_json()
    assert json.loads(json.dumps(found)) == found
    assert (found["kind"], found["percentile"]) == ("night scene", 75.0)
    assert found["attributes"] == [
        {"name": "light", "value": 5.0, "usual": 4.0, "percentile": 75.0}
    ]
    assert found["effect"]["points"][1] == [0.0, 0.25, 0.0]
    assert found["effect"]["patch"] == [0.2, 0.3]


def test_an_assessor_explains_with_the_score_it_gives(tmp_path: Path) -> None:
    """The made network scores brightness: what is bright lifts, what is dark lowers."""
    assessor = Assessor(store=write_weights(tmp_path), model="made")
    rgb = np.full((96, 144, 3), 128, np.uint8)
    rgb[10:26, 10:26], rgb[70:86, 118:134] = 255, 0
    found = assessor.explain(rgb)
    assert found.assessment == assessor.assess(rgb)
    assert found.attributes == ()
    assert found.assessment.semantics[0].label in COLOURS
    rows, columns = found.effect.points.shape
    assert np.unravel_index(found.effect.points.argmax(), (rows, columns)) < (rows / 2, columns / 2)
    low_row, low_column = np.unravel_index(found.effect.points.argmin(), (rows, columns))
    assert low_row > rows / 2
    assert low_column > columns / 2


def test_the_map_is_orange_where_parts_lift_and_blue_where_they_lower() -> None:
    gray = np.full((90, 90, 3), 120, np.uint8)
    shown = tinted(gray, _effect(c00=0.5, c22=-0.5).points, scale=0.5).astype(int)
    assert shown[10, 10, 0] > shown[10, 10, 2] + 60
    assert shown[80, 80, 2] > shown[80, 80, 0] + 60
    assert np.abs(shown[10, 80] - 120).max() < 12


@pytest.mark.parametrize("shape", [(300, 450, 3), (1200, 700, 3), (20, 2000, 3), (1, 1, 3)])
@pytest.mark.parametrize("label", ["nightScene", ""])
def test_a_sheet_holds_any_photograph(shape: tuple[int, int, int], label: str) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    explanation = explain(
        _assessment(label=label),
        effect=_effect(c11=0.3),
        attributes={"light": 5.0} if label else {},
        reference=KNOWN,
    )
    sheet = explanation_sheet(rgb, explanation, title="a" * 300)
    assert sheet.dtype == np.uint8
    assert PHOTO_PX * min(1, shape[1] / shape[0]) + 500 < sheet.shape[1] < PHOTO_PX + 700
    assert (sheet[:20] == sheet[0, 0]).all()  # a margin all around
    assert (sheet[-20:] == sheet[0, 0]).all()
