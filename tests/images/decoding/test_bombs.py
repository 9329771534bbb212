"""Small files that ask for much cost an error, and neither memory nor time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import ImageError, ImageTooLarge
from goodside.images import Limits, fit, read_photo
from goodside.images.metadata.photo_metadata import read_metadata
from tests.images.bombs import BOMBS, chunk, jpeg_of, png_of
from tests.images.made import encode, gradient

_ROOT = Path(__file__).parents[3]
_PROGRAM = """
import sys
from pathlib import Path
from goodside.errors import ImageError
from goodside.images import read_photo
from goodside.images.metadata.photo_metadata import read_metadata
from tests.images.bombs import bombs

def peak_mb():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024

for name, data in bombs():
    told = "read"
    for fit_px in (1080, None):
        try:
            read_photo(data, fit_px=fit_px, name=name).rgb
        except ImageError as error:
            told = error.kind
    read_metadata(name, data=data)
    print(name, told)
print(peak_mb())
"""


def test_no_bomb_takes_a_gigabyte() -> None:
    """The peak is the kernel's own account (Linux), which begins anew with the program."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=_ROOT,
        timeout=300,
    )
    *told, peak_mb = done.stdout.splitlines()
    assert told == [f"{name} ImageTooLarge" for name in BOMBS]
    assert int(peak_mb) < 900
    assert not done.stderr


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("wide.png", "90000000 x 1 pixels, the limit is 65,535 a side"),
        ("canvas.webp", "MB of memory, the limit is 700 MB"),
        ("scans.jpg", "more than 100 scans"),
        ("filling.jpg", "filling in its header"),
        ("blocks.jpg", "4 MB of EXIF"),
        ("chunks.png", "100,000 PNG chunks"),
        ("offsets.tif", "numbers in its directories"),
        ("comments.gif", "comments and extensions"),
    ],
)
def test_the_error_says_what_is_too_much(name: str, reason: str) -> None:
    data = BOMBS[name]()
    with pytest.raises(ImageTooLarge, match=reason) as caught:
        read_photo(data, name=name)
    assert caught.value.path == name
    assert caught.value.remedy
    assert reason in read_metadata(name, data=data).notes[0]


def test_memory_is_a_limit_of_its_own() -> None:
    data = png_of(1000, 1000, colour=2)
    assert read_photo(data, limits=Limits(max_memory_megabytes=8)).width == 1000
    with pytest.raises(ImageTooLarge, match="GOODSIDE_MAX_MEMORY_MEGABYTES") as caught:
        read_photo(data, limits=Limits(max_memory_megabytes=6))
    assert "MB of memory, the limit is 6 MB" in caught.value.message


def test_a_progressive_picture_counts_with_its_coefficients() -> None:
    limits = Limits(max_memory_megabytes=30)
    baseline, progressive = (
        encode(gradient(2400, 1600), "JPEG", subsampling=0, progressive=progressive)
        for progressive in (False, True)
    )
    assert read_photo(baseline, fit_px=200, limits=limits).width == 2400
    with pytest.raises(ImageTooLarge, match="memory"):
        read_photo(progressive, fit_px=200, limits=Limits(max_memory_megabytes=20))


@pytest.mark.parametrize("components", [3, 4])
def test_a_progressive_size_that_only_the_header_claims(components: int) -> None:
    data = jpeg_of(12_000, 12_000, marker=0xC2, components=components)
    with pytest.raises(ImageTooLarge, match="memory"):
        read_photo(data, fit_px=224)


def test_ordinary_metadata_pass() -> None:
    jpeg = encode(gradient(64, 48), "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" * 9)
    comments = b"\xff\xfe\x80\x00" + bytes(0x7FFE)
    png = encode(gradient(64, 48), "PNG")
    assert read_photo(jpeg[:2] + comments * 100 + b"\xff" * 500 + jpeg[2:]).width == 64
    assert read_photo(png[:33] + chunk(b"teSt", bytes(1000)) * 5000 + png[33:]).width == 64


@pytest.mark.parametrize("shape", [(1, 65_535, 3), (65_535, 1, 3), (3, 20_000, 3)])
@pytest.mark.parametrize("how", ["squash", "crop", "pad"])
def test_very_long_pictures_are_fitted_in_little_memory(
    shape: tuple[int, int, int], how: str
) -> None:
    picture = np.full(shape, 200, np.uint8)
    fitted = fit(picture, width_px=224, height_px=224, how=how)  # type: ignore[arg-type]
    assert fitted.shape == (224, 224, 3)
    assert (fitted[112, 112] == 200).all()


def test_a_cut_first_changes_nothing_that_is_kept() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (40, 4000, 3), dtype=np.uint8)
    middle = picture[:, 1700:2300]
    whole, part = (fit(one, width_px=80, height_px=80, how="crop") for one in (picture, middle))
    assert np.abs(whole.astype(int) - part).max() <= 1


def test_no_memory_for_the_pixels_is_the_photographs_error(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = read_photo(encode(gradient(64, 48), "PNG"), name="large.png")

    def refuse(*_args: object, **_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("goodside.images.photo.np.empty", refuse)
    with pytest.raises(ImageError, match="too little memory") as caught:
        _ = photo.rgb
    assert caught.value.path == "large.png"
