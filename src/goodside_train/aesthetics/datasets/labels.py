"""What people said about photographs, whatever the data set."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import USUAL_SPREAD
from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.distributions import distribution_from_mean

_HELD_OUT = 0.1


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known about N photographs; NaN where a label is missing.

    Whoever reads a data set gives these, whatever its layout: M tags, E emotions and A attributes
    are its own, any of them may be none.

    Attributes:
        names: N file names.
        score: (N,) float32 mean aesthetic score, 1-10.
        distribution: (N, 10) float32 shares of the scores 1 ... 10, rows sum to 1.
        true_votes: (N,) bool, the distribution comes from real votes.
        high: (N,) int64, 1 where the mean is at or above `high_from`.
        tags: (N, M) float32, 0-1; a photograph may carry several.
        quality: (N,) float32 mean technical quality, 1-10.
        emotions: (N, E) float32 shares.
        attributes: (N, A) float32 means, 1-10.
        validation: (N,) bool, rows never trained on.
        tag_names, emotion_names, attribute_names: what the columns stand for.
        high_from: on the 1-10 scale.
    """

    names: tuple[str, ...]
    score: FloatArray
    distribution: FloatArray
    true_votes: NDArray[np.bool_]
    high: NDArray[np.int64]
    tags: FloatArray
    quality: FloatArray
    emotions: FloatArray
    attributes: FloatArray
    validation: NDArray[np.bool_]
    tag_names: tuple[str, ...]
    emotion_names: tuple[str, ...]
    attribute_names: tuple[str, ...]
    high_from: float

    def __len__(self) -> int:
        return len(self.names)

    def take(self, rows: NDArray[np.integer[Any]]) -> Labels:
        """Some of the photographs, in the order of `rows`."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        taken = {k: v[rows] for k, v in values.items() if isinstance(v, np.ndarray)}
        return Labels(**values | taken | {"names": tuple(self.names[row] for row in rows)})

    def with_validation(self, validation: NDArray[np.bool_]) -> Labels:
        """The same photographs, split otherwise."""
        return replace(self, validation=validation)


@dataclass(frozen=True, slots=True)
class AestheticsDataset:
    """A data set as a folder holds it.

    Attributes:
        labels: of N photographs.
        paths: where they should lie; not every file needs to be there.
        test: (N,) bool, rows of the official test part; of the others some are for validation.
        says_validation: whether it says itself which rows are for validation.
    """

    labels: Labels
    paths: tuple[Path, ...]
    test: NDArray[np.bool_]
    says_validation: bool = False


def labels_from_scores(
    names: Sequence[str],
    *,
    score: NDArray[np.floating[Any]],
    distribution: NDArray[np.floating[Any]],
    high_from: float,
    validation: NDArray[np.bool_],
    tags: NDArray[np.floating[Any]] | None = None,
    tag_names: Sequence[str] = (),
) -> Labels:
    """Labels of a data set that has scores and perhaps tags, and nothing else.

    Args:
        names: N file names.
        score: (N,) means, 1-10.
        distribution: (N, 10) shares of the votes; a row of NaN, where nobody's vote is known, gets
            a bell about the mean, as wide as the known votes are on average.
        high_from: on the 1-10 scale.
        validation: (N,) bool.
        tags: (N, M), NaN in rows without.
        tag_names: M names.
    """
    voted = known_rows(distribution)
    bins = np.arange(1, 11)
    variance = distribution @ bins**2 - (distribution @ bins) ** 2
    width = float(np.sqrt(variance[voted].clip(min=0)).mean()) if voted.any() else USUAL_SPREAD
    shares = np.asarray(distribution, dtype=np.float64).copy()
    unknown = score[~voted]
    shares[~voted] = distribution_from_mean(unknown, std=np.full(len(unknown), max(width, 0.1)))
    count = len(names)
    nothing = np.empty((count, 0), dtype=np.float32)
    return Labels(
        names=tuple(names),
        score=score.astype(np.float32),
        distribution=shares.astype(np.float32),
        true_votes=voted,
        high=(score >= high_from).astype(np.int64),
        tags=nothing if tags is None else tags.astype(np.float32),
        quality=np.full(count, np.nan, dtype=np.float32),
        emotions=nothing,
        attributes=nothing,
        validation=validation,
        tag_names=tuple(tag_names),
        emotion_names=(),
        attribute_names=(),
        high_from=high_from,
    )


def validation_rows(
    names: Sequence[str], *, among: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Rows for validation, (N,) bool: about a tenth of them, and two at least.

    The digest of the name decides, so a photograph stays where it is when others come or go.

    Args:
        names: N file names.
        among: (N,) bool, rows that may be taken; by default all.
    """
    digests = [hashlib.sha256(name.encode()).digest() for name in names]
    place = np.array([int.from_bytes(digest[:6], "big") / 2**48 for digest in digests])
    place = place if among is None else np.where(among, place, np.inf)
    bound = max(_HELD_OUT, float(np.sort(place)[:2].max(initial=0)))
    return np.asarray((place <= bound) & np.isfinite(place), dtype=np.bool_)


def known_rows(values: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Rows of (N, K) without a NaN, as (N,); none where K is 0."""
    known = np.isfinite(values).all(axis=1) & (values.shape[1] > 0)
    return np.asarray(known, dtype=np.bool_)
