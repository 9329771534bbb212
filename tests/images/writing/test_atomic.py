"""Files that appear whole, beside links that somebody planted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from goodside.errors import OutputError
from goodside.images import atomic_write
from goodside.images.sidecars.sidecar import read_sidecar, write_sidecar
from goodside.images.xmp.content import SidecarContent


def _write(path: Path, **options: object) -> None:
    with atomic_write(path, **({"overwrite": True} | options)) as stream:  # type: ignore[arg-type]
        stream.write(b"ours")


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    outside, path = tmp_path / "outside", tmp_path / "a.txt"
    outside.write_bytes(b"theirs")
    path.symlink_to(outside)
    with pytest.raises(OutputError, match="exists"):
        _write(path, overwrite=False)
    _write(path)
    assert not path.is_symlink()
    assert (path.read_bytes(), outside.read_bytes()) == (b"ours", b"theirs")


def test_a_link_that_leads_nowhere_makes_nothing_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.symlink_to(tmp_path / "outside")
    _write(path)
    assert [found.name for found in tmp_path.iterdir()] == ["a.txt"]
    assert not path.is_symlink()


@pytest.mark.parametrize("depth", ["a", "a/b", "a/b/c"])
def test_no_folder_on_the_way_may_be_a_link(tmp_path: Path, depth: str) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    (outside / "b" / "c").mkdir(parents=True)
    link = home / depth
    link.parent.mkdir(parents=True)
    link.symlink_to(outside, target_is_directory=True)
    with pytest.raises(OutputError, match="link stands in the way"):
        _write(home / "a" / "b" / "c" / "file", below=home)
    assert not any(path.is_file() for path in outside.rglob("*"))


def test_missing_folders_are_made_and_the_first_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    home = tmp_path / "home"
    home.symlink_to(tmp_path / "real", target_is_directory=True)
    _write(home / "a" / "b" / "file", below=home)
    assert (tmp_path / "real" / "a" / "b" / "file").read_bytes() == b"ours"


@pytest.mark.parametrize("place", ["../file", "a/../../file", "/tmp/elsewhere/file"])
def test_a_place_outside_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(OutputError, match="does not lie in"):
        _write(tmp_path / "home" / place, below=tmp_path / "home")


def test_a_folder_exchanged_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    """The file goes into the folder that was opened, whatever its name means by then."""
    home, outside = tmp_path / "home", tmp_path / "outside"
    (home / "a").mkdir(parents=True)
    outside.mkdir()
    with atomic_write(home / "a" / "file", overwrite=True, below=home) as stream:
        stream.write(b"ours")
        (home / "a").rename(home / "moved")
        (home / "a").symlink_to(outside, target_is_directory=True)
    assert list(outside.iterdir()) == []
    assert (home / "moved" / "file").read_bytes() == b"ours"


def test_an_original_that_appears_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def write() -> None:
        with atomic_write(path, overwrite=True):
            path.write_bytes(b"\xff\xd8\xff\xe0 a photograph")

    with pytest.raises(OutputError, match="replace a photograph"):
        write()
    assert path.read_bytes().startswith(b"\xff\xd8")
    assert len(list(tmp_path.iterdir())) == 1


def test_permissions_stay_or_are_as_asked(tmp_path: Path) -> None:
    path, before = tmp_path / "a.txt", os.umask(0o022)
    try:
        _write(path)
        assert path.stat().st_mode & 0o777 == 0o644
        path.chmod(0o664)
        _write(path)
        assert path.stat().st_mode & 0o777 == 0o664
        _write(path, mode=0o600)
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_long_name_in_any_script(tmp_path: Path) -> None:
    path = tmp_path / ("写" * 80)  # 240 bytes
    _write(path)
    assert path.read_bytes() == b"ours"


@pytest.mark.parametrize("planted", ["trip", "trip/a.jpg.xmp"])
def test_sidecars_do_not_leave_their_folder(tmp_path: Path, planted: str) -> None:
    photo, folder, outside = tmp_path / "trip" / "a.jpg", tmp_path / "xmp", tmp_path / "outside"
    photo.parent.mkdir()
    photo.write_bytes(b"photo")
    outside.mkdir()
    (folder / planted).parent.mkdir(parents=True)
    (folder / planted).symlink_to(outside if planted == "trip" else outside / "victim.xmp")
    with pytest.raises(OutputError, match="link"):
        write_sidecar(photo, SidecarContent(rating=3), folder=folder, root=tmp_path)
    assert list(outside.iterdir()) == []


def test_a_sidecar_replaces_a_link_beside_the_photograph(tmp_path: Path) -> None:
    photo, outside = tmp_path / "a.jpg", tmp_path / "outside.xmp"
    photo.write_bytes(b"photo")
    write_sidecar(tmp_path / "other.jpg", SidecarContent(rating=1))
    (tmp_path / "other.jpg.xmp").rename(outside)
    before = outside.read_bytes()
    (tmp_path / "a.jpg.xmp").symlink_to(outside)
    (written,) = write_sidecar(photo, SidecarContent(rating=3))
    assert written.changed
    assert not written.path.is_symlink()
    assert outside.read_bytes() == before


def test_a_sidecar_of_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    photo = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    photo.write_bytes(b"photo")
    for folder in (None, tmp_path / "xmp"):
        (written,) = write_sidecar(photo, SidecarContent(rating=3), folder=folder, root=tmp_path)
        assert os.fsencode(written.path.name) == b"caf\xe9.jpg.xmp"
        assert read_sidecar(written.path).rating == 3
