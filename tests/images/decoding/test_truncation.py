"""JPEG files that end too early or too late, and BigTIFF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.errors import UnreadableImage
from goodside.images import read_photo
from tests.images.bombs import tiff_of
from tests.images.made import encode, textured

_PICTURE = textured(320, 240)
_BASELINE = encode(_PICTURE, "JPEG", quality=90)
_RESTARTS = encode(_PICTURE, "JPEG", quality=90, restart_marker_rows=1)
_PROGRESSIVE = encode(_PICTURE, "JPEG", quality=90, progressive=True)
_FILES = {"baseline": _BASELINE, "restarts": _RESTARTS, "progressive": _PROGRESSIVE}
_KINDS = sorted(_FILES)


@pytest.mark.parametrize("fit_px", [None, 50])
@pytest.mark.parametrize("kind", _KINDS)
def test_without_its_end_marker_a_jpeg_is_complete(kind: str, fit_px: int | None) -> None:
    whole = _FILES[kind]
    photo = read_photo(whole[:-2], fit_px=fit_px)
    assert not photo.incomplete
    assert photo.notes == ("it has no end marker",)
    assert np.array_equal(photo.rgb, read_photo(whole, fit_px=fit_px).rgb)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("behind", [b"\x00" * 4096, b"SEFH\x68\x00", b"\xff" * 99, _BASELINE[:9]])
def test_bytes_behind_the_end_are_noted(kind: str, behind: bytes) -> None:
    photo = read_photo(_FILES[kind] + behind)
    assert not photo.incomplete
    expected = (
        () if behind.startswith(b"\xff\xd8") else (f"{len(behind):,} bytes stand behind its end",)
    )
    assert photo.notes == expected
    assert np.array_equal(photo.rgb, read_photo(_FILES[kind]).rgb)


def test_zeros_in_place_of_the_end_marker() -> None:
    photo = read_photo(_BASELINE[:-2] + bytes(5000))
    assert not photo.incomplete
    assert "no end marker" in photo.notes[0]


@pytest.mark.parametrize("fit_px", [None, 50])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("kind", "behind"),
    [
        *((kind, behind) for kind in _KINDS for behind in (b"", bytes(4096))),
        ("baseline", b"\xff\xd9"),  # as some programs end what they have of a file
        ("restarts", b"\xff\xd9"),
    ],
)
def test_cut_short_it_is_read_and_marked(
    kind: str, share: float, fit_px: int | None, behind: bytes
) -> None:
    whole = _FILES[kind]
    photo = read_photo(whole[: int(share * len(whole))] + behind, fit_px=fit_px)
    assert photo.incomplete
    assert "cut short" in photo.notes[0]
    assert photo.rgb.shape == read_photo(whole, fit_px=fit_px).rgb.shape
    if kind == "baseline":
        rows = int(0.7 * share * photo.rgb.shape[0])
        there = read_photo(whole, fit_px=fit_px).rgb
        assert np.array_equal(photo.rgb[:rows], there[:rows])


@pytest.mark.parametrize("kind", _KINDS)
def test_a_picture_that_is_gray_at_its_end_is_complete(kind: str) -> None:
    picture = _PICTURE.copy()
    picture[120:] = 128
    options = {"progressive": True} if kind == "progressive" else {}
    whole = encode(picture, "JPEG", quality=95, **options)
    assert not read_photo(whole).incomplete
    assert not read_photo(whole[:-2]).incomplete
    assert read_photo(whole[: len(whole) // 2]).incomplete


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_kinds_of_colour(mode: str) -> None:
    whole = encode(Image.fromarray(_PICTURE).convert(mode), "JPEG", quality=90)
    assert not read_photo(whole[:-2]).incomplete
    photo = read_photo(whole[: len(whole) // 2])
    assert photo.incomplete
    assert "the upper" in photo.notes[0]


def test_too_little_of_it_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(_BASELINE[: len(_BASELINE) // 20])
    with pytest.raises(UnreadableImage, match="cut short") as caught:
        read_photo(path)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_other_formats_cut_short_are_errors(kind: str) -> None:
    data = encode(_PICTURE, kind)
    with pytest.raises(UnreadableImage):
        read_photo(data[: len(data) // 2])


def test_whole_files_carry_no_notes() -> None:
    for data in (*_FILES.values(), encode(_PICTURE, "PNG")):
        photo = read_photo(data)
        assert (photo.incomplete, photo.notes) == (False, ())


def test_bigtiff_is_read(tmp_path: Path) -> None:
    data = tiff_of(64, 48, big=True)
    path = tmp_path / "big.tif"
    path.write_bytes(data)
    for source in (data, path):
        photo = read_photo(source)
        assert (photo.width, photo.height, photo.format) == (64, 48, "TIFF")
        assert not photo.rgb.any()
    plain = encode(_PICTURE, "TIFF", big_tiff=True)
    assert np.array_equal(read_photo(plain).rgb, _PICTURE)
