"""Verification: are two photographs of one person, by plain, rotated and fused vectors."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.errors import FaceError, ImageError, SettingsError
from goodside.regular_file import open_text
from goodside.rotation.evaluation.likeness import METHODS, Likeness, Likenesses
from goodside.rotation.evaluation.report import INLINE, Refusal, key
from goodside.rotation.evaluation.roc import RocFigures, measure_roc

_MAX_BYTES = 200_000_000
_BINS_DEG = (0.0, 15.0, 30.0, 45.0, 60.0, 90.0)
_SAME = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs, and whether they show the same person."""

    a: Path
    b: Path
    same: bool


def read_pairs(path: Path, *, folder: Path) -> list[Pair]:
    """Read a CSV file with the columns a, b (files in the folder) and same (1 or 0).

    Raises:
        SettingsError: it is missing, lacks a column, or holds no pair.
    """
    try:
        with open_text(path, max_bytes=_MAX_BYTES) as stream:
            pairs = [
                Pair(folder / row["a"], folder / row["b"], _SAME[row["same"].strip().lower()])
                for row in csv.DictReader(stream)
            ]
        if not pairs:
            raise ValueError("it holds no pair")
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"the list of pairs cannot be read: {error}",
            path=path,
            remedy="it needs the columns a, b and same, and 1 or 0 in the last",
        ) from error
    return pairs


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """One recogniser's figures of the photographs' vectors, the turned faces', and both fused."""

    plain: RocFigures
    rotated: RocFigures
    fused: RocFigures


@dataclass(frozen=True, slots=True)
class YawRange:
    """Pairs whose farther turned face lies in a range of yaw; the range has its own threshold.

    Attributes:
        from_deg, to_deg: the range, without its end.
        pairs: in it.
        same: those of one person.
        embedder: our recogniser's figures.
        second: the second recogniser's, if there is one.
    """

    from_deg: float
    to_deg: float
    pairs: int
    same: int
    embedder: MethodFigures = field(metadata=INLINE)
    second: MethodFigures | None = field(metadata=key("judge"))


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """How well pairs are told apart.

    Attributes:
        pairs: compared.
        failures: photographs whose pairs are left out.
        embedder: our recogniser's figures.
        second: the second recogniser's, if there is one.
        by_yaw: the same by range of yaw.
    """

    pairs: int
    failures: tuple[Refusal, ...]
    embedder: MethodFigures = field(metadata=INLINE)
    second: MethodFigures | None = field(metadata=key("judge"))
    by_yaw: tuple[YawRange, ...]


def evaluate_verification(
    pairs: Sequence[Pair], *, read: Callable[[Path], Likenesses]
) -> VerificationReport:
    """Compare pairs of photographs by the cosine of their vectors.

    Args:
        pairs: of any photographs; each is read once.
        read: a photograph's likeness by each recogniser, as `LikenessReader.read` gives it.
    """
    known: dict[Path, dict[str, Likeness]] = {}
    failures: list[Refusal] = []
    for photo in dict.fromkeys(photo for pair in pairs for photo in (pair.a, pair.b)):
        try:
            known[photo] = read(photo).by_recogniser()
        except (ImageError, FaceError) as error:
            failures.append(Refusal.of(photo, error))
    whole = [pair for pair in pairs if pair.a in known and pair.b in known]
    same = np.array([pair.same for pair in whole], bool)
    yaws = np.array([max(_yaw(known[pair.a]), _yaw(known[pair.b])) for pair in whole])
    scores = {
        recogniser: {
            method: np.array(
                [_cosine(known[p.a][recogniser], known[p.b][recogniser], method) for p in whole]
            )
            for method in METHODS
        }
        for recogniser in next(iter(known.values()), {"embedder": None})
    }
    everything = _figures(scores, same, of=np.ones(len(whole), bool))
    ranges = []
    for low, high in pairwise(_BINS_DEG):
        inside = (yaws >= low) & (yaws < high)
        if inside.any():
            figures = _figures(scores, same, of=inside)
            count, alike = int(inside.sum()), int(same[inside].sum())
            ranges.append(
                YawRange(low, high, count, alike, figures["embedder"], figures.get("second"))
            )
    return VerificationReport(
        pairs=len(whole),
        failures=tuple(failures),
        embedder=everything["embedder"],
        second=everything.get("second"),
        by_yaw=tuple(ranges),
    )


def _figures(
    scores: dict[str, dict[str, NDArray[np.float64]]],
    same: NDArray[np.bool_],
    *,
    of: NDArray[np.bool_],
) -> dict[str, MethodFigures]:
    """The figures of some pairs by recogniser."""
    return {
        recogniser: MethodFigures(
            **{method: measure_roc(values[of], same[of]) for method, values in methods.items()}
        )
        for recogniser, methods in scores.items()
    }


def _yaw(likenesses: dict[str, Likeness]) -> float:
    return min(abs(likenesses["embedder"].yaw_deg), 89.9)


def _cosine(one: Likeness, other: Likeness, method: str) -> float:
    return float(getattr(one, method) @ getattr(other, method))
