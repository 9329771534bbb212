"""Identity: a vector of a face, near to another of the same person and far from strangers'."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.face.align import align
from goodside.runtime import WeightsStore, open_session
from goodside.types import Face, FloatArray, RgbImage

EMBEDDING = 192
_BATCH = 32


class Embedder:
    """Turns faces into unit vectors; the cosine of two is their product.

    Args:
        store: where the weights lie; by default in the package.
        threads: ONNX Runtime threads.
    """

    def __init__(self, *, store: WeightsStore | None = None, threads: int = 1) -> None:
        self._session = open_session("face-mobilefacenet", store=store, threads=threads)

    def embed(self, rgb: RgbImage, faces: Sequence[Face]) -> FloatArray:
        """Vectors of the faces of one picture.

        Args:
            rgb: (H, W, 3) uint8.
            faces: found in it.

        Returns:
            (N, 192) float32, each of length 1.
        """
        size = self._session.card.preprocessing.width_px
        crops = [align(rgb, face.points, size_px=size) for face in faces]
        batch = np.stack(crops) if crops else np.zeros((0, size, size, 3), dtype=np.uint8)
        return self.embed_aligned(batch)

    def embed_aligned(self, crops: RgbImage) -> FloatArray:
        """Vectors of faces that are aligned already.

        Args:
            crops: (N, 112, 112, 3) uint8, from `goodside.face.align`.

        Returns:
            (N, 192) float32, each of length 1.
        """
        rows = [np.zeros((0, EMBEDDING), dtype=np.float32)]
        for at in range(0, len(crops), _BATCH):
            pixels = self._session.card.preprocessing.normalize(crops[at : at + _BATCH])
            rows.append(self._session.run({"pixels": pixels})["embedding"])
        vectors = np.concatenate(rows)
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        unit: FloatArray = (vectors / lengths).astype(np.float32)
        return unit
