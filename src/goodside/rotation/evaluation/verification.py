"""Verification: are two photographs of one person, by plain, rotated and fused vectors."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.errors import FaceError, GoodsideError, ImageError, SettingsError
from goodside.regular_file import open_text
from goodside.rotation.evaluation.likeness import METHODS, Likeness
from goodside.rotation.evaluation.roc import summary
from goodside.types import Json

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


def evaluate_verification(
    pairs: Sequence[Pair], *, portray: Callable[[Path], dict[str, Likeness]]
) -> Json:
    """Compare pairs of photographs by the cosine of their vectors.

    Args:
        pairs: of any photographs; each is read once.
        portray: a photograph's likeness by each recogniser, as `Portrayer.portray` gives it.

    Returns:
        `pairs` compared; `failures` (path and reason of photographs whose pairs are left out); for
        `plain`, `rotated` and `fused` each `tar_1e2`, `tar_1e3` and `auc`; the same under `judge`
        if there is one, else null; and `by_yaw`: the same for pairs whose farther turned face lies
        in a range of yaw, with `from_deg`, `to_deg`, `pairs` and `same`, each range with its own
        threshold.
    """
    known: dict[Path, dict[str, Likeness]] = {}
    failures: list[Json] = []
    for photo in dict.fromkeys(photo for pair in pairs for photo in (pair.a, pair.b)):
        try:
            known[photo] = portray(photo)
        except (ImageError, FaceError) as error:
            failures.append(_failure(photo, error))
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
    everything = np.ones(len(whole), bool)
    return {
        "pairs": len(whole),
        "failures": failures,
        **_figures(scores, same, of=everything),
        "by_yaw": [
            {
                "from_deg": low,
                "to_deg": high,
                "pairs": int(inside.sum()),
                "same": int(same[inside].sum()),
                **_figures(scores, same, of=inside),
            }
            for low, high in pairwise(_BINS_DEG)
            if (inside := (yaws >= low) & (yaws < high)).any()
        ],
    }


def _figures(
    scores: dict[str, dict[str, NDArray[np.float64]]],
    same: NDArray[np.bool_],
    *,
    of: NDArray[np.bool_],
) -> Json:
    told = {
        recogniser: {method: summary(values[of], same[of]) for method, values in methods.items()}
        for recogniser, methods in scores.items()
    }
    return {**told["embedder"], "judge": told.get("judge")}


def _yaw(likenesses: dict[str, Likeness]) -> float:
    return min(abs(likenesses["embedder"].yaw_deg), 89.9)


def _cosine(one: Likeness, other: Likeness, method: str) -> float:
    return float(getattr(one, method) @ getattr(other, method))


def _failure(photo: Path, error: GoodsideError) -> Json:
    return {"path": str(photo), "kind": error.kind, "message": error.message}
