"""Which photographs fit a query, in which order, and how many more filters would leave."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.album.browse.columns import AlbumColumns
from goodside.album.browse.decided_columns import DecidedColumns
from goodside.album.browse.incidence import Mask
from goodside.album.browse.query import BrowseQuery
from goodside.album.browse.results import FacetCount, Facets, Selection
from goodside.album.search.order import Order
from goodside.tags import tag_key
from goodside.text import folded

_FLAGS = {"none": 0, "pick": 1, "reject": 2}
_STARS = range(1, 6)
_BOUNDS = (5.0, 6.0, 7.0, 8.0)


@dataclass(frozen=True)
class Matching:
    """A query put to one state of an album.

    Attributes:
        columns: as computed.
        decided: about the same photographs.
        query: what they must be.
    """

    columns: AlbumColumns
    decided: DecidedColumns
    query: BrowseQuery

    def select(self) -> Selection:
        """The photographs that fit, in order."""
        columns, mask = self.columns, self.all_but()
        order = self._order()
        rows = np.flatnonzero(mask) if order is None else order[mask[order]]
        return Selection(columns.photos.ids[rows], columns.ratios[rows], columns.days[rows])

    def facets(self) -> Facets:
        """How many photographs each filter would leave."""
        whole, decided, columns = self.all_but(), self.decided, self.columns
        vocabulary = decided.vocabulary.names
        return Facets(
            tags=_named(decided.tags.count(whole, labels=vocabulary)),
            people=decided.people.count(whole, labels=decided.person_labels),
            cameras=self._cameras(self.all_but("camera")),
            folders=sorted(
                columns.folders.count(self.all_but("folder")), key=lambda one: one.value
            ),
            days=self._days(self.all_but("days")),
            stars=self._stars(self.all_but("stars")),
            scores=_from(columns.photos.scores[self.all_but("score")], self.query.min_score),
            technicals=_from(
                columns.photos.technicals[self.all_but("technical")], self.query.min_technical
            ),
            flags=self._flags(self.all_but("flag")),
            total=int(np.count_nonzero(whole)),
        )

    def all_but(self, left_out: str | None = None) -> Mask:
        """(N,) what fits all filters, or all but one of those that `_masks` names."""
        masks = [mask for name, mask in self._masks.items() if name != left_out]
        return reduce(np.logical_and, masks, np.ones(len(self.columns), dtype=bool))

    @cached_property
    def _masks(self) -> Mapping[str, Mask]:
        """By filter that is set, what fits it; `text`, the dearest, among what fits the others."""
        query, decided, columns = self.query, self.decided, self.columns
        count, masks = len(columns), dict[str, Mask]()
        for at, tag in enumerate(query.tags):
            masks[f"tag {at}"] = decided.tags.has(tag_key(tag), count=count)
        for at, key in enumerate(query.people):
            masks[f"person {at}"] = decided.people.has(decided.decisions.person(key), count=count)
        if query.folder is not None:
            masks["folder"] = columns.file_folders.mask(_below(query.folder), count=count)
        if (days := self._within()) is not None:
            masks["days"] = days
        if query.camera is not None:
            wanted = folded(query.camera)
            hit = np.array([wanted in folded(name) for name in columns.cameras], dtype=bool)
            masks["camera"] = hit[columns.camera_codes] if len(hit) else np.zeros(count, bool)
        if query.flag is not None:
            masks["flag"] = decided.flags == _FLAGS[query.flag]
        if query.min_stars is not None:
            masks["stars"] = decided.stars >= query.min_stars
        if query.min_score is not None:
            masks["score"] = columns.photos.scores >= query.min_score
        if query.min_technical is not None:
            masks["technical"] = columns.photos.technicals >= query.min_technical
        if query.text is not None:
            masks["text"] = self._says(folded(query.text).split())
        return masks

    def _within(self) -> Mask | None:
        since, until, days = self.query.since, self.query.until, self.columns.days
        if since is None and until is None:
            return None
        mask = ~np.isnat(days)
        if since is not None:
            mask &= days >= np.datetime64(since, "D")
        if until is not None:
            mask &= days <= np.datetime64(until, "D")
        return mask

    def _says(self, words: Iterable[str]) -> Mask:
        names, texts = self.columns.file_names, self.decided.texts
        mask = np.ones(len(self.columns), dtype=bool)
        for word in words:
            carried = self._carries_part(word)
            found = [
                row
                for row in np.flatnonzero(mask).tolist()
                if carried[row] or word in names[row] or (row in texts and word in texts[row])
            ]
            mask = np.zeros(len(self.columns), dtype=bool)
            mask[found] = True
        return mask

    def _carries_part(self, word: str) -> Mask:
        """(N,) whether a word is part of a tag, or of the name of somebody who is in it."""
        decided, count, key = self.decided, len(self.columns), tag_key(word)
        named = {key for key, name in decided.decisions.names.items() if word in folded(name)}
        return decided.tags.mask(lambda tag: key in tag, count=count) | decided.people.mask(
            lambda person: person in named, count=count
        )

    def _order(self) -> NDArray[np.int64] | None:
        """Places in the order wanted; None: as they are."""
        query, columns, decided = self.query, self.columns, self.decided
        down = Order(query.sort, query.descending).is_descending
        match query.sort:
            case "taken":
                return columns.by_time_down if down else None
            case "name":
                return columns.by_name_down if down else columns.by_name
            case "score":
                return columns.by_score_down if down else columns.by_score
            case "percentile":
                return columns.by_percentile_down if down else columns.by_percentile
            case "technical":
                return columns.by_technical_down if down else columns.by_technical
            case "stars":
                return decided.by_stars_down if down else decided.by_stars

    def _cameras(self, among: Mask) -> list[FacetCount]:
        columns = self.columns
        counts = np.bincount(columns.camera_codes[among], minlength=len(columns.cameras))
        found = [
            FacetCount(name, name, int(counts[code]))
            for code, name in enumerate(columns.cameras)
            if name and counts[code]
        ]
        return sorted(found, key=lambda one: (-one.count, one.value))

    def _days(self, among: Mask) -> list[FacetCount]:
        codes = self.columns.day_codes[among]
        counts = np.bincount(codes[codes >= 0], minlength=len(self.columns.known_days))
        days = np.datetime_as_string(self.columns.known_days, unit="D").tolist()
        return [
            FacetCount(day, day, count)
            for day, count in zip(days, counts.tolist(), strict=True)
            if count
        ]

    def _stars(self, among: Mask) -> list[FacetCount]:
        stars = self.decided.stars[among]
        return [
            FacetCount(str(least), str(least), int(np.count_nonzero(stars >= least)))
            for least in _STARS
        ]

    def _flags(self, among: Mask) -> list[FacetCount]:
        counts = np.bincount(self.decided.flags[among], minlength=len(_FLAGS)).tolist()
        return [FacetCount(flag, flag, counts[_FLAGS[flag]]) for flag in ("pick", "reject", "none")]


def _from(figures: NDArray[np.float64], wanted: float | None) -> list[FacetCount]:
    """How many figures reach each of some bounds, and the one that is wanted."""
    bounds = sorted({*_BOUNDS, *(() if wanted is None else (wanted,))})
    return [
        FacetCount(str(least), f"{least:g}", int(np.count_nonzero(figures >= least)))
        for least in bounds
    ]


def _named(found: list[FacetCount]) -> list[FacetCount]:
    """Tags by the spelling of the album instead of their keys."""
    return [FacetCount(one.label, one.label, one.count) for one in found]


def _below(folder: Path) -> Callable[[str], bool]:
    """What says whether a folder is this one or lies below it."""
    start = str(folder).rstrip(os.sep) + os.sep
    return lambda one: (one.rstrip(os.sep) + os.sep).startswith(start)
