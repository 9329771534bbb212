"""Lists of views at known angles, and turned faces against them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.errors import SettingsError
from goodside.rotation import Rotator
from goodside.rotation.evaluation.views import compare_views, read_rgba, read_views
from goodside.types import Pose
from tests.rotation.made import write_views


def test_a_list_is_read_with_paths_beside_it(tmp_path: Path) -> None:
    path = write_views(tmp_path / "made", yaws_deg=(0, -45))
    first, second = read_views(path)
    assert first.path == tmp_path / "made" / "view.png"
    assert (second.identity, second.pose, second.light) == ("ann", Pose(-45, 0, 0), "0")


@pytest.mark.parametrize(
    "text", [None, "image,identity\na.png,ann\n", "image,identity,yaw_deg,pitch_deg\na,b,x,0\n"]
)
def test_a_wrong_list_is_named_with_the_columns_it_needs(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "views.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"views\.csv.*image, identity, yaw_deg, pitch_deg"):
        read_views(path)


def test_alpha_is_laid_over_grey(tmp_path: Path) -> None:
    rgba = np.full((4, 4, 4), 200, np.uint8)
    rgba[..., 3] = [0, 51, 102, 255]
    Image.fromarray(rgba).save(tmp_path / "view.png")
    rgb, alpha = read_rgba(tmp_path / "view.png")
    assert rgb[0, :, 0].tolist() == [128, 142, 157, 200]
    assert alpha[0].tolist() == [0, 51, 102, 255]


def test_a_missing_view_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.png"):
        read_rgba(tmp_path / "gone.png")


def test_a_turn_of_nothing_meets_the_true_view(tmp_path: Path, rotator: Rotator) -> None:
    """Both views are one photograph: said to be half a degree apart they agree, 40 degrees not."""
    views = read_views(write_views(tmp_path / "made", yaws_deg=(0, 0.5, 40)))
    rows = compare_views(views, rotator=rotator, yaws_deg=[0, 0.5, 40, 70], size_px=128)
    assert [(row.from_yaw_deg, row.to_yaw_deg) for row in rows] == [
        (0, 0.5), (0.5, 0), (0, 40), (40, 0),
    ]  # fmt: skip
    assert rows[0].psnr > 28
    assert rows[0].warp_psnr > 28
    assert rows[2].psnr < 22
    near, far = rows[0], rows[2]
    for name in ("network", "warp", "mirrored"):
        close, wrong = getattr(near, name), getattr(far, name)
        assert close.l1 < wrong.l1 / 2
        assert close.cosine > max(wrong.cosine, 0.8)
        assert (close.lost, close.second_distance) == (0, None)
