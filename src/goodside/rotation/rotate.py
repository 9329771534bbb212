"""The rotator: a photograph and an angle in, the face at that angle out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from goodside.errors import AmbiguousFace, FaceError, ImageError, NoFace, OutOfRange
from goodside.face import Embedder, FaceFinder, five_points
from goodside.images import read_photo, resize
from goodside.images.photo import Limits, from_array
from goodside.rotation.blend import blend, soften_tears
from goodside.rotation.confidence import read_confidence
from goodside.rotation.frame import to_shares
from goodside.rotation.limits import Range, check_face, check_pose
from goodside.rotation.mesh import Warp, warp_to
from goodside.rotation.raster import sample
from goodside.rotation.request import asked_pose, settled_pose, turn_deg
from goodside.rotation.signal import build_signal
from goodside.rotation.sitter import Series, Sitter, seat
from goodside.rotation.target import FILENAME, Templates, read_templates
from goodside.runtime import WeightsStore, open_session
from goodside.types import Face, FloatArray, Pose, RgbImage, Turned

_BATCH = 8
_OVERSAMPLE = 2  # the portrait that the warp reads is this much larger than the result

_Order = tuple[Sitter, list[Pose]]


class Rotator:
    """Turns faces; loads its networks once, on first use.

    Args:
        store: weights; by default those of the package.
        threads: ONNX Runtime threads.
        model: name of the generator's weights.
        limits: how large a photograph may be.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        model: str = "rotation-mesh",
        limits: Limits | None = None,
    ) -> None:
        self._store = store or WeightsStore()
        self._session = open_session(model, store=self._store, threads=threads)
        self._finder = FaceFinder(store=self._store, threads=threads)
        self._embedder = Embedder(store=self._store, threads=threads)
        self._limits = limits
        self._templates: Templates | None = None
        self.card = self._session.card
        self._confidence = read_confidence(self.card.facts)

    @property
    def templates(self) -> Templates:
        """The target face images, one an angle."""
        if self._templates is None:
            self._templates = read_templates(self._store.data(FILENAME))
        return self._templates

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
        waiting: list[_Order | ImageError | FaceError | OutOfRange] = []
        held = 0
        for source in sources:
            try:
                sitter = self.sit(source, face=face, size_px=size_px)
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
        if isinstance(source, np.ndarray):
            photo = from_array(source)
        else:
            photo = read_photo(source, limits=self._limits)
        chosen = self._choose(photo.rgb, face, path=photo.path)
        if strict:
            check_face(chosen, range_deg=self._range_deg, path=photo.path)
        return seat(
            photo.rgb,
            chosen,
            embedding=self._embedder.embed(photo.rgb, [chosen])[0],
            portrait_px=max(size_px, self.card.preprocessing.width_px) * _OVERSAMPLE,
            path=photo.path,
        )

    def turn(self, sitter: Sitter, poses: Sequence[Pose], *, size_px: int = 256) -> list[Turned]:
        """Turn a sitter to several poses and measure the results; errors as in `rotate`."""
        return self._turned([(sitter, pose) for pose in poses], size_px=size_px)

    def paint(self, sitter: Sitter, poses: Sequence[Pose], *, size_px: int = 256) -> list[RgbImage]:
        """`turn` without the measuring: (S, S, 3) uint8 portraits, one a pose."""
        return self._painted([(sitter, pose) for pose in poses], size_px=size_px)

    def warp(self, sitter: Sitter, pose: Pose, *, size_px: int = 256) -> RgbImage:
        """The plain alternative: the photograph turned by its mesh alone, without the network."""
        pose = settled_pose(pose, source=sitter.head.pose)
        plan = warp_to(sitter.head, pose, size_px=size_px, window=sitter.window)
        picture = _read(_oversampled(sitter.portrait, size_px=size_px), plan)
        return np.clip(np.rint(picture), 0, 255).astype(np.uint8)

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
        waiting: Sequence[_Order | ImageError | FaceError | OutOfRange],
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

    def _turned(
        self, turns: Sequence[tuple[Sitter, Pose]], *, size_px: int, batch: int = _BATCH
    ) -> list[Turned]:
        pictures = self._painted(turns, size_px=size_px, batch=batch)
        return [self._judged(*turn, picture) for turn, picture in zip(turns, pictures, strict=True)]

    def _painted(
        self, turns: Sequence[tuple[Sitter, Pose]], *, size_px: int, batch: int = _BATCH
    ) -> list[RgbImage]:
        for sitter, pose in turns:
            check_pose(pose, range_deg=self._range_deg, path=sitter.path)
        return [
            picture
            for start in range(0, len(turns), batch)
            for picture in self._together(turns[start : start + batch], size_px=size_px)
        ]

    def _together(self, turns: Sequence[tuple[Sitter, Pose]], *, size_px: int) -> list[RgbImage]:
        """Pictures of turns that go through the network at once."""
        network_px = self.card.preprocessing.width_px
        small, large = (_portraits(turns, size_px=side) for side in (network_px, size_px))
        turns = [(sitter, settled_pose(pose, source=sitter.head.pose)) for sitter, pose in turns]
        signals = [self._signal(sitter, pose, portrait=small[id(sitter)]) for sitter, pose in turns]
        made = self._session.run({"signal": np.stack(signals)})
        pictures = []
        for (sitter, pose), painted, trust in zip(
            turns, made["painted"], made["trust"], strict=True
        ):
            if pose == sitter.head.pose:
                pictures.append(sitter.picture(size_px=size_px))
                continue
            plan = warp_to(sitter.head, pose, size_px=size_px, window=sitter.window)
            pictures.append(
                blend(
                    _read(large[id(sitter)], plan),
                    painted=painted,
                    trust=trust,
                    turn_deg=turn_deg(sitter.head.pose, pose),
                    window=sitter.window,
                )
            )
        return pictures

    def _signal(self, sitter: Sitter, pose: Pose, *, portrait: RgbImage) -> FloatArray:
        network_px = self.card.preprocessing.width_px
        plan: Warp | None = None
        if self.card.facts["recipe"] == "mesh":
            plan = warp_to(sitter.head, pose, size_px=network_px)
        return build_signal(
            portrait,
            size_px=network_px,
            source_points=to_shares(sitter.head.frame, sitter.face.points),
            target_points=self._target_points(sitter, pose),
            warp=plan,
        )

    def _target_points(self, sitter: Sitter, pose: Pose) -> FloatArray:
        """(5, 2) landmarks of the target, as shares of the frame: as the weights were trained."""
        if self.card.facts.get("target") == "mesh":
            return five_points(sitter.head.landmarks(pose))
        target = self.templates.at(pose.yaw_deg, pitch_deg=pose.pitch_deg, roll_deg=pose.roll_deg)
        return target.points

    def _judged(self, sitter: Sitter, pose: Pose, picture: RgbImage) -> Turned:
        found = self._finder.find(picture)
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
    if not 32 <= size_px <= 2048:
        raise OutOfRange(f"a size of {size_px} px", remedy="ask for 32 to 2048 px")


def _portraits(turns: Sequence[tuple[Sitter, Pose]], *, size_px: int) -> dict[int, RgbImage]:
    """Every sitter's portrait, read once however many poses are asked of it; by the sitter's id."""
    sitters = {id(sitter): sitter for sitter, _ in turns}
    return {key: _oversampled(s.portrait, size_px=size_px) for key, s in sitters.items()}


def _read(portrait: RgbImage, plan: Warp) -> FloatArray:
    """(S, S, 3) float32 the turned photograph, its outlines softened."""
    return soften_tears(sample(portrait, plan.where), where=plan.where)


def _oversampled(portrait: RgbImage, *, size_px: int) -> RgbImage:
    """The portrait at the size from which a turn to `size_px` reads it without aliasing."""
    side = size_px * _OVERSAMPLE
    return resize(portrait, width_px=side, height_px=side, kernel="box")
