"""The angle templates as a picture."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation import Templates
from goodside.rotation.generator.template_sheet import template_sheet


def _templates(count: int) -> Templates:
    """Faces of one gray each, darker to lighter, their landmarks all at (0.25, 0.75)."""
    grays = np.linspace(40, 200, count).astype(np.uint8)
    return Templates(
        yaw_deg=np.linspace(-60, 60, count).astype(np.float32),
        images=np.broadcast_to(grays[:, None, None, None], (count, 16, 16, 3)).copy(),
        points=np.tile(np.array([0.25, 0.75], np.float32), (count, 5, 1)),
        pitch_yaw_deg=np.array([0], np.float32),
        pitch_step_deg=15.0,
        pitch_points=np.zeros((1, 2, 5, 2), np.float32),
    )


@pytest.mark.parametrize(("count", "columns", "rows"), [(5, 7, 1), (7, 7, 1), (8, 4, 2), (9, 4, 3)])
def test_faces_stand_in_rows_by_angle(count: int, columns: int, rows: int) -> None:
    sheet = template_sheet(_templates(count), cell_px=100, columns=columns)
    across = min(columns, count)
    assert sheet.dtype == np.uint8
    assert sheet.shape == (rows * (100 + 10 + 17) + 10, across * (100 + 10) + 10, 3)
    middles = [
        int(sheet[10 + (i // columns) * 127 + 50, 10 + (i % columns) * 110 + 50, 0])
        for i in range(count)
    ]
    assert middles == sorted(middles)
    assert middles[0] == 40
    assert middles[-1] == 200


def test_landmarks_lie_where_they_are() -> None:
    sheet = template_sheet(_templates(2), cell_px=100, columns=2)
    assert sheet[10 + 75, 10 + 25].tolist() == [255, 255, 255]
    assert sheet[10 + 25, 10 + 25].tolist() == [40, 40, 40]
