"""Files that cannot be used: which error, with path, reason and remedy; and no harm done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from goodside.errors import ImageError, ImageTooLarge, UnreadableImage
from goodside.images import Limits, read_photo
from tests.images.made import encode, gradient, png_bomb, png_header, textured

JPEG = encode(textured(320, 240), "JPEG")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"just some words, and no picture\n", "is text"),
        ("Grüße, kein Bild".encode(), "is text"),
        (b"<html><body>404</body></html>", "web page"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"8BPS\x00\x01" + bytes(40), "Photoshop"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(40), "video"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (bytes(5000), "zeros"),
        (b"\x01\x02\x03\x04\x05", "no known"),
        (JPEG[: len(JPEG) // 16], "cut short"),
        (JPEG[:300], "damaged or cut short"),
        (b"\xff\xd8\xff", "damaged"),
        (encode(gradient(64, 64), "PNG")[:150], "damaged or cut short"),
        (encode(textured(64, 64), "WEBP")[:200], "damaged"),
        (encode(gradient(64, 64), "AVIF")[:200], "damaged"),
        (encode(gradient(64, 64), "TIFF")[:200], "damaged"),
        (encode(textured(64, 64), "GIF")[:900], "damaged"),
        (encode(gradient(64, 64), "BMP")[:900], "damaged or cut short"),
        (b"II*\x00\xff\xff\xff\xff", "damaged"),
    ],
)
def test_content(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    for fit_px in (None, 16):
        with pytest.raises(UnreadableImage) as caught:
            read_photo(path, fit_px=fit_px)
        assert reason in caught.value.message
        assert caught.value.path == str(path)
        assert caught.value.remedy
        assert str(caught.value).startswith(f"{path}: ")
        assert "object at 0x" not in str(caught.value)


def _missing(folder: Path) -> Path:
    return folder / "nowhere.jpg"


def _folder(folder: Path) -> Path:
    return folder


def _dangling(folder: Path) -> Path:
    link = folder / "link.jpg"
    link.symlink_to(folder / "gone.jpg")
    return link


def _loop(folder: Path) -> Path:
    link = folder / "loop.jpg"
    link.symlink_to(link)
    return link


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.jpg")
    return folder / "pipe.jpg"


def _inside_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"x")
    return folder / "file" / "photo.jpg"


def _long_name(folder: Path) -> Path:
    return folder / ("n" * 300 + ".jpg")


def _null_in_name(folder: Path) -> Path:
    return folder / "a\x00b.jpg"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_missing, "no such file"),
        (_folder, "is a folder"),
        (_dangling, "no such file"),
        (_loop, "cannot be opened"),
        (_pipe, "a pipe or a device"),
        (_inside_a_file, "cannot be opened"),
        (_long_name, "cannot be opened"),
        (_null_in_name, "cannot be opened"),
    ],
)
def test_path(make: Callable[[Path], Path], reason: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    with pytest.raises(UnreadableImage, match=reason) as caught:
        read_photo(path)
    assert caught.value.path == str(path)
    assert caught.value.remedy


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.jpg"
    path.write_bytes(JPEG)

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # root may read everything, so file modes do not do
    with pytest.raises(UnreadableImage, match="no permission"):
        read_photo(path)


def test_disc_error_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)

    def fail(_image: Image.Image) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(UnreadableImage, match="Input/output error"):
        read_photo(path)


def test_limit_on_bytes(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(JPEG)
    with pytest.raises(ImageTooLarge, match=r"the limit is 0\.001 MB") as caught:
        read_photo(path, limits=Limits(max_megabytes=0.001))
    assert "GOODSIDE_MAX_MEGABYTES" in str(caught.value)
    with pytest.raises(ImageTooLarge):
        read_photo(JPEG, limits=Limits(max_megabytes=0.001))


def test_a_large_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.jpg"
    with path.open("wb") as stream:
        stream.truncate(600_000_000)  # a hole: it takes no room

    def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(ImageTooLarge, match=r"600\.0 MB"):
        read_photo(path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
def test_limit_on_pixels(kind: str) -> None:
    data = encode(gradient(100, 80), kind)
    assert read_photo(data, limits=Limits(max_megapixels=0.008)).width == 100
    with pytest.raises(ImageTooLarge, match="100 x 80 pixels") as caught:
        read_photo(data, limits=Limits(max_megapixels=0.0079))
    assert "GOODSIDE_MAX_MEGAPIXELS" in str(caught.value)


@pytest.mark.parametrize("side", [15_900, 30_000, 2**31 - 1])
def test_claimed_size_is_refused_from_the_header(side: int) -> None:
    with pytest.raises(ImageError) as caught:
        read_photo(png_header(side, side))
    if side < 2**30:
        assert isinstance(caught.value, ImageTooLarge)
        assert f"{side * side / 1e6:.1f} megapixels" in caught.value.message


def test_bomb_takes_no_memory(tmp_path: Path) -> None:
    """30,000 x 30,000 pixels in one small valid file: refused in a process of ordinary size.

    The peak is read from the kernel's own account (Linux), which begins anew with the program;
    getrusage's would inherit that of the test run.
    """
    path = tmp_path / "bomb.png"
    path.write_bytes(png_bomb(30_000))
    assert path.stat().st_size < 1_000_000
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from goodside.errors import ImageTooLarge\n"
        "from goodside.images import read_photo\n"
        "def peak():\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    return int(status.split('VmHWM:')[1].split()[0]) // 1024\n"
        "before = peak()\n"
        "try:\n"
        "    read_photo(sys.argv[1])\n"
        "except ImageTooLarge as error:\n"
        "    print(peak() - before, peak(), error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    grown_megabytes, peak_megabytes, message = done.stdout.split(" ", 2)
    assert int(grown_megabytes) < 50
    assert int(peak_megabytes) < 1000
    assert "900.0 megapixels" in message


def test_a_hundred_megapixel_camera_file_is_read() -> None:
    data = encode(Image.new("L", (11_648, 8_736), 120), "JPEG", quality=50)
    photo = read_photo(data, fit_px=256)
    assert (photo.width, photo.height) == (11_648, 8_736)
    assert 256 <= min(photo.rgb.shape[:2]) < 512


def test_pillow_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    before = list(warnings.filters)
    assert read_photo(JPEG).width == 320  # 76,800 pixels: Pillow alone would refuse
    with pytest.raises(ImageError):
        read_photo(JPEG[:200])
    assert Image.MAX_IMAGE_PIXELS == 1000
    assert list(warnings.filters) == before


def test_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    before = list(warnings.filters)
    failed: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(10):
                assert read_photo(JPEG, fit_px=50).height == 240
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Image.MAX_IMAGE_PIXELS == 1000
    assert list(warnings.filters) == before
