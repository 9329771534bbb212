"""The index finds, counts and picks exactly what `album find`, `picks` and `people` do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.album.album import Album
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.browse import BROWSE_SORTS, AlbumIndex, BrowseQuery, picking
from goodside.album.catalog import Catalog, Decision, list_folders
from goodside.album.people import Person, list_people
from goodside.album.picks import PickCriteria, Ranking
from goodside.album.search.order import Order
from goodside.album.search.query import Query, find
from goodside.album.tag_names import read_vocabulary
from goodside.text import folded
from tests.album.browse.made import FIRST, ROOT, MadePhoto, photos, put_album, put_series
from tests.album.catalog.made import NOW, decisions, fresh, key
from tests.fuzz import fuzzed
from tests.postgres.places import place

_DAYS = [FIRST.date() + timedelta(days=day) for day in range(-1, 3)]
queries = st.builds(
    BrowseQuery,
    text=st.none()
    | st.sampled_from(
        ["sea", "IMG 1", ".JPG rome", "zzz", "zoë", " ", "portr", "ann night", "cy", "scene bo"]
    ),
    tags=st.lists(
        st.sampled_from(
            [
                "plant",
                "NIGHT_scene",
                "still life",
                "Italy",
                "Places|Italy|Rome",
                "sea",
                "Musical instrument",
            ]
        ),
        max_size=2,
    ).map(tuple),
    people=st.lists(st.integers(0, 4).map(key), max_size=1).map(tuple),
    folder=st.none() | st.sampled_from([ROOT, ROOT / "a", ROOT / "a" / "b", Path("/al")]),
    since=st.none() | st.sampled_from(_DAYS),
    until=st.none() | st.sampled_from(_DAYS),
    camera=st.none() | st.sampled_from(["canon", "D8", "", "leica"]),
    flag=st.none() | st.sampled_from(["pick", "reject", "none"]),
    min_stars=st.none() | st.integers(0, 5),
    min_score=st.none() | st.sampled_from([2.5, 5.0, 6.0]),
    min_technical=st.none() | st.sampled_from([3.0, 5.5, 6.0]),
    sort=st.sampled_from(BROWSE_SORTS),
    descending=st.none() | st.booleans(),
)


@contextmanager
def _album(made: Sequence[MadePhoto]) -> Iterator[tuple[Album, Catalog]]:
    with TemporaryDirectory() as home:
        path = Path(home) / "catalog.db"
        fresh(path).close()
        with Album(place(path)) as album, album.opened() as catalog:
            put_series(catalog, put_album(catalog, made))
            yield album, catalog


def _people(catalog: Catalog) -> list[Person]:
    with catalog.read() as session:
        return list_people(session)


def _comparable(shot: AlbumPhoto) -> tuple[object, ...]:
    """A photograph without its arrays, which know no equality."""
    faces = [(face.id, face.ref, face.person, face.confirmed) for face in shot.faces]
    return replace(shot, vector=None, faces=()), faces


def _told(people: Sequence[Person]) -> list[tuple[object, ...]]:
    return [
        (one.key, one.name, one.known, one.hidden, [(f.id, f.confirmed) for f in one.faces])
        for one in people
    ]


def _expected(catalog: Catalog, query: BrowseQuery) -> list[int]:
    """What `album find` finds, with the filters that only the gallery has."""
    everybody = {one.key: one for one in _people(catalog)}
    decided = catalog.decisions()

    def fits(shot: AlbumPhoto) -> bool:
        for each in query.people:
            person = everybody.get(decided.person(each))
            in_it = person is not None and any(
                face.photo_id == shot.photo.id for face in person.faces
            )
            said = {folded(name) for name in shot.photo.description.people}
            if not in_it and (person is None or folded(person.name or "-") not in said):
                return False
        return (
            (query.flag is None or (shot.flag or "none") == query.flag)
            and (
                query.min_stars is None
                or (shot.stars is not None and shot.stars >= query.min_stars)
            )
            and (
                query.folder is None
                or any(path.is_relative_to(query.folder) for path in shot.photo.paths)
            )
        )

    wanted = Query(
        tags=frozenset(query.tags),
        min_score=query.min_score,
        min_technical=query.min_technical,
        since=query.since,
        until=query.until,
        camera=query.camera,
        text=query.text,
        order=Order(query.sort, query.descending),
    )
    hits = find(read_album_photos(catalog), wanted)
    return [hit.shot.photo.id for hit in hits if fits(hit.shot)]


@fuzzed(60)
@given(photos(), st.lists(decisions, max_size=6), st.lists(decisions, max_size=4), st.data())
def test_what_is_selected_is_what_find_finds_also_after_decisions(
    made: list[MadePhoto], before: list[Decision], after: list[Decision], data: st.DataObject
) -> None:
    with _album(made) as (album, catalog):
        for decision in before:
            catalog.decide(decision, at=NOW)
        index = AlbumIndex(album)
        for round_ in (before, after):
            if round_ is after:
                for decision in after:
                    catalog.decide(decision, at=NOW)
                index.refresh()
            query = data.draw(queries)
            assert index.select(query).ids.tolist() == _expected(catalog, query)
            every = {shot.photo.id: shot for shot in read_album_photos(catalog)}
            assert list(map(_comparable, index.photos(every))) == list(
                map(_comparable, every.values())
            )
            assert _told(index.people()) == _told(_people(catalog))
            for one in made:
                for word in one.description.keywords:
                    assert index.spelling(word.upper()) == read_vocabulary(catalog).name(
                        word.upper()
                    )
        index.close()


@fuzzed(60)
@given(photos(), st.lists(decisions, max_size=5), queries)
def test_each_count_is_what_its_filter_finds(
    made: list[MadePhoto], taken: list[Decision], query: BrowseQuery
) -> None:
    with _album(made) as (album, catalog):
        for decision in taken:
            catalog.decide(decision, at=NOW)
        index = AlbumIndex(album)
        facets = index.facets(query)

        def count(**changes: object) -> int:
            return len(index.select(replace(query, **changes)))  # type: ignore[arg-type]

        assert facets.total == count()
        for one in facets.tags:
            assert one.count == count(tags=(*query.tags, one.value)) > 0
        for one in facets.people:
            assert one.count == count(people=(*query.people, one.value)) > 0
            assert one.label == catalog.decisions().names.get(one.value, one.value)
        for one in facets.cameras:
            assert one.count == count(camera=one.value) > 0
        for one in facets.folders:
            assert one.count == count(folder=Path(one.value)) > 0
        for one in facets.days:
            day = date.fromisoformat(one.value)
            assert one.count == count(since=day, until=day) > 0
        for one in facets.stars:
            assert one.count == count(min_stars=int(one.value))
        for one in facets.scores:
            assert one.count == count(min_score=float(one.value))
        for one in facets.technicals:
            assert one.count == count(min_technical=float(one.value))
        for one in facets.flags:
            assert one.count == count(flag=one.value)
        index.close()


@fuzzed(60)
@given(
    photos(),
    st.lists(decisions, max_size=8),
    st.builds(
        PickCriteria,
        n=st.integers(1, 6),
        per_day=st.none() | st.integers(1, 2),
        per_person=st.none() | st.just(1),
        min_percentile=st.sampled_from([0.0, 40.0]),
    ),
)
def test_picks_are_those_of_a_ranking_of_all(
    made: list[MadePhoto], taken: list[Decision], criteria: PickCriteria
) -> None:
    with _album(made) as (album, catalog), pytest.MonkeyPatch.context() as patch:
        patch.setattr(picking, "_FIRST", 1)
        patch.setattr(picking, "_EACH", 0)
        for decision in taken:
            catalog.decide(decision, at=NOW)
        index = AlbumIndex(album)
        expected = Ranking(read_album_photos(catalog)).best(criteria)
        for chosen in (
            index.picks(criteria, BrowseQuery()),
            index.pick_ranking().best(criteria),
        ):
            assert [
                (pick.shot.photo.id, pick.worth, pick.reasons, pick.kept_with) for pick in chosen
            ] == [
                (pick.shot.photo.id, pick.worth, pick.reasons, pick.kept_with) for pick in expected
            ]
        index.close()


def test_groups_are_those_of_the_album(tmp_path: Path) -> None:
    made = [MadePhoto(n, (f"{n}.jpg",), n * 10, score=4.0 + n / 4) for n in range(7)]
    with _album(made) as (album, catalog):
        index = AlbumIndex(album)
        found, expected = index.groups(), album.groups()
        assert [(g.kind, [s.photo.id for s in g.shots]) for g in found] == [
            (g.kind, [s.photo.id for s in g.shots]) for g in expected
        ]
        assert [g.best and g.best.shot.photo.id for g in found] == [
            g.best and g.best.shot.photo.id for g in expected
        ]
        with catalog.read() as session:
            assert list_folders(session) == [ROOT]
        index.close()
