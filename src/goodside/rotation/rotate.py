"""The rotator: a photograph and an angle in, the face at that angle out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from goodside.errors import FaceError, ImageError, OutOfRange
from goodside.face import Embedder, FaceFinder, PersonMatte
from goodside.images import Limits, Photo, read_photo_guarded, read_photos_guarded
from goodside.images.guard import memory_guard
from goodside.rotation.confidence import read_confidence
from goodside.rotation.expectation import read_expectation
from goodside.rotation.generator.painter import (
    OVERSAMPLE,
    Painter,
    RequestedTurn,
    Variant,
    warp_without_network,
)
from goodside.rotation.generator.templates import Templates
from goodside.rotation.geometry.head_fit import head_mesh
from goodside.rotation.limits import Range, check_face, check_pose
from goodside.rotation.paste import paste_back
from goodside.rotation.request import asked_pose, choose_face
from goodside.rotation.subject import Subject, TurnSeries, prepare_subject
from goodside.runtime import WeightsStore
from goodside.types import Face, Pose, RgbImage, Turned

DEFAULT_MODEL = "rotation-mesh"
DEFAULT_SIZE_PX = 512
"""Side of a turned portrait where nobody asks for another."""

TURNING_MODELS = (DEFAULT_MODEL, "person-matte")
"""What turns a face that was found, besides the face models."""

_BATCH = 8
_SMALLEST_PX, _LARGEST_PX = 32, 2048

_Prepared = tuple[Subject, list[Pose]]


class Rotator:
    """Turns faces; loads its networks once, on first use.

    Args:
        store: weights; by default those of the package.
        threads: ONNX Runtime threads.
        model: name of the generator's weights: `rotation-mesh`; `rotation-flow`, whose network
            alone turns the person's mesh; or `rotation-capg`, the patent's own network.
        limits: how large a photograph may be.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        model: str = DEFAULT_MODEL,
        limits: Limits | None = None,
    ) -> None:
        self.store = store or WeightsStore()
        self._painter = Painter(model, store=self.store, threads=threads)
        self._finder = FaceFinder(store=self.store, threads=threads, frees_memory=True)
        self._embedder = Embedder(store=self.store, threads=threads)
        self.matting = PersonMatte(store=self.store, threads=threads)
        self._limits = limits
        self.card = self._painter.card
        self._confidence = read_confidence(self.card.facts)
        self._expectation = read_expectation(self.card)

    @property
    def templates(self) -> Templates:
        """The target face images, one an angle."""
        return self._painter.templates

    def rotate(
        self,
        source: str | Path | bytes | RgbImage,
        yaw_deg: float,
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | Face | None = None,
        size_px: int = DEFAULT_SIZE_PX,
    ) -> Turned:
        """Show a face at another angle.

        Args:
            source: path, encoded bytes, or (H, W, 3) uint8 sRGB upright array.
            yaw_deg: where the face shall look, positive toward the picture's right; absolute, not
                relative to the photograph.
            pitch_deg: positive downward; by default as in the photograph.
            roll_deg: lean of the head, positive clockwise; upright by default.
            face: which face, counted from 0 as `FaceFinder` lists them, or the `Face` itself as
                found in this photograph, which saves looking for it again; needed where there are
                several.
            size_px: side of the result.

        Returns:
            The turned portrait with its identity score, the pose measured on it, and `doubts` where
            either is far off what the card of the weights leads to expect.

        Raises:
            ImageError: the photograph cannot be read.
            NoFace: there is none.
            AmbiguousFace: there are several and none was chosen.
            UnfitFace: it is too small, looks too far aside, or is largely covered.
            OutOfRange: an angle is beyond what the weights were trained on, or `face` or `size_px`
                is out of range.
            WeightsError: weights or templates are missing or corrupt.
        """
        subject = self.prepare(source, face=face, size_px=size_px)
        pose = asked_pose(yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, source=subject.face.pose)
        return self.turn(subject.framed([pose]), [pose], size_px=size_px)[0]

    def paste_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | None = None,
    ) -> Iterator[TurnSeries | ImageError | FaceError | OutOfRange]:
        """`sweep_each` with every turned face put back into its photograph at its own resolution.

        Args: as for `sweep_each`, but that heads lean by `roll_deg` more than in the photograph. A
            head of more than 2048 px, frame and all, is turned at 2048 px.

        Yields:
            As `sweep_each`, each `image` being the whole (H, W, 3) photograph.
        """
        for _, photo in read_photos_guarded(sources, limits=self._limits):
            if isinstance(photo, ImageError):
                yield photo
                continue
            try:
                with memory_guard(photo.path):
                    chosen = self._choose(photo, face)
                    frame = head_mesh(chosen).frame
                    size_px = int(np.clip(round(frame.side), _SMALLEST_PX, _LARGEST_PX))
                    subject = self._prepare(photo, chosen, size_px=size_px).whole_frame()
                poses = [
                    asked_pose(yaw, pitch_deg=pitch_deg, roll_deg=roll_deg, source=chosen.pose)
                    for yaw in yaws_deg
                ]
                turned = self.turn(subject, poses, size_px=size_px)
                with memory_guard(photo.path):
                    pasted = [
                        replace(one, image=paste_back(photo.rgb, one.image, frame=frame))
                        for one in turned
                    ]
            except (ImageError, FaceError, OutOfRange) as error:
                yield error
                continue
            yield TurnSeries(subject, tuple(pasted))

    def sweep(
        self,
        source: str | Path | bytes | RgbImage,
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        face: int | Face | None = None,
        size_px: int = DEFAULT_SIZE_PX,
    ) -> list[Turned]:
        """`rotate` to several yaws, the photograph being read and measured once."""
        subject = self.prepare(source, face=face, size_px=size_px)
        poses = [asked_pose(y, pitch_deg=pitch_deg, source=subject.face.pose) for y in yaws_deg]
        return self.turn(subject.framed(poses), poses, size_px=size_px)

    def rotate_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaw_deg: float,
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        size_px: int = DEFAULT_SIZE_PX,
        batch: int = _BATCH,
    ) -> Iterator[Turned | ImageError | FaceError | OutOfRange]:
        """`sweep_each` to one yaw."""
        series = self.sweep_each(
            sources,
            [yaw_deg],
            pitch_deg=pitch_deg,
            roll_deg=roll_deg,
            size_px=size_px,
            batch=batch,
        )
        for one in series:
            yield one.turned[0] if isinstance(one, TurnSeries) else one

    def sweep_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | None = None,
        size_px: int = DEFAULT_SIZE_PX,
        batch: int = _BATCH,
    ) -> Iterator[TurnSeries | ImageError | FaceError | OutOfRange]:
        """Turn the faces of any number of photographs, in their order, a few at a time.

        Args:
            sources: read as the results are taken.
            yaws_deg, pitch_deg, roll_deg, face, size_px: as for `rotate`, of every photograph.
            batch: how many turns go through the network at once.

        Yields:
            The turned faces of a photograph, or the error that explains why there are none.

        Raises:
            OutOfRange, WeightsError: as for `rotate`, where they concern every photograph.
        """
        _check_size(size_px)
        for yaw in yaws_deg:
            check_pose(Pose(yaw, pitch_deg or 0.0, roll_deg), range_deg=self._range_deg)
        waiting: list[_Prepared | ImageError | FaceError | OutOfRange] = []
        held = 0
        for _, photo in read_photos_guarded(sources, limits=self._limits):
            try:
                if isinstance(photo, ImageError):
                    raise photo
                with memory_guard(photo.path):
                    subject = self._prepare(photo, self._choose(photo, face), size_px=size_px)
            except (ImageError, FaceError, OutOfRange) as error:
                waiting.append(error)
                held += 1
            else:
                own = subject.face.pose
                poses = [
                    asked_pose(yaw, pitch_deg=pitch_deg, roll_deg=roll_deg, source=own)
                    for yaw in yaws_deg
                ]
                waiting.append((subject.framed(poses), poses))
                held += len(poses)
            if held >= batch:
                yield from self._finish(waiting, size_px=size_px, batch=batch)
                waiting, held = [], 0
        yield from self._finish(waiting, size_px=size_px, batch=batch)

    def prepare(
        self,
        source: str | Path | bytes | RgbImage,
        *,
        face: int | Face | None = None,
        size_px: int = DEFAULT_SIZE_PX,
        strict: bool = True,
    ) -> Subject:
        """Read a photograph and prepare the face to be turned, once for any number of poses.

        Args:
            source, face, size_px: as for `rotate`.
            strict: whether an `UnfitFace` is refused.

        Raises: as `rotate`.
        """
        _check_size(size_px)
        photo = read_photo_guarded(source, limits=self._limits)
        with memory_guard(photo.path):
            chosen = self._choose(photo, face)
            return self._prepare(photo, chosen, size_px=size_px, strict=strict)

    def turn(
        self, subject: Subject, poses: Sequence[Pose], *, size_px: int = DEFAULT_SIZE_PX
    ) -> list[Turned]:
        """Turn a subject to several poses and measure the results; errors as in `rotate`."""
        return self._turn([(subject, pose) for pose in poses], size_px=size_px)

    @property
    def drafts(self) -> bool:
        """Whether the weights go on from a draft by the photograph's own mesh."""
        return self._painter.drafts

    def paint(
        self,
        subject: Subject,
        poses: Sequence[Pose],
        *,
        size_px: int = DEFAULT_SIZE_PX,
        variant: Variant = "network",
    ) -> list[RgbImage]:
        """`turn` without the measuring: (S, S, 3) uint8 portraits, one a pose.

        Of the variants `draft` leaves the network out, where it goes on from a draft, and `unposed`
        shows it black pose images; both tell what those parts do.
        """
        turns = [(subject, pose) for pose in poses]
        return self._paint(turns, size_px=size_px, variant=variant)

    def measure(self, subject: Subject, pose: Pose, picture: RgbImage) -> Turned:
        """What `turn` tells of a picture that `paint` made.

        Args:
            subject: of whom it was painted.
            pose: that it was painted in.
            picture: (S, S, 3) uint8.
        """
        found = self._finder.find_steep(picture)
        measured = found[0].pose if found else None
        identity = confidence = None
        if found:
            identity = float(self._embedder.embed(picture, [found[0]])[0] @ subject.embedding)
            confidence = self._confidence.at(identity) if self._confidence else None
        return Turned(
            image=picture,
            requested=pose,
            measured=measured,
            identity=identity,
            source=subject.face.pose,
            model=self.card.identifier,
            path=subject.path,
            confidence=confidence,
            doubts=self._expectation.doubts(pose, measured=measured, identity=identity),
        )

    def warp(self, subject: Subject, pose: Pose, *, size_px: int = DEFAULT_SIZE_PX) -> RgbImage:
        """The plain alternative: the photograph turned by its mesh alone, without the network."""
        return warp_without_network(subject, pose, size_px=size_px)

    def _choose(self, photo: Photo, face: int | Face | None) -> Face:
        """The face to turn; it is looked for only where it is not given."""
        if isinstance(face, Face):
            return face
        return choose_face(self._finder.find(photo.rgb), face, path=photo.path)

    def _prepare(
        self,
        photo: Photo,
        face: Face,
        *,
        size_px: int,
        strict: bool = True,
    ) -> Subject:
        if strict:
            check_face(face, range_deg=self._range_deg, path=photo.path)
        return prepare_subject(
            photo.rgb,
            face,
            matting=self.matting,
            embedding=self._embedder.embed(photo.rgb, [face])[0],
            portrait_px=max(size_px, self.card.preprocessing.width_px) * OVERSAMPLE,
            path=photo.path,
        )

    @property
    def _range_deg(self) -> Range:
        asked: Range = self.card.facts["range_deg"]
        return asked

    def _finish(
        self,
        waiting: Sequence[_Prepared | ImageError | FaceError | OutOfRange],
        *,
        size_px: int,
        batch: int,
    ) -> Iterator[TurnSeries | ImageError | FaceError | OutOfRange]:
        prepared = [entry for entry in waiting if isinstance(entry, tuple)]
        turns = [(subject, pose) for subject, poses in prepared for pose in poses]
        turned = iter(self._turn(turns, size_px=size_px, batch=batch))
        for entry in waiting:
            if isinstance(entry, tuple):
                subject, poses = entry
                yield TurnSeries(subject, tuple(islice(turned, len(poses))))
            else:
                yield entry

    def _turn(
        self, turns: Sequence[RequestedTurn], *, size_px: int, batch: int = _BATCH
    ) -> list[Turned]:
        pictures = self._paint(turns, size_px=size_px, batch=batch)
        return [self.measure(*turn, picture) for turn, picture in zip(turns, pictures, strict=True)]

    def _paint(
        self,
        turns: Sequence[RequestedTurn],
        *,
        size_px: int,
        batch: int = _BATCH,
        variant: Variant = "network",
    ) -> list[RgbImage]:
        for subject, pose in turns:
            check_pose(pose, range_deg=self._range_deg, path=subject.path)
        return [
            picture
            for start in range(0, len(turns), batch)
            for picture in self._painter.paint(
                turns[start : start + batch], size_px=size_px, variant=variant
            )
        ]


def _check_size(size_px: int) -> None:
    if not _SMALLEST_PX <= size_px <= _LARGEST_PX:
        remedy = f"ask for {_SMALLEST_PX} to {_LARGEST_PX} px"
        raise OutOfRange(f"a size of {size_px} px", remedy=remedy)
