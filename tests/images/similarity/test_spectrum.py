from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from goodside.images.similarity.spectrum import EDGES, measure_spectrum
from tests.album.scan.made import EXAMPLES
from tests.images.made import textured

_LANCZOS = Image.Resampling.LANCZOS


def test_a_smaller_copy_has_the_same_figures_as_far_as_it_goes() -> None:
    with Image.open(EXAMPLES / "photos" / "mountain-path.jpg") as picture:
        large = measure_spectrum(picture)
        small = measure_spectrum(picture.resize((600, 450), _LANCZOS))
    assert np.isfinite(large).sum() - np.isfinite(small).sum() == 4
    both = np.isfinite(small)
    assert large[both][:9] == pytest.approx(small[both][:9], abs=0.7)


def test_blur_takes_fine_detail_and_sharpening_lifts_it() -> None:
    picture = Image.fromarray(textured(800, 600, seed=3))
    plain = measure_spectrum(picture)
    finest = np.flatnonzero(np.isfinite(plain))[-1]
    blurred = measure_spectrum(picture.filter(ImageFilter.GaussianBlur(1)))
    sharpened = measure_spectrum(picture.filter(ImageFilter.UnsharpMask(2, 150, 0)))
    assert blurred[finest] < plain[finest] - 6
    assert sharpened[finest] > plain[finest] + 3


@pytest.mark.parametrize("size", [(1, 1), (5, 900), (40, 30)])
def test_pictures_too_small_for_a_band_have_none_of_it(size: tuple[int, int]) -> None:
    spectrum = measure_spectrum(Image.fromarray(textured(*size)))
    assert spectrum.shape == (len(EDGES) - 1,)
    assert np.isnan(spectrum[EDGES[1:] > min(size) / 2]).all()


def test_a_picture_of_one_tone_is_silent() -> None:
    stream = BytesIO()
    Image.new("L", (300, 200), 90).save(stream, "PNG")
    spectrum = measure_spectrum(Image.open(stream))
    assert np.nanmax(spectrum) < -60
