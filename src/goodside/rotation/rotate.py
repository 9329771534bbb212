"""The rotator: a photograph and an angle in, the face at that angle out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from goodside.errors import AmbiguousFace, FaceError, ImageError, NoFace, OutOfRange
from goodside.face import Embedder, FaceFinder, PersonMatte
from goodside.images import Limits, Photo, read_photo_guarded, read_photos_guarded
from goodside.images.decoding.guard import memory_guard
from goodside.rotation.confidence import read_confidence
from goodside.rotation.generator.painter import OVERSAMPLE, Order, Painter, warped_alone
from goodside.rotation.generator.templates import Templates
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head import head_mesh
from goodside.rotation.limits import Range, check_face, check_pose
from goodside.rotation.paste import paste_back
from goodside.rotation.request import asked_pose
from goodside.rotation.subject import Series, Sitter, seat
from goodside.runtime import WeightsStore
from goodside.types import Face, Pose, RgbImage, Turned

DEFAULT_MODEL = "rotation-mesh"
TURNING_MODELS = (DEFAULT_MODEL, "person-matte")
"""What turns a face that was found, besides the face models."""

_BATCH = 8
_SMALLEST_PX, _LARGEST_PX = 32, 2048

_Sitting = tuple[Sitter, list[Pose]]


class Rotator:
    """Turns faces; loads its networks once, on first use.

    Args:
        store: weights; by default those of the package.
        threads: ONNX Runtime threads.
        model: name of the generator's weights: `rotation-mesh`, or `rotation-capg`, the patent's
            own network, for comparison.
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
        self._finder = FaceFinder(store=self.store, threads=threads)
        self._embedder = Embedder(store=self.store, threads=threads)
        self.matting = PersonMatte(store=self.store, threads=threads)
        self._limits = limits
        self.card = self._painter.card
        self._confidence = read_confidence(self.card.facts)

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
        face: int | None = None,
        size_px: int = 256,
    ) -> Turned:
        """Show a face at another angle.

        Args:
            source: path, encoded bytes, or (H, W, 3) uint8 sRGB upright array.
            yaw_deg: where the face shall look, positive toward the picture's right; absolute, not
                relative to the photograph.
            pitch_deg: positive downward; by default as in the photograph.
            roll_deg: lean of the head, positive clockwise; upright by default.
            face: which face, counted from 0 as `FaceFinder` lists them; needed where there are
                several.
            size_px: side of the result.

        Returns:
            The turned portrait with its identity score and the pose measured on it.

        Raises:
            ImageError: the photograph cannot be read.
            NoFace: there is none.
            AmbiguousFace: there are several and none was chosen.
            UnfitFace: it is too small, looks too far aside, or is largely covered.
            OutOfRange: an angle is beyond what the weights were trained on, or `face` or `size_px`
                is out of range.
            WeightsError: weights or templates are missing or corrupt.
        """
        sitter = self.sit(source, face=face, size_px=size_px)
        pose = asked_pose(yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, source=sitter.face.pose)
        return self.turn(sitter.framed([pose]), [pose], size_px=size_px)[0]

    def paste_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | None = None,
    ) -> Iterator[Series | ImageError | FaceError | OutOfRange]:
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
                    chosen = self._choose(photo.rgb, face, path=photo.path)
                    frame = head_mesh(chosen).frame
                    size_px = int(np.clip(round(frame.side), _SMALLEST_PX, _LARGEST_PX))
                    sitter = replace(self._seat(photo, chosen, size_px=size_px), window=Window())
                poses = [
                    asked_pose(yaw, pitch_deg=pitch_deg, roll_deg=roll_deg, source=chosen.pose)
                    for yaw in yaws_deg
                ]
                turned = self.turn(sitter, poses, size_px=size_px)
                with memory_guard(photo.path):
                    pasted = [
                        replace(one, image=paste_back(photo.rgb, one.image, frame=frame))
                        for one in turned
                    ]
            except (ImageError, FaceError, OutOfRange) as error:
                yield error
                continue
            yield Series(sitter, tuple(pasted))

    def sweep(
        self,
        source: str | Path | bytes | RgbImage,
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        face: int | None = None,
        size_px: int = 256,
    ) -> list[Turned]:
        """`rotate` to several yaws, the photograph being read and measured once."""
        sitter = self.sit(source, face=face, size_px=size_px)
        poses = [asked_pose(y, pitch_deg=pitch_deg, source=sitter.face.pose) for y in yaws_deg]
        return self.turn(sitter.framed(poses), poses, size_px=size_px)

    def rotate_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaw_deg: float,
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        size_px: int = 256,
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
            yield one.turned[0] if isinstance(one, Series) else one

    def sweep_each(
        self,
        sources: Iterable[str | Path | bytes | RgbImage],
        yaws_deg: Sequence[float],
        *,
        pitch_deg: float | None = None,
        roll_deg: float = 0.0,
        face: int | None = None,
        size_px: int = 256,
        batch: int = _BATCH,
    ) -> Iterator[Series | ImageError | FaceError | OutOfRange]:
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
        waiting: list[_Sitting | ImageError | FaceError | OutOfRange] = []
        held = 0
        for _, photo in read_photos_guarded(sources, limits=self._limits):
            try:
                if isinstance(photo, ImageError):
                    raise photo
                sitter = self._seated(photo, face=face, size_px=size_px)
            except (ImageError, FaceError, OutOfRange) as error:
                waiting.append(error)
                held += 1
            else:
                own = sitter.face.pose
                poses = [
                    asked_pose(yaw, pitch_deg=pitch_deg, roll_deg=roll_deg, source=own)
                    for yaw in yaws_deg
                ]
                waiting.append((sitter.framed(poses), poses))
                held += len(poses)
            if held >= batch:
                yield from self._settled(waiting, size_px=size_px, batch=batch)
                waiting, held = [], 0
        yield from self._settled(waiting, size_px=size_px, batch=batch)

    def sit(
        self,
        source: str | Path | bytes | RgbImage,
        *,
        face: int | None = None,
        size_px: int = 256,
        strict: bool = True,
    ) -> Sitter:
        """Read a photograph and measure the face to be turned; errors as in `rotate`.

        Without `strict` an `UnfitFace` is measured too.
        """
        _check_size(size_px)
        return self._seated(self._read(source), face=face, size_px=size_px, strict=strict)

    def turn(self, sitter: Sitter, poses: Sequence[Pose], *, size_px: int = 256) -> list[Turned]:
        """Turn a sitter to several poses and measure the results; errors as in `rotate`."""
        return self._turned([(sitter, pose) for pose in poses], size_px=size_px)

    def paint(self, sitter: Sitter, poses: Sequence[Pose], *, size_px: int = 256) -> list[RgbImage]:
        """`turn` without the measuring: (S, S, 3) uint8 portraits, one a pose."""
        return self._painted([(sitter, pose) for pose in poses], size_px=size_px)

    def warp(self, sitter: Sitter, pose: Pose, *, size_px: int = 256) -> RgbImage:
        """The plain alternative: the photograph turned by its mesh alone, without the network."""
        return warped_alone(sitter, pose, size_px=size_px)

    def _read(self, source: str | Path | bytes | RgbImage) -> Photo:
        return read_photo_guarded(source, limits=self._limits)

    def _seated(
        self, photo: Photo, *, face: int | None, size_px: int, strict: bool = True
    ) -> Sitter:
        with memory_guard(photo.path):
            chosen = self._choose(photo.rgb, face, path=photo.path)
            return self._seat(photo, chosen, size_px=size_px, strict=strict)

    def _seat(self, photo: Photo, face: Face, *, size_px: int, strict: bool = True) -> Sitter:
        if strict:
            check_face(face, range_deg=self._range_deg, path=photo.path)
        return seat(
            photo.rgb,
            face,
            matting=self.matting,
            embedding=self._embedder.embed(photo.rgb, [face])[0],
            portrait_px=max(size_px, self.card.preprocessing.width_px) * OVERSAMPLE,
            path=photo.path,
        )

    def _choose(self, rgb: RgbImage, face: int | None, *, path: str | None) -> Face:
        found = self._finder.find(rgb)
        if not found:
            raise NoFace(
                "no face was found", path=path, remedy="the face should fill at least 40 pixels"
            )
        if face is None and len(found) > 1:
            raise AmbiguousFace(
                f"{len(found)} faces were found",
                path=path,
                remedy="choose one: --face N, face=N; `goodside faces` lists them",
            )
        index = face or 0
        if not 0 <= index < len(found):
            raise OutOfRange(
                f"face {index} of {len(found)}", path=path, remedy="count the faces from 0"
            )
        return found[index]

    @property
    def _range_deg(self) -> Range:
        asked: Range = self.card.facts["range_deg"]
        return asked

    def _settled(
        self,
        waiting: Sequence[_Sitting | ImageError | FaceError | OutOfRange],
        *,
        size_px: int,
        batch: int,
    ) -> Iterator[Series | ImageError | FaceError | OutOfRange]:
        orders = [entry for entry in waiting if isinstance(entry, tuple)]
        turns = [(sitter, pose) for sitter, poses in orders for pose in poses]
        turned = iter(self._turned(turns, size_px=size_px, batch=batch))
        for entry in waiting:
            if isinstance(entry, tuple):
                sitter, poses = entry
                yield Series(sitter, tuple(islice(turned, len(poses))))
            else:
                yield entry

    def _turned(self, turns: Sequence[Order], *, size_px: int, batch: int = _BATCH) -> list[Turned]:
        pictures = self._painted(turns, size_px=size_px, batch=batch)
        return [self._judged(*turn, picture) for turn, picture in zip(turns, pictures, strict=True)]

    def _painted(
        self, turns: Sequence[Order], *, size_px: int, batch: int = _BATCH
    ) -> list[RgbImage]:
        for sitter, pose in turns:
            check_pose(pose, range_deg=self._range_deg, path=sitter.path)
        return [
            picture
            for start in range(0, len(turns), batch)
            for picture in self._painter.paint(turns[start : start + batch], size_px=size_px)
        ]

    def _judged(self, sitter: Sitter, pose: Pose, picture: RgbImage) -> Turned:
        found = self._finder.find_steep(picture)
        measured = found[0].pose if found else None
        identity = confidence = None
        if found:
            identity = float(self._embedder.embed(picture, [found[0]])[0] @ sitter.embedding)
            confidence = self._confidence.at(identity) if self._confidence else None
        return Turned(
            image=picture,
            requested=pose,
            measured=measured,
            identity=identity,
            source=sitter.face.pose,
            model=self.card.identifier,
            path=sitter.path,
            confidence=confidence,
        )


def _check_size(size_px: int) -> None:
    if not _SMALLEST_PX <= size_px <= _LARGEST_PX:
        remedy = f"ask for {_SMALLEST_PX} to {_LARGEST_PX} px"
        raise OutOfRange(f"a size of {size_px} px", remedy=remedy)
