"""What is usual for each kind of picture, as a model's card says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError
from goodside.runtime import ModelCard

ALL = "all"
"""The key under which the attributes of all reference photographs stand."""

_Quantiles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Norms:
    """Evenly spaced quantiles of the reference photographs, by the label likeliest for each.

    Attributes:
        scores: by label; empty where the card does not say.
        attributes: by label and name of the attribute; those of all photographs under `ALL`.
    """

    scores: Mapping[str, _Quantiles] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, _Quantiles]] = field(default_factory=dict)

    def percentile(self, score: float, *, kind: str) -> float | None:
        """Share of the reference photographs of a kind that score lower, 0-100."""
        return _place(score, self.scores.get(kind))

    def attribute_percentile(self, name: str, value: float, *, kind: str) -> float | None:
        """The same of an attribute; among all photographs with the kind `ALL`."""
        return _place(value, self.attributes.get(kind, {}).get(name))

    def usual(self, name: str, *, kind: str) -> float | None:
        """The median of an attribute."""
        quantiles = self.attributes.get(kind, {}).get(name)
        return None if quantiles is None else float(np.median(quantiles))


def read_norms(card: ModelCard) -> Norms:
    """Read the facts `reference_by_semantic` and `attributes_by_semantic`, where there are any.

    Raises:
        WeightsError: one of them holds something else than rising numbers.
    """
    facts = card.facts
    try:
        return Norms(
            scores=_rising(facts.get("reference_by_semantic", {})),
            attributes={
                str(label): _rising(by_name)
                for label, by_name in facts.get("attributes_by_semantic", {}).items()
            },
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise WeightsError(
            f"the reference quantiles in the card of {card.name} cannot be read: {error}",
            remedy="export the weights anew, or reinstall goodside",
        ) from error


def _rising(by_name: Mapping[str, Any]) -> dict[str, _Quantiles]:
    found = {str(name): np.asarray(values, dtype=np.float64) for name, values in by_name.items()}
    for name, values in found.items():
        if values.ndim != 1 or len(values) < 2 or not (np.diff(values) >= 0).all():
            raise ValueError(f"{name} is no list of rising numbers")
    return found


def _place(value: float, quantiles: _Quantiles | None) -> float | None:
    if quantiles is None:
        return None
    return float(np.interp(value, quantiles, np.linspace(0, 100, len(quantiles))))
