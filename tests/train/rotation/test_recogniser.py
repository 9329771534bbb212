"""What the frozen recogniser sees in training: the numbers of the run time, and the face alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from goodside.face import Embedder, FaceFinder, align
from goodside_train.rotation.alignment import alignment_grid
from goodside_train.rotation.pairs.pairs import to_signed
from goodside_train.rotation.task import RotationTask
from tests.rotation.made import PORTRAIT

# --- the recogniser's input ------------------------------------------------------------------


@pytest.fixture(scope="module")
def crop() -> Any:
    photograph = np.asarray(Image.open(PORTRAIT).convert("RGB"))
    return align(photograph, FaceFinder().find(photograph)[0].points)


def _identity_grid() -> Tensor:
    axis = (torch.arange(112) + 0.5) / 112 * 2 - 1
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    return torch.stack([x, y], dim=-1)[None]


def test_the_recogniser_gets_the_same_numbers_as_at_run_time(task: RotationTask, crop: Any) -> None:
    expected = Embedder().embed_aligned(crop[None])[0]
    picture = torch.from_numpy(to_signed(crop[None]))
    with torch.no_grad():
        made = functional.normalize(task._features(picture, _identity_grid()))[0].numpy()
        wrong = functional.normalize(task._features((picture + 1) / 2, _identity_grid()))[0].numpy()
    assert float(made @ expected) > 0.9999
    assert float(wrong @ expected) < 0.98  # [0, 1] instead of [-1, 1] is another face


def test_a_portrait_is_aligned_for_the_recogniser_as_at_run_time(task: RotationTask) -> None:
    photograph = np.asarray(Image.open(PORTRAIT).convert("RGB").resize((256, 256)))
    face = FaceFinder().find(photograph)[0]
    expected = Embedder().embed(photograph, [face])[0]
    shares = (face.points + np.float32(0.5)) / 256
    grid = torch.from_numpy(alignment_grid(shares, size_px=256))[None]
    with torch.no_grad():
        features = task._features(torch.from_numpy(to_signed(photograph[None])), grid)
    assert float(functional.normalize(features)[0].numpy() @ expected) > 0.97


def test_the_identity_loss_sees_the_face_and_not_the_corners(task: RotationTask) -> None:
    points = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.43, 0.6], [0.57, 0.6]], np.float32)
    grid = torch.from_numpy(alignment_grid(points, size_px=64))[None]
    picture = torch.zeros(1, 3, 64, 64, requires_grad=True)
    task._features(picture, grid).square().sum().backward()  # type: ignore[no-untyped-call]
    assert picture.grad is not None
    reached = picture.grad.abs().amax(dim=(0, 1)) > 0
    assert reached[26:38, 26:38].all()
    assert not reached[:3].any()
    assert not reached[:, :3].any()
