from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from goodside.album.scan.technical_quality import measure_technical_quality
from goodside.types import RgbImage
from tests.images.made import textured


def _flat(level: int) -> RgbImage:
    return np.full((60, 80, 3), level, np.uint8)


def test_exposure_by_hand() -> None:
    rgb = _flat(0)
    rgb[:15] = 255
    figures = measure_technical_quality(Image.fromarray(rgb))
    assert figures.brightness == pytest.approx(0.25)
    assert figures.contrast == pytest.approx(np.sqrt(0.25 * 0.75))
    assert (figures.clipped_dark, figures.clipped_bright) == (0.75, 0.25)


def test_nothing_clipped_at_medium_gray() -> None:
    figures = measure_technical_quality(Image.fromarray(_flat(128)))
    assert figures.brightness == pytest.approx(128 / 255)
    assert (figures.contrast, figures.clipped_dark, figures.clipped_bright) == (0, 0, 0)


def test_sharpness_falls_with_every_blur() -> None:
    image = Image.fromarray(textured(1600, 1200, seed=3))
    levels = [
        measure_technical_quality(image.filter(ImageFilter.GaussianBlur(radius))).sharpness
        for radius in (0, 0.7, 1.5, 3, 8)
    ]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels[:3])) == 3
    assert levels[0] > 0.6
    assert levels[-1] == 0


def test_a_blurred_background_and_a_dim_light_do_not_count() -> None:
    image = Image.fromarray(textured(1200, 1200, seed=4))
    portrait = image.filter(ImageFilter.GaussianBlur(12))
    portrait.paste(image.crop((300, 300, 1000, 1000)), (300, 300))
    dim = Image.eval(image, lambda level: level // 3)
    crisp, *others = (measure_technical_quality(one).sharpness for one in (image, portrait, dim))
    assert others == pytest.approx([crisp, crisp], abs=0.08)


def test_pictures_too_small_to_tell() -> None:
    assert measure_technical_quality(Image.fromarray(textured(64, 48))).sharpness == 0
    assert measure_technical_quality(Image.fromarray(textured(1, 1))).sharpness == 0
