"""A face that is turned while somebody watches: prepared once, each view made once and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord
from goodside.album.good_side.good_side import find_refusal, score_view
from goodside.album.thumbnail import shrink
from goodside.engines import Engines
from goodside.errors import NoFace
from goodside.images import SyntheticMark
from goodside.images.guard import memory_guard
from goodside.images.orientation import read_photo_as
from goodside.rotation import Subject
from goodside.rotation.request import asked_pose
from goodside.types import Box, Face, RgbImage
from goodside.version import __version__

VIEW_PX = 512
STEP_DEG = 5
"""Between two views of a slider."""

_QUALITY = 92
_SAME_FACE = 0.3
_MOST_PORTRAITS = 8
_MOST_VIEWS = 400  # of some 60 kB

Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class LiveView:
    """A face at one angle.

    Attributes:
        yaw_deg: asked for.
        jpeg: a whole file of `VIEW_PX` a side, with the mark of synthetic media.
        score: of the view and four crops of it, 1-10.
        measured_yaw_deg: found in the view; None: no face was found.
        identity: cosine to the face of the photograph, -1 to 1; None likewise.
        confidence: probability that a second recogniser takes it for the person; None: not known.
        refused: why it no longer shows the person, or None.
    """

    yaw_deg: int
    jpeg: bytes
    score: float
    measured_yaw_deg: float | None
    identity: float | None
    confidence: float | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class LivePortrait:
    """A face of a photograph, ready to be turned.

    Attributes:
        rgb: (H, W, 3) uint8 the photograph, upright.
        face: in it.
        subject: framed for every angle of the slider, so that it does not jump.
        yaw_deg: where the face looks in the photograph.
        angles_deg: those of the slider.
        limits: what the weights' card says of how far they can be trusted.
    """

    rgb: RgbImage
    face: Face
    subject: Subject
    yaw_deg: float
    angles_deg: tuple[int, ...]
    limits: str


class PortraitCache:
    """Portraits and their views, made when they are first asked for; threads may share it.

    Args:
        engines: what finds, turns and judges.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._portraits: _Kept[tuple[str, int], LivePortrait] = _Kept(_MOST_PORTRAITS)
        self._views: _Kept[tuple[str, int, int], LiveView] = _Kept(_MOST_VIEWS)

    def portrait(self, shot: AlbumPhoto, record: FaceRecord) -> LivePortrait:
        """A face of the album, ready to be turned.

        Raises:
            ImageError: the photograph cannot be read any more.
            NoFace: the face is not found in it any more.
            UnfitFace: it is too small, looks too far aside, or is largely covered.
            WeightsError: a network is missing or corrupt.
        """
        key = (shot.photo.sha256, record.id)
        return self._portraits.get(key, lambda: self._prepare(shot, record))

    def view(self, shot: AlbumPhoto, record: FaceRecord, yaw_deg: int) -> LiveView:
        """A face of the album at an angle; errors as for `portrait`.

        Raises:
            OutOfRange: the weights do not turn so far.
        """
        key = (shot.photo.sha256, record.id, yaw_deg)
        return self._views.get(key, lambda: self._turn(self.portrait(shot, record), yaw_deg))

    def _prepare(self, shot: AlbumPhoto, record: FaceRecord) -> LivePortrait:
        rotator = self._engines.rotator()
        path = shot.photo.paths[0]
        photo = read_photo_as(
            path, orientation=shot.photo.facts.orientation or 1, limits=self._engines.limits
        )
        with memory_guard(path):
            faces = self._engines.face_finder().find(photo.rgb)
            face = _same_face(faces, record, path=path)
            subject = rotator.prepare(photo.rgb, face=face, size_px=VIEW_PX)
        low, high = rotator.card.facts["range_deg"]["yaw"]
        first = -(-int(low) // STEP_DEG) * STEP_DEG
        angles = tuple(range(first, int(high) + 1, STEP_DEG))
        poses = [asked_pose(yaw, source=face.pose) for yaw in angles]
        return LivePortrait(
            rgb=photo.rgb,
            face=face,
            subject=subject.framed(poses),
            yaw_deg=face.pose.yaw_deg,
            angles_deg=angles,
            limits=str(rotator.card.facts.get("limits", "")),
        )

    def _turn(self, portrait: LivePortrait, yaw_deg: int) -> LiveView:
        rotator = self._engines.rotator()
        pose = asked_pose(yaw_deg, source=portrait.subject.face.pose)
        turned = rotator.turn(portrait.subject, [pose], size_px=VIEW_PX)[0]
        mark = SyntheticMark(
            tool=f"goodside {__version__}",
            description=f"A face turned to yaw {yaw_deg:+d} degrees by {turned.model}; "
            "not a photograph of this view.",
        )
        picture = shrink(
            turned.image, side_px=VIEW_PX, quality=_QUALITY, synthetic=mark, tight=False
        )
        return LiveView(
            yaw_deg=yaw_deg,
            jpeg=picture.jpeg,
            score=score_view(turned.image, assessor=self._engines.assessor()),
            measured_yaw_deg=None if turned.measured is None else turned.measured.yaw_deg,
            identity=turned.identity,
            confidence=turned.confidence,
            refused=find_refusal(turned, rotator=rotator),
        )


def _same_face(faces: tuple[Face, ...], record: FaceRecord, *, path: Path) -> Face:
    """The face that the album knows, as it is found now."""
    best = max(faces, key=lambda face: _overlap(face.box, record.box), default=None)
    if best is None or _overlap(best.box, record.box) < _SAME_FACE:
        raise NoFace("the face is not found in it any more", path=path, remedy="scan again")
    return best


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0-1."""
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    common = max(width, 0.0) * max(height, 0.0)
    return common / (a.width * a.height + b.width * b.height - common)


class _Kept(Generic[Key, Made]):
    """The things asked for last; two threads that ask for one wait for the same making.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._making: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._made:
                    return self._made[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._made[key] = made
                while len(self._made) > self._most:
                    self._made.popitem(last=False)
            return made
