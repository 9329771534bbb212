"""A portrait goes back where it was cut from, and fades out before its frame ends."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.face import Crop
from goodside.rotation.paste import paste_back
from goodside.types import RgbImage


def _photo(height: int = 120, width: int = 160) -> RgbImage:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x, y, (x + y) // 2], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    "frame",
    [Crop(80, 60, 64), Crop(70, 50, 64, angle_deg=20), Crop(10, 100, 90, angle_deg=-35)],
    ids=["upright", "leaning", "past the edge"],
)
def test_a_portrait_that_was_only_cut_out_changes_nothing(frame: Crop) -> None:
    photo = _photo()
    pasted = paste_back(photo, frame.cut(photo, size_px=256), frame=frame)
    assert pasted.shape == photo.shape
    inner = np.s_[4:-4, 4:-4]  # the cut repeats the photograph's last pixels
    assert np.abs(pasted[inner].astype(int) - photo[inner]).max() <= 2


def test_the_portrait_is_whole_in_the_middle_and_gone_at_the_edge_of_its_frame() -> None:
    photo, frame = _photo(), Crop(80, 60, 80)
    white = np.full((32, 32, 3), 255, np.uint8)
    pasted = paste_back(photo, white, frame=frame)
    assert (pasted[45:75, 65:95] == 255).all()
    beyond = np.ones(photo.shape[:2], bool)
    beyond[20:101, 40:121] = False
    np.testing.assert_array_equal(pasted[beyond], photo[beyond])
    row = pasted[60, 40:66, 1].astype(int)
    assert (np.diff(row) >= 0).all()  # from photograph to portrait without a seam
    assert np.diff(row).max() < 40


def test_the_photograph_stays_as_it_is() -> None:
    photo = _photo()
    before = photo.copy()
    paste_back(photo, np.zeros((16, 16, 3), np.uint8), frame=Crop(80, 60, 64))
    np.testing.assert_array_equal(photo, before)


def test_a_leaning_frame_takes_the_portrait_along() -> None:
    portrait = np.zeros((64, 64, 3), np.uint8)
    portrait[24:40, 40:56] = 255  # right of the middle of an upright face
    photo = np.full((120, 120, 3), 100, np.uint8)
    pasted = paste_back(photo, portrait, frame=Crop(59.5, 59.5, 80, angle_deg=90))
    bright = np.argwhere(pasted[..., 0] > 200).mean(axis=0)
    np.testing.assert_allclose(bright, (59.5 + 20, 59.5), atol=1.5)  # a clockwise lean: below it
