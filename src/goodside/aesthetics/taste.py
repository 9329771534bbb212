"""A person's own taste: a light head on what the network sees, in a small JSON file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError, reason_of
from goodside.images import atomic_write
from goodside.json_text import dump_json, read_json
from goodside.runtime import ModelCard
from goodside.types import FloatArray, Json

_FORMAT = "goodside taste 1"
_MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Traits:
    """What a taste looks at in N photographs.

    Attributes:
        score: (N,) general score, 1-10.
        embedding: (N, D) shared features; only their direction counts.
        tags: (N, M) probabilities of the labels, in the model's order.
        has_score: whether the weights gave the score; else it is the middle of the scale for all.
    """

    score: NDArray[np.float64]
    embedding: FloatArray
    tags: FloatArray
    has_score: bool = True

    def directions(self) -> NDArray[np.float64]:
        """The embeddings at length 1, (N, D)."""
        wide = np.asarray(self.embedding, dtype=np.float64)
        lengths: NDArray[np.float64] = np.linalg.norm(wide, axis=1, keepdims=True)
        return wide / np.maximum(lengths, 1e-12)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a taste orders photographs that it did not learn from.

    Attributes:
        measure: `srcc` (rank correlation) for scores, `auc` (share of picked photographs above
            unpicked ones) for picks, `pairs` (share in the right order) for pairs.
        taste, general: of the taste, and of the general score on the same photographs.
        taste_interval, gain_interval: 95 % bootstrap intervals, of the first and of the difference.
    """

    measure: str
    taste: float
    general: float
    taste_interval: tuple[float, float]
    gain_interval: tuple[float, float]

    @property
    def gain(self) -> float:
        return self.taste - self.general


@dataclass(frozen=True, slots=True)
class Taste:
    """A linear score of a photograph's traits.

    Attributes:
        model: name and version of the weights it was learnt on.
        sha256: of those weights, the card's fingerprint: their embedding means nothing to others.
        ratings: how many scores, picks or pairs it was learnt from.
        kind: `scores`, `picks` or `pairs`.
        share: variance of what is the person's own, in units of the ratings' noise; near 0 where
            the ratings say no more than the general score.
        agreement: on photographs held out.
        base, on_score: intercept, and weight of the general score.
        on_embedding, on_tags: weights of the other traits, (D,) and (M,).
    """

    model: str
    sha256: str
    ratings: int
    kind: str
    share: float
    agreement: Agreement
    base: float
    on_score: float
    on_embedding: tuple[float, ...]
    on_tags: tuple[float, ...]

    def scores(self, traits: Traits) -> NDArray[np.float64]:
        """How a person of this taste would score photographs, (N,), 1-10."""
        tags = np.asarray(traits.tags, dtype=np.float64)
        found: NDArray[np.float64] = self.base + self.on_score * traits.score
        found = found + traits.directions() @ np.array(self.on_embedding)
        found = found + tags @ np.array(self.on_tags)
        return found.clip(1, 10)

    def check(self, card: ModelCard) -> None:
        """Refuse other weights than those it was learnt on.

        Raises:
            WeightsError: they are others.
        """
        if card.fingerprint != self.sha256:
            raise WeightsError(
                f"the taste was learnt on {self.model} ({self.sha256[:12]}…), "
                f"the weights in use are {card.identifier} ({card.fingerprint[:12]}…)",
                remedy="learn it again from the same ratings with goodside taste learn",
            )

    def as_json(self) -> Json:
        """As it stands in its file."""
        return {"format": _FORMAT} | asdict(self)

    def write(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the taste to a file, whole or not at all.

        Raises:
            OutputError: the file exists and `overwrite` is off, or the system refuses.
        """
        text = dump_json(self.as_json())
        with atomic_write(Path(path), overwrite=overwrite) as stream:
            stream.write(text.encode())

    @classmethod
    def read(cls, path: str | Path) -> Taste:
        """Read a taste.

        Raises:
            WeightsError: the file is missing or damaged, or is no taste.
        """
        try:
            return cls._of(read_json(Path(path)))
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
        ) as error:
            raise WeightsError(
                f"no taste can be read from it: {reason_of(error)}",
                path=path,
                remedy="make one with goodside taste learn",
            ) from error

    @classmethod
    def _of(cls, document: dict[str, Any]) -> Taste:
        if document.get("format") != _FORMAT:
            raise ValueError(f"its format is not {_FORMAT!r}")
        measured = document["agreement"]
        return cls(
            model=str(document["model"]),
            sha256=str(document["sha256"]),
            ratings=int(document["ratings"]),
            kind=str(document["kind"]),
            share=float(document["share"]),
            agreement=Agreement(
                measure=str(measured["measure"]),
                taste=float(measured["taste"]),
                general=float(measured["general"]),
                taste_interval=_interval(measured["taste_interval"]),
                gain_interval=_interval(measured["gain_interval"]),
            ),
            base=float(document["base"]),
            on_score=float(document["on_score"]),
            on_embedding=_weights(document["on_embedding"]),
            on_tags=_weights(document["on_tags"]),
        )


def _interval(values: list[Any]) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)


def _weights(values: list[Any]) -> tuple[float, ...]:
    found = tuple(float(value) for value in values)
    if not np.isfinite(found).all():
        raise ValueError("a weight is no finite number")
    return found
