"""Pictures that travel inside a page."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from goodside.album.thumbnail import Picture, shrink, thumbnail_px
from goodside.images import SyntheticMark
from goodside.images.provenance import parse_mark
from tests.images.made import gradient, textured


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(800, 400, (320, 160)), (400, 800, (160, 320)), (200, 100, (200, 100)), (5000, 2, (320, 1))],
)
def test_the_longer_side_fits_and_nothing_is_enlarged(
    width: int, height: int, expected: tuple[int, int]
) -> None:
    made = shrink(textured(width, height), side_px=320)
    assert (made.width, made.height) == expected
    with Image.open(BytesIO(made.jpeg)) as image:
        assert (image.format, image.size) == ("JPEG", expected)
    assert made.ratio == expected[0] / expected[1]


def test_it_looks_the_same() -> None:
    with Image.open(BytesIO(shrink(gradient(640, 480), side_px=320).jpeg)) as image:
        small = np.asarray(image.convert("RGB"), np.float32)
    expected = np.asarray(gradient(640, 480)).reshape(240, 2, 320, 2, 3).mean(axis=(1, 3))
    assert np.abs(small - expected).mean() < 2


def test_the_address_holds_the_picture() -> None:
    uri = Picture(b"\xff\xd8bytes", 1, 1).data_uri
    assert base64.b64decode(uri.removeprefix("data:image/jpeg;base64,")) == b"\xff\xd8bytes"


def test_a_synthetic_picture_keeps_its_mark_and_a_photograph_has_no_metadata() -> None:
    mark = SyntheticMark(tool="goodside 0.1.0", description="Made & turned")
    with Image.open(BytesIO(shrink(gradient(64, 64), side_px=64, synthetic=mark).jpeg)) as image:
        assert parse_mark(image.info["xmp"]) == mark
    with Image.open(BytesIO(shrink(gradient(64, 64), side_px=64).jpeg)) as image:
        assert not {"xmp", "exif", "icc_profile"} & set(image.info)


@pytest.mark.parametrize(
    ("count", "least", "most"), [(0, 640, 640), (20, 640, 640), (40, 500, 600)]
)
def test_many_photographs_get_smaller_thumbnails(count: int, least: int, most: int) -> None:
    assert least <= thumbnail_px(count) <= most


def test_a_full_page_stays_near_its_size() -> None:
    for count in (24, 100, 400):
        side = thumbnail_px(count)
        photo = textured(1200, 800, seed=count)  # grain as strong as a high ISO setting's
        assert count * len(shrink(photo, side_px=side).jpeg) * 4 / 3 < 6_500_000
