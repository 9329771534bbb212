"""Several views of the same people at known angles: the truth for a turned face.

A list of views is a CSV file with the columns `image` (a path beside the list), `identity`,
`yaw_deg`, `pitch_deg`, and `light` where a person was shown under several.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.errors import SettingsError
from goodside.face import Embedder, FaceFinder
from goodside.images import resize
from goodside.regular_file import open_regular, open_text
from goodside.rotation.evaluation.cycle import mirror_fill
from goodside.rotation.evaluation.measurements import mean
from goodside.rotation.evaluation.report import INLINE, key
from goodside.rotation.evaluation.second_recogniser import SecondRecogniser
from goodside.rotation.rotate import Rotator
from goodside.rotation.subject import Subject
from goodside.types import FloatArray, Pose, RgbImage

_MAX_BYTES = 200_000_000
_BACKDROP = 128  # what stands behind a picture with alpha
_OVERSAMPLE = 2


@dataclass(frozen=True, slots=True)
class KnownView:
    """One picture of a person at a known angle.

    Attributes:
        path: the picture.
        identity: who it shows.
        pose: the true pose.
        light: the name of its light.
    """

    path: Path
    identity: str
    pose: Pose
    light: str


@dataclass(frozen=True, slots=True)
class TrueViewFigures:
    """How near one method comes to the true views; None where no face was found in any.

    Attributes:
        l1: mean absolute difference inside the true view's head, 0-255.
        cosine: of our recogniser's vectors of result and true view.
        second_distance: of the second recogniser's.
        lost: results that show no face though the true view shows one.
    """

    l1: float
    cosine: float | None = field(metadata=key("embedder_cosine"))
    second_distance: float | None = field(metadata=key("judge_distance"))
    lost: int


@dataclass(frozen=True, slots=True)
class ViewRow:
    """Views turned from one yaw to another, compared with the true views.

    Attributes:
        from_yaw_deg, to_yaw_deg: the direction.
        count: pairs compared.
        psnr: mean peak signal-to-noise ratio in decibels inside the true view's head.
        warp_psnr: that of the plain warp.
        network, warp: the two methods.
        mirrored: the warp whose gaps the face's mirror half fills.
    """

    from_yaw_deg: float = field(metadata=key("from_yaw"))
    to_yaw_deg: float = field(metadata=key("to_yaw"))
    count: int = field(metadata=key("n"))
    psnr: float
    warp_psnr: float
    network: TrueViewFigures = field(metadata=INLINE)
    warp: TrueViewFigures
    mirrored: TrueViewFigures


def read_views(path: Path) -> list[KnownView]:
    """Read a list of views.

    Raises:
        SettingsError: it is missing, or lacks a column.
    """
    try:
        with open_text(path, max_bytes=_MAX_BYTES, encoding="utf-8-sig") as stream:
            return [
                KnownView(
                    path=path.parent / row["image"],
                    identity=row["identity"],
                    pose=Pose(float(row["yaw_deg"]), float(row["pitch_deg"]), 0.0),
                    light=row.get("light") or "",
                )
                for row in csv.DictReader(stream)
            ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"the list of views cannot be read: {error}",
            path=path,
            remedy="it needs the columns image, identity, yaw_deg, pitch_deg",
        ) from error


def compare_views(
    views: list[KnownView],
    *,
    rotator: Rotator,
    yaws_deg: list[float],
    size_px: int,
    second: SecondRecogniser | None = None,
) -> list[ViewRow]:
    """Turn level views from frontal to every yaw and back, and compare with the true views.

    Unlike a photograph that its own mesh has turned away, a true side view favours no method on the
    way home.

    Args:
        views: of any people.
        rotator: what to measure.
        yaws_deg: yaws other than 0 that the list holds; others are passed over.
        size_px: side of the results.
        second: a second recogniser.

    Returns:
        One row a direction.
    """
    reader = _ViewReader(rotator, size_px=size_px)
    looker = _Looker(rotator, second=second)
    level = {
        (view.identity, view.light, view.pose.yaw_deg): view
        for view in views
        if view.pose.pitch_deg == 0
    }
    rows = []
    for start, end in [pair for yaw in yaws_deg if yaw for pair in ((0.0, yaw), (yaw, 0.0))]:
        likenesses = {name: _Likeness() for name in ("network", "warp", "mirrored")}
        for (identity, light, yaw), view in level.items():
            true = level.get((identity, light, end))
            subject = reader.prepare(view) if yaw == start and true is not None else None
            if subject is None or true is None:
                continue
            truth, head = reader.cut(true, subject)
            seen, pose = looker.look(truth), true.pose
            pictures = (
                rotator.paint(subject, [pose], size_px=size_px)[0],
                rotator.warp(subject, pose, size_px=size_px),
                mirror_fill(subject, pose, size_px=size_px),
            )
            for likeness, picture in zip(likenesses.values(), pictures, strict=True):
                likeness.add(picture, truth, inside=head)
                if seen is not None:
                    likeness.compare(looker.look(picture), seen)
        if likenesses["network"].psnr:
            rows.append(_row(start, end, likenesses))
    return rows


@dataclass(frozen=True, slots=True)
class _Seen:
    """The face in a picture, as the recognisers see it."""

    vector: FloatArray
    second: FloatArray | None


class _Looker:
    """Finds a picture's face and what the recognisers make of it."""

    def __init__(self, rotator: Rotator, *, second: SecondRecogniser | None) -> None:
        self._finder = FaceFinder(store=rotator.store)
        self._embedder, self._second = Embedder(store=rotator.store), second

    def look(self, picture: RgbImage) -> _Seen | None:
        """None where there is no face."""
        found = self._finder.find_steep(picture)
        if not found:
            return None
        vector = self._embedder.embed(picture, [found[0]])[0]
        second = None if self._second is None else self._second.embed(picture, found[0].box)
        return _Seen(vector, second)


