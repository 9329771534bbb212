"""Faces in a picture of any size: BlazeFace over the whole picture and over overlapping tiles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.face.blazeface import BlazeFace, Candidates, joined
from goodside.face.merge import merge
from goodside.runtime import WeightsStore, open_session
from goodside.types import Box, FloatArray, RgbImage

_BATCH = 16
_FLOOR_PX = 16.0
"""Smallest face, in pixels of the network's input, that it finds reliably."""
_HINT = 0.35
"""Faces too small for a level score low there; from this score on they count as a crowd's."""
_WIDEST = 0.6
"""A face wider than this share of a tile is left to the coarser level."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A box that holds a face.

    Attributes:
        box: pixels of the picture.
        score: 0-1.
        points: (6, 2) float32 pixels: eye left, eye right, nose tip, mouth, ear left, ear right,
            left and right as one sees the picture.
    """

    box: Box
    score: float
    points: FloatArray


class Detector:
    """Finds faces at every scale.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
        min_score: findings below are dropped, 0-1.
        min_face: smallest face looked for, as a share of the picture's longer side. Halving it
            costs about four times the work. Where several faces of about that size turn up, as in
            a crowd, one finer step is taken by itself.
        frees_memory: give back what a picture needed, some 100 MB, which takes a third longer.
    """

    def __init__(
        self,
        *,
        store: WeightsStore | None = None,
        threads: int = 1,
        min_score: float = 0.6,
        min_face: float = 0.025,
        frees_memory: bool = False,
    ) -> None:
        self.min_score = min_score
        self.min_face = min_face
        self._min_hint = min(min_score, _HINT)
        self._short = BlazeFace(open_session("face-blazeface", store=store, threads=threads))
        self._full = BlazeFace(
            open_session(
                "face-blazeface-full", store=store, threads=threads, frees_memory=frees_memory
            )
        )

    def detect(self, rgb: RgbImage) -> list[Detection]:
        """Find the faces of one picture, best first.

        Args:
            rgb: (H, W, 3) uint8.
        """
        longest, size = max(rgb.shape[:2]), self._full.size_px
        depth, finest = self._depth(longest), self._depth(longest, extra=1)
        base = _fitted(Image.fromarray(rgb), size * 2**finest)
        found = [self._whole(base, self._short), self._whole(base, self._full)]
        found += [self._tiles(base, level) for level in range(1, depth + 1)]
        if finest > depth and _is_crowd(joined(found), below=2 * _FLOOR_PX / (size * 2**depth)):
            found.append(self._tiles(base, finest))
        every = joined(found)
        sure = every.only(every.scores >= self.min_score)
        return [_detection(one, scale=longest) for one in merge(sure)]

    def _depth(self, longest_px: int, *, extra: int = 0) -> int:
        """How many times the tile is halved for `min_face`, or `extra` times more.

        A picture is never enlarged by more than a half for it.
        """
        size = self._full.size_px
        wanted = math.ceil(math.log2(_FLOOR_PX / size / self.min_face) - 1e-6) + extra
        sensible = math.floor(math.log2(1.5 * longest_px / size))
        return max(0, min(wanted, sensible))

    def _whole(self, base: Image.Image, network: BlazeFace) -> Candidates:
        """Look at the whole picture, made square by black to the right or below.

        Returns:
            Candidates in shares of the longer side, from the picture's corner.
        """
        size = network.size_px
        small = np.asarray(_fitted(base, size))
        canvas = np.zeros((1, size, size, 3), dtype=np.uint8)
        canvas[0, : small.shape[0], : small.shape[1]] = small
        return network.find(canvas, min_score=self._min_hint)[0].moved(scale=1 / size)

    def _tiles(self, base: Image.Image, level: int) -> Candidates:
        """Look through tiles of a 2^level-th of the longer side; see `_whole`."""
        size, longest = self._full.size_px, self._full.size_px * 2**level
        small = np.asarray(_fitted(base, longest))
        height, width = small.shape[:2]
        places = [(top, left) for top in _starts(height, size) for left in _starts(width, size)]
        found = []
        for at in range(0, len(places), _BATCH):
            some = places[at : at + _BATCH]
            batch = np.zeros((len(some), size, size, 3), dtype=np.uint8)
            for tile, (top, left) in zip(batch, some, strict=True):
                part = small[top : top + size, left : left + size]
                tile[: part.shape[0], : part.shape[1]] = part
            results = self._full.find(batch, min_score=self._min_hint)
            for (top, left), result in zip(some, results, strict=True):
                edges = (left > 0, top > 0, left + size < width, top + size < height)
                whole = result.only(_is_whole(result.boxes, size=size, edges=edges))
                found.append(whole.moved(scale=1 / longest, left=left, top=top))
        return joined(found)


def _fitted(image: Image.Image, longest_px: int) -> Image.Image:
    """The picture brought to a longer side; unchanged where it has that already."""
    scale = longest_px / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _starts(length: int, size: int) -> list[int]:
    """Where tiles start along a side: evenly, overlapping by a third at least."""
    if length <= size:
        return [0]
    count = math.ceil((length - size) / (size * 2 / 3)) + 1
    return [round(value) for value in np.linspace(0, length - size, count)]


def _is_whole(
    boxes: FloatArray, *, size: int, edges: tuple[bool, bool, bool, bool]
) -> NDArray[np.bool_]:
    """Which boxes are small enough for a tile and not cut by an edge that it shares with another.

    Args:
        boxes: (N, 4) pixels of the tile.
        size: of the tile.
        edges: whether there is more of the picture to the left, above, to the right and below.
    """
    sign = np.array([-1, -1, 1, 1], dtype=np.float32)
    past = (boxes * sign - np.array([0, 0, size, size], dtype=np.float32)) > 0
    cut = (past & np.array(edges)).any(axis=1)
    keep: NDArray[np.bool_] = ~cut & (boxes[:, 2] - boxes[:, 0] <= _WIDEST * size)
    return keep


def _is_crowd(found: Candidates, *, below: float) -> bool:
    """Whether three or more different faces are smaller than `below`."""
    return len(merge(found.only(found.sizes < below))) >= 3


def _detection(one: Candidates, *, scale: float) -> Detection:
    """A single finding in pixels, counted from the centre of the first one."""
    left, top, right, bottom = (float(value) * scale - 0.5 for value in one.boxes[0])
    points = one.points[0] * np.float32(scale) - np.float32(0.5)
    return Detection(Box(left, top, right, bottom), float(one.scores[0]), points)
