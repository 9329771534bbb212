"""Sidecars as files: where they lie, whose they are, and that none is ever lost or half written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PIL import Image

from goodside.errors import OutputError, SidecarError
from goodside.images.sidecars.names import SidecarStyle
from goodside.images.sidecars.sidecar import read_sidecar, write_sidecar
from goodside.images.xmp.content import SidecarContent
from tests.images.made import encode, gradient
from tests.images.sidecar_samples import (
    CONTENT,
    DARKTABLE,
    FRAME,
    LIGHTROOM,
    read_with_elementtree,
)


@pytest.mark.parametrize("style", ["adobe", "ext", "both"])
def test_written_once(style: SidecarStyle, tmp_path: Path) -> None:
    photo = tmp_path / "IMG_1.JPG"
    photo.write_bytes(encode(gradient(20, 10), "JPEG"))
    before, when = photo.read_bytes(), photo.stat().st_mtime_ns
    first = write_sidecar(photo, CONTENT, style=style, frame=FRAME)
    again = write_sidecar(photo, CONTENT, style=style, frame=FRAME)
    assert [written.changed for written in first] == [True] * len(first)
    assert [written.changed for written in again] == [False] * len(first)
    names = {"adobe": {"IMG_1.xmp"}, "ext": {"IMG_1.JPG.xmp"}}
    expected = names.get(style, {"IMG_1.xmp", "IMG_1.JPG.xmp"})
    assert {path.name for path in tmp_path.iterdir()} == expected | {"IMG_1.JPG"}
    assert (photo.read_bytes(), photo.stat().st_mtime_ns) == (before, when)


def test_in_a_folder_of_their_own(tmp_path: Path) -> None:
    photo = tmp_path / "photos" / "may" / "a.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(encode(gradient(20, 10), "JPEG"))
    (written,) = write_sidecar(
        photo, SidecarContent(rating=1), folder=tmp_path / "beside", root=tmp_path / "photos"
    )
    assert written.path == tmp_path / "beside" / "may" / "a.jpg.xmp"
    assert read_sidecar(written.path).rating == 1
    assert [path.name for path in photo.parent.iterdir()] == ["a.jpg"]


def test_a_new_sidecar_starts_with_what_the_photograph_says(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(encode(gradient(60, 40), "JPEG", xmp=LIGHTROOM))
    (written,) = write_sidecar(photo, CONTENT, frame=FRAME)
    seen = read_with_elementtree(written.path)
    assert seen.rating == 3
    assert seen.subject == ["Familie", "Anna", "Cat", "blue & <sky>"]
    assert [region[0] for region in seen.regions] == ["Anna", 'Änna "A" & <B>', ""]
    assert b"Exposure2012" not in written.path.read_bytes()


@pytest.mark.parametrize("existing", [None, DARKTABLE.replace(b'xmp:Rating="0"', b"")])
@pytest.mark.parametrize("spelled", ["xmp", "exif"])
def test_a_rating_inside_the_photograph_is_kept(
    spelled: str, existing: bytes | None, tmp_path: Path
) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    exif = Image.Exif()
    exif[0x4746] = 3
    if spelled == "xmp":
        photo.write_bytes(encode(gradient(60, 40), "JPEG", xmp=LIGHTROOM))
    else:
        photo.write_bytes(encode(gradient(60, 40), "JPEG", exif=exif))
    if existing is not None:
        path.write_bytes(existing)
    (written,) = write_sidecar(photo, SidecarContent(rating=5))
    assert written.notes
    assert not written.changed
    write_sidecar(photo, SidecarContent(rating=5, tags=("new",)))
    assert read_sidecar(path).rating == 3


def test_raw_and_jpeg_share_one(tmp_path: Path) -> None:
    for name in ("IMG_1.CR2", "IMG_1.JPG"):
        (tmp_path / name).write_bytes(encode(gradient(60, 40), "JPEG"))
    (tmp_path / "IMG_1.xmp").write_bytes(DARKTABLE)
    raw = write_sidecar(tmp_path / "IMG_1.CR2", CONTENT, style="adobe", frame=FRAME)
    jpeg = write_sidecar(tmp_path / "IMG_1.JPG", CONTENT, style="adobe", frame=FRAME)
    assert [written.changed for written in (*raw, *jpeg)] == [True, False]
    assert raw[0].path == jpeg[0].path == tmp_path / "IMG_1.xmp"
    assert b"filmicrgb" in raw[0].path.read_bytes()


@pytest.mark.parametrize(
    "existing", [b"", b"no xml", b"<!DOCTYPE a><a/>", b"<html/>", encode(gradient(9, 9), "JPEG")]
)
def test_a_damaged_sidecar_is_left_alone(existing: bytes, tmp_path: Path) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    path.write_bytes(existing)
    with pytest.raises(SidecarError) as caught:
        write_sidecar(photo, SidecarContent(rating=3))
    assert caught.value.path == str(path)
    assert caught.value.remedy
    assert path.read_bytes() == existing


def test_a_link_to_an_original_is_not_followed(tmp_path: Path) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    before = photo.read_bytes()
    path.symlink_to(photo)
    with pytest.raises(SidecarError):
        write_sidecar(photo, SidecarContent(rating=3))
    assert photo.read_bytes() == before


def test_permissions_stay(tmp_path: Path) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    path.write_bytes(LIGHTROOM)
    path.chmod(0o600)
    write_sidecar(photo, SidecarContent(tags=("new",)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_half_written_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    path.write_bytes(LIGHTROOM)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="the disk is full"):
        write_sidecar(photo, SidecarContent(tags=("new",)))
    assert path.read_bytes() == LIGHTROOM
    assert {found.name for found in tmp_path.iterdir()} == {"a.jpg", "a.jpg.xmp"}


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    with pytest.raises((OutputError, SidecarError)) as caught:
        write_sidecar(photo, SidecarContent(rating=1), folder=photo / "in a file", root=tmp_path)
    assert caught.value.path


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(SidecarError, match="no such file"):
        read_sidecar(tmp_path / "a.xmp")
