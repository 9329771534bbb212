"""Whatever stands under the name of a file that is read: an error, at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goodside.aesthetics.evaluation.rated_photos import read_rows
from goodside.aesthetics.ratings import read_ratings
from goodside.aesthetics.taste import Taste
from goodside.album.catalog import import_journal, open_catalog
from goodside.album.export.copies import copy_photos
from goodside.album.report import read_credits
from goodside.errors import GoodsideError
from goodside.images import read_mark, read_photo
from goodside.images.metadata.photo_metadata import read_metadata
from goodside.images.sidecars.sidecar import read_sidecar, write_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.regular_file import NotRegularFile, open_regular, read_regular, read_text
from goodside.rotation.evaluation.verification import read_pairs
from goodside.rotation.evaluation.views import read_rgba, read_views
from goodside.rotation.generator.templates import read_templates
from goodside.runtime import read_card
from tests.album.scan.made import photo
from tests.special_files import KINDS, alarm, put_special

_SAID = ("it is a folder", "Is a directory", "it is a pipe or a device")


@pytest.fixture(autouse=True)
def never_hangs() -> Iterator[None]:
    with alarm():
        yield


def _import(path: Path) -> None:
    with open_catalog(path.parent / "catalog.db") as catalog:
        import_journal(catalog, path)


def _copy(path: Path) -> None:
    copy_photos([path], path.parent / "copies")


_READERS: dict[str, Callable[[Path], object]] = {
    "photo.jpg": read_photo,
    "facts.jpg": read_metadata,
    "mark.jpg": read_mark,
    "a.jpg.xmp": read_sidecar,
    "ratings.csv": lambda path: read_rows(path, needed=("image",)),
    "learn.csv": lambda path: read_ratings(path, photos=path.parent),
    "pairs.csv": lambda path: read_pairs(path, folder=path.parent),
    "views.csv": read_views,
    "view.png": read_rgba,
    "taste.json": Taste.read,
    "card.json": read_card,
    "templates.npz": read_templates,
    "CREDITS.md": read_credits,
    "journal.jsonl": _import,
    "copied.jpg": _copy,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", _READERS)
def test_readers_refuse_what_is_no_file(tmp_path: Path, name: str, kind: str) -> None:
    put_special(tmp_path / name, kind)
    with pytest.raises(GoodsideError) as caught:
        _READERS[name](tmp_path / name)
    assert any(what in str(caught.value) for what in _SAID)
    assert caught.value.remedy


@pytest.mark.parametrize("kind", KINDS)
def test_a_sidecar_that_is_no_file_is_neither_read_nor_replaced(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.jpg").write_bytes(photo())
    put_special(tmp_path / "a.jpg.xmp", kind)
    before = (tmp_path / "a.jpg.xmp").lstat()
    facts = read_metadata(tmp_path / "a.jpg", sidecars=[tmp_path / "a.jpg.xmp"])
    (note,) = facts.notes
    assert note.startswith("a.jpg.xmp is left out: ")
    assert any(what in note for what in _SAID)
    with pytest.raises(GoodsideError, match="|".join(_SAID)):
        write_sidecar(tmp_path / "a.jpg", SidecarContent(rating=3))
    assert (tmp_path / "a.jpg.xmp").lstat() == before


@pytest.mark.parametrize("kind", KINDS)
def test_opening(tmp_path: Path, kind: str) -> None:
    put_special(tmp_path / "it", kind)
    with pytest.raises(NotRegularFile, match="|".join(_SAID)):
        open_regular(tmp_path / "it")


def test_what_takes_the_files_place_between_looking_and_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it").write_bytes(b"x")
    looked = (tmp_path / "it").stat()
    (tmp_path / "it").unlink()
    os.mkfifo(tmp_path / "it")
    with monkeypatch.context() as late:
        late.setattr(Path, "stat", lambda *_, **__: looked)
        with pytest.raises(NotRegularFile, match="pipe"):
            open_regular(tmp_path / "it")


def test_sizes(tmp_path: Path) -> None:
    (tmp_path / "it").write_bytes(b"12345")
    assert read_regular(tmp_path / "it", max_bytes=5) == b"12345"
    assert read_text(tmp_path / "it", max_bytes=5) == "12345"
    with pytest.raises(OSError, match="more than"):
        read_regular(tmp_path / "it", max_bytes=4)
    if Path("/proc/self/status").exists():  # whose size is said to be 0
        with pytest.raises(OSError, match="more than"):
            read_regular("/proc/self/status", max_bytes=4)


def test_a_descriptor_is_not_handed_to_programs_we_start(tmp_path: Path) -> None:
    (tmp_path / "it").write_bytes(b"x")
    with open_regular(tmp_path / "it") as stream:
        assert not os.get_inheritable(stream.fileno())
