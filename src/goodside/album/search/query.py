"""Searching an album: by what a photograph shows, who is in it, when, with what, and how good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from goodside.aesthetics import Assessor
from goodside.album.album_photo import AlbumPhoto
from goodside.album.search.order import Order
from goodside.errors import CatalogError
from goodside.tags import tag_key
from goodside.text import folded
from goodside.types import FloatArray


@dataclass(frozen=True, slots=True)
class Query:
    """What a photograph must be; whatever is not said does not matter.

    Attributes:
        tags: all of which it carries, as tags or as keywords of others, however they are spelt.
        people: names, all of whom are in it.
        min_score, max_score: of the network's score, 1-10.
        min_technical, max_technical: of the technical quality, 1-10.
        since, until: first and last day of capture.
        camera: part of the camera's name, in any case.
        text: words, each of which is part of its title, its description, a tag, a keyword, the
            name of somebody in it or of a file that holds it, in any case.
        label: its colour label, in any case.
        like: (D,) unit length, features of a picture; only what has features is found.
        like_by: the weights, by name and version, that gave `like`; what others judged is not
            compared with it. None: any of as many features.
        order: of the results; by default as they come, with `like` the likest first.
        limit: most results; None: all.
    """

    tags: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    min_score: float | None = None
    max_score: float | None = None
    min_technical: float | None = None
    max_technical: float | None = None
    since: date | None = None
    until: date | None = None
    camera: str | None = None
    text: str | None = None
    label: str | None = None
    like: FloatArray | None = None
    like_by: str | None = None
    order: Order | None = None
    limit: int | None = None

    def fits(self, shot: AlbumPhoto) -> bool:
        """Whether a photograph is all this; an unknown figure fits no bound."""
        facts, judged = shot.photo.facts, shot.photo.judged
        day = None if facts.taken_at is None else facts.taken_at.date()
        score = None if judged is None else judged.aesthetic.score
        return (
            all(map(shot.carries, self.tags))
            and shot.shows(self.people)
            and _is_within(score, self.min_score, self.max_score)
            and _is_within(shot.technical, self.min_technical, self.max_technical)
            and (self.since is None or (day is not None and day >= self.since))
            and (self.until is None or (day is not None and day <= self.until))
            and (self.camera is None or folded(self.camera) in folded(facts.camera or ""))
            and (self.text is None or _says(shot, self.text))
            and (self.label is None or _label(shot) == folded(self.label))
        )


def _is_within(figure: float | None, least: float | None, most: float | None) -> bool:
    if figure is None:
        return least is None and most is None
    return (least is None or figure >= least) and (most is None or figure <= most)


def picture_features(picture: Path, *, assessor: Assessor) -> FloatArray:
    """(D,) float32 features of a picture, at unit length, for `Query.like`.

    Raises:
        ImageError: it cannot be read.
        WeightsError: the network is missing or corrupt.
    """
    vector = assessor.embed([picture])[0]
    unit: FloatArray = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def _says(shot: AlbumPhoto, text: str) -> bool:
    photo = shot.photo
    said = (photo.description.title, photo.description.description, *shot.keywords, *shot.people)
    names = (path.name for path in photo.paths)
    texts = [folded(words) for words in (*said, *names) if words is not None]
    tags = set(map(tag_key, shot.carried()))
    return all(
        any(word in one for one in texts) or any(tag_key(word) in tag for tag in tags)
        for word in folded(text).split()
    )


def _label(shot: AlbumPhoto) -> str:
    return folded(shot.photo.description.label or "")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A photograph that fits; `likeness` is the cosine to the picture asked for, or None."""

    shot: AlbumPhoto
    likeness: float | None = None


def find(shots: Sequence[AlbumPhoto], query: Query) -> list[SearchHit]:
    """The photographs that fit, in the order that was asked for.

    Args:
        shots: of an album, in order of capture.
        query: what they must be.
    """
    fitting = [shot for shot in shots if query.fits(shot)]
    if query.like is None:
        found = [SearchHit(shot) for shot in fitting]
    else:
        found = _with_likeness(fitting, query.like, by=query.like_by)
    order = query.order or (None if query.like is None else Order("likeness"))
    if order is not None:
        found = order.arrange(found, shot=lambda one: one.shot, likeness=lambda one: one.likeness)
    return found[: query.limit]


def check_judged_by(shots: Sequence[AlbumPhoto], model: str) -> None:
    """Refuse a picture's features where none of the photographs can be compared with them.

    Args:
        shots: of an album.
        model: name and version of the weights that gave the features.

    Raises:
        CatalogError: other weights judged every photograph.
    """
    others = {shot.photo.judged.model for shot in shots if shot.photo.judged is not None}
    if others and model not in others:
        raise CatalogError(
            f"{', '.join(sorted(others))} judged this album, the weights in use are {model}",
            remedy="judge it anew with goodside album scan, or choose those weights with "
            "GOODSIDE_AESTHETICS_MODEL",
        )


def _with_likeness(
    shots: Sequence[AlbumPhoto], like: FloatArray, *, by: str | None
) -> list[SearchHit]:
    return [
        SearchHit(shot, float(shot.vector.astype(np.float32) @ like))
        for shot in shots
        if shot.vector is not None
        and shot.vector.shape == like.shape
        and (by is None or (shot.photo.judged is not None and shot.photo.judged.model == by))
    ]
