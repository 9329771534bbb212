"""HEIC and camera raw files, with their decoders and without."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from goodside.images import Limits, read_photo
from tests.images.dng import make_dng
from tests.images.made import encode, gradient

DATA = Path(__file__).parents[1] / "data"
SCENE = gradient(320, 240)


def test_heic() -> None:
    photo = read_photo(DATA / "upright.heic")
    assert (photo.width, photo.height, photo.format) == (64, 40, "HEIC")
    assert np.abs(photo.rgb[8, 8].astype(int) - (250, 20, 20)).max() < 12


def test_heic_is_turned_once() -> None:
    """The file is turned by its own box and says so again in EXIF, as phones write it."""
    photo = read_photo(DATA / "turned.heic")
    assert (photo.width, photo.height) == (40, 64)
    assert np.abs(photo.rgb[8, -8].astype(int) - (250, 20, 20)).max() < 12


def test_heic_scaled_and_limited() -> None:
    data = (DATA / "upright.heic").read_bytes()
    photo = read_photo(data, fit_px=10)
    assert photo.rgb.shape == (10, 16, 3)
    with pytest.raises(ImageTooLarge, match="64 x 40"):
        read_photo(data, limits=Limits(max_megapixels=0.002))


@pytest.mark.parametrize("share", [0.03, 0.3, 0.9])
def test_heic_cut_short(share: float) -> None:
    data = (DATA / "upright.heic").read_bytes()
    with pytest.raises(UnreadableImage):
        read_photo(data[: int(len(data) * share)])


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("fit_px", [None, 60, 120])
def test_raw(orientation: int, fit_px: int | None) -> None:
    photo = read_photo(make_dng(SCENE, orientation=orientation), fit_px=fit_px)
    turned = orientation in (6, 8)
    assert (photo.width, photo.height) == ((240, 320) if turned else (320, 240))
    assert photo.format == "RAW"
    shorter = min(photo.rgb.shape[:2])
    assert shorter == 240 if fit_px is None else fit_px <= shorter < 2 * fit_px
    corner = {1: (5, 5), 3: (-5, -5), 6: (5, -5), 8: (-5, 5)}[orientation]
    red, green, blue = photo.rgb[corner].astype(int)
    assert min(red, green) > blue + 60


@pytest.mark.parametrize(
    ("preview_size", "fit_px", "taken"),
    [((160, 120), 100, True), ((160, 120), 130, False), ((160, 90), 80, False)],
    ids=["large enough", "too small", "of another shape"],
)
def test_raw_preview(preview_size: tuple[int, int], fit_px: int, taken: bool) -> None:
    """The preview is plain blue, so that one sees which of the two was decoded."""
    blue = np.full((*preview_size[::-1], 3), (10, 10, 240), np.uint8)
    data = make_dng(SCENE, preview=encode(blue, "JPEG"))
    photo = read_photo(data, fit_px=fit_px)
    assert (photo.width, photo.height) == (320, 240)
    assert min(photo.rgb.shape[:2]) >= fit_px
    is_blue = bool(photo.rgb[5, 5, 2] > 200 and photo.rgb[5, 5, 0] < 60)
    assert is_blue == taken


def test_raw_with_a_broken_preview() -> None:
    data = make_dng(SCENE, preview=encode(gradient(160, 120), "JPEG")[:300] + bytes(300))
    assert read_photo(data, fit_px=100).width == 320


def test_raw_limits_and_damage(tmp_path: Path) -> None:
    data = make_dng(SCENE)
    with pytest.raises(ImageTooLarge, match="320 x 240"):
        read_photo(data, limits=Limits(max_megapixels=0.05))
    path = tmp_path / "photo.nef"
    path.write_bytes(b"II*\x00" + bytes(200))
    with pytest.raises((UnreadableImage, UnsupportedImage)) as caught:
        read_photo(path)
    assert caught.value.path == str(path)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UnreadableImage, match="damaged or cut short"):
        read_photo(path)


def test_a_jpeg_with_a_raw_suffix(tmp_path: Path) -> None:
    path = tmp_path / "photo.cr2"
    path.write_bytes(encode(SCENE, "JPEG"))
    assert read_photo(path).format == "JPEG"


@pytest.mark.parametrize(
    ("module", "data", "remedy"),
    [
        ("pi_heif", (DATA / "upright.heic").read_bytes(), "pip install 'goodside[heic]'"),
        ("rawpy", make_dng(SCENE), "pip install 'goodside[raw]'"),
    ],
)
def test_without_the_decoder(
    module: str, data: bytes, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "photo.bin"
    path.write_bytes(data)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnsupportedImage) as caught:
        read_photo(path)
    assert (caught.value.path, caught.value.remedy) == (str(path), remedy)
