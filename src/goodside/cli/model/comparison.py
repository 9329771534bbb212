"""`goodside model`: the weights that judge photographs, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from goodside.errors import GoodsideError

if TYPE_CHECKING:
    from rich.table import Table

    from goodside.runtime import ModelCard, WeightsStore

_RUNS = 9
_NONE = "-"
_RATED = ("oasis", "para")
"""Sets rated for beauty that the cards' figures may be of."""


def comparison_table(cards: Sequence[ModelCard], *, store: WeightsStore, default: str) -> Table:
    """One row a model: terms, agreement with people, size, and time on this machine.

    Args:
        cards: of weights that judge photographs.
        store: holds the weights, which are run a few times.
        default: name of the weights that are used when none are named.
    """
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("weights", no_wrap=True)
    table.add_column("may be used", no_wrap=True)
    for heading in ("own raters", "other raters", "technical", "MB", "ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for card in cards:
        mark = " (default)" if card.name == default else ""
        table.add_row(
            f"{card.identifier}{mark}",
            _use(card),
            _agreement(card, own=True),
            _agreement(card, own=False),
            _figure(card.metrics.get("biq_test"), "technical_srcc"),
            f"{card.size_bytes / 1e6:.1f}",
            _time_ms(card, store=store),
        )
    return table


def _use(card: ModelCard) -> str:
    """The terms in a word or two."""
    if "research" in card.license.lower():
        return "for research"
    return "for anything" if card.license in ("Apache-2.0", "MIT", "CC0-1.0") else card.license


def _agreement(card: ModelCard, *, own: bool) -> str:
    """Rank correlation with the raters that it learnt from, or with others."""
    learnt_from = {str(name).lower() for name in card.facts.get("learnt_from", ())}
    found = []
    for name in _RATED:
        figures = card.metrics.get(f"{name}_validation") or card.metrics.get(f"{name}_test")
        if (name in learnt_from) is own and (text := _figure(figures, "srcc")) != _NONE:
            found.append(f"{text} {name.upper()}")
    return ", ".join(found) or _NONE


def _figure(figures: Any, name: str) -> str:
    value = figures.get(name) if isinstance(figures, dict) else None
    return f"{value:.2f}" if isinstance(value, int | float) else _NONE


def _time_ms(card: ModelCard, *, store: WeightsStore) -> str:
    """Median time for one photograph, one thread; a dash where the weights cannot be run."""
    from goodside.aesthetics.model import AestheticModel

    try:
        return f"{AestheticModel(store, card.name).time_ms(runs=_RUNS):.1f}"
    except GoodsideError:
        return _NONE
