from __future__ import annotations

import numpy as np
import pytest

from goodside.face.plausibility import judge_face
from goodside.types import Face

_POINTS = np.array([[40, 50], [70, 50], [55, 66], [43, 82], [67, 82]], dtype=np.float32)
_SEEN = np.array([[41, 50], [70, 51], [55, 65], [55, 83], [20, 60], [90, 60]], dtype=np.float32)


def _quality(
    *, score: float = 0.9, mesh: float = 1.0, error: float = 0.06, apart: float = 0.0
) -> float:
    return judge_face(
        score=score,
        mesh_score=mesh,
        error=error,
        detected=_SEEN + np.float32(apart),
        landmarks=_POINTS,
        size_px=80,
    )


def test_a_portrait_is_surely_a_face() -> None:
    assert _quality() > 0.9


@pytest.mark.parametrize(
    "worse", [{"score": 0.65}, {"mesh": 0.6}, {"error": 0.12}, {"apart": 12.0}]
)
def test_what_speaks_against_a_face(worse: dict[str, float]) -> None:
    assert _quality(**worse) < _quality()


def test_a_wheel_founds_nobody() -> None:
    assert _quality(score=0.63, mesh=0.9, error=0.09, apart=8.0) < 0.05


def test_the_finder_judges(face: Face) -> None:
    assert 0.5 < face.quality <= 1
