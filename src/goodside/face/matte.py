"""The person in the foreground, cut out: what share of each pixel belongs to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.images import resize
from goodside.images.scaling import Kernel
from goodside.runtime import WeightsStore, open_session
from goodside.types import FloatArray, RgbImage

_BATCH = 8


class PersonMatte:
    """Tells the person in the foreground, hair and clothes too, from what is behind them.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
    """

    def __init__(self, *, store: WeightsStore | None = None, threads: int = 1) -> None:
        self._session = open_session("person-matte", store=store, threads=threads)
        self._size_px = self._session.card.preprocessing.width_px

    def of(self, pictures: Sequence[RgbImage]) -> FloatArray:
        """Mattes of portraits.

        Args:
            pictures: (H, W, 3) uint8 each, of any sizes; about square, as they are squeezed into
                a square.

        Returns:
            (N, 256, 256) float32, 0-1: the share of each pixel that belongs to the person.
        """
        size = self._size_px
        rows = [np.zeros((0, size, size), dtype=np.float32)]
        for at in range(0, len(pictures), _BATCH):
            batch = np.stack([self._fitted(rgb) for rgb in pictures[at : at + _BATCH]])
            pixels = self._session.card.preprocessing.normalize(batch)
            rows.append(self._session.run({"pixels": pixels})["matte"][:, 0])
        mattes: FloatArray = np.concatenate(rows)
        return mattes

    def _fitted(self, rgb: RgbImage) -> RgbImage:
        size = self._size_px
        shrinks = min(rgb.shape[:2]) >= size
        kernel: Kernel = "box" if shrinks else "bilinear"
        return resize(rgb, width_px=size, height_px=size, kernel=kernel)
