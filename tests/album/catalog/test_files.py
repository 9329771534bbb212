"""Files: new, changed, moved, gone, back, unreadable, oddly named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Catalog,
    Decisions,
    FileRecord,
    FileStamp,
    PhotoFacts,
    SetFlag,
    add_folder,
    content_of,
    follow_edited_photos,
    link_to_main,
    list_failures,
    list_files,
    list_folders,
    list_photos,
    mark_missing,
    put_facts,
    put_failure,
    put_file,
)
from goodside.errors import CatalogError, UnreadableImage
from tests.album.catalog.made import LATER, NOW, add, fresh, sha

pytestmark = pytest.mark.both_databases

_ONE, _TWO = Path("/a/1.jpg"), Path("/a/2.jpg")
_MOMENT = datetime(2026, 1, 2, 3, 4, 5, 670_000)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with fresh(tmp_path / "catalog.db") as opened:
        yield opened


def _files(catalog: Catalog) -> dict[str, FileRecord]:
    with catalog.read() as session:
        return {file.path.name: file for file in list_files(session)}


def _gone(catalog: Catalog, *names: str) -> None:
    files = _files(catalog)
    with catalog.write() as session:
        mark_missing(session, [files[name].id for name in names], at=LATER)


def _measure(catalog: Catalog, name: str, facts: PhotoFacts) -> None:
    photo_id = _files(catalog)[name].photo_id
    assert photo_id is not None
    with catalog.write() as session:
        put_facts(session, photo_id, facts, thumbnail=b"small", by="1")


def test_a_file_is_recorded_once(catalog: Catalog) -> None:
    assert add(catalog, _ONE, "p") == add(catalog, _ONE, "p")
    file = _files(catalog)["1.jpg"]
    assert (file.path, file.sha256, file.first_sha256) == (_ONE, sha("p"), sha("p"))
    assert (file.stamp, file.role, file.missing_since) == (FileStamp(1, 2, 3), "photo", None)
    assert (file.measured_by, file.judged_by, file.faces_by) == (None, None, None)
    with catalog.read() as session:
        assert list_folders(session) == [Path("/a")]


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", "猫.jpg".encode(), b"\xff\xfe\x01.jpg", b"a\nb %2F'\".jpg"]
)
def test_names_in_any_encoding_survive(catalog: Catalog, name: bytes) -> None:
    path = Path(os.fsdecode(b"/a/" + name))
    add(catalog, path, "p")
    with catalog.read() as session:
        assert [os.fsencode(file.path) for file in list_files(session)] == [b"/a/" + name]
        assert content_of(session, path) == sha("p")
        assert [photo.paths for photo in list_photos(session)] == [(path,)]


def test_large_numbers_of_a_file_system_fit(catalog: Catalog) -> None:
    stamp = FileStamp(size=2**40, mtime_ns=-(2**62), inode=2**64 - 1)
    with catalog.write() as session:
        folder = add_folder(session, Path("/a"), at=NOW)
        put_file(session, _ONE, folder_id=folder, stamp=stamp, sha256=sha("p"), at=NOW)
    assert _files(catalog)["1.jpg"].stamp == stamp


def test_copies_share_a_photo_and_its_decisions(catalog: Catalog) -> None:
    add(catalog, _TWO, "p")
    add(catalog, _ONE, "p")
    with catalog.read() as session:
        (photo,) = list_photos(session)
    assert photo.paths == (_ONE, _TWO)


def test_a_moved_file_keeps_its_row(catalog: Catalog) -> None:
    number = add(catalog, _ONE, "p")
    _gone(catalog, "1.jpg")
    assert _files(catalog)["1.jpg"].missing_since == LATER
    assert add(catalog, Path("/b/new.jpg"), "p") == number
    (file,) = _files(catalog).values()
    assert (file.path, file.missing_since) == (Path("/b/new.jpg"), None)
    assert file.first_sha256 == sha("p")


def test_a_copy_of_a_file_that_is_there_is_a_file_of_its_own(catalog: Catalog) -> None:
    assert add(catalog, _ONE, "p") != add(catalog, _TWO, "p")


def test_a_file_that_is_gone_leaves_the_album_until_it_is_back(catalog: Catalog) -> None:
    number = add(catalog, _ONE, "p")
    _gone(catalog, "1.jpg")
    with catalog.read() as session:
        assert list_photos(session) == []
        assert [photo.paths for photo in list_photos(session, gone=True)] == [()]
    assert add(catalog, _ONE, "p") == number
    assert _files(catalog)["1.jpg"].missing_since is None


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [
        (PhotoFacts(taken_at=_MOMENT), PhotoFacts(taken_at=_MOMENT), True),
        (PhotoFacts(taken_at=_MOMENT, phash=1), PhotoFacts(taken_at=datetime(2025, 1, 1), phash=1),
         False),
        (PhotoFacts(phash=0), PhotoFacts(phash=2**10 - 1), True),
        (PhotoFacts(phash=0), PhotoFacts(phash=2**64 - 1), False),
        (PhotoFacts(), PhotoFacts(), False),
    ],
)  # fmt: skip
def test_decisions_follow_an_edit_and_not_a_name_used_again(
    catalog: Catalog, before: PhotoFacts, after: PhotoFacts, follows: bool
) -> None:
    add(catalog, _ONE, "p")
    _measure(catalog, "1.jpg", before)
    catalog.decide(SetFlag(photos=(sha("p"),), flag="pick"), at=NOW)
    add(catalog, _ONE, "edited")
    _measure(catalog, "1.jpg", after)
    for _ in range(2):
        with catalog.write() as session:
            follow_edited_photos(session, at=LATER)
    file = _files(catalog)["1.jpg"]
    assert (file.sha256, file.first_sha256) == (sha("edited"), sha("p"))
    picked = {sha("p"), sha("edited")} if follows else {sha("p")}
    assert catalog.decisions() == Decisions(flags=dict.fromkeys(picked, "pick"))


def test_exchanged_names_change_no_decision(catalog: Catalog) -> None:
    for path, content in ((_ONE, "p"), (_TWO, "q")):
        add(catalog, path, content)
        _measure(catalog, path.name, PhotoFacts(phash=7))
    catalog.decide(SetFlag(photos=(sha("p"),), flag="pick"), at=NOW)
    add(catalog, _ONE, "q")
    add(catalog, _TWO, "p")
    with catalog.write() as session:
        follow_edited_photos(session, at=LATER)
    assert catalog.decisions() == Decisions(flags={sha("p"): "pick"})


def test_failures_count_up_and_go_when_the_file_can_be_used(catalog: Catalog) -> None:
    number = add(catalog, _ONE, None)
    for attempt in (1, 2):
        with catalog.write() as session:
            error = UnreadableImage("the file is cut short", path=_ONE, remedy="copy it again")
            put_failure(session, number, error, at=LATER)
        assert _files(catalog)["1.jpg"].attempts == attempt
    with catalog.read() as session:
        (failure,) = list_failures(session)
    assert (failure.path, failure.kind, failure.attempts) == (_ONE, "UnreadableImage", 2)
    assert failure.message == "the file is cut short (copy it again)"
    add(catalog, _ONE, "p")
    with catalog.read() as session:
        assert list_failures(session) == []
    assert _files(catalog)["1.jpg"].first_sha256 == sha("p")


def test_a_pair_shows_its_main_file(catalog: Catalog) -> None:
    main, raw = add(catalog, _ONE, "p"), add(catalog, Path("/a/1.dng"), "raw")
    with catalog.write() as session:
        link_to_main(session, raw, main_id=main)
    with catalog.read() as session:
        assert [photo.sha256 for photo in list_photos(session)] == [sha("p")]
    assert _files(catalog)["1.dng"].main_id == main
    with catalog.write() as session:
        link_to_main(session, raw, main_id=None)
    with catalog.read() as session:
        assert len(list_photos(session)) == 2


def test_a_link_leads_to_the_file(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path.resolve() / "1.jpg"
    file.touch()
    (tmp_path / "link.jpg").symlink_to(file)
    add(catalog, file, "p")
    with catalog.read() as session:
        assert content_of(session, tmp_path / "link.jpg") == sha("p")
        with pytest.raises(CatalogError, match=r"2\.jpg: .*not in the catalog.*scan"):
            content_of(session, _TWO)
