"""What may be done with the weights whose results are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from goodside.aesthetics.assess import DEFAULT_MODEL
from goodside.face import FACE_MODELS
from goodside.rotation.rotate import TURNING_MODELS
from goodside.runtime import ModelCard


@dataclass(frozen=True, slots=True)
class Terms:
    """What the terms of some weights allow; `models` names them with their versions."""

    models: str
    terms: str


def models_shown(*, faces: bool, turning: bool, judge: str = DEFAULT_MODEL) -> list[str]:
    """Names of the weights whose results are shown.

    Args:
        faces: faces were found.
        turning: a face was turned.
        judge: what gave the scores.
    """
    return [judge, *(FACE_MODELS if faces else ()), *(TURNING_MODELS if turning else ())]


def gather_terms(cards: Iterable[ModelCard]) -> tuple[Terms, ...]:
    """The terms of several models; those with the same terms share an entry."""
    names: dict[str, list[str]] = {}
    for card in cards:
        names.setdefault(card.terms, []).append(card.identifier)
    return tuple(Terms(", ".join(same), terms) for terms, same in names.items())
