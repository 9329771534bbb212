"""Damage is found wherever it is, and a damaged row costs itself alone."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from goodside.album.catalog import (
    Rate,
    drop_unreadable,
    entries,
    list_faces,
    list_files,
    list_groups,
    list_photos,
    read_crops,
    read_thumbnails,
    read_vectors,
    undo,
)
from goodside.album.catalog.checksums import correct, decode, encode, row_sum
from goodside.album.catalog.columns import Text
from goodside.errors import CatalogError
from tests.album.catalog.damaged import PHOTOS, change, exchange, opened, whole
from tests.album.catalog.made import LATER, NOW, sha

_FLIPS = (
    ("UPDATE assessment SET tags = '{\"sea\": 0>75}' WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE assessment SET distribution = '[0.1]x' WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE assessment SET tags = '[1]' WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE assessment SET score = 'six' WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE assessment SET score = 6.25 WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE assessment SET embedding = x'3c003c' WHERE photo_id = 2", "assessment", "2"),
    ("UPDATE photo SET taken_at = 'yesterday' WHERE id = 2", "photo", "2"),
    ("UPDATE photo SET camera = CAST(x'4dff' AS TEXT) WHERE id = 2", "photo", "2"),
    ("UPDATE photo SET sha256 = x'00' WHERE id = 2", "photo", "2"),
    ("UPDATE face SET points = x'00' WHERE id = 2", "face", "2"),
    ('UPDATE face SET "left" = 9e999 WHERE id = 2', "face", "2"),
    ("UPDATE face SET crop = x'00' WHERE id = 2", "face", "2"),
    ("UPDATE assignment SET person = 'x' WHERE face_id = 2", "assignment", "2"),
    ("UPDATE thumbnail SET jpeg = x'00' WHERE photo_id = 2", "thumbnail", "2"),
    ("UPDATE photo_group SET kind = x'00'", "photo_group", "1"),
    ("UPDATE group_member SET photo_id = 3 WHERE position = 0", "group_member", "1,0"),
    ("UPDATE file SET mtime_ns = 'x' WHERE id = 2", "file", "2"),
    ("UPDATE folder SET path = 'text'", "folder", "1"),
    ("UPDATE journal SET payload = '{' WHERE id = 2", "journal", "2"),
    ("DELETE FROM thumbnail WHERE photo_id = 2", "thumbnail", "2"),
    ("UPDATE checksum SET value = 1 WHERE name = 'photo' AND key = '2'", "photo", "2"),
)


@pytest.mark.parametrize(("statement", "table", "row"), _FLIPS)
def test_a_damaged_row_is_found_and_costs_itself(
    tmp_path: Path, statement: str, table: str, row: str
) -> None:
    path = whole(tmp_path / "catalog.db")
    with opened(path) as catalog:
        assert catalog.find_damage() == []
        catalog.check()
    change(path, statement)
    with opened(path) as catalog:
        assert [(one.table, one.key) for one in catalog.find_damage()] == [(table, row)]
        with pytest.raises(CatalogError, match=r"damaged: row .* \(goodside album repair"):
            catalog.check()
        with catalog.read() as session:
            photos, faces = list_photos(session), list_faces(session)
            list_files(session)
            list_groups(session)
            read_vectors(session)
            thumbnails = read_thumbnails(session, [photo.id for photo in photos])
            crops = read_crops(session, [one.id for one in faces])
            decided = entries(session)
    lost = PHOTOS - 1
    assert len(photos) >= lost
    assert len(faces) >= lost
    assert sum(photo.judged is not None for photo in photos) >= lost
    assert len(thumbnails) >= lost
    assert len(crops) >= lost
    assert len(decided) >= 4


def test_what_was_left_out_is_noted(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    change(path, _FLIPS[0][0])
    with opened(path) as catalog:
        with catalog.read() as session:
            photos = list_photos(session)
        assert [photo.judged is None for photo in photos] == [False, True, False, False]
        (row,) = catalog.damaged.values()
        assert str(row) == "row 2 of assessment: tags cannot be read"


def test_a_damaged_entry_is_passed_over_by_readers_and_stops_writers(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    change(path, "UPDATE journal SET payload = '{' WHERE id = 2")
    with opened(path) as catalog:
        decided = catalog.decisions()
        assert decided.stars == {}
        assert decided.flags == {sha(1): "pick"}
        assert [(row.table, row.key) for row in catalog.damaged.values()] == [("journal", "2")]
        with pytest.raises(CatalogError, match=r"entry 2 .*album repair"):
            undo(catalog, at=LATER)
        catalog.decide(Rate(photos=(sha(1),), stars=1), at=NOW)
        with (
            pytest.raises(CatalogError, match=r"entry 2 .*album repair"),
            catalog.write() as session,
        ):
            drop_unreadable(session)


@pytest.mark.parametrize(
    ("statement", "due"),
    [
        (_FLIPS[0][0], "judged_by"),
        (_FLIPS[6][0], "sha256"),
        (_FLIPS[9][0], "faces_by"),
        (_FLIPS[12][0], "faces_by"),
    ],
)
def test_what_cannot_be_read_is_due_for_the_next_scan(
    tmp_path: Path, statement: str, due: str
) -> None:
    path = whole(tmp_path / "catalog.db")
    change(path, statement)
    with opened(path) as catalog:
        with catalog.write() as session:
            assert len(drop_unreadable(session)) >= 1
        with catalog.read() as session:
            assert [getattr(file, due) is None for file in list_files(session)] == [
                False, True, False, False
            ]  # fmt: skip


def test_a_flipped_byte_in_the_file_is_found(tmp_path: Path) -> None:
    path = whole(tmp_path / "catalog.db")
    exchange(path, b"Maker Model", b"Maker Modem")
    with opened(path) as catalog:
        (row,) = catalog.find_damage()
        assert re.fullmatch(r"row \d of photo: is not what was written", str(row))


def test_a_row_with_one_wrong_byte_is_made_out() -> None:
    row = (7, None, 0.5, "café", b"\x00\xff", -1)
    encoded = encode(row)
    assert decode(encoded) == [7, None, 0.5, Text("café".encode()), b"\x00\xff", -1]
    for place in range(len(encoded)):
        damaged = bytearray(encoded)
        damaged[place] ^= 0x41
        wrong = row_sum(*row) ^ zlib.crc32(damaged)
        assert encoded in list(correct(bytes(damaged), wrong=wrong))
