"""Which face is turned, and what a report shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.album.report import Credit, find_subject, turn_face
from goodside.errors import ImageTooLarge, NoFace, OutOfRange, UnreadableImage
from goodside.face import FaceFinder
from goodside.images import Limits
from goodside.images.provenance import parse_mark
from goodside.rotation import Rotator
from goodside.runtime import WeightsStore
from goodside.types import RgbImage
from tests.images.made import encode, textured
from tests.rotation.made import PORTRAIT, write_store


@pytest.fixture(scope="module")
def rotator(tmp_path_factory: pytest.TempPathFactory) -> Rotator:
    return Rotator(store=WeightsStore(write_store(tmp_path_factory.mktemp("weights") / "store")))


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder()


def _portrait() -> RgbImage:
    return np.asarray(Image.open(PORTRAIT).convert("RGB"))


def _group(scales: Sequence[float]) -> RgbImage:
    """Copies of one portrait side by side, at these scales, on gray; the largest is bluish."""
    portrait = Image.fromarray(_portrait())
    bluish = Image.fromarray((_portrait() * (0.5, 0.8, 1.0)).astype(np.uint8))
    sheet = Image.new("RGB", (int(520 * sum(scales)) + 20, int(520 * max(scales))), (128, 128, 128))
    left = 10
    for scale in scales:
        side = int(512 * scale)
        copy = bluish if scale == max(scales) else portrait
        sheet.paste(copy.resize((side, side)), (left, 0))
        left += side + 4
    return np.asarray(sheet)


def test_a_turned_face_has_the_views_in_their_order_with_their_figures(
    rotator: Rotator, finder: FaceFinder
) -> None:
    credit = Credit(author="NASA")
    turned = turn_face(
        PORTRAIT, rotator=rotator, finder=finder, yaws_deg=(-20, 0, 20), credit=credit
    )
    assert (turned.name, turned.credit) == ("astronaut.jpg", credit)
    assert turned.model == "rotation-mesh 0.0.1"
    assert (turned.strangers, turned.limits) == (None, None)
    assert abs(turned.source.yaw_deg) < 15
    assert [view.yaw_deg for view in turned.views] == [-20, 0, 20]
    measured = [view.measured.yaw_deg for view in turned.views if view.measured is not None]
    assert measured == sorted(measured)
    assert len(measured) == 3
    for view in turned.views:
        assert view.identity is not None
        assert view.identity > 0.3
        assert (view.picture.width, view.picture.height) == (384, 384)
        with Image.open(BytesIO(view.picture.jpeg)) as image:
            mark = parse_mark(image.info["xmp"])
        assert mark is not None
        assert f"yaw {view.yaw_deg:+.0f} degrees" in mark.description
    with Image.open(BytesIO(turned.portrait.jpeg)) as image:
        assert "xmp" not in image.info


def test_of_several_frontal_faces_the_largest_sits(
    rotator: Rotator, finder: FaceFinder, tmp_path: Path
) -> None:
    path = tmp_path / "group.png"
    path.write_bytes(encode(_group((0.6, 1.2)), "PNG"))
    turned = turn_face(path, rotator=rotator, finder=finder, yaws_deg=(0,))
    with Image.open(BytesIO(turned.portrait.jpeg)) as image:
        red, _, blue = np.asarray(image).mean(axis=(0, 1))
    assert blue > red


def test_what_cannot_be_turned_says_why(
    rotator: Rotator, finder: FaceFinder, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.png"
    plain.write_bytes(encode(textured(200, 200), "PNG"))
    with pytest.raises(NoFace, match=r"plain\.png"):
        turn_face(plain, rotator=rotator, finder=finder, yaws_deg=(0,))
    with pytest.raises(UnreadableImage):
        turn_face(tmp_path / "none.png", rotator=rotator, finder=finder, yaws_deg=(0,))
    with pytest.raises(OutOfRange):
        turn_face(PORTRAIT, rotator=rotator, finder=finder, yaws_deg=(0, 85))
    limits = Limits(max_megapixels=0.01)
    with pytest.raises(ImageTooLarge):
        turn_face(PORTRAIT, rotator=rotator, finder=finder, yaws_deg=(0,), limits=limits)


def test_the_photograph_with_the_largest_face_is_found(finder: FaceFinder, tmp_path: Path) -> None:
    files = {
        "a-plain.png": encode(textured(300, 200), "PNG"),
        "b-small.png": encode(_group((0.7,)), "PNG"),
        "c-broken.png": b"nothing",
        "d-large.png": encode(_group((0.5, 1.6)), "PNG"),
        "e-middle.png": encode(_portrait(), "PNG"),
    }
    photos = [tmp_path / name for name in files]
    for photo, content in zip(photos, files.values(), strict=True):
        photo.write_bytes(content)
    assert find_subject(photos, finder=finder) == tmp_path / "d-large.png"
    assert find_subject(photos[:3], finder=finder) is None  # 70 pixels are too few
    assert find_subject([], finder=finder) is None
