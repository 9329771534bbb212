"""Searching an album: by what a photograph shows, who is in it, when, with what, and how good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from goodside.album.picks import Shot
from goodside.types import FloatArray


@dataclass(frozen=True, slots=True)
class Query:
    """What a photograph must be; whatever is not said does not matter.

    Attributes:
        tags: all of which it carries, as tags or as keywords of others, in any case.
        people: names, all of whom are in it.
        min_score, max_score: of the network's score, 1-10.
        since, until: first and last day of capture.
        camera: part of the camera's name, in any case.
        text: part of its title, description or a keyword, in any case.
        label: its colour label, in any case.
        like: (D,) unit length, features of a picture; the likest come first.
        limit: most results; None: all.
    """

    tags: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    min_score: float | None = None
    max_score: float | None = None
    since: date | None = None
    until: date | None = None
    camera: str | None = None
    text: str | None = None
    label: str | None = None
    like: FloatArray | None = None
    limit: int | None = None

    def fits(self, shot: Shot) -> bool:
        """Whether a photograph is all this; an unknown figure fits no bound."""
        facts, judged = shot.photo.facts, shot.photo.judged
        day = None if facts.taken_at is None else facts.taken_at.date()
        score = None if judged is None else judged.aesthetic.score
        return (
            all(map(shot.carries, self.tags))
            and self.people <= shot.people
            and (self.min_score is None or (score is not None and score >= self.min_score))
            and (self.max_score is None or (score is not None and score <= self.max_score))
            and (self.since is None or (day is not None and day >= self.since))
            and (self.until is None or (day is not None and day <= self.until))
            and (self.camera is None or self.camera.lower() in (facts.camera or "").lower())
            and (self.text is None or _says(shot, self.text))
            and (self.label is None or _label(shot) == self.label.casefold())
        )


def _says(shot: Shot, text: str) -> bool:
    said = shot.photo.description
    return any(
        text.casefold() in words.casefold()
        for words in (said.title, said.description, *shot.keywords)
        if words is not None
    )


def _label(shot: Shot) -> str:
    return (shot.photo.description.label or "").casefold()


@dataclass(frozen=True, slots=True)
class Found:
    """A photograph that fits; `likeness` is the cosine to the picture asked for, or None."""

    shot: Shot
    likeness: float | None = None


def find(shots: Sequence[Shot], query: Query) -> list[Found]:
    """The photographs that fit: the likest first where a picture was given, else as they come.

    Args:
        shots: of an album, in order of capture.
        query: what they must be.
    """
    fitting = [shot for shot in shots if query.fits(shot)]
    if query.like is None:
        return [Found(shot) for shot in fitting][: query.limit]
    seen = [(shot, shot.vector) for shot in fitting if shot.vector is not None]
    if not seen:
        return []
    likeness = np.array([vector.astype(np.float32) @ query.like for _, vector in seen])
    order = np.argsort(-likeness, kind="stable")[: query.limit]
    return [Found(seen[row][0], float(likeness[row])) for row in order]
