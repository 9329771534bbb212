"""Linear heads on an encoder's embedding: what a person's ratings taught it, in a small file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import distribution_from_mean
from goodside.errors import WeightsError, reason_of
from goodside.regular_file import open_regular
from goodside.types import FloatArray

_LEAST_SPREAD, _MOST_SPREAD = 0.3, 3.5  # points: a bell of votes is never a needle, never flat
_MAX_BYTES = 500_000_000
_NEEDED = ("score", "spread", "quality")
_OPTIONAL = ("semantic", "technical", "attributes")


@dataclass(frozen=True, slots=True)
class LinearHead:
    """K numbers from an embedding's direction: `weights` (D, K) and `bias` (K,), float32."""

    weights: FloatArray
    bias: FloatArray

    def of(self, directions: FloatArray) -> FloatArray:
        """(N, D) to (N, K)."""
        found: FloatArray = directions @ self.weights + self.bias
        return found


@dataclass(frozen=True, slots=True)
class EncoderHeads:
    """All heads of one encoder.

    Attributes:
        centre: (D,) mean direction of the photographs they were learnt from: likeness is measured
            from there, as the embeddings of many encoders lie in one narrow cone.
        score: the mean of people's votes, 1-10.
        spread: the logarithm of the votes' standard deviation, in points.
        quality: log odds of high quality.
        semantic: log odds of each of M tags; None where there are none.
        technical: technical quality, 1-10, or None.
        attributes: A attributes, 1-10, or None.
    """

    centre: FloatArray
    score: LinearHead
    spread: LinearHead
    quality: LinearHead
    semantic: LinearHead | None = None
    technical: LinearHead | None = None
    attributes: LinearHead | None = None

    def outputs(self, embedding: FloatArray) -> dict[str, FloatArray]:
        """What a network of goodside's own gives, by the names of its outputs.

        Args:
            embedding: (N, D) of the encoder.
        """
        directions = unit_rows(embedding)
        mean = self.score.of(directions)[:, 0].clip(1, 10)
        spread = np.exp(self.spread.of(directions)[:, 0]).clip(_LEAST_SPREAD, _MOST_SPREAD)
        odds = self.quality.of(directions)
        found = {
            "distribution": distribution_from_mean(mean, std=spread).astype(np.float32),
            "quality_logits": np.concatenate([np.zeros_like(odds), odds], axis=1),
            "embedding": directions - self.centre,
        }
        named = {
            "semantic_logits": self.semantic,
            "technical": self.technical,
            "attributes": self.attributes,
        }
        return found | {
            name: head.of(directions) for name, head in named.items() if head is not None
        }

    def write(self, stream: IO[bytes]) -> None:
        """Write them as an `.npz` file."""
        arrays: dict[str, Any] = {"centre": self.centre.astype(np.float32)}
        for name in (*_NEEDED, *_OPTIONAL):
            head: LinearHead | None = getattr(self, name)
            if head is not None:
                arrays[f"{name}_weights"] = head.weights.astype(np.float32)
                arrays[f"{name}_bias"] = head.bias.astype(np.float32)
        np.savez(stream, **arrays)


def read_heads(path: Path, *, features: int) -> EncoderHeads:
    """Read heads.

    Args:
        path: an `.npz` file of `EncoderHeads.write`.
        features: D of the encoder they are for.

    Raises:
        WeightsError: the file is missing or damaged, or is for another encoder.
    """
    try:
        with open_regular(path, max_bytes=_MAX_BYTES) as stream, np.load(stream) as kept:
            arrays = {name: np.asarray(kept[name], np.float32) for name in kept.files}
        heads = {
            name: _head(arrays, name, features=features)
            for name in (*_NEEDED, *_OPTIONAL)
            if name in _NEEDED or f"{name}_bias" in arrays
        }
        return EncoderHeads(_checked(arrays["centre"], (features,)), **heads)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise WeightsError(
            f"the heads cannot be read: {reason_of(error)}",
            path=path,
            remedy="learn them again with goodside train aesthetics --features",
        ) from error


def unit_rows(embedding: FloatArray) -> FloatArray:
    """Rows at length 1, (N, D)."""
    wide = embedding.astype(np.float32)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    found: FloatArray = (wide / np.maximum(lengths, 1e-12)).astype(np.float32)
    return found


def _head(arrays: dict[str, FloatArray], name: str, *, features: int) -> LinearHead:
    bias = arrays[f"{name}_bias"]
    if bias.ndim != 1:
        raise ValueError(f"{name} has a bias of {bias.ndim} axes")
    weights = _checked(arrays[f"{name}_weights"], (features, len(bias)))
    return LinearHead(weights, _checked(bias, bias.shape))


def _checked(array: NDArray[np.float32], shape: tuple[int, ...]) -> FloatArray:
    if array.shape != shape:
        raise ValueError(f"they are for another encoder: {array.shape} instead of {shape}")
    if not np.isfinite(array).all():
        raise ValueError("a number is not finite")
    return array
