"""Figures of made pictures, of which it is known what they show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from goodside.images.features import measure_tones, measure_visual_features

_SIZE = (360, 240)
_Rgb = tuple[int, int, int]


def _plain(colour: _Rgb, size: tuple[int, int] = _SIZE) -> Image.Image:
    return Image.new("RGB", size, colour)


def _grain(seed: int = 0, size: tuple[int, int] = _SIZE) -> Image.Image:
    """Structure of all sizes, everywhere."""
    rng = np.random.default_rng(seed)
    levels = np.zeros((size[1], size[0]))
    for side in (4, 12, 36, 120):
        coarse = Image.fromarray(rng.normal(0, 30, (side, side * 3 // 2)).astype(np.float32))
        levels += np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))
    return Image.fromarray(np.clip(128 + levels, 0, 255).astype(np.uint8)).convert("RGB")


def _with_subject(background: Image.Image, *, at: tuple[float, float]) -> Image.Image:
    """Grain of a quarter of the size at a place, on another picture."""
    picture = background.copy()
    wide, high = picture.width // 3, picture.height // 3
    subject = _grain(5).crop((60, 60, 60 + wide, 60 + high))
    left, top = at[0] * picture.width - wide / 2, at[1] * picture.height - high / 2
    picture.paste(subject, (round(left), round(top)))
    return picture


def _sea(tilt_deg: float, *, grain: float = 4.0) -> Image.Image:
    """A bright sky over a dark sea, the line between them falling to the right by an angle."""
    size = (480, 320)
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float64)
    line = 0.55 * size[1] + (x - size[0] / 2) * math.tan(math.radians(tilt_deg))
    rng = np.random.default_rng(1)
    levels = np.where(y < line, 190, 90) + rng.normal(0, grain, y.shape)
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB")


def test_colourfulness_is_that_of_the_paper() -> None:
    """Halves of pure red and pure blue: worked by hand from Hasler and Suesstrunk's M3."""
    pixels = np.zeros((240, 360, 3), np.uint8)
    pixels[:, :180, 0] = 255
    pixels[:, 180:, 2] = 255
    # red-green: 255 and 0, so mean 127.5, spread 127.5;
    # yellow-blue: 127.5 and -255, so mean -63.75, spread 191.25
    expected = math.hypot(127.5, 191.25) + 0.3 * math.hypot(127.5, 63.75)
    found = measure_visual_features(Image.fromarray(pixels)).colourfulness
    assert found == pytest.approx(expected, abs=2)  # one column is mixed by the scaling


def test_gray_has_no_colour_and_no_warmth() -> None:
    found = measure_visual_features(_grain())
    assert found.colourfulness == pytest.approx(0, abs=1e-6)
    assert found.warmth == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("colour", "low", "high"),
    [
        ((240, 150, 40), 0.4, 1.0),  # a candle
        ((200, 160, 140), 0.1, 0.3),  # skin
        ((128, 128, 128), -0.01, 0.01),
        ((120, 170, 230), -0.6, -0.2),  # the sky
    ],
)
def test_warmth_goes_from_blue_to_orange(colour: _Rgb, low: float, high: float) -> None:
    warmth = measure_visual_features(_plain(colour)).warmth
    assert warmth is not None
    assert low <= warmth <= high


def test_the_dark_says_nothing_of_warmth() -> None:
    assert measure_visual_features(_plain((30, 10, 0))).warmth is None


def test_draining_the_colours_takes_colourfulness_and_warmth_away() -> None:
    picture = Image.merge("RGB", [_grain(seed).convert("L") for seed in (1, 2, 3)])
    before = measure_visual_features(picture)
    after = measure_visual_features(ImageEnhance.Color(picture).enhance(0.2))
    assert before.colourfulness is not None
    assert after.colourfulness is not None
    assert after.colourfulness < 0.35 * before.colourfulness


@pytest.mark.parametrize("at", [(0.25, 0.3), (0.7, 0.6), (0.5, 0.5)])
def test_the_subject_is_found_where_the_detail_is(at: tuple[float, float]) -> None:
    found = measure_visual_features(_with_subject(_plain((120, 120, 120)), at=at))
    assert found.focus_share is not None
    assert found.focus_share > 0.7
    assert (found.subject_x, found.subject_y) == pytest.approx(at, abs=0.08)


