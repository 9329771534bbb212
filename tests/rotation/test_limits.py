"""Which faces are turned down, on made measurements and on a photograph with covers painted on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from goodside.errors import FaceError, UnfitFace
from goodside.face import FaceFinder
from goodside.rotation.limits import (
    SLACK_DEG,
    SMALLEST_FACE_PX,
    UNCOVERED_SCORE,
    UNCOVERED_WITHIN_DEG,
    check_face,
)
from goodside.types import Box, Face, Pose, RgbImage
from tests.rotation.made import RANGE_DEG

_FACE_FROM = (178, 69)  # of the bundled portrait
_FACE_TO = (272, 176)


def _with(
    face: Face, *, height: float = 100.0, yaw: float = 0.0, pitch: float = 0.0, belief: float = 1.0
) -> Face:
    return replace(
        face, box=Box(10, 10, 90, 10 + height), pose=Pose(yaw, pitch, 80), mesh_score=belief
    )


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        ({"height": SMALLEST_FACE_PX - 0.5}, "too small: 40 pixels high"),
        ({"yaw": 61 + SLACK_DEG}, "too far aside: yaw 69"),
        ({"yaw": -61 - SLACK_DEG}, "too far aside: yaw -69"),
        ({"pitch": 21 + SLACK_DEG}, "too far up or down: pitch 29"),
        ({"pitch": float("nan")}, "too far up or down"),
        ({"belief": UNCOVERED_SCORE - 1e-5}, "covered"),
        ({"belief": 0.6, "yaw": UNCOVERED_WITHIN_DEG}, "covered"),
    ],
)
def test_what_is_refused(face: Face, measured: dict[str, float], word: str) -> None:
    with pytest.raises(UnfitFace, match=word) as caught:
        check_face(_with(face, **measured), range_deg=RANGE_DEG, path="a.jpg")
    assert isinstance(caught.value, FaceError)
    assert caught.value.path == "a.jpg"
    assert caught.value.remedy


@pytest.mark.parametrize(
    "measured",
    [
        {},
        {"height": SMALLEST_FACE_PX},
        {"yaw": 60 + SLACK_DEG, "belief": 0.6},  # readings of steep angles err, and belief sinks
        {"pitch": -20 - SLACK_DEG},
        {"belief": UNCOVERED_SCORE},
        {"belief": 0.6, "yaw": -UNCOVERED_WITHIN_DEG - 1},
    ],
)
def test_what_is_taken(face: Face, measured: dict[str, float]) -> None:
    check_face(_with(face, **measured), range_deg=RANGE_DEG)


def test_a_photograph_as_it_is_is_taken(face: Face) -> None:
    check_face(face, range_deg=RANGE_DEG)


@pytest.mark.parametrize(
    ("cover", "taken"),
    [
        ("sunglasses", True),
        ("mask", False),
        ("lower half", False),
        ("one side", False),
    ],
)
def test_covers_painted_on_a_photograph(
    photograph: RgbImage, face: Face, cover: str, taken: bool
) -> None:
    image = Image.fromarray(photograph)
    draw = ImageDraw.Draw(image)
    points = [(float(x), float(y)) for x, y in face.landmarks[:, :2]]
    (left, top), (right, bottom), nose = _FACE_FROM, _FACE_TO, points[4]
    if cover == "sunglasses":
        for inner, outer in ((133, 33), (362, 263)):
            x, y = np.mean([points[inner], points[outer]], axis=0)
            draw.ellipse([x - 19, y - 13, x + 19, y + 13], fill=(20, 20, 25))
    elif cover == "mask":
        outline = (117, 6, 346, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132, 234)
        draw.polygon([points[at] for at in outline], fill=(160, 200, 225))
    elif cover == "lower half":
        draw.rectangle([left, nose[1] - 5, right, bottom], fill=(90, 60, 50))
    else:
        draw.rectangle([left - 9, top - 9, nose[0], bottom + 9], fill=(60, 60, 70))
    (found,) = FaceFinder().find(np.asarray(image))
    if taken:
        check_face(found, range_deg=RANGE_DEG)
    else:
        with pytest.raises(UnfitFace, match="covered"):
            check_face(found, range_deg=RANGE_DEG)
