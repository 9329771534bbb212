"""The filters beside the photographs: each with its count and the address that it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from goodside.album.browse import BROWSE_SORTS, BrowseQuery, FacetCount, Facets
from goodside.album.people import Person
from goodside.web.gallery.dates import day_text, month_name
from goodside.web.texts import gettext as _
from goodside.web.texts import translated_tag
from goodside.web.url_query import query_string

_FIRST_DESCENDING = ("score", "percentile", "technical", "stars")
"""Orders whose usual way is from the highest down."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter that may be set, or is.

    Attributes:
        label: what it is called.
        address: where it leads: with it, or without it if it is set.
        count: photographs; None: not counted.
        chosen: it is set.
        depth: of a folder below those shown.
        face: row number of a face, of a person.
    """

    label: str
    address: str
    count: int | None = None
    chosen: bool = False
    depth: int = 0
    face: int | None = None


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Filters of one kind.

    Attributes:
        key: its name in addresses.
        label: its heading.
        choices: those that would find something, or are set.
    """

    key: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_set(self) -> bool:
        """Whether one of them is set."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Panel:
    """All filters of a page.

    Attributes:
        groups: of filters.
        sorts: the orders.
        reverse: where the same order the other way round is.
        descending: which way it is now.
        active: the filters that are set, each leading to where it is not.
        total: photographs that are found.
        address: of the page itself.
        query: what it shows.
    """

    groups: tuple[FilterGroup, ...]
    sorts: tuple[Choice, ...]
    reverse: str
    descending: bool
    active: tuple[Choice, ...]
    total: int
    address: str
    query: BrowseQuery


def make_panel(query: BrowseQuery, facets: Facets, *, people: Mapping[str, Person]) -> Panel:
    """The filters of a query with what the index counted for it.

    Args:
        query: what the page shows.
        facets: of that query.
        people: everybody by key.
    """
    groups = (
        _single(query, "flag", _("Your choice"), _flags(facets)),
        _single(query, "min_stars", _("Your stars"), _stars(facets)),
        _single(query, "min_score", _("Score"), _bounds(facets.scores)),
        _single(query, "min_technical", _("Technical quality"), _bounds(facets.technicals)),
        _people(_several(query, "people", _("People"), facets.people), facets.people, people),
        _tags(_several(query, "tags", _("Tags"), facets.tags)),
        _folders(query, facets.folders),
        _single(
            query, "camera", _("Camera"), [(c.value, c.label, c.count) for c in facets.cameras]
        ),
        _years(query, facets.days),
    )
    descending = is_descending(query)
    return Panel(
        groups=tuple(group for group in groups if group.choices),
        sorts=tuple(
            Choice(
                label,
                _address(replace(query, sort=sort, descending=None)),
                chosen=sort == query.sort,
            )
            for sort, label in zip(BROWSE_SORTS, _sort_labels(), strict=True)
        ),
        reverse=_address(replace(query, descending=_reversed(query))),
        descending=descending,
        active=tuple(_active(query, groups)),
        total=facets.total,
        address=_address(query),
        query=query,
    )


def is_descending(query: BrowseQuery) -> bool:
    """Whether the highest come first."""
    return query.sort in _FIRST_DESCENDING if query.descending is None else query.descending


def _reversed(query: BrowseQuery) -> bool | None:
    usual = query.sort in _FIRST_DESCENDING
    return None if is_descending(query) != usual else not usual


def _sort_labels() -> tuple[str, ...]:
    return (
        _("Time"),
        _("Name"),
        _("Score"),
        _("Percentile"),
        _("Technical quality"),
        _("Your stars"),
    )


def _address(query: BrowseQuery) -> str:
    text = query_string(query)
    return f"/?{text}" if text else "/"


def _with(query: BrowseQuery, **changes: Any) -> str:
    return _address(replace(query, **changes))


def _single(
    query: BrowseQuery, field: str, label: str, counts: Sequence[tuple[Any, str, int]]
) -> FilterGroup:
    """Filters of which one can be set."""
    now = getattr(query, field)
    found = [
        Choice(
            label=text,
            address=_with(query, **{field: None if value == now else value}),
            count=count,
            chosen=value == now,
        )
        for value, text, count in counts
        if count or value == now
    ]
    if now is not None and not any(choice.chosen for choice in found):
        found.insert(0, Choice(_spoken(field, now), _with(query, **{field: None}), 0, chosen=True))
    return FilterGroup(field, label, tuple(found))


def _several(
    query: BrowseQuery, field: str, label: str, counts: Sequence[FacetCount]
) -> FilterGroup:
    """Filters of which any number can be set: those that are stand first."""
    now: tuple[str, ...] = getattr(query, field)
    labels = {one.value: one for one in counts}
    chosen = [
        Choice(
            label=labels[value].label if value in labels else value,
            address=_with(query, **{field: tuple(one for one in now if one != value)}),
            count=labels[value].count if value in labels else 0,
            chosen=True,
        )
        for value in now
    ]
    others = [
        Choice(one.label, _with(query, **{field: (*now, one.value)}), one.count)
        for one in counts
        if one.value not in now and one.count
    ]
    return FilterGroup(field, label, (*chosen, *others))


def _tags(group: FilterGroup) -> FilterGroup:
    """The same with what tags are called in the reader's language."""
    return replace(
        group,
        choices=tuple(replace(one, label=translated_tag(one.label)) for one in group.choices),
    )


