"""BlazeFace: one pass of a face detector over square pictures of its own size.

A single-shot detector with square anchors of one size (Bazarevsky et al., BlazeFace, 2019): the
regressor gives a box and six points relative to the anchor's centre, in pixels of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from goodside.runtime import Session
from goodside.types import FloatArray, RgbImage


@dataclass(frozen=True, slots=True)
class Candidates:
    """Raw findings, several a face.

    Attributes:
        scores: (N,) float32, 0-1.
        boxes: (N, 4) float32; left, top, right, bottom.
        points: (N, 6, 2) float32; eye left, eye right, nose tip, mouth, ear left, ear right, left
            and right as one sees the picture.
    """

    scores: FloatArray
    boxes: FloatArray
    points: FloatArray

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def sizes(self) -> FloatArray:
        """(N,) width of each box."""
        return self.boxes[:, 2] - self.boxes[:, 0]

    def only(self, keep: NDArray[np.bool_]) -> Candidates:
        """Those marked in an (N,) mask."""
        return Candidates(self.scores[keep], self.boxes[keep], self.points[keep])

    def ordered(self) -> Candidates:
        """Best first."""
        order = np.argsort(-self.scores, kind="stable")
        return Candidates(self.scores[order], self.boxes[order], self.points[order])

    def moved(self, *, scale: float, left: float = 0.0, top: float = 0.0) -> Candidates:
        """The same in a picture where the input's top left corner lies elsewhere.

        Args:
            scale: pixels of that picture in one of the network's.
            left: how far the input's corner lies from the picture's, pixels of the network.
            top: likewise.
        """
        shift = np.array([left, top], dtype=np.float32)
        unit = np.float32(scale)
        boxes = (self.boxes + np.tile(shift, 2)) * unit
        return Candidates(self.scores, boxes, (self.points + shift) * unit)

    def plus(self, other: Candidates) -> Candidates:
        """Both together."""
        return Candidates(
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.boxes, other.boxes]),
            np.concatenate([self.points, other.points]),
        )


def no_candidates() -> Candidates:
    """Nothing found."""
    empty = np.zeros((0,), dtype=np.float32)
    return Candidates(empty, empty.reshape(0, 4), empty.reshape(0, 6, 2))


def joined(parts: Sequence[Candidates]) -> Candidates:
    """All findings of several passes."""
    return reduce(Candidates.plus, parts, no_candidates())


def anchor_centres(
    size_px: int, *, strides: Sequence[int], per_cell: Sequence[int]
) -> NDArray[np.float32]:
    """Centres of the anchors, in the order of the network's outputs.

    Args:
        size_px: of the input.
        strides: cell size of each feature map in pixels of the input.
        per_cell: anchors in each cell of that map.

    Returns:
        (A, 2) float32, pixels of the input from its top left corner.
    """
    maps = []
    for stride, count in zip(strides, per_cell, strict=True):
        centres = (np.arange(size_px // stride) + 0.5) * stride
        columns, rows = np.meshgrid(centres, centres)
        grid = np.stack([columns.ravel(), rows.ravel()], axis=1)
        maps.append(np.repeat(grid, count, axis=0))
    return np.concatenate(maps).astype(np.float32)


class BlazeFace:
    """One detector network with its anchors.

    Args:
        session: the network; its card's facts name the anchors' layout.
    """

    def __init__(self, session: Session) -> None:
        layout = session.card.facts["anchors"]
        self._session = session
        self._preprocessing = session.card.preprocessing
        self.size_px = self._preprocessing.width_px
        self._anchors = anchor_centres(
            self.size_px, strides=layout["strides"], per_cell=layout["per_cell"]
        )

    def find(self, batch: RgbImage, *, min_score: float) -> list[Candidates]:
        """Find faces in each picture of a batch.

        Args:
            batch: (N, size_px, size_px, 3) uint8.
            min_score: findings below are dropped.

        Returns:
            N findings, in pixels of the input from its top left corner.
        """
        outputs = self._session.run({"pixels": self._preprocessing.normalize(batch)})
        scores = 1 / (1 + np.exp(-np.clip(outputs["logits"][..., 0], -80, 80)))
        found = []
        for score, raw in zip(scores, outputs["boxes"], strict=True):
            keep = score >= min_score
            centres = raw[keep, :2] + self._anchors[keep]
            half = raw[keep, 2:4] / 2
            points = raw[keep, 4:].reshape(-1, 6, 2) + self._anchors[keep, None]
            boxes = np.hstack([centres - half, centres + half])
            found.append(Candidates(score[keep], boxes, points))
        return found
