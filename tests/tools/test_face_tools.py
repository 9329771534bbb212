"""The conversion of the face networks: pinned packages, offsets, the mesh, the graph."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from tools.card_file import record
from tools.mesh_metadata import packed_asset, write_canonical_mesh
from tools.npm_package import NpmPackage, read_member
from tools.onnx_graph import (
    _drop_idle_reshapes,
    _free_batch,
    _fuse_prelu,
    _plain_transposed_convolution,
)
from tools.tflite_tail import Tail


def tarball(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_a_tarball_is_checked_before_it_is_used(tmp_path: Path) -> None:
    path = tarball(tmp_path / "org-thing-1.2.3.tgz", {"a.bin": b"hello"})
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    package = NpmPackage("@org/thing", "1.2.3", f"sha512-{digest}")
    assert package.fetch(tmp_path) == path
    assert read_member(path, "a.bin") == b"hello"
    with pytest.raises(KeyError):
        read_member(path, "b.bin")
    with pytest.raises(ValueError, match="expected sha512-AAAA"):
        NpmPackage("@org/thing", "1.2.3", "sha512-AAAA").fetch(tmp_path)


def test_a_packed_file_is_cut_out_by_its_offsets() -> None:
    loader = '[{"filename": "/x/one.bin", "start": 0, "end": 3}, ' + (
        '{"filename": "/x/two.bin", "start": 3, "end": 7}]'
    )
    assert packed_asset(b"abcdefg", loader=loader, name="two.bin") == b"defg"
    with pytest.raises(KeyError, match="three"):
        packed_asset(b"abcdefg", loader=loader, name="three.bin")


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def metadata(vertices: NDArray[np.float32], corners: NDArray[np.int64]) -> bytes:
    """A mesh in the source's layout: y up, z toward the camera, five floats a vertex."""
    mesh = b"".join(b"\x1d" + struct.pack("<f", value) for value in vertices.ravel())
    mesh += b"".join(b"\x20" + varint(int(value)) for value in corners.ravel())
    basis = b"\x08" + varint(300) + b"\x15" + struct.pack("<f", 0.25)
    return field(1, mesh) + field(2, basis)


def symmetric_points() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    half = rng.uniform(0.1, 1, (234, 5)).astype(np.float32)
    return np.concatenate([half, half * np.array([-1, 1, 1, 1, 1], np.float32)])


def test_the_mesh_is_turned_into_the_picture_s_axes(tmp_path: Path) -> None:
    points = symmetric_points()
    corners = np.random.default_rng(1).integers(0, 468, (898, 3))
    write_canonical_mesh(metadata(points, corners), tmp_path / "mesh.npz")
    with np.load(tmp_path / "mesh.npz") as mesh:
        np.testing.assert_array_equal(mesh["vertices"], points[:, :3] * np.array([1, -1, -1]))
        np.testing.assert_array_equal(mesh["uv"], points[:, 3:])
        np.testing.assert_array_equal(mesh["triangles"], corners)
        np.testing.assert_array_equal(mesh["mirror"], (np.arange(468) + 234) % 468)
        assert (mesh["fit_indices"].tolist(), mesh["fit_weights"].tolist()) == ([300], [0.25])


def test_a_mesh_of_another_size_or_without_symmetry_is_refused(tmp_path: Path) -> None:
    corners = np.zeros((898, 3), dtype=np.int64)
    with pytest.raises(ValueError, match="468 vertices"):
        write_canonical_mesh(metadata(symmetric_points()[:100], corners), tmp_path / "a.npz")
    lopsided = symmetric_points()
    lopsided[:234, 0] = lopsided[234:, 0] = 5
    with pytest.raises(ValueError, match="not symmetric"):
        write_canonical_mesh(metadata(lopsided, corners), tmp_path / "b.npz")


