"""One face turned for a page: which photograph sits, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from goodside.album.credits import Credit
from goodside.album.page.page import Sitting, View
from goodside.album.thumbnail import shrink
from goodside.errors import ImageError, NoFace
from goodside.face import FaceFinder
from goodside.images import Limits, SyntheticMark, read_photo_guarded, read_photos_guarded
from goodside.images.decoding.guard import memory_guard
from goodside.rotation import Rotator
from goodside.rotation.request import asked_pose
from goodside.runtime import ModelCard
from goodside.types import Face, Turned
from goodside.version import __version__

_FRONTAL_DEG = 25.0
_SMALLEST_PX = 80.0
_SEARCH_PX = 640
_PORTRAIT_PX, _VIEW_PX = 640, 384


def find_sitter(
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


def take_sitting(
    photo: Path,
    *,
    rotator: Rotator,
    finder: FaceFinder,
    yaws_deg: Sequence[float],
    name: str | None = None,
    credit: Credit | None = None,
    limits: Limits | None = None,
) -> Sitting:
    """Turn the largest near-frontal face of a photograph (or the largest, if none is).

    Args:
        photo: its file.
        rotator: turns the face.
        finder: chooses it.
        yaws_deg: the angles to show.
        name: as the page calls the photograph; by default the file's name.
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
    sitter = rotator.sit(rgb, face=_choose(faces), size_px=_VIEW_PX)
    poses = [asked_pose(yaw, source=sitter.face.pose) for yaw in yaws_deg]
    turned = rotator.turn(sitter.framed(poses), poses, size_px=_VIEW_PX)
    return Sitting(
        name=name or photo.name,
        portrait=shrink(sitter.picture(size_px=_PORTRAIT_PX), side_px=_PORTRAIT_PX),
        source=sitter.face.pose,
        views=tuple(_view(one) for one in turned),
        model=rotator.card.identifier,
        credit=credit,
        strangers=_strangers(rotator.card),
        limits=rotator.card.facts.get("limits"),
    )


def _strangers(card: ModelCard) -> float | None:
    """The 99th percentile of strangers' likeness, where the card tells it."""
    measured = card.metrics.get("held_out_portraits", {})
    value = measured.get("strangers", {}).get("p99")
    return None if value is None else float(value)


def _view(turned: Turned) -> View:
    mark = SyntheticMark(
        tool=f"goodside {__version__}",
        description=f"A face turned to yaw {turned.requested.yaw_deg:+.0f} degrees by "
        f"{turned.model}; not a photograph of this view.",
    )
    return View(
        picture=shrink(turned.image, side_px=_VIEW_PX, quality=88, synthetic=mark),
        yaw_deg=turned.requested.yaw_deg,
        measured=turned.measured,
        identity=turned.identity,
    )


def _choose(faces: Sequence[Face]) -> int:
    """Index of the largest near-frontal face, else 0; `faces` come largest first."""
    return next((index for index, face in enumerate(faces) if _is_frontal(face)), 0)


def _is_frontal(face: Face) -> bool:
    return max(abs(face.pose.yaw_deg), abs(face.pose.pitch_deg)) <= _FRONTAL_DEG
