"""Writing pictures whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from goodside.errors import OutputError
from goodside.images import read_photo, save_image
from goodside.images.writing.atomic import atomic_write
from tests.images.made import gradient, textured

PICTURE = gradient(48, 32)


@pytest.mark.parametrize(
    ("name", "kind", "tolerance"),
    [
        ("a.jpg", "JPEG", 3),
        ("a.JPEG", "JPEG", 3),
        ("a.png", "PNG", 0),
        ("a.webp", "WEBP", 4),
        ("a.tif", "TIFF", 0),
        ("a.tiff", "TIFF", 0),
    ],
)
def test_round_trip(name: str, kind: str, tolerance: float, tmp_path: Path) -> None:
    path = save_image(str(tmp_path / name), PICTURE)
    photo = read_photo(path)
    assert photo.format == kind
    assert np.abs(photo.rgb.astype(int) - PICTURE).mean() <= tolerance
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_quality(tmp_path: Path) -> None:
    picture = textured(200, 150)
    sizes = [
        save_image(tmp_path / f"{quality}.jpg", picture, quality=quality).stat().st_size
        for quality in (30, 92)
    ]
    assert sizes[0] < sizes[1] / 2


def test_noise_at_full_quality(tmp_path: Path) -> None:
    """The least compressible picture: encoders must not run out of buffer."""
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    for name in ("a.jpg", "a.webp"):
        assert read_photo(save_image(tmp_path / name, noise, quality=100)).width == 400


def test_no_overwriting_unless_asked(tmp_path: Path) -> None:
    path = save_image(tmp_path / "a.png", PICTURE)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="exists") as caught:
        save_image(path, PICTURE[::-1])
    assert caught.value.path == str(path)
    assert path.read_bytes() == before
    save_image(path, np.ascontiguousarray(PICTURE[::-1]), overwrite=True)
    assert np.array_equal(read_photo(path).rgb, PICTURE[::-1])
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "a.bin"

    def write() -> None:
        with atomic_write(path, overwrite=False) as stream:
            stream.write(b"ours")
            path.write_bytes(b"theirs")

    with pytest.raises(OutputError, match="exists"):
        write()
    assert path.read_bytes() == b"theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_file_systems_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: str, **_folders: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    assert read_photo(save_image(tmp_path / "a.png", PICTURE)).width == 48
    test_a_file_that_appears_meanwhile_is_kept(tmp_path / "b")


def test_nothing_is_left_of_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_image(tmp_path / "a.png", PICTURE)
    before = path.read_bytes()

    def fail(_image: Image.Image, stream: Any, _kind: str, **_options: Any) -> None:
        stream.write(b"half a picture")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OutputError, match="the disk is full"):
        save_image(path, PICTURE, overwrite=True)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_ordinary_permissions(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        path = save_image(tmp_path / "a.png", PICTURE)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.heic", "no format"),
        ("a", "no format"),
        ("nowhere/a.jpg", "folder does not exist"),
        ("file/a.jpg", "cannot be written"),
        ("n" * 300 + ".jpg", "cannot be written"),
    ],
)
def test_refusals(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=reason) as caught:
        save_image(tmp_path / name, PICTURE)
    assert caught.value.remedy


@pytest.mark.parametrize(("name", "width"), [("a.jpg", 70_000), ("a.webp", 17_000)])
def test_too_large_for_the_format(name: str, width: int, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="pixels a side") as caught:
        save_image(tmp_path / name, np.zeros((1, width, 3), np.uint8))
    assert "PNG" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
