"""Queries in addresses: every one comes back as it was, and nonsense is refused by name."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from goodside.album.browse import BROWSE_SORTS, BrowseQuery
from goodside.errors import OutOfRange
from goodside.web.url_query import folder_of, folder_text, parse_query, query_string

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_NAMES = st.binary(min_size=1, max_size=12).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in {b".", b".."}
)
_FOLDERS = st.lists(_NAMES, min_size=1, max_size=3).map(
    lambda names: Path(os.fsdecode(b"/" + b"/".join(names)))
)
_QUERIES = st.builds(
    BrowseQuery,
    text=st.none() | _WORDS,
    tags=st.lists(_WORDS, max_size=3).map(tuple),
    people=st.lists(st.from_regex(r"[0-9a-f]{12}", fullmatch=True), max_size=3).map(tuple),
    folder=st.none() | _FOLDERS,
    since=st.none() | st.dates(),
    until=st.none() | st.dates(),
    camera=st.none() | _WORDS,
    flag=st.sampled_from(["pick", "reject", "none", None]),
    min_stars=st.none() | st.integers(0, 5),
    min_score=st.none() | st.integers(4, 40).map(lambda quarters: quarters / 4),
    min_technical=st.none() | st.integers(4, 40).map(lambda quarters: quarters / 4),
    sort=st.sampled_from(BROWSE_SORTS),
    descending=st.none() | st.booleans(),
)


@given(_QUERIES)
def test_every_query_comes_back_from_its_address(query: BrowseQuery) -> None:
    assert parse_query(QueryParams(query_string(query))) == query


@given(_FOLDERS)
def test_every_folder_comes_back_whatever_its_bytes(folder: Path) -> None:
    text = folder_text(folder)
    text.encode()  # an address can hold it
    assert folder_of(text) == folder


def test_everything_in_the_usual_order_needs_no_words() -> None:
    assert query_string(BrowseQuery()) == ""
    assert parse_query(QueryParams("")) == BrowseQuery()


def test_what_is_empty_or_of_others_does_not_count() -> None:
    assert parse_query(QueryParams("q=&tag=&stars=&sort=&page=2&token=x")) == BrowseQuery()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("stars=6", "stars"),
        ("stars=-1", "stars"),
        ("stars=many", "stars"),
        ("score=0.5", "score"),
        ("score=11", "score"),
        ("score=nan", "score"),
        ("flag=maybe", "flag"),
        ("sort=colour", "sort"),
        ("order=up", "order"),
        ("since=yesterday", "since"),
        ("until=2024-13-01", "until"),
    ],
)
def test_nonsense_is_refused_by_name(address: str, key: str) -> None:
    with pytest.raises(OutOfRange, match=f"^{key}=") as caught:
        parse_query(QueryParams(address))
    assert caught.value.remedy == f"leave {key} out"


def test_a_period_reads_as_days() -> None:
    query = parse_query(QueryParams("since=2024-05-01&until=2024-05-31"))
    assert (query.since, query.until) == (date(2024, 5, 1), date(2024, 5, 31))
