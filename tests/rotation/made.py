"""Made heads, templates and weights for the tests of rotation; nothing here needs torch."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.face import five_points, load_canonical, rotation_matrix
from goodside.rotation import HeadMesh, Templates, write_templates
from goodside.rotation.generator.signal import Recipe, signal_channels
from goodside.rotation.generator.templates import FILENAME
from goodside.rotation.geometry.head_fit import mesh_from_landmarks, nose_setback_cm
from goodside.rotation.geometry.head_shape import HEAD
from goodside.rotation.geometry.layers import MATTE_PX
from goodside.runtime import ModelCard, Preprocessing, WeightsStore
from goodside.types import Box, FloatArray, Pose, RgbImage

EXAMPLES = Path(__file__).parents[2] / "examples"
PORTRAIT = EXAMPLES / "photos" / "astronaut.jpg"
NETWORK_PX = 64
FRONTAL = Pose(0, 0, 0)
RANGE_DEG = {"yaw": [-60.0, 60.0], "pitch": [-20.0, 20.0], "roll": [-45.0, 45.0]}
PERSON, BEHIND = (200, 150, 120), (30, 60, 160)


def made_landmarks(pose: Pose = FRONTAL, *, px_per_cm: float = 20.0) -> FloatArray:
    """(468, 3) landmarks of the canonical head in a pose, about the pixel (300, 280).

    Their depth is as flat as the landmark network's, and their nose as long.
    """
    turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    placed = px_per_cm * load_canonical().vertices @ turn.T + (300, 280, 0)
    placed[:, 2] -= px_per_cm * turn[2, 2] * nose_setback_cm()
    placed[:, 2] /= HEAD.depth_scale
    return placed.astype(np.float32)


def made_head(pose: Pose = FRONTAL) -> HeadMesh:
    """The canonical head as if it had been found in a photograph in a pose."""
    return mesh_from_landmarks(made_landmarks(pose), pose)


def made_matte(*, across: float = 0.33, down: float = 0.42) -> FloatArray:
    """(256, 256) matte of an oval person amid the portrait frame; radii as shares of its side."""
    axis = (np.arange(MATTE_PX) + 0.5) / MATTE_PX - 0.5
    inside = (axis[:, None] / down) ** 2 + (axis / across) ** 2 < 1
    return inside.astype(np.float32)


def made_portrait(
    matte: FloatArray,
    *,
    person: RgbImage | tuple[int, int, int] = PERSON,
    backdrop: RgbImage | tuple[int, int, int] = BEHIND,
) -> RgbImage:
    """(256, 256, 3) a person of that matte, of one colour or a picture, before a backdrop."""
    behind = np.asarray(backdrop, np.float32)
    laid = behind + matte[..., None] * (np.asarray(person, np.float32) - behind)
    return np.rint(laid).astype(np.uint8)


def made_templates() -> Templates:
    """Templates of the canonical head at yaw -60 ... 60 in steps of 20, pitch -15, 0 and 15."""
    head = made_head()
    yaws = np.arange(-60, 61, 20, dtype=np.float32)
    tilted = np.array([-40, 0, 40], np.float32)

    def points(yaw_deg: float, pitch_deg: float) -> FloatArray:
        return five_points(head.landmarks(Pose(yaw_deg, pitch_deg, 0)))

    levels = np.linspace(40, 200, len(yaws)).astype(np.uint8)
    return Templates(
        yaw_deg=yaws,
        images=np.broadcast_to(levels[:, None, None, None], (len(yaws), 8, 8, 3)).copy(),
        points=np.stack([points(float(yaw), 0) for yaw in yaws]),
        pitch_yaw_deg=tilted,
        pitch_step_deg=15.0,
        pitch_points=np.stack([[points(float(yaw), p) for p in (-15.0, 15.0)] for yaw in tilted]),
    )


def write_store(folder: Path, *, recipe: Recipe = "mesh") -> Path:
    """A folder of the package's weights with a stand-in for the generator.

    The stand-in of recipe `mesh` paints the warped photograph and trusts it as far as the warp's
    confidence says; that of `capg` paints the face image as it came.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in WeightsStore().folder.iterdir():
        if path.name.startswith(
            ("face-", "person-", "canonical", "aesthetics-free.", "aesthetics-lite0.")
        ):
            (folder / path.name).symlink_to(path)
    name = f"rotation-{recipe}"
    content = _stand_in(recipe)
    (folder / f"{name}.onnx").write_bytes(content)
    card = ModelCard(
        name=name,
        version="0.0.1",
        task="rotation",
        title="A stand-in",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        license="CC0-1.0",
        terms="For tests.",
        source="made by the tests",
        data="none",
        preprocessing=Preprocessing(width_px=NETWORK_PX, height_px=NETWORK_PX),
        facts={"recipe": recipe, "landmarks": 5, "range_deg": RANGE_DEG},
    )
    (folder / f"{name}.json").write_text(card.model_dump_json(), encoding="utf-8")
    write_templates(folder / FILENAME, made_templates())
    return folder


class BrightnessRecogniser:
    """Tells people apart by the mean colour of their faces."""

    def embed(self, rgb: RgbImage, box: Box) -> FloatArray:
        left, top, right, bottom = (max(0, round(edge)) for edge in box.as_list())
        colour: FloatArray = rgb[top : bottom + 1, left : right + 1].mean(axis=(0, 1)) / 255
        return colour.astype(np.float32)


def write_views(folder: Path, *, yaws_deg: Sequence[float]) -> Path:
    """A list of views of one person, cut out; every view is the same photograph."""
    folder.mkdir()
    rgb = np.asarray(Image.open(PORTRAIT).convert("RGB").crop((60, 0, 380, 320)))
    alpha = np.full(rgb.shape[:2], 255, np.uint8)
    alpha[:, :20] = 0
    Image.fromarray(np.dstack([rgb, alpha])).save(folder / "view.png")
    path = folder / "views.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image", "identity", "yaw_deg", "pitch_deg", "light"])
        writer.writerows(["view.png", "ann", yaw, 0, 0] for yaw in yaws_deg)
    return path


def _stand_in(recipe: Recipe) -> bytes:
    import onnx
    from onnx import TensorProto, helper

    channels, side = signal_channels(recipe, landmarks=5), NETWORK_PX
    first = 13 if recipe == "mesh" else 0

    def ends(*values: int) -> NDArray[np.int64]:
        return np.array(values, np.int64)

    limits = {
        "one": ends(1),
        "rgb_from": ends(first),
        "rgb_to": ends(first + 3),
        "trust_from": ends(first + 3),
        "trust_to": ends(first + 4),
    }
    nodes: list[Any] = [
        helper.make_node("Slice", ["signal", "rgb_from", "rgb_to", "one"], ["painted"]),
        helper.make_node("Slice", ["signal", "trust_from", "trust_to", "one"], ["kept"]),
        helper.make_node("Mul", ["kept", "share"], ["trust"]),
    ]
    share = np.array(1.0 if recipe == "mesh" else 0.0, np.float32)
    constants = [onnx.numpy_helper.from_array(v, k) for k, v in limits.items()]
    constants.append(onnx.numpy_helper.from_array(share, "share"))
    graph = helper.make_graph(
        nodes,
        "stand-in",
        [helper.make_tensor_value_info("signal", TensorProto.FLOAT, ["n", channels, side, side])],
        [
            helper.make_tensor_value_info("painted", TensorProto.FLOAT, ["n", 3, side, side]),
            helper.make_tensor_value_info("trust", TensorProto.FLOAT, ["n", 1, side, side]),
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content
