"""Parts are blurred away one by one: the map shows which of them a score rests on."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.aesthetics.explanation.occlusion import effect_map
from goodside.types import RgbImage


def _noise(height: int, width: int) -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _spot(height: int, width: int, *, top: float, left: float) -> RgbImage:
    """A gray picture with noise in one ninth of it."""
    rgb = np.full((height, width, 3), 128, np.uint8)
    down, across = int(top * height), int(left * width)
    ninth = rgb[down : down + height // 3, across : across + width // 3]
    ninth[:] = _noise(*ninth.shape[:2])
    return rgb


def _detail(pictures: list[RgbImage]) -> list[float]:
    """A judge who likes detail, wherever it is."""
    return [float(rgb.astype(float).std()) / 10 for rgb in pictures]


@pytest.mark.parametrize(("top", "left"), [(0, 0), (0.34, 0.34), (0.66, 0.66), (0, 0.66)])
@pytest.mark.parametrize(("height", "width"), [(120, 180), (180, 120), (700, 900)])
def test_the_part_a_score_rests_on_has_the_largest_effect(
    height: int, width: int, top: float, left: float
) -> None:
    found = effect_map(_spot(height, width, top=top, left=left), _detail)
    rows, columns = found.points.shape
    row, column = np.unravel_index(found.points.argmax(), found.points.shape)
    assert top < (row + 0.5) / rows < top + 1 / 3
    assert left < (column + 0.5) / columns < left + 1 / 3
    assert found.points.max() > 0.2
    far = (int((0.83 if top < 0.5 else 0.17) * rows), int((0.83 if left < 0.5 else 0.17) * columns))
    assert abs(found.points[far]) < 0.05


def test_a_bias_to_one_side_cancels_out() -> None:
    """A judge who sees the left half alone: the mirror image shows it the right half as well."""

    def score(pictures: list[RgbImage]) -> list[float]:
        return [float(rgb[:, : rgb.shape[1] // 2].astype(float).std()) / 10 for rgb in pictures]

    half = _noise(120, 90)
    even = effect_map(np.concatenate([half, half[:, ::-1]], axis=1), score).points
    assert even == pytest.approx(even[:, ::-1], abs=1e-3)
    assert even.max() > 0.05


def test_a_judge_who_dislikes_detail_gets_negative_effects() -> None:
    spot = _spot(90, 90, top=0, left=0)
    found = effect_map(spot, lambda rgb: [-score for score in _detail(rgb)])
    assert found.points.min() < -0.3
    assert found.points.max() < 0.05


@pytest.mark.parametrize(
    ("height", "width", "shape"), [(200, 300, (6, 10)), (300, 200, (9, 7)), (1, 500, (1, 60))]
)
def test_cells_follow_the_pictures_shape(height: int, width: int, shape: tuple[int, int]) -> None:
    judged: list[int] = []

    def score(pictures: list[RgbImage]) -> list[float]:
        judged.append(len(pictures))
        return [float(rgb.mean()) for rgb in pictures]

    found = effect_map(_noise(height, width), score)
    assert found.points.shape == shape
    assert sum(judged) == 2 * (shape[0] * shape[1] + 1)
    assert max(judged) <= 16
    assert all(0 < share <= 1 for share in found.patch)


def test_a_plain_picture_has_no_effects() -> None:
    plain = np.full((60, 90, 3), 77, np.uint8)
    found = effect_map(plain, lambda pictures: [float(rgb.mean()) for rgb in pictures])
    assert np.abs(found.points).max() == 0
