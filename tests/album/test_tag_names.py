"""Tags as shown are tags understood: one spelling each in searches, tables, sidecars and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import Catalog, Rate, SetTags
from goodside.album.export.sidecars import SidecarOptions, write_sidecars
from goodside.album.export.table import rows
from goodside.album.picks import PickCriteria
from goodside.album.report import make_report, render_report
from goodside.album.search.query import Query, SearchHit, find
from goodside.album.tag_names import read_vocabulary
from goodside.images.sidecars.sidecar import merge_sidecar, read_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.result_records import assessment_record
from tests.album.labelled import make_album
from tests.album.made import assessment

_ANEW = SidecarContent(tags=("still life", "plant"))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with make_album(tmp_path) as made:
        yield made


def _shot(catalog: Catalog, name: str) -> AlbumPhoto:
    (one,) = [shot for shot in read_album_photos(catalog) if shot.photo.paths[0].name == name]
    return one


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("still life", "10.jpg"),
        ("stilllife", "10.jpg"),
        ("Still-Life", "10.jpg"),
        ("STILL_LIFE", "10.jpg"),
        ("nightScene", "9.jpg"),
        ("Night scene", "9.jpg"),
        ("something else", "1.jpg"),
        ("others", "1.jpg"),
        ("ZOE\u0308 am strand", "9.jpg"),
        ("wildcat", "9.jpg"),
        ("animal|wild cat", "9.jpg"),
    ],
)
def test_every_spelling_of_a_tag_or_keyword_is_understood(
    catalog: Catalog, tag: str, name: str
) -> None:
    shots = read_album_photos(catalog)
    tags = frozenset({tag})
    assert [one.shot.photo.paths[0].name for one in find(shots, Query(tags=tags))] == [name]
    assert [s.photo.paths[0].name for s in shots if PickCriteria(tags=tags).allows(s)] == [name]


def test_tags_have_one_name_wherever_they_are_shown(catalog: Catalog) -> None:
    shot = _shot(catalog, "10.jpg")
    assert rows([SearchHit(shot)])[0]["tags"] == ["still life"]
    ((path, _),) = list(write_sidecars([shot], catalog.decisions(), SidecarOptions()))
    assert read_sidecar(path.with_name("10.jpg.xmp")).tags == ("still life",)
    page = render_report(make_report(catalog, title="made"))
    assert "still life" in page
    assert "stilllife" not in page


def test_json_of_an_assessment_has_the_same_names() -> None:
    told = assessment_record(Path("1.jpg"), assessment(5.0, labels=("nightScene", "others")))
    assert [tag["label"] for tag in told["semantics"]] == ["night scene", "something else"]


def test_a_tag_of_ones_own_is_shown_as_it_is_written(catalog: Catalog) -> None:
    sha256 = _shot(catalog, "10.jpg").photo.sha256
    catalog.decide(SetTags(photos=(sha256,), add=("New York",)))
    assert _shot(catalog, "10.jpg").tags == {"New York", "still life"}
    page = render_report(make_report(catalog, title="made"))
    assert "New York" in page
    assert "new  york" not in page


def test_no_spelling_is_a_rival_of_another(catalog: Catalog) -> None:
    first, second = (_shot(catalog, name).photo.sha256 for name in ("10.jpg", "9.jpg"))
    for spelling in ("stilllife", "Still Life", "Beach", "BEACH", "Cafe\u0301", "caf\u00e9"):
        catalog.decide(SetTags(photos=(first,), add=(spelling,)))
    assert len(_shot(catalog, "10.jpg").tags) == 3
    assert "still life" in _shot(catalog, "10.jpg").tags
    catalog.decide(SetTags(photos=(first, second), remove=("beach", "still_life", "zoë AM strand")))
    assert {tag.casefold() for tag in _shot(catalog, "10.jpg").tags} == {"caf\u00e9"}
    assert _shot(catalog, "9.jpg").keywords == ("Animal|Wild Cat",)
    catalog.decide(SetTags(photos=(first,), add=("STILLLIFE", "Beach")))
    assert {"still life", "Beach"} < _shot(catalog, "10.jpg").tags


def test_the_whole_album_spells_a_tag_alike(catalog: Catalog) -> None:
    names = ("10.jpg", "9.jpg", "1.jpg")
    for name, tag in zip(names, ("Beach", "Beach", "beach"), strict=True):
        catalog.decide(SetTags(photos=(_shot(catalog, name).photo.sha256,), add=(tag,)))
    assert all("Beach" in _shot(catalog, name).tags for name in names)
    vocabulary = read_vocabulary(catalog)
    spelt = ("BEACH", "stilllife", "WILD CAT", "Somewhere else")
    assert [vocabulary.name(tag) for tag in spelt] == [
        "Beach", "still life", "Wild Cat", "Somewhere else"
    ]  # fmt: skip


def test_people_are_meant_in_every_form_of_their_name(catalog: Catalog) -> None:
    shot = replace(_shot(catalog, "10.jpg"), people=frozenset({"Zo\u00eb"}))
    query = Query(people=frozenset({"ZOE\u0308"}))
    assert len(find([shot], query)) == 1
    assert find([replace(shot, people=frozenset())], query) == []


def test_sidecars_of_before_are_spelt_anew() -> None:
    old = merge_sidecar(None, SidecarContent(tags=("stilllife", "plant"))).data
    data = merge_sidecar(old, _ANEW).data
    assert b"stilllife" not in data
    assert data.count(b"still life") == merge_sidecar(None, _ANEW).data.count(b"still life")
    assert merge_sidecar(data, _ANEW).data == data


def test_a_tag_of_others_is_no_rival_in_a_sidecar_and_stays_as_it_is() -> None:
    old = merge_sidecar(None, SidecarContent(tags=("StillLife", "plant"))).data
    theirs = old.replace(b"SubjectsWritten", b"SubjectsOfOthers")
    data = merge_sidecar(theirs, _ANEW).data
    assert b"StillLife" in data
    assert b"still life" not in data


def test_a_tag_that_somebody_took_out_of_a_sidecar_stays_out_in_every_spelling() -> None:
    old = merge_sidecar(None, SidecarContent(tags=("stilllife",))).data
    removed = re.sub(rb"(<dc:subject .*?)<rdf:li>stilllife</rdf:li>", rb"\1", old, flags=re.DOTALL)
    assert removed != old
    subjects = merge_sidecar(removed, _ANEW).data.split(b"<dc:subject ")[1].split(b"</dc:subject>")
    assert b"still" not in subjects[0]
    assert b"plant" in subjects[0]


def test_text_is_every_word_somewhere(catalog: Catalog) -> None:
    shots = read_album_photos(catalog)
    for text, names in {
        "out DAY": ["9.jpg"],
        "zoe\u0308 day": ["9.jpg"],
        "wild day 9.jpg": ["9.jpg"],
        "10": ["10.jpg"],
        "day 10": [],
        "jpg": ["10.jpg", "9.jpg", "1.jpg"],
    }.items():
        found = [one.shot.photo.paths[0].name for one in find(shots, Query(text=text))]
        assert sorted(found) == sorted(names), text


def test_a_rating_leaves_tags_alone(catalog: Catalog) -> None:
    shot = _shot(catalog, "10.jpg")
    catalog.decide(Rate(photos=(shot.photo.sha256,), stars=3))
    assert _shot(catalog, "10.jpg").tags == shot.tags


def test_what_is_no_photograph_has_no_percentile_in_tables(catalog: Catalog) -> None:
    photo = _shot(catalog, "10.jpg")
    assert rows([SearchHit(photo)])[0]["percentile"] is not None
    page = replace(photo, tags=frozenset({"not a photograph"}))
    (row,) = rows([SearchHit(page)])
    assert row["percentile"] is None
    assert row["score"] is not None
    assert row["tags"] == ["not a photograph"]
