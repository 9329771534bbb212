"""Texels on a mesh that is turned, worked by hand on a square of two triangles."""

from __future__ import annotations

import numpy as np
import pytest

from goodside.rotation.geometry.texels import (
    MOST_STRETCH,
    mean_around,
    texel_stretch,
    texel_trust,
    triangle_areas,
)
from goodside.types import FloatArray

TRIANGLES = np.array([[0, 1, 2], [2, 1, 3]], np.int32)


def _square(across: float = 1.0, down: float = 1.0) -> FloatArray:
    """(4, 3) corners of a rectangle, a tenth of the frame wide times the factors."""
    corners = np.array([[0, 0], [across, 0], [0, down], [across, down]]) / 10 + 0.3
    return np.column_stack([corners, np.zeros(4)]).astype(np.float32)


def test_areas_are_signed_and_twice_the_triangles() -> None:
    np.testing.assert_allclose(triangle_areas(_square(3, 2), TRIANGLES), [0.06, 0.06], rtol=1e-5)
    mirrored = _square(3, 2) * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(triangle_areas(mirrored, TRIANGLES), [-0.06, -0.06], rtol=1e-5)


@pytest.mark.parametrize(
    ("share", "trust"), [(0.1, 0), (0.12, 0), (0.36, 0.5), (0.5, 0.791667), (0.6, 1), (2, 1)]
)
def test_trust_grows_with_the_area_that_the_photograph_shows(share: float, trust: float) -> None:
    found = texel_trust(_square(share), _square(), TRIANGLES)
    np.testing.assert_allclose(found, trust, atol=1e-4)


def test_what_is_seen_from_behind_counts_nothing_but_for_the_mirror_image() -> None:
    behind = _square() * np.array([-1, 1, 1], np.float32)
    assert (texel_trust(behind, _square(), TRIANGLES) == 0).all()
    assert (texel_trust(behind, _square(), TRIANGLES, winding=-1) == 1).all()
    assert (texel_trust(_square(), behind, TRIANGLES) == 0).all()  # the result shows its back


@pytest.mark.parametrize(
    ("across", "down", "stretch"),
    [(1, 1, 1), (2, 2, 1), (3, 1, 3), (1, 3, 3), (0.5, 1, 2), (2, 0.5, 4), (100, 1, MOST_STRETCH)],
)
def test_stretch_is_the_ratio_of_length_to_width(
    across: float, down: float, stretch: float
) -> None:
    found = texel_stretch(_square(), _square(across, down), TRIANGLES)
    np.testing.assert_allclose(found, stretch, rtol=2e-3)


def test_a_turned_or_sheared_texel_is_stretched_by_its_singular_values() -> None:
    linear = np.array([[1.2, 0.7], [-0.3, 0.9]])
    shown = _square()
    shown[:, :2] = shown[:, :2] @ linear.T
    one, other = np.linalg.svd(linear)[1]
    np.testing.assert_allclose(texel_stretch(_square(), shown, TRIANGLES), one / other, rtol=2e-3)
    angle = np.deg2rad(40)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shown[:, :2] = _square()[:, :2] @ turn.T
    np.testing.assert_allclose(texel_stretch(_square(), shown, TRIANGLES), 1, atol=2e-2)


def test_a_vertex_has_the_mean_of_the_triangles_that_count() -> None:
    values = np.array([0.2, 0.8])
    both = np.array([True, True])
    found = mean_around(values, TRIANGLES, counts=both, vertices=5)
    np.testing.assert_allclose(found, [0.2, 0.5, 0.5, 0.8, 0], atol=1e-6)
    first = mean_around(values, TRIANGLES, counts=np.array([True, False]), vertices=5)
    np.testing.assert_allclose(first, [0.2, 0.2, 0.2, 0, 0], atol=1e-6)