def test_detail_everywhere_is_no_subject() -> None:
    share = measure_visual_features(_grain()).focus_share
    assert share is not None
    assert share < 0.4


def test_a_plain_picture_has_no_subject() -> None:
    found = measure_visual_features(_plain((90, 140, 200)))
    assert (found.focus_share, found.subject_x, found.subject_light) == (None, None, None)
    assert (found.background_blur, found.symmetry, found.horizon_tilt_deg) == (None, None, None)


def test_a_background_out_of_focus_is_less_sharp_than_the_subject() -> None:
    sharp = _with_subject(_grain(2), at=(0.4, 0.5))
    soft = _with_subject(_grain(2).filter(ImageFilter.GaussianBlur(1.5)), at=(0.4, 0.5))
    before = measure_visual_features(sharp).background_blur
    after = measure_visual_features(soft).background_blur
    assert before is not None
    assert after is not None
    assert abs(before) < 0.3
    assert after > 0.5


@pytest.mark.parametrize(("level", "sign"), [(20, 1), (235, -1)])
def test_the_subject_is_lighter_or_darker_than_the_rest(level: int, sign: int) -> None:
    light = measure_visual_features(_with_subject(_plain((level,) * 3), at=(0.5, 0.5)))
    assert light.subject_light is not None
    assert sign * light.subject_light > 0.25


def test_symmetry_is_that_of_the_halves() -> None:
    half = _grain(3, (180, 240))
    picture = Image.new("RGB", _SIZE)
    picture.paste(half, (0, 0))
    picture.paste(half.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (180, 0))
    assert measure_visual_features(picture).symmetry == pytest.approx(1, abs=0.02)
    other = measure_visual_features(_grain(4)).symmetry
    assert other is not None
    assert other < 0.6


def test_bands_from_left_to_right_have_no_halves() -> None:
    assert measure_visual_features(_sea(0)).symmetry is None


@pytest.mark.parametrize("tilt_deg", [-7.0, -3.0, 0.0, 2.0, 6.5])
def test_the_horizons_tilt(tilt_deg: float) -> None:
    found = measure_visual_features(_sea(tilt_deg)).horizon_tilt_deg
    assert found == pytest.approx(tilt_deg, abs=0.5)


@pytest.mark.parametrize("picture", [_sea(14), _grain(), _plain((200, 90, 10))])
def test_no_clear_line_is_no_horizon(picture: Image.Image) -> None:
    assert measure_visual_features(picture).horizon_tilt_deg is None


@pytest.mark.parametrize("scale", [0.75, 2.5])
def test_size_changes_little(scale: float) -> None:
    picture = _with_subject(_sea(0, grain=0), at=(0.3, 0.7))
    larger = picture.resize((round(scale * picture.width), round(scale * picture.height)))
    one, other = measure_visual_features(picture), measure_visual_features(larger)
    assert one.focus_share == pytest.approx(other.focus_share, abs=0.1)
    assert one.subject_light == pytest.approx(other.subject_light, abs=0.05)
    assert one.horizon_tilt_deg == other.horizon_tilt_deg


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (7, 5), (3000, 40)])
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_every_size_and_mode_is_measured(size: tuple[int, int], mode: str) -> None:
    found = measure_visual_features(Image.new(mode, size))
    assert found.colourfulness == 0


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([[0, 255]], (0.5, 0.5, 0.5, 0.5)),
        ([[51, 51]], (0.2, 0.0, 0.0, 0.0)),
        ([[4, 5, 250, 251]], (0.5, 0.4822, 0.25, 0.25)),
    ],
)
def test_tones(levels: NDArray[np.uint8], expected: tuple[float, ...]) -> None:
    tones = measure_tones(Image.fromarray(np.asarray(levels, np.uint8)))
    found = (tones.brightness, tones.contrast, tones.clipped_dark, tones.clipped_bright)
    assert found == pytest.approx(expected, abs=1e-3)
