"""The filter by time: years, months of a year, days of a month."""

from __future__ import annotations

from datetime import date

from goodside.album.browse import BrowseQuery, FacetCount, Facets
from goodside.web.gallery.photographs.filter_panel import Choice, make_panel

_DAYS = {"2024-07-31": 4, "2024-08-01": 2, "2024-08-09": 3, "2025-01-01": 1}


def _taken(since: date | None = None, until: date | None = None) -> list[Choice]:
    facets = Facets(
        tags=[],
        people=[],
        cameras=[],
        folders=[],
        days=[FacetCount(day, day, count) for day, count in _DAYS.items()],
        stars=[],
        scores=[],
        technicals=[],
        flags=[FacetCount(one, one, 0) for one in ("pick", "reject", "none")],
        total=10,
    )
    panel = make_panel(BrowseQuery(since=since, until=until), facets, people={})
    return list(next(group.choices for group in panel.groups if group.key == "taken"))


def _told(choices: list[Choice]) -> list[tuple[str, int | None, int]]:
    return [(one.label, one.count, one.depth) for one in choices]


def test_a_month_that_is_chosen_shows_its_days_with_counts() -> None:
    choices = _taken(date(2024, 8, 1), date(2024, 8, 31))
    assert _told(choices) == [
        ("2025", 1, 0),
        ("2024", 9, 0),
        ("July", 4, 1),
        ("August", 5, 1),
        ("1 August 2024", 2, 2),
        ("9 August 2024", 3, 2),
    ]
    assert [one.label for one in choices if one.chosen] == ["August"]
    assert "since=2024-08-09&until=2024-08-09" in choices[-1].address


def test_a_day_that_is_chosen_leads_back_to_its_month() -> None:
    choices = _taken(date(2024, 8, 9), date(2024, 8, 9))
    (chosen,) = [one for one in choices if one.chosen]
    assert chosen.label == "9 August 2024"
    assert "since=2024-08-01&until=2024-08-31" in chosen.address


def test_without_a_month_there_are_no_days() -> None:
    assert {one.depth for one in _taken(date(2024, 1, 1), date(2024, 12, 31))} == {0, 1}
    assert {one.depth for one in _taken()} == {0}
