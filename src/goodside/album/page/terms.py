"""What may be done with the weights whose results are shown."""

from __future__ import annotations

from collections.abc import Iterable

from goodside.album.page.page import Terms
from goodside.runtime import ModelCard


def gather_terms(cards: Iterable[ModelCard]) -> tuple[Terms, ...]:
    """The terms of several models; those with the same terms share an entry."""
    names: dict[str, list[str]] = {}
    for card in cards:
        names.setdefault(card.terms, []).append(card.identifier)
    return tuple(Terms(", ".join(same), terms) for terms, same in names.items())
