"""Photographs read under a limit on time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import ImageError, ImageTimeout, OutOfRange, UnreadableImage
from goodside.images import Limits, Photo, read_photo, read_photo_guarded, read_photos_guarded
from goodside.images.decoding import worker as decode_worker
from goodside.images.decoding.plain_jpeg import is_plain_jpeg
from tests.images.made import encode, textured
from tests.workers.made import open_slowly

_ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True, scope="module")
def _end_workers() -> Iterator[None]:
    yield
    decode_worker.close_workers()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    picture = textured(640, 480)
    for number, kind in enumerate(("PNG", "JPEG", "WEBP", "TIFF")):
        (tmp_path / f"{number}.{kind.lower()}").write_bytes(encode(picture, kind))
    return sorted(tmp_path.iterdir())


def test_it_is_the_same_picture_in_the_same_order(photos: list[Path]) -> None:
    for path, read in read_photos_guarded(photos, fit_px=100):
        plain = read_photo(path, fit_px=100)
        assert isinstance(read, Photo)
        np.testing.assert_array_equal(read.rgb, plain.rgb)
        assert (read.path, read.format) == (str(path), plain.format)
        assert (read.width, read.height, read.scale) == (640, 480, plain.scale)
    assert [path for path, _ in read_photos_guarded(iter(photos))] == photos


def test_files_bytes_and_pixels_may_be_mixed(photos: list[Path]) -> None:
    data, pixels = photos[0].read_bytes(), np.zeros((5, 7, 3), np.uint8)
    mixed: list[Path | bytes | np.ndarray] = [photos[0], data, pixels, photos[0].parent / "none"]
    read = [found for _, found in read_photos_guarded(mixed)]
    assert [one.path for one in read] == [str(photos[0]), None, None, str(mixed[3])]
    assert isinstance(read[3], UnreadableImage)
    with pytest.raises(ImageError, match="expected a path"):
        read_photo_guarded(object())  # type: ignore[arg-type]


def test_one_that_never_ends_costs_itself(
    photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    decode_worker.close_workers()
    monkeypatch.setattr(decode_worker, "open_decoder", open_slowly)
    endless = photos[0].rename(photos[0].with_name("endless.png"))
    limits = Limits(timeout_s=5)
    named = [photos[1], endless, photos[2]]
    read = [found for _, found in read_photos_guarded(named, limits=limits)]
    assert [type(one) for one in read] == [Photo, ImageTimeout, Photo]
    assert str(read[1]).startswith(f"{endless}: it was not done after 5 s")
    with pytest.raises(ImageTimeout, match=r"endless\.png"):
        read_photo_guarded(endless, limits=Limits(timeout_s=0.1))
    decode_worker.close_workers()


def test_a_script_needs_no_guard_and_may_fork(photos: list[Path]) -> None:
    code = f"""
import os
from goodside.images import read_photo_guarded
print(read_photo_guarded({str(photos[0])!r}).width, flush=True)
child = os.fork()
print(read_photo_guarded({str(photos[0])!r}).height, flush=True)
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(_ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, sorted(done.stdout.split())) == (0, ["480", "480", "640"]), done.stderr


def test_a_plain_jpeg_starts_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse() -> object:
        raise AssertionError("a process was asked for")

    monkeypatch.setattr(decode_worker, "_crew", refuse)
    data = encode(textured(64, 48), "JPEG")
    assert read_photo_guarded(data).width == 64
    assert [
        found.width for _, found in read_photos_guarded([data]) if isinstance(found, Photo)
    ] == [64]
    with pytest.raises(UnreadableImage, match="no such file"):
        read_photo_guarded(tmp_path / "none.jpg")
    png = encode(textured(64, 48), "PNG")
    assert read_photo_guarded(png, limits=Limits(timeout_s=None)).width == 64


def _segment(marker: int, size: int) -> bytes:
    return bytes((0xFF, marker)) + (size + 2).to_bytes(2) + bytes(size)


_PLAIN = encode(textured(64, 48), "JPEG")


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (_PLAIN, True),
        (encode(textured(64, 48), "JPEG", progressive=True), True),
        (_PLAIN[:2] + 20 * _segment(0xE1, 60_000) + _PLAIN[2:], True),
        (_PLAIN[:2] + 80 * _segment(0xE1, 9) + _PLAIN[2:], False),
        (_PLAIN[:2] + 1000 * b"\xff" + _PLAIN[2:], False),
        (_PLAIN + bytes(16_000_000), False),
        (_PLAIN + 70_000 * b"\xff\xda", False),
        (_PLAIN[:50], False),
        (encode(textured(64, 48), "PNG"), False),
        (b"", True),
    ],
)
def test_which_jpeg_is_plain(data: bytes, plain: bool) -> None:
    assert is_plain_jpeg(data, limits=Limits()) is plain


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), 1e300])
@pytest.mark.parametrize("name", ["max_megapixels", "max_megabytes", "timeout_s"])
def test_limits_are_numbers_above_nothing(name: str, value: float) -> None:
    with pytest.raises(OutOfRange, match=name):
        replace(Limits(), **{name: value})  # type: ignore[arg-type]
