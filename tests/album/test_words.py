"""Words that the network is sure of are tags; technical quality stands beside the score."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import Catalog, SetTags
from goodside.album.export.sidecars import SidecarOptions, write_sidecars
from goodside.album.export.table import write_table
from goodside.album.export.table_reader import read_table
from goodside.album.picks import PickCriteria, Ranking
from goodside.album.report import make_report, render_report
from goodside.album.search.order import Order
from goodside.album.search.query import Query, SearchHit, find
from goodside.album.tag_names import read_vocabulary
from goodside.images.sidecars.sidecar import read_sidecar
from tests.album.judged_anew import judge_anew
from tests.album.labelled import make_album

SAID = {
    "10.jpg": (7.0, {"river": 0.6}),
    "9.jpg": (4.5, {"wildAnimal": 0.8, "bridge": 0.95, "wildCat": 0.7}),
    "1.jpg": (None, {}),
}


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with make_album(tmp_path) as made:
        judge_anew(made, SAID)
        yield made


def _shot(catalog: Catalog, name: str) -> AlbumPhoto:
    (one,) = [shot for shot in read_album_photos(catalog) if shot.photo.paths[0].name == name]
    return one


def _names(catalog: Catalog, query: Query) -> list[str]:
    return [one.shot.photo.paths[0].name for one in find(read_album_photos(catalog), query)]


def test_words_are_tags_beside_the_kinds_and_of_one_spelling_with_keywords(
    catalog: Catalog,
) -> None:
    assert _shot(catalog, "10.jpg").tags == {"still life", "river"}
    assert _shot(catalog, "9.jpg").tags == {"night scene", "wild animal", "bridge", "wild cat"}
    assert _shot(catalog, "9.jpg").words == ["bridge", "wild animal", "wild cat"]
    assert _shot(catalog, "1.jpg").tags == {"something else"}
    assert _shot(catalog, "1.jpg").words == []
    assert read_vocabulary(catalog).name("WILD_ANIMAL") == "wild animal"


@pytest.mark.parametrize("tag", ["wild animal", "Wild_Animal", "wildAnimal", "Bridge"])
def test_photographs_are_found_and_picked_by_word(catalog: Catalog, tag: str) -> None:
    assert _names(catalog, Query(tags=frozenset({tag}))) == ["9.jpg"]
    assert _names(catalog, Query(text=tag[:5])) == ["9.jpg"]
    (pick,) = Ranking(read_album_photos(catalog)).best(PickCriteria(tags=frozenset({tag})))
    assert pick.shot.photo.paths[0].name == "9.jpg"


def test_a_word_that_is_taken_away_is_gone(catalog: Catalog) -> None:
    sha256 = _shot(catalog, "9.jpg").photo.sha256
    catalog.decide(SetTags(photos=(sha256,), remove=("Wild animal",)))
    assert _shot(catalog, "9.jpg").tags == {"night scene", "bridge", "wild cat"}


def test_technical_quality_bounds_and_sorts(catalog: Catalog) -> None:
    assert _names(catalog, Query(min_technical=4.5)) == ["10.jpg", "9.jpg"]
    assert _names(catalog, Query(min_technical=4.6)) == ["10.jpg"]
    assert _names(catalog, Query(max_technical=6)) == ["9.jpg"]
    assert _names(catalog, Query(order=Order("technical"))) == ["10.jpg", "9.jpg", "1.jpg"]
    upward = Order("technical", descending=False)
    assert _names(catalog, Query(order=upward)) == ["9.jpg", "10.jpg", "1.jpg"]
    assert str(upward) == "lowest technical quality first"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_tables_tell_both_and_are_read_back(catalog: Catalog, tmp_path: Path, suffix: str) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    hits = [SearchHit(shot) for shot in read_album_photos(catalog)]
    table = read_table(write_table(tmp_path / f"found.{suffix}", hits))
    told = {record["file"].name: (record["technical"], record["words"]) for record in table}
    assert told == {
        "10.jpg": (7.0, ["river"]),
        "9.jpg": (4.5, ["bridge", "wild animal", "wild cat"]),
        "1.jpg": (None, []),
    }


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_tables_of_before_are_still_read(catalog: Catalog, tmp_path: Path, suffix: str) -> None:
    path = write_table(tmp_path / f"found.{suffix}", [SearchHit(_shot(catalog, "10.jpg"))])
    lines = path.read_text(encoding="utf-8").splitlines()
    if suffix == "csv":
        old = [line.rsplit(",", 2)[0] for line in lines]
    else:
        records = [json.loads(line) for line in lines]
        old = [
            json.dumps({key: one[key] for key in one if key not in ("technical", "words")})
            for one in records
        ]
    path.write_text("\n".join(old), encoding="utf-8")
    (record,) = read_table(path)
    assert (record["technical"], record["words"]) == (None, [])
    assert record["tags"] == ["river", "still life"]


def test_sidecars_say_words_as_goodsides_tags_and_leave_peoples_own_alone(
    catalog: Catalog,
) -> None:
    list(write_sidecars([_shot(catalog, "9.jpg")], catalog.decisions(), SidecarOptions()))
    path = _shot(catalog, "9.jpg").photo.paths[0].with_name("9.jpg.xmp")
    said = read_sidecar(path)
    assert said.tags is not None
    assert {"bridge", "wild animal", "Zoë am Strand", "Animal|Wild Cat"} <= set(said.tags)
    assert said.scores is not None
    assert dict(said.scores.attributes)["technical"] == 4.5
    theirs = read_sidecar(path, others_only=True).tags
    assert theirs == ("Animal|Wild Cat", "Zoë am Strand")
    judge_anew(catalog, {"9.jpg": (4.5, {"river": 0.9})})
    list(write_sidecars([_shot(catalog, "9.jpg")], catalog.decisions(), SidecarOptions()))
    tags = read_sidecar(path).tags
    assert tags is not None
    assert "river" in tags
    assert "bridge" not in tags
    assert {"Zoë am Strand", "Animal|Wild Cat"} <= set(tags)


def test_the_report_shows_both(catalog: Catalog) -> None:
    page = render_report(make_report(catalog, title="made"))
    assert "Technical quality 4.5" in page, "the first pick"
    assert "technical 7.0 · above" in " ".join(page.split())
    assert page.count("noise, blur, compression and wrong exposure") == 1
    for word in ("bridge", "wild animal"):
        assert f"<li>{word}</li>" in page
    assert re.search(r'alt="[^"]*: still life, river"', page), "the likeliest first"


def test_a_report_of_an_album_that_was_judged_before_says_nothing_of_it(tmp_path: Path) -> None:
    with make_album(tmp_path) as old:
        page = render_report(make_report(old, title="made")).casefold()
    assert "technical" not in page
