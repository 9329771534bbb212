"""The landmarks that pairs carry."""

from __future__ import annotations

import numpy as np

from goodside.face import five_points, load_canonical
from goodside_train.rotation.pairs.landmarks import MIRRORED, pick_landmarks


def test_the_five_come_first_and_fifteen_others_follow() -> None:
    mesh = load_canonical().vertices[:, :2].astype(np.float32)
    np.testing.assert_array_equal(pick_landmarks(mesh, count=5), five_points(mesh))
    twenty = pick_landmarks(mesh, count=20)
    np.testing.assert_array_equal(twenty[:5], five_points(mesh))
    assert len(np.unique(twenty, axis=0)) == 20


def test_in_a_mirrored_face_left_and_right_change_places() -> None:
    canonical = load_canonical()
    mesh = canonical.vertices[:, :2].astype(np.float32)
    mirrored = (mesh * [-1, 1])[canonical.mirror].astype(np.float32)
    for count in (5, 20):
        swapped = pick_landmarks(mesh, count=count)[list(MIRRORED[:count])] * [-1, 1]
        np.testing.assert_allclose(pick_landmarks(mirrored, count=count), swapped, atol=1e-4)
