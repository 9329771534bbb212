"""Made data for the tests of rotation training: small portraits and heads with known views."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.face import FaceFinder
from goodside.rotation import HeadMesh, head_mesh, warp_to
from goodside.rotation.geometry.raster import sample
from goodside.types import FloatArray, Pose, RgbImage
from goodside_train.rotation.pairs.pairs import FLOW_SHARE, Pairs
from tests.images.made import textured
from tests.rotation.made import PORTRAIT

CONFIGS = Path(__file__).parents[3] / "configs"
TINY = CONFIGS / "rotation-tiny.toml"
TINTS = {"red": (1.0, 0.55, 0.55), "green": (0.55, 1.0, 0.55), "blue": (0.55, 0.55, 1.0)}
VIEWS = ((-30, 0), (0, 0), (30, 0), (0, -15), (0, 15))
FIVE = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.43, 0.6], [0.57, 0.6]], np.float32)
SIDE_PX = 224


def write_data(folder: Path) -> Path:
    """Write `photos/person-<tint>.png` and `heads/` with `views.csv`; returns the folder."""
    photograph = np.asarray(Image.open(PORTRAIT).convert("RGB"))
    head = head_mesh(FaceFinder().find(photograph)[0])
    portrait = head.frame.cut(photograph, size_px=SIDE_PX)
    (folder / "photos").mkdir()
    (folder / "heads").mkdir()
    rows = []
    for name, tint in TINTS.items():
        Image.fromarray(_tinted(portrait, tint)).save(folder / "photos" / f"person-{name}.png")
        for yaw, pitch in VIEWS:
            file = f"head-{name}_{yaw}_{pitch}.png"
            view = _tinted(_view(portrait, head, Pose(yaw, pitch, 0)), tint)
            Image.fromarray(np.dstack([view, _silhouette()])).save(folder / "heads" / file)
            rows.append((file, f"head-{name}", yaw, pitch, "day"))
    with (folder / "heads" / "views.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("image", "identity", "yaw_deg", "pitch_deg", "light"))
        writer.writerows(rows)
    return folder


def tint_of(picture: RgbImage | FloatArray) -> str:
    """The name of the tint of the face in the middle of a picture made here."""
    third = len(picture) // 3
    means = picture[third:-third, third:-third].reshape(-1, 3).mean(axis=0)
    return list(TINTS)[int(np.argmax(means))]


def made_pairs(count: int, *, size_px: int, rng: np.random.Generator) -> Pairs:
    """Pairs of soft made pictures; the points lie about where a face has them."""

    def pictures() -> RgbImage:
        seeds = rng.integers(0, 9999, count)
        return np.stack([textured(size_px, size_px, seed=int(seed)) for seed in seeds])

    def trust() -> RgbImage:
        return rng.integers(0, 256, (count, size_px, size_px), dtype=np.uint8)

    def points() -> FloatArray:
        return (FIVE + rng.normal(0, 0.02, (count, 5, 2))).astype(np.float32)

    def flow() -> NDArray[np.float16]:
        half = size_px // FLOW_SHARE
        off, shown = rng.normal(0, 0.05, (count, half, half, 2)), rng.random((count, half, half, 1))
        return np.concatenate([off, shown], axis=-1).astype(np.float16)

    return Pairs(
        source=pictures(),
        target=pictures(),
        warped=pictures(),
        mirrored=pictures(),
        confidence=trust(),
        mirrored_confidence=trust(),
        source_points=points(),
        target_points=points(),
        mesh_points=points(),
        true_points=points(),
        flow=flow(),
        photo=np.arange(count) % 2 == 0,
        true=np.arange(count) % 4 != 0,
    )


def _tinted(rgb: RgbImage, tint: tuple[float, float, float]) -> RgbImage:
    tinted: RgbImage = (rgb * np.array(tint)).astype(np.uint8)
    return tinted


def _view(portrait: RgbImage, head: HeadMesh, pose: Pose) -> RgbImage:
    return sample(portrait, warp_to(head, pose, size_px=SIDE_PX).grid).astype(np.uint8)


def _silhouette() -> RgbImage:
    axis = np.linspace(-1, 1, SIDE_PX)
    return (255 * (axis[:, None] ** 2 + (1.2 * axis[None]) ** 2 < 0.9)).astype(np.uint8)