@dataclass(slots=True)
class _Likeness:
    """What one method's pictures have in common with the true views."""

    psnr: list[float] = field(default_factory=list)
    l1: list[float] = field(default_factory=list)
    cosine: list[float] = field(default_factory=list)
    second_distance: list[float] = field(default_factory=list)
    lost: int = 0

    def add(self, picture: RgbImage, truth: RgbImage, *, inside: NDArray[np.bool_]) -> None:
        """Compare the pixels of a picture with those of the true view."""
        self.psnr.append(_psnr(picture, truth, inside=inside))
        apart = np.abs(picture[inside].astype(np.float32) - truth[inside])
        self.l1.append(float(apart.mean()))

    def compare(self, seen: _Seen | None, true: _Seen) -> None:
        """Compare the face seen in a picture with that of the true view."""
        if seen is None:
            self.lost += 1
            return
        self.cosine.append(float(seen.vector @ true.vector))
        if seen.second is not None and true.second is not None:
            self.second_distance.append(float(np.linalg.norm(seen.second - true.second)))

    def figures(self) -> TrueViewFigures:
        """Their means."""
        return TrueViewFigures(
            l1=round(float(np.mean(self.l1)), 2),
            cosine=mean(self.cosine),
            second_distance=mean(self.second_distance),
            lost=self.lost,
        )


def _row(start: float, end: float, likenesses: Mapping[str, _Likeness]) -> ViewRow:
    ours, plain = (_decibels(likenesses[name].psnr) for name in ("network", "warp"))
    figures = {name: likeness.figures() for name, likeness in likenesses.items()}
    return ViewRow(start, end, len(likenesses["network"].psnr), ours, plain, **figures)


class _ViewReader:
    """Reads views; the true pose stands in for the measured one, so that the frames agree."""

    def __init__(self, rotator: Rotator, *, size_px: int) -> None:
        self._rotator, self._size_px = rotator, size_px
        self._finder = FaceFinder(store=rotator.store)

    def prepare(self, view: KnownView) -> Subject | None:
        """The subject of a view; None where no face is found."""
        rgb, _ = read_rgba(view.path)
        found = self._finder.find(rgb)
        if not found:
            return None
        face = replace(found[0], pose=view.pose)
        subject = self._rotator.prepare(rgb, face=face, size_px=self._size_px, strict=False)
        return subject.whole_frame()

    def cut(self, view: KnownView, subject: Subject) -> tuple[RgbImage, NDArray[np.bool_]]:
        """(S, S, 3) the view in a subject's frame, and (S, S) whether the head is there."""
        rgb, alpha = read_rgba(view.path)
        layers = [
            resize(
                subject.head.frame.cut(layer, size_px=_OVERSAMPLE * self._size_px),
                width_px=self._size_px,
                height_px=self._size_px,
                kernel="box",
            )
            for layer in (rgb, np.repeat(alpha[..., None], 3, axis=2))
        ]
        return layers[0], layers[1][..., 0] > 127


def read_rgba(path: Path) -> tuple[RgbImage, NDArray[np.uint8]]:
    """A picture over plain grey, (H, W, 3) uint8, and its alpha, (H, W) uint8.

    Raises:
        SettingsError: it is missing or no picture.
    """
    try:
        with open_regular(path) as stream, Image.open(stream) as image:
            rgba = np.asarray(image.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise SettingsError(
            f"a view cannot be read: {error}",
            path=path,
            remedy="make it again, or take its line out of the list",
        ) from error
    alpha = rgba[..., 3:].astype(np.float32) / 255
    laid = rgba[..., :3] * alpha + _BACKDROP * (1 - alpha)
    return np.rint(laid).astype(np.uint8), rgba[..., 3]


def _psnr(picture: RgbImage, truth: RgbImage, *, inside: NDArray[np.bool_]) -> float:
    error = (picture[inside].astype(np.float64) - truth[inside]) ** 2
    return float(10 * np.log10(255**2 / max(error.mean(), 1e-9)))


def _decibels(values: list[float]) -> float:
    return round(float(np.mean(values)), 2)
