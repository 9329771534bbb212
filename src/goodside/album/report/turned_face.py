"""One face turned for a report: which photograph shows it, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodside.album.report.credits import Credit
from goodside.album.thumbnail import Picture, shrink
from goodside.errors import ImageError, NoFace
from goodside.face import FaceFinder
from goodside.images import Limits, SyntheticMark, read_photo_guarded, read_photos_guarded
from goodside.images.guard import memory_guard
from goodside.rotation import Rotator
from goodside.rotation.request import asked_pose
from goodside.runtime import ModelCard
from goodside.types import Face, Pose, Turned
from goodside.version import __version__

SWEEP_DEG = (-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0)
"""The yaws at which a report shows a face."""

_FRONTAL_DEG = 25.0
_SMALLEST_PX = 80.0
_SEARCH_PX = 640
_PORTRAIT_PX, _VIEW_PX = 640, 384


@dataclass(frozen=True, slots=True)
class TurnedView:
    """A face at one angle: a synthetic picture with what was measured on it.

    Attributes:
        picture: the turned portrait.
        yaw_deg: the angle that was asked for.
        measured: the pose found in the picture; None where no face was found.
        identity: cosine of the face to the photograph's, -1 to 1; None likewise.
    """

    picture: Picture
    yaw_deg: float
    measured: Pose | None
    identity: float | None


@dataclass(frozen=True, slots=True)
class TurnedFace:
    """One face turned through several angles.

    Attributes:
        name: the photograph's name.
        portrait: the face's surroundings, cut out of the photograph.
        source: where the face looks in the photograph.
        views: in the order to show.
        model: name and version of the weights.
        credit: of the photograph, if known.
        strangers: identity that one pair of strangers in a hundred exceeds, if known.
        limits: how far the weights can be trusted, in words, if known.
    """

    name: str
    portrait: Picture
    source: Pose
    views: tuple[TurnedView, ...]
    model: str
    credit: Credit | None = None
    strangers: float | None = None
    limits: str | None = None


def find_subject(
    photos: Iterable[Path], *, finder: FaceFinder, limits: Limits | None = None
) -> Path | None:
    """The photograph with the largest face that looks nearly at the camera.

    Photographs that cannot be read are passed over.

    Returns:
        None where no face is frontal enough or large enough to be turned.

    Raises:
        WeightsError: a network is missing or corrupt.
    """
    best, largest = None, _SMALLEST_PX
    for photo, read in read_photos_guarded(photos, fit_px=_SEARCH_PX, limits=limits):
        try:
            if isinstance(read, ImageError):
                raise read
            with memory_guard(photo):
                faces = finder.find(read.rgb)
        except ImageError:
            continue
        heights = [face.box.height for face in faces if _is_frontal(face)]
        if heights and max(heights) * read.scale > largest:
            best, largest = photo, max(heights) * read.scale
    return best


def turn_face(
    photo: Path,
    *,
    rotator: Rotator,
    finder: FaceFinder,
    yaws_deg: Sequence[float],
    name: str | None = None,
    credit: Credit | None = None,
    limits: Limits | None = None,
) -> TurnedFace:
    """Turn the largest near-frontal face of a photograph (or the largest, if none is).

    Args:
        photo: its file.
        rotator: turns the face.
        finder: chooses it.
        yaws_deg: the angles to show.
        name: as the report calls the photograph; by default the file's name.
        credit: of the photograph.
        limits: on bytes and pixels.

    Raises:
        ImageError: the photograph cannot be read.
        NoFace: there is none in it.
        OutOfRange: an angle is beyond what the weights were trained on.
        WeightsError: a network is missing or corrupt.
    """
    rgb = read_photo_guarded(photo, limits=limits).rgb
    faces = finder.find(rgb)
    if not faces:
        raise NoFace("no face was found", path=photo, remedy="choose a portrait with --portrait")
    subject = rotator.prepare(rgb, face=_choose(faces), size_px=_VIEW_PX)
    poses = [asked_pose(yaw, source=subject.face.pose) for yaw in yaws_deg]
    turned = rotator.turn(subject.framed(poses), poses, size_px=_VIEW_PX)
    return TurnedFace(
        name=name or photo.name,
        portrait=shrink(subject.picture(size_px=_PORTRAIT_PX), side_px=_PORTRAIT_PX),
        source=subject.face.pose,
        views=tuple(_view(one) for one in turned),
        model=rotator.card.identifier,
        credit=credit,
        strangers=_strangers(rotator.card),
        limits=rotator.card.facts.get("limits"),
    )


def _strangers(card: ModelCard) -> float | None:
    """The 99th percentile of strangers' likeness, where the card says it."""
    measured = card.metrics.get("held_out_portraits", {})
    value = measured.get("strangers", {}).get("p99")
    return None if value is None else float(value)


def _view(turned: Turned) -> TurnedView:
    mark = SyntheticMark(
        tool=f"goodside {__version__}",
        description=f"A face turned to yaw {turned.requested.yaw_deg:+.0f} degrees by "
        f"{turned.model}; not a photograph of this view.",
    )
    return TurnedView(
        picture=shrink(turned.image, side_px=_VIEW_PX, quality=88, synthetic=mark),
        yaw_deg=turned.requested.yaw_deg,
        measured=turned.measured,
        identity=turned.identity,
    )


def _choose(faces: Sequence[Face]) -> Face:
    """The largest near-frontal face, else the largest; `faces` come largest first."""
    return next((face for face in faces if _is_frontal(face)), faces[0])


def _is_frontal(face: Face) -> bool:
    return max(abs(face.pose.yaw_deg), abs(face.pose.pitch_deg)) <= _FRONTAL_DEG
