"""How a head's vertices are joined."""

from __future__ import annotations

import numpy as np

from goodside.face import load_canonical
from goodside.rotation.geometry.head import RINGS
from goodside.rotation.geometry.texels import triangle_areas
from goodside.rotation.geometry.topology import head_topology
from tests.rotation.made import FRONTAL, made_head

AROUND = 36


def test_the_face_comes_first_and_every_ring_is_a_closed_strip() -> None:
    triangles, opposite, of_face = head_topology()
    model = load_canonical()
    assert of_face == len(model.triangles)
    assert len(triangles) == of_face + 2 * AROUND * (RINGS + 1)
    assert len(opposite) == len(model.vertices) + AROUND * (RINGS + 1)
    assert np.array_equal(np.unique(triangles), np.arange(len(opposite)))
    band = triangles[of_face:]
    edges = np.sort(np.concatenate([band[:, [0, 1]], band[:, [1, 2]], band[:, [2, 0]]]), axis=1)
    _, shared = np.unique(edges, axis=0, return_counts=True)
    assert set(shared.tolist()) == {1, 2}
    assert (shared == 1).sum() == 2 * AROUND  # the oval within and the backdrop's ring without


def test_all_face_the_camera_in_front_view() -> None:
    triangles, _, of_face = head_topology()
    areas = triangle_areas(made_head().posed(FRONTAL)[:, :2], triangles)
    assert (areas[of_face:] > -1e-9).all()
    assert (areas[:of_face] > 0).mean() > 0.97  # but for a few of the lips


def test_the_opposite_of_the_opposite_is_the_vertex_and_its_mirror_image() -> None:
    triangles, opposite, _ = head_topology()
    assert np.array_equal(opposite[opposite], np.arange(len(opposite)))
    vertices = made_head().posed(FRONTAL)
    middle = vertices[opposite == np.arange(len(opposite)), 0].mean()
    reflected = vertices[opposite] * (-1, 1, 1) + (2 * middle, 0, 0)
    np.testing.assert_allclose(reflected, vertices, atol=0.012)
    mirrored = {tuple(sorted(corners)) for corners in opposite[triangles].tolist()}
    band = {tuple(sorted(corners)) for corners in triangles.tolist()}
    assert len(mirrored & band) > 0.97 * len(band)
