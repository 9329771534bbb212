"""A face that is turned while somebody watches: prepared once, each view made once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import FaceRecord
from goodside.album.good_side.good_side import (
    GoodSide,
    find_good_side,
    find_refusal,
    score_view,
)
from goodside.album.thumbnail import shrink
from goodside.engines import Engines
from goodside.errors import NoFace
from goodside.images import Limits, SyntheticMark
from goodside.images.guard import memory_guard
from goodside.images.orientation import read_photo_as
from goodside.rotation import Subject
from goodside.rotation.request import asked_pose
from goodside.types import Box, Face, RgbImage
from goodside.version import __version__
from goodside.web.size_limited_cache import SizeLimitedCache

VIEW_PX = 512
STEP_DEG = 5
"""Between two views of a slider."""

_QUALITY = 92
_SAME_FACE = 0.3
_PORTRAIT_BYTES = 160_000_000
_VIEW_BYTES = 96_000_000
_ANSWER_BYTES = 16_000_000
_MOST_FIGURES = 1000


@dataclass(frozen=True, slots=True)
class LiveView:
    """A face at one angle, not looked at yet.

    Attributes:
        rgb: (`VIEW_PX`, `VIEW_PX`, 3) uint8.
        jpeg: the same as a whole file, with the mark of synthetic media.
    """

    rgb: RgbImage
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ViewFigures:
    """What is known of a view.

    Attributes:
        score: of the view and four crops of it, 1-10.
        measured_yaw_deg: found in the view; None: no face was found.
        identity: cosine to the face of the photograph, -1 to 1; None likewise.
        confidence: probability that a second recogniser takes it for the person; None: not known.
        refused: why it no longer shows the person, or None.
    """

    score: float
    measured_yaw_deg: float | None
    identity: float | None
    confidence: float | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class LivePortrait:
    """A face of a photograph, ready to be turned.

    Attributes:
        face: as found in it.
        subject: framed for every angle of the slider, so that it does not jump.
    """

    face: Face
    subject: Subject


class PortraitCache:
    """Portraits and their views, made when they are first asked for; threads may share it.

    Args:
        engines: what finds, turns and judges.
        limits: on the photographs.
    """

    def __init__(self, engines: Engines, *, limits: Limits) -> None:
        self._engines, self._limits = engines, limits
        self._portraits: SizeLimitedCache[tuple[str, int], LivePortrait] = SizeLimitedCache(
            _PORTRAIT_BYTES, size_of=lambda one: 6 * one.subject.portrait.nbytes
        )
        self._views: SizeLimitedCache[tuple[str, int, int], LiveView] = SizeLimitedCache(
            _VIEW_BYTES, size_of=lambda one: len(one.jpeg) + one.rgb.nbytes
        )
        self._figures: SizeLimitedCache[tuple[str, int, int], ViewFigures] = SizeLimitedCache(
            _MOST_FIGURES, size_of=lambda _: 1
        )
        self._answers: SizeLimitedCache[tuple[str, int], GoodSide] = SizeLimitedCache(
            _ANSWER_BYTES, size_of=lambda one: one.portrait.nbytes * (1 + len(one.angles))
        )

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

    def figures(self, shot: AlbumPhoto, record: FaceRecord, yaw_deg: int) -> ViewFigures:
        """What is known of a view; takes longer than the view. Errors as for `view`."""
        key = (shot.photo.sha256, record.id, yaw_deg)

        def look() -> ViewFigures:
            view = self.view(shot, record, yaw_deg)
            return self._look(self.portrait(shot, record), view, yaw_deg)

        return self._figures.get(key, look)

    def good_side(self, shot: AlbumPhoto, record: FaceRecord) -> GoodSide:
        """Which side of a face of the album is judged better; errors as for `portrait`.

        Raises:
            OutOfRange: the face looks too far aside for its sides to be compared.
        """

        def find() -> GoodSide:
            portrait = self.portrait(shot, record)
            return find_good_side(
                self._read(shot),
                rotator=self._engines.rotator(),
                assessor=self._engines.assessor(),
                face=portrait.face,
            )

        return self._answers.get((shot.photo.sha256, record.id), find)

    def angles_deg(self) -> tuple[int, ...]:
        """The angles of a slider: as far as the weights turn.

        Raises:
            WeightsError: they are missing or corrupt.
        """
        low, high = self._engines.rotator().card.facts["range_deg"]["yaw"]
        first = -(-int(low) // STEP_DEG) * STEP_DEG
        return tuple(range(first, int(high) + 1, STEP_DEG))

    def limits_in_words(self) -> str:
        """What the weights' card says of how far they can be trusted; errors as `angles_deg`."""
        return str(self._engines.rotator().card.facts.get("limits", ""))

    def _prepare(self, shot: AlbumPhoto, record: FaceRecord) -> LivePortrait:
        rotator = self._engines.rotator()
        path = shot.photo.paths[0]
        rgb = self._read(shot)
        with memory_guard(path):
            faces = self._engines.face_finder().find(rgb)
            face = _same_face(faces, record, path=path)
            subject = rotator.prepare(rgb, face=face, size_px=VIEW_PX)
        poses = [asked_pose(yaw, source=face.pose) for yaw in self.angles_deg()]
        return LivePortrait(face=face, subject=subject.framed(poses))

    def _read(self, shot: AlbumPhoto) -> RgbImage:
        orientation = shot.photo.facts.orientation or 1
        path = shot.photo.paths[0]
        return read_photo_as(path, orientation=orientation, limits=self._limits).rgb

    def _turn(self, portrait: LivePortrait, yaw_deg: int) -> LiveView:
        rotator = self._engines.rotator()
        pose = asked_pose(yaw_deg, source=portrait.face.pose)
        rgb = rotator.paint(portrait.subject, [pose], size_px=VIEW_PX)[0]
        mark = SyntheticMark(
            tool=f"goodside {__version__}",
            description=f"A face turned to yaw {yaw_deg:+d} degrees by "
            f"{rotator.card.identifier}; not a photograph of this view.",
        )
        picture = shrink(rgb, side_px=VIEW_PX, quality=_QUALITY, synthetic=mark, tight=False)
        return LiveView(rgb, picture.jpeg)

    def _look(self, portrait: LivePortrait, view: LiveView, yaw_deg: int) -> ViewFigures:
        rotator = self._engines.rotator()
        pose = asked_pose(yaw_deg, source=portrait.face.pose)
        turned = rotator.measure(portrait.subject, pose, view.rgb)
        return ViewFigures(
            score=score_view(view.rgb, assessor=self._engines.assessor()),
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
