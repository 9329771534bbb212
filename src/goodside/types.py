"""Frozen results that pass between rooms.

Angles are degrees. Positive yaw: the face looks toward the picture's right. Positive pitch: it
looks down. Positive roll: the head leans clockwise as one sees the picture. Pixel coordinates have
their origin at the centre of the top left pixel, x to the right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
HalfArray = NDArray[np.float16]
RgbImage = NDArray[np.uint8]
"""(H, W, 3) uint8, sRGB, upright."""

FIVE_POINTS = ("eye_left", "eye_right", "nose_tip", "mouth_left", "mouth_right")
"""Order of the five landmarks; left and right as one sees the picture on an upright face."""


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in pixels of the upright picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def as_list(self) -> list[float]:
        """`[left, top, right, bottom]`, rounded to a tenth of a pixel."""
        return [round(float(v), 1) for v in (self.left, self.top, self.right, self.bottom)]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head looks.

    Attributes:
        yaw_deg: positive toward the picture's right.
        pitch_deg: positive downward.
        roll_deg: positive clockwise.
        error: root mean square distance between the fitted canonical mesh and the landmarks,
            as a share of the distance between the outer eye corners; below about 0.1 is a good fit.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Face:
    """One face found in a photograph.

    Attributes:
        box: tight box of the face.
        score: the detector's confidence, 0-1.
        mesh_score: the landmark network's belief that the crop holds a face, 0-1.
        landmarks: (468, 3) float32; x, y in pixels of the picture, z in the same unit, smaller is
            nearer to the camera.
        points: (5, 2) float32 pixels in the order of `FIVE_POINTS`.
        pose: where the head looks.
        sharpness: 0 (no detail at all) to 1 (crisp), over the face at a common size.
        quality: how surely it is a person's face, and not an animal's or a thing, 0-1.
    """

    box: Box
    score: float
    mesh_score: float
    landmarks: FloatArray
    points: FloatArray
    pose: Pose
    sharpness: float
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Tag:
    """One semantic label with its probability, 0-1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Aesthetic:
    """How good a photograph looks, on the 1-10 scale.

    Attributes:
        score: mean of the distribution, 1-10.
        std: its standard deviation: how much people are expected to disagree.
        distribution: ten probabilities of the scores 1 ... 10, summing to 1.
        high_quality: probability that most people call it good, 0-1.
        percentile: share of the reference photographs (see the model's card) that score lower,
            0-100.
    """

    score: float
    std: float
    distribution: tuple[float, ...]
    high_quality: float
    percentile: float


@dataclass(frozen=True, slots=True)
class PhotoVerdict:
    """Whether a picture is a photograph, and like those the network learnt from.

    Attributes:
        chance: that it is a photograph, 0-1.
        is_photo: whether it is taken for one; else its score means nothing.
        is_familiar: whether it is like the photographs that the network learnt from; else its score
            is not to be relied on.
    """

    chance: float
    is_photo: bool
    is_familiar: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the network says about a photograph.

    Attributes:
        width, height: of the upright picture.
        aesthetic: how good it looks.
        semantics: which kind of picture it is, the likeliest label first.
        model: name and version of the weights.
        path: the file; None for bytes and arrays.
        taste: score by a person's own taste, 1-10; None where none was given.
        incomplete: a part of the picture is missing: the file was cut short.
        notes: what else was found wrong with the file, in words.
        verdict: whether it is a photograph at all; None where the weights' card cannot tell.
        technical: technical quality apart from beauty (noise, blur, compression, exposure), 1-10;
            None where the weights give none.
        words: what it shows, in words that photographs are searched by, the likeliest first; a word
            of which the weights are not sure is left out.
    """

    width: int
    height: int
    aesthetic: Aesthetic
    semantics: tuple[Tag, ...]
    model: str
    path: str | None = None
    taste: float | None = None
    incomplete: bool = False
    notes: tuple[str, ...] = ()
    verdict: PhotoVerdict | None = None
    technical: float | None = None
    words: tuple[Tag, ...] = ()

    @property
    def is_photo(self) -> bool:
        """Whether it is taken for a photograph, as every picture is where nobody can tell."""
        return self.verdict is None or self.verdict.is_photo


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something measured on a turned face that is far off what is to be expected of its weights.

    Attributes:
        kind: `face`, where none was found in the result; `yaw` or `identity`.
        measured: the distance of the measured yaw from the asked one in degrees, or the identity;
            None without a face.
        limit: the worst to be expected of it; None likewise.
    """

    kind: Literal["face", "yaw", "identity"]
    measured: float | None = None
    limit: float | None = None

    def __str__(self) -> str:
        if self.measured is None or self.limit is None:
            return "no face was found in the result"
        if self.kind == "yaw":
            return (
                f"the yaw is {self.measured:.0f}° off what was asked, "
                f"and {self.limit:.0f}° at most were expected"
            )
        return f"identity {self.measured:.2f}, and {self.limit:.2f} at least was expected"


@dataclass(frozen=True, slots=True)
class Turned:
    """A face shown at another angle.

    Attributes:
        image: (S, S, 3) uint8 sRGB portrait crop.
        requested: the pose asked for.
        measured: the pose measured again on `image`; None where no face was found in it.
        identity: cosine between the embeddings of source and result, -1 to 1; None likewise.
        confidence: probability that a second recogniser would take the result for the person, 0-1,
            as calibrated on held-out faces; None where no face was found or the weights' card
            holds no calibration.
        source: the pose of the face in the photograph.
        model: name and version of the weights.
        doubts: what speaks against the result, by what its weights' card leads to expect.
    """

    image: RgbImage
    requested: Pose
    measured: Pose | None
    identity: float | None
    source: Pose
    model: str
    path: str | None = None
    notes: tuple[str, ...] = field(default=())
    confidence: float | None = None
    doubts: tuple[Doubt, ...] = ()


GROUP_KINDS = ("near_duplicate", "burst", "bracket", "panorama", "scene")
"""How photographs of an album belong together; here, so that commands name them without it."""

SERIES_KINDS = ("burst", "bracket", "panorama", "near_duplicate")
"""Those of which usually one photograph is wanted; scenes are places, and stay whole."""

Json = dict[str, Any]