def graph_with_split_prelu() -> onnx.ModelProto:
    """relu(x) + c (x - |x|), then a reshape with the batch of 2 baked in."""
    nodes = [
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("Abs", ["x"], ["a"]),
        helper.make_node("Sub", ["x", "a"], ["s"]),
        helper.make_node("Mul", ["s", "c"], ["m"]),
        helper.make_node("Add", ["r", "m"], ["p"]),
        helper.make_node("Reshape", ["p", "shape"], ["y"]),
    ]
    slopes = np.array([0.1, 0.4, -0.2], dtype=np.float32).reshape(1, 3, 1, 1)
    constants = [
        numpy_helper.from_array(slopes, "c"),
        numpy_helper.from_array(np.array([2, 12], dtype=np.int64), "shape"),
    ]
    kind = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", kind, ["N", 3, 2, 2])],
        [helper.make_tensor_value_info("y", kind, ["N", 12])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def run(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    outputs: Any = ReferenceEvaluator(model).run(None, {"x": pixels})
    return np.asarray(outputs[0])


def test_fusing_and_freeing_the_batch_keep_the_values() -> None:
    pixels = np.random.default_rng(0).normal(size=(2, 3, 2, 2)).astype(np.float32)
    model = graph_with_split_prelu()
    wanted = run(model, pixels)
    _fuse_prelu(model.graph)
    assert [node.op_type for node in model.graph.node] == ["PRelu", "Reshape"]
    _free_batch(model.graph, ())
    onnx.checker.check_model(model, full_check=True)
    np.testing.assert_allclose(run(model, pixels), wanted, atol=1e-6)
    assert run(model, np.concatenate([pixels, pixels[:1]])).shape == (3, 12)


def graph_with_mediapipes_convolution(weights: NDArray[np.float32]) -> onnx.ModelProto:
    """A Reshape that changes nothing, channels to the end, MediaPipe's convolution, a sigmoid."""
    nodes = [
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("Reshape", ["r", "shape"], ["s"]),
        helper.make_node("Transpose", ["s"], ["t"], perm=[0, 2, 3, 1]),
        helper.make_node("TFL_Convolution2DTransposeBias", ["t", "w", "b"], ["c"]),
        helper.make_node("Sigmoid", ["c"], ["y"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([1, 5, 3, 4], dtype=np.int64), "shape"),
        numpy_helper.from_array(weights, "w"),
        numpy_helper.from_array(np.array([0.3], dtype=np.float32), "b"),
    ]
    kind = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", kind, [1, 5, 3, 4])],
        [helper.make_tensor_value_info("y", kind, [1, 1, 6, 8])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


def test_mediapipes_transposed_convolution_keeps_its_values() -> None:
    rng = np.random.default_rng(0)
    weights = rng.normal(size=(1, 2, 2, 5)).astype(np.float32)
    pixels = rng.uniform(size=(1, 5, 3, 4)).astype(np.float32)
    model = graph_with_mediapipes_convolution(weights)
    _plain_transposed_convolution(model.graph)
    _drop_idle_reshapes(model)
    assert [node.op_type for node in model.graph.node] == ["Relu", "ConvTranspose", "Sigmoid"]
    tail = Tail(weights, np.array([0.3], dtype=np.float32))
    wanted = tail.finish(pixels.transpose(0, 2, 3, 1))
    assert wanted.shape == (1, 6, 8, 1)
    by_hand = pixels[0, :, 1, 2] @ weights[0, 0, 1] + 0.3  # row 2 and column 5 of the result
    assert wanted[0, 2, 5, 0] == pytest.approx(1 / (1 + np.exp(-by_hand)), abs=1e-6)
    np.testing.assert_allclose(run(model, pixels)[:, 0], wanted[..., 0], atol=1e-6)


def test_recording_figures_leaves_the_rest_of_a_card(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps({"name": "é", "metrics": {"a": 1, "b": 2}, "facts": {}}))
    record(path, metrics={"b": 3})
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "name": "é",
        "metrics": {"a": 1, "b": 3},
        "facts": {},
    }
