"""The good side: a face turned both ways, every view judged, left compared with right.

What is judged is synthetic, and a turn itself may cost score or gain some, so that the best score
says little of the face. The question is therefore asked in pairs: the view at +a against the view
at -a, each score first freed of what a turn of its size costs on average. The network that
judges may itself prefer one direction, so the mirror image of the photograph is turned and judged
likewise, and the two answers are averaged; and what depends on a few pixels of the crop is no
answer, so every view is judged in five crops.

A face that looks toward the picture's right (positive yaw) shows the sitter's own right cheek, on
the left of the picture. If the photograph is a mirrored selfie, the two are swapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from goodside.aesthetics import Assessor
from goodside.album.good_side.reference import GoodSideReference, read_good_side_reference
from goodside.errors import OutOfRange
from goodside.rotation import Rotator, Subject
from goodside.rotation.request import asked_pose
from goodside.types import Face, FloatArray, Json, Pose, RgbImage, Turned

YAWS_DEG = (-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0)
"""Angles that the weights turn well."""

_SIZE_PX = 256
_FRONTAL_DEG = 10.0  # farther, one side's views would be mostly invented
_TRIM = 0.06  # each smaller crop leaves out this share of the side at an edge, twice
_ROOMY = 0.8  # of the portrait frame; where less of it is in the photograph, a note says so
_SURE = 2.0  # standard errors
_STRANGERS = 0.5  # identity below which a view is no longer called the sitter's, if no card says

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Angle:
    """One view.

    Attributes:
        turned: the synthetic portrait, with its measured pose and identity.
        scores: mean scores of its crops, 1-10: from the photograph, and from its mirror image.
        corrected: the mean of both, freed of what a turn of this size costs on average.
        refused: why the view does not count, or None.
    """

    turned: Turned
    scores: tuple[float, float]
    corrected: float
    refused: str | None

    @property
    def yaw_deg(self) -> float:
        """The angle that was asked for."""
        return self.turned.requested.yaw_deg

    @property
    def score(self) -> float:
        """The mean of both scores."""
        return sum(self.scores) / 2


@dataclass(frozen=True, slots=True)
class GoodSide:
    """Which side of a face the network judges better, in one photograph.

    Attributes:
        portrait: (S, S, 3) uint8, the photograph's crop.
        angles: every view, by yaw.
        side: the sitter's own better side; None where there is no clear difference.
        difference: mean of right less left, in points of score; positive is the sitter's right.
        error: its standard error: over angles and images, but no less than the reference's noise.
        percentile: share of invented faces with a smaller difference, 0-100.
        recommended_yaw_deg: best corrected view of the better side; None without a clear side.
        notes: what limits the answer.
    """

    portrait: RgbImage
    angles: tuple[Angle, ...]
    side: Side | None
    difference: float
    error: float
    percentile: float
    recommended_yaw_deg: float | None
    notes: tuple[str, ...] = ()
    path: str | None = None

    def as_json(self) -> Json:
        """The same as plain numbers, without pictures."""
        return {
            "path": self.path,
            "good_side": self.side,
            "difference": round(self.difference, 3),
            "error": round(self.error, 3),
            "percentile": round(self.percentile, 1),
            "recommended_yaw_deg": self.recommended_yaw_deg,
            "angles": [
                {
                    "yaw_deg": angle.yaw_deg,
                    "score": round(angle.score, 3),
                    "corrected": round(angle.corrected, 3),
                    "identity": _rounded(angle.turned.identity),
                    "refused": angle.refused,
                }
                for angle in self.angles
            ],
            "synthetic": True,
            "notes": list(self.notes),
        }


def find_good_side(
    source: str | Path | bytes | RgbImage,
    *,
    rotator: Rotator,
    assessor: Assessor,
    yaws_deg: Sequence[float] = YAWS_DEG,
    face: int | Face | None = None,
    reference: GoodSideReference | None = None,
) -> GoodSide:
    """Turn a face both ways and judge its sides.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB upright pixels.
        rotator: turns the face.
        assessor: judges the views.
        yaws_deg: where to turn it; only angles with their opposite decide.
        face: which face, where there are several: its number, or the `Face` as found in it.
        reference: what turns cost and how faces differ; by default as measured for the weights.

    Raises:
        ImageError: the photograph cannot be read.
        FaceError: there is no face in it, or there are several and none was chosen.
        OutOfRange: the face looks too far aside for its sides to be compared, an angle is beyond
            the weights, or no angle comes with its opposite.
        WeightsError: the weights are missing or corrupt.
    """
    yaws = sorted({float(yaw) for yaw in yaws_deg})
    pairs = [yaw for yaw in yaws if yaw > 0 and -yaw in yaws]
    if not pairs:
        raise OutOfRange("no angle comes with its opposite", remedy="ask for -20:20:10, say")
    original = rotator.prepare(source, face=face, size_px=_SIZE_PX)
    if abs(original.face.pose.yaw_deg) > _FRONTAL_DEG:
        raise OutOfRange(
            f"the face looks {original.face.pose.yaw_deg:+.0f} degrees aside and hides one side",
            path=original.path,
            remedy=f"take a photograph that looks at the camera within {_FRONTAL_DEG:g} degrees",
        )
    reference = reference or read_good_side_reference()
    portrait = original.picture(size_px=2 * _SIZE_PX)
    subjects = [
        rotator.prepare(np.ascontiguousarray(copy), face=0, size_px=_SIZE_PX, strict=False)
        for copy in (portrait, portrait[:, ::-1])
    ]
    turned = rotator.turn(subjects[0], _poses(subjects[0], yaws), size_px=_SIZE_PX)
    mirrored = rotator.paint(subjects[1], _poses(subjects[1], [-y for y in yaws]), size_px=_SIZE_PX)
    views = ([one.image for one in turned], mirrored)  # one column shows one side
    scores = np.array([[score_view(view, assessor=assessor) for view in row] for row in views])
    corrected = scores + np.stack(
        [
            [reference.cost(yaw - sign * subject.face.pose.yaw_deg) for yaw in yaws]
            for sign, subject in zip((1, -1), subjects, strict=True)
        ]
    )
    refusals = [find_refusal(one, rotator=rotator) for one in turned]
    angles = tuple(
        Angle(one, (float(both[0]), float(both[1])), float(freed), refused)
        for one, both, freed, refused in zip(
            turned, scores.T, corrected.mean(axis=0), refusals, strict=True
        )
    )
    at = {yaw: index for index, yaw in enumerate(yaws)}
    kept = [p for p in pairs if refusals[at[p]] is None and refusals[at[-p]] is None]
    gaps = np.array([corrected[:, at[p]] - corrected[:, at[-p]] for p in kept]).reshape(-1, 2)
    side, difference, error = _decided(gaps, noise=reference.noise)
    return GoodSide(
        portrait=original.picture(size_px=_SIZE_PX),
        angles=angles,
        side=side,
        difference=difference,
        error=error,
        percentile=reference.percentile(abs(difference)),
        recommended_yaw_deg=_recommended(angles, side),
        notes=_notes(
            original, reference, rotator=rotator, assessor=assessor, pairs=pairs, kept=kept
        ),
        path=original.path,
    )


def _poses(subject: Subject, yaws: Sequence[float]) -> list[Pose]:
    return [asked_pose(yaw, source=subject.face.pose) for yaw in yaws]


def score_view(view: RgbImage, *, assessor: Assessor) -> float:
    """The mean score, 1-10, of a turned portrait and four crops of it.

    Args:
        view: (S, S, 3) uint8.
        assessor: judges it.
    """
    judged = assessor.assess_batch(_crops(view))
    return float(np.mean([one.aesthetic.score for one in judged]))


def _crops(view: RgbImage) -> Iterator[RgbImage]:
    """The view, and four crops of it, one toward each corner."""
    side = len(view)
    step = 2 * round(side * _TRIM)
    yield view
    for top in (0, step):
        for left in (0, step):
            yield view[top : side - step + top, left : side - step + left]


def _decided(gaps: FloatArray, *, noise: float) -> tuple[Side | None, float, float]:
    """The side, the mean difference and its standard error.

    Args:
        gaps: (P, 2) right less left at every pair of angles, in the photograph and in its mirror
            image. A side is named where both images agree and the mean is beyond two errors.
        noise: the least error, from how far the two images' answers mostly lie apart; the angles of
            one face err alike, so that their spread alone would promise too much.
    """
    if not len(gaps):
        return None, 0.0, noise
    difference = float(gaps.mean())
    error = max(noise, float(gaps.std(ddof=1) / np.sqrt(gaps.size)))
    agree = bool((np.sign(gaps.mean(axis=0)) == np.sign(difference)).all())
    if not agree or abs(difference) <= _SURE * error:
        return None, difference, error
    return ("right" if difference > 0 else "left"), difference, error


def _recommended(angles: Sequence[Angle], side: Side | None) -> float | None:
    sign = {"right": 1, "left": -1}.get(side or "", 0)
    views = [angle for angle in angles if angle.yaw_deg * sign > 0 and angle.refused is None]
    return max(views, key=lambda angle: angle.corrected).yaw_deg if views else None


def find_refusal(turned: Turned, *, rotator: Rotator) -> str | None:
    """Why a turned portrait no longer shows the person of the photograph; None: it does."""
    if turned.measured is None or turned.identity is None:
        return "no face was found in the view"
    strangers = rotator.card.metrics.get("held_out_portraits", {}).get("strangers", {}).get("p99")
    least = float(strangers) if strangers is not None else _STRANGERS
    if turned.identity < least:
        return f"identity {turned.identity:.2f} is no nearer than a stranger's ({least:.2f})"
    return None


def _notes(
    subject: Subject,
    reference: GoodSideReference,
    *,
    rotator: Rotator,
    assessor: Assessor,
    pairs: Sequence[float],
    kept: Sequence[float],
) -> tuple[str, ...]:
    notes = []
    if subject.window.side < _ROOMY:
        notes.append("the photograph is cut close to the head, so the views' edges are invented")
    if len(kept) < len(pairs):
        notes.append(f"{len(pairs) - len(kept)} of {len(pairs)} pairs of angles do not count")
    models = (rotator.card.identifier, assessor.card.identifier)
    if models != reference.models:
        notes.append(
            f"compared with faces measured by {' and '.join(reference.models)}, not by the "
            f"weights in use"
        )
    return tuple(notes)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
