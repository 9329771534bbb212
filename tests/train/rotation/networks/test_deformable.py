"""Deformable skips: where the flow looks, what it depends on, and that it exports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from goodside.rotation.generator.pose_images import encode_pose
from goodside.runtime.onnx_runtime import import_onnxruntime
from goodside.types import FloatArray
from goodside_train.export import PARITY, write_onnx
from goodside_train.rotation.export import ExportedGenerator
from goodside_train.rotation.networks import deformable
from goodside_train.rotation.networks.build import build_generator
from goodside_train.rotation.networks.deformable import (
    DeformableGenerator,
    FlowNetwork,
    FlowPrediction,
    landmark_flow,
    landmarks_of,
    moved,
)
from goodside_train.rotation.networks.generator import Generator
from goodside_train.rotation.recipe import RotationRecipe

FIVE = np.array([[0.35, 0.4], [0.65, 0.4], [0.5, 0.55], [0.4, 0.7], [0.6, 0.7]], np.float32)
LOOP = {"steps": 1}


def _shifted(right: float, down: float = 0.0) -> FloatArray:
    return FIVE + np.array([right, down], np.float32)


def _poses(points: FloatArray, *, size_px: int = 64) -> Tensor:
    return torch.from_numpy(encode_pose(points * size_px - 0.5, size_px=size_px))[None]


def _places(points: FloatArray) -> Tensor:
    """(1, 5, 2) landmarks in [-1, 1] from shares of the side."""
    return torch.from_numpy(2 * points.astype(np.float32) - 1)[None]


def _signal(target: FloatArray = FIVE, *, size_px: int = 64, seed: int = 1) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    source = torch.rand(1, 3, size_px, size_px, generator=generator) * 2 - 1
    return torch.cat([source, _poses(FIVE, size_px=size_px), _poses(target, size_px=size_px)], 1)


def _at(flow: Tensor, x: float, y: float) -> FloatArray:
    """Where a flow looks for a place, both as shares of the side."""
    size_px = flow.shape[-1]
    column, row = (round(share * size_px - 0.5) for share in (x, y))
    place = (np.array([column, row]) + 0.5) / size_px
    looks_at: FloatArray = (place + flow[0, :, row, column].numpy() / 2).astype(np.float32)
    return looks_at


def test_landmarks_are_read_back_from_their_pose_images() -> None:
    found = (landmarks_of(_poses(FIVE))[0].numpy() + 1) / 2
    np.testing.assert_allclose(found, FIVE, atol=2e-3)


@pytest.mark.parametrize(
    ("target", "place", "looks_at"),
    [
        pytest.param(FIVE, (0.1, 0.9), (0.1, 0.9), id="unmoved"),
        pytest.param(_shifted(0.1, -0.05), (0.6, 0.5), (0.5, 0.55), id="shifted"),
        pytest.param((FIVE - 0.5) * 0.5 + 0.5, (0.6, 0.5), (0.7, 0.5), id="halved"),
        pytest.param((FIVE - 0.5) @ [[0, 1], [-1, 0]] + 0.5, (0.5, 0.7), (0.7, 0.5), id="turned"),
    ],
)
def test_the_landmark_flow_follows_an_affine_map(
    target: FloatArray,
    place: tuple[float, float],
    looks_at: tuple[float, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deformable, "_RIDGE", 1e-6)
    flow = landmark_flow(_places(FIVE), _places(target), size_px=64)
    np.testing.assert_allclose(_at(flow, *place), looks_at, atol=0.02)


def test_the_affine_map_is_held_near_the_identity() -> None:
    halved = (FIVE - 0.5) * 0.5 + 0.5
    corner = _at(landmark_flow(_places(FIVE), _places(halved), size_px=64), 0.9, 0.5)
    exact, unmoved = 1.3, 0.9
    assert unmoved < corner[0] < (exact + unmoved) / 2


def test_near_a_landmark_the_flow_looks_at_its_own_source() -> None:
    target = FIVE.copy()
    target[2, 0] += 0.12  # the nose alone has moved
    flow = landmark_flow(_places(FIVE), _places(target), size_px=64)
    astray = np.abs(_at(flow, *target[2]) - FIVE[2]).max()
    assert astray < 0.12 / 3  # the affine map took a share of the way everywhere


def test_before_any_training_the_mirrored_photograph_stands_in_at_the_same_landmarks() -> None:
    network = FlowNetwork(landmarks=5, width=4)
    turned = FIVE + np.array([0.08, 0], np.float32)  # the source's nose is off the middle
    signal = torch.cat([_signal()[:, :3], _poses(turned), _poses(FIVE)], dim=1)
    found = network(signal)
    for index, mirrored in enumerate((1, 0, 2, 4, 3)):
        there = _at(found.mirrored_flow.detach(), *FIVE[index])
        np.testing.assert_allclose(
            [1 - there[0], there[1]], turned[mirrored], atol=0.03
        )  # in the photograph itself


def test_the_mirror_has_what_the_photograph_leaves() -> None:
    seen = torch.tensor([[0.75, 0.5], [1.0, 1.0], [0.0, 0.5]])[:, :, None, None]
    still = torch.zeros(3, 2, 1, 1)
    shares = FlowPrediction(still, still, seen).shares()[..., 0, 0]
    expected = torch.tensor([[0.75, 0.125], [1.0, 0.0], [0.0, 0.5]])
    torch.testing.assert_close(shares, expected)


def test_both_pictures_are_read_by_their_shares() -> None:
    picture = torch.arange(64.0).expand(1, 1, 64, 64)
    still = torch.zeros(1, 2, 32, 32)
    for seen, expected in (((1.0, 1.0), picture), ((0.0, 1.0), picture.flip(-1))):
        shown = torch.tensor(seen)[None, :, None, None].expand(1, 2, 32, 32)
        given, shares = FlowPrediction(still, still, shown).read(picture)
        torch.testing.assert_close(given, expected, atol=1e-3, rtol=0)
        assert shares.sum(dim=1).min() == 1


def test_features_are_read_where_the_flow_looks() -> None:
    picture = torch.arange(64.0).expand(1, 1, 64, 64)
    flow = torch.zeros(1, 2, 32, 32)
    flow[:, 0] = 2 * 8 / 64
    read = moved(picture, flow)
    torch.testing.assert_close(read[..., :-12], picture[..., :-12] + 8, atol=1e-3, rtol=0)


@pytest.mark.parametrize("size_px", [64, 128])
def test_it_paints_three_scales_of_any_size(size_px: int) -> None:
    views = DeformableGenerator(width=4, flow_width=4)(_signal(size_px=size_px))
    assert views.full.shape == (1, 3, size_px, size_px)
    assert views.half.shape == (1, 3, size_px // 2, size_px // 2)
    assert views.quarter.shape == (1, 3, size_px // 4, size_px // 4)
    assert views.moved is not None
    assert views.moved.shape == views.full.shape
    assert views.full.abs().max() <= 1


@pytest.mark.parametrize("landmarks", [2, 5])
def test_the_number_of_landmarks_is_free(landmarks: int) -> None:
    poses = torch.cat([_poses(FIVE[:landmarks])] * 2, dim=1)
    signal = torch.cat([_signal()[:, :3], poses], dim=1)
    made = DeformableGenerator(landmarks=landmarks, width=4, flow_width=4)(signal)
    assert made.full.shape == (1, 3, 64, 64)


def test_the_photograph_follows_the_targets_pose_images_before_any_training() -> None:
    network = DeformableGenerator(width=4, flow_width=4)
    at_rest, shifted = (network(_signal(target)) for target in (FIVE, _shifted(0.125)))
    assert at_rest.moved is not None
    assert shifted.moved is not None
    torch.testing.assert_close(at_rest.moved, _signal()[:, :3], atol=0.05, rtol=0)
    torch.testing.assert_close(
        shifted.moved[..., 16:48], at_rest.moved[..., 8:40], atol=0.1, rtol=0
    )


@pytest.mark.parametrize("size_px", [128, 192])
def test_a_fine_network_works_at_64_pixels_but_for_its_last_step(size_px: int) -> None:
    network = DeformableGenerator(width=4, flow_width=4, fine=True)
    views = network(_signal(size_px=size_px))
    assert views.full.shape == (1, 3, size_px, size_px)
    assert views.half.shape[-1] == 64
    assert views.quarter.shape[-1] == 32
    assert views.moved is not None
    assert views.moved.shape == views.full.shape


@pytest.mark.parametrize("fine", [False, True])
def test_every_part_learns(fine: bool) -> None:
    network = DeformableGenerator(width=4, flow_width=4, fine=fine)
    noise = torch.Generator().manual_seed(2)
    for values in network.parameters():  # some begin as zeros, and hold back what is before them
        values.data += torch.randn(values.shape, generator=noise) * 0.02
    views = network(_signal(_shifted(0.1), size_px=128 if fine else 64))
    (views.full.sum() + views.half.sum() + views.quarter.sum()).backward()
    still = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert still == []


@pytest.mark.parametrize(("fine", "size_px"), [(False, 64), (True, 128)])
def test_it_is_equal_in_onnx(tmp_path: Path, fine: bool, size_px: int) -> None:
    network = ExportedGenerator(DeformableGenerator(width=4, flow_width=4, fine=fine)).eval()
    signal = torch.cat([_signal(_shifted(0.05), seed=s, size_px=size_px) for s in (3, 4)])
    path = tmp_path / "made.onnx"
    write_onnx(network, signal, path, input_name="signal", output_names=("painted", "trust"))
    signal = torch.cat([signal, signal[:1].flip(-1)])  # another batch than was exported with
    made = import_onnxruntime().InferenceSession(str(path)).run(None, {"signal": signal.numpy()})
    with torch.inference_mode():
        expected = network(signal)
    for tensor, array in zip(expected, made, strict=True):
        assert np.abs(tensor.numpy() - array).max() <= PARITY


def test_the_recipe_names_the_skips() -> None:
    moving = {"recipe": "capg", "skips": "deformable", "width": 4}
    made = build_generator(RotationRecipe.model_validate(moving | {"loop": LOOP}))
    assert isinstance(made, DeformableGenerator)
    assert made.finish is not None
    small = build_generator(RotationRecipe.model_validate(moving | {"size_px": 64, "loop": LOOP}))
    assert isinstance(small, DeformableGenerator)
    assert small.finish is None
    plain = {"recipe": "capg", "width": 4, "loop": LOOP}
    assert isinstance(build_generator(RotationRecipe.model_validate(plain)), Generator)
    with pytest.raises(ValueError, match="deformable skips are for recipe capg"):
        RotationRecipe.model_validate(moving | {"recipe": "mesh", "loop": LOOP})
    with pytest.raises(ValueError, match="only deformable skips have a flow"):
        RotationRecipe.model_validate({"recipe": "capg", "flow_until": 0.5, "loop": LOOP})
