"""The canonical mesh: shape, orientation, symmetry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.errors import WeightsError
from goodside.face import five_points, load_canonical
from goodside.runtime import WeightsStore


def test_shapes_and_ranges() -> None:
    mesh = load_canonical()
    assert mesh.vertices.shape == (468, 3)
    assert mesh.vertices.dtype == np.float32
    assert mesh.triangles.shape == (898, 3)
    assert mesh.triangles.min() == 0
    assert mesh.triangles.max() == 467
    assert mesh.uv.shape == (468, 2)
    assert mesh.uv.min() >= 0
    assert mesh.uv.max() <= 1
    assert mesh.fit_weights.shape == mesh.fit_indices.shape


def test_it_stands_upright_in_the_picture_and_looks_at_the_camera() -> None:
    mesh = load_canonical()
    left, right, nose, mouth_left, mouth_right = five_points(mesh.vertices)
    assert left[0] < nose[0] < right[0]
    assert left[1] < nose[1] < mouth_left[1]
    assert mouth_left[0] < mouth_right[0]
    assert nose[2] < left[2]
    assert 5 < right[0] - left[0] < 8  # centimetres between the eyes


def test_mirror_swaps_the_sides() -> None:
    mesh = load_canonical()
    np.testing.assert_array_equal(mesh.mirror[mesh.mirror], np.arange(468))
    np.testing.assert_allclose(mesh.vertices[mesh.mirror], mesh.vertices * [-1, 1, 1], atol=0.02)
    assert set(mesh.mirror[mesh.regions["eye_left"]]) == set(mesh.regions["eye_right"].tolist())


def test_triangles_face_the_camera() -> None:
    mesh = load_canonical()
    a, b, c = (mesh.vertices[mesh.triangles[:, k]] for k in range(3))
    normals = np.cross(b - a, c - a)
    signs = np.sign(normals[:, 2])
    assert max((signs > 0).mean(), (signs < 0).mean()) > 0.9  # one winding


def test_regions_are_outlines() -> None:
    mesh = load_canonical()
    oval = mesh.vertices[mesh.regions["oval"]]
    inside = np.delete(mesh.vertices, mesh.regions["oval"], axis=0)
    assert oval[:, 0].min() <= inside[:, 0].min()
    assert oval[:, 1].max() >= inside[:, 1].max()
    assert len(set(mesh.regions["lips_outer"].tolist())) == 20


def test_the_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load_canonical().vertices[0] = 0


def test_a_missing_file_says_how_to_repair(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"canonical_mesh\.npz.*reinstall"):
        load_canonical(WeightsStore(tmp_path))