def _people(
    group: FilterGroup, counts: Sequence[FacetCount], people: Mapping[str, Person]
) -> FilterGroup:
    """The same with a face each; whoever has no name is not called by a key."""
    known = {one.label: people[one.value] for one in counts if one.value in people}
    choices = tuple(
        replace(
            choice,
            label=known[choice.label].name or _("Not named yet"),
            face=next((face.id for face in known[choice.label].faces), None),
        )
        if choice.label in known
        else choice
        for choice in group.choices
    )
    return replace(group, choices=choices)


def _flags(facets: Facets) -> list[tuple[Any, str, int]]:
    labels = {"pick": _("Picked"), "reject": _("Rejected"), "none": _("Neither")}
    return [(one.value, labels[one.value], one.count) for one in facets.flags]


def _stars(facets: Facets) -> list[tuple[Any, str, int]]:
    highest_first = sorted(facets.stars, key=lambda one: -int(one.value))
    return [(int(one.value), _stars_text(int(one.value)), one.count) for one in highest_first]


def _stars_text(stars: int) -> str:
    return "★" * stars if stars == 5 else _("%(stars)s or more") % {"stars": "★" * stars or "0"}


def _bounds(counts: Sequence[FacetCount]) -> list[tuple[Any, str, int]]:
    highest_first = sorted(counts, key=lambda one: -float(one.value))
    return [(float(one.value), _bound_text(one.label), one.count) for one in highest_first]


def _bound_text(least: str) -> str:
    return _("%(score)s or more") % {"score": least}


def _folders(query: BrowseQuery, counts: Sequence[FacetCount]) -> FilterGroup:
    """Folders below the deepest one that holds everything."""
    total = max((one.count for one in counts), default=0)
    paths = {Path(one.value): one.count for one in counts}
    whole = [path for path, count in paths.items() if count == total]
    base = max(whole, key=lambda path: len(path.parts), default=None)
    shown = {
        path: count
        for path, count in paths.items()
        if base is None or (path != base and path.is_relative_to(base)) or path == query.folder
    }
    if query.folder is not None:
        shown.setdefault(query.folder, paths.get(query.folder, 0))
    first = min((len(path.parts) for path in shown), default=0)
    choices = tuple(
        Choice(
            label=path.name or str(path),
            address=_with(query, folder=None if path == query.folder else path),
            count=count,
            chosen=path == query.folder,
            depth=min(len(path.parts) - first, 4),
        )
        for path, count in sorted(shown.items())
    )
    return FilterGroup("folder", _("Folder"), choices)


def _years(query: BrowseQuery, days: Sequence[FacetCount]) -> FilterGroup:
    """Years, below the one that is set its months, and below a month that is set its days."""
    by_year: dict[int, int] = {}
    by_month: dict[tuple[int, int], int] = {}
    by_day: dict[date, int] = {}
    for one in days:
        day = date.fromisoformat(one.value)
        by_day[day] = one.count
        by_year[day.year] = by_year.get(day.year, 0) + one.count
        by_month[day.year, day.month] = by_month.get((day.year, day.month), 0) + one.count
    now = (query.since, query.until)
    choices: list[Choice] = []
    for year in sorted(by_year, reverse=True):
        period = (date(year, 1, 1), date(year, 12, 31))
        choices.append(_period(query, str(year), period, by_year[year]))
        inside = query.since is not None and query.since.year == year
        if inside and query.until is not None and query.until.year == year:
            for month in range(1, 13):
                if (year, month) in by_month:
                    period = (date(year, month, 1), _last_day(year, month))
                    found = _period(query, month_name(month), period, by_month[year, month])
                    choices.append(replace(found, depth=1))
                    choices += _days(query, period, by_day)
    if now != (None, None) and not any(choice.chosen for choice in choices):
        label = " – ".join("…" if one is None else one.isoformat() for one in now)
        choices.insert(0, Choice(label, _with(query, since=None, until=None), chosen=True))
    return FilterGroup("taken", _("Taken"), tuple(choices))


def _days(query: BrowseQuery, month: tuple[date, date], by_day: Mapping[date, int]) -> list[Choice]:
    """The days of a month in which all that is looked for lies."""
    first, last = month
    if (
        query.since is None
        or query.until is None
        or not first <= query.since <= query.until <= last
    ):
        return []
    return [
        replace(_period(query, day_text(day), (day, day), count, back=month), depth=2)
        for day, count in sorted(by_day.items())
        if first <= day <= last
    ]


def _period(
    query: BrowseQuery,
    label: str,
    period: tuple[date, date],
    count: int,
    *,
    back: tuple[date | None, date | None] = (None, None),
) -> Choice:
    """A period to choose, or to leave for `back`."""
    chosen = (query.since, query.until) == period
    since, until = back if chosen else period
    return Choice(label, _with(query, since=since, until=until), count, chosen=chosen)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) < (9999, 12) else None
    return date.max if following is None else date.fromordinal(following.toordinal() - 1)


def _active(query: BrowseQuery, groups: Sequence[FilterGroup]) -> list[Choice]:
    found = [
        replace(choice, label=_named(group, choice.label))
        for group in groups
        for choice in group.choices
        if choice.chosen
    ]
    if query.text is not None:
        found.insert(0, Choice(f"“{query.text}”", _with(query, text=None), chosen=True))
    return found


def _named(group: FilterGroup, label: str) -> str:
    """What a filter is called away from its heading: `Score: 7 or more`."""
    if group.key not in ("min_score", "min_technical"):
        return label
    return _("%(filter)s: %(choice)s") % {"filter": group.label, "choice": label}


def _spoken(field: str, value: object) -> str:
    return _stars_text(cast("int", value)) if field == "min_stars" else str(value)
