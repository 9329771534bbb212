"""Training pairs as arrays: rendered once, kept in one file, drawn from in batches."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from goodside.errors import WeightsError
from goodside.images import atomic_write
from goodside.rotation.generator.pose_images import encode_pose
from goodside.rotation.generator.signal import Recipe
from goodside.types import FIVE_POINTS, FloatArray
from goodside_train.rotation.pairs.landmarks import MIRRORED

ByteArray = NDArray[np.uint8]
Target = Literal["template", "mesh"]

FLOW_SHARE = 2
"""How many pixels of a picture one place of its flow stands for, to each side."""

_HIDDEN_COUNTS = 0.05  # how much a flow counts where nothing shows whether it is right


@dataclass(frozen=True, slots=True)
class Pairs:
    """P pairs of source and target portraits of one identity each.

    Attributes:
        source, target: (P, S, S, 3) uint8 sRGB portraits in one frame.
        warped, mirrored: (P, S, S, 3) uint8, the source turned by its mesh, and its mirror half.
        confidence, mirrored_confidence: (P, S, S) uint8, 0-255 for 0-1.
        source_points, target_points: (P, K, 2) float32 landmarks as shares of the frame's side;
            the target's are the template's.
        mesh_points: (P, K, 2) float32 where the source's own mesh has them in the target pose.
        true_points: (P, K, 2) float32 where the target portrait really has them.
        flow: (P, S/2, S/2, 3) float16, how far off in the source each place of the target is found
            by the mesh, (x, y) in halves of the side, and how far the source shows it, 0-1. What
            the source hides is found at its mirror image; the backdrop stays.
        photo: (P,) bool, whether source and target come from photographs (else a rendered head).
        true: (P,) bool, whether the target is a true picture. Else it is the warp itself, an answer
            only where the confidence says that the photograph shows the place.
    """

    source: ByteArray
    target: ByteArray
    warped: ByteArray
    mirrored: ByteArray
    confidence: ByteArray
    mirrored_confidence: ByteArray
    source_points: FloatArray
    target_points: FloatArray
    mesh_points: FloatArray
    true_points: FloatArray
    flow: NDArray[np.float16]
    photo: NDArray[np.bool_]
    true: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.source)

    def take(self, index: NDArray[np.int64]) -> Pairs:
        """The pairs of an index array."""
        return Pairs(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def flipped(self) -> Pairs:
        """Every pair seen in a mirror."""
        swapped = {}
        for f in fields(self):
            values = getattr(self, f.name)
            if f.name.endswith("points"):
                swapped[f.name] = values[:, MIRRORED[: values.shape[1]]]
                swapped[f.name][..., 0] = 1 - swapped[f.name][..., 0]
            elif f.name == "flow":
                swapped[f.name] = values[:, :, ::-1] * np.array([-1, 1, 1], values.dtype)
            else:
                swapped[f.name] = values[:, :, ::-1] if values.ndim > 1 else values
        return Pairs(**swapped)


def join(parts: list[Pairs]) -> Pairs:
    """All pairs of several sets, in order."""
    return Pairs(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Pairs)}
    )


def stack(rows: list[Pairs]) -> Pairs:
    """Pairs from single ones whose arrays lack the first axis."""
    return Pairs(**{f.name: np.stack([getattr(r, f.name) for r in rows]) for f in fields(Pairs)})


def write_pairs(path: Path, pairs: Pairs, *, pairs_digest: str) -> None:
    """Write pairs to an uncompressed `.npz` file.

    Args:
        path: its folder is made if needed.
        pairs: any.
        pairs_digest: of what rendered them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f.name: getattr(pairs, f.name) for f in fields(Pairs)}
    with atomic_write(path, overwrite=True) as stream:
        np.savez(stream, pairs_digest=np.array(pairs_digest), **arrays)


def read_digest(path: Path) -> str | None:
    """The digest of what rendered a file of pairs; None where there is no such file."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return str(stored["pairs_digest"])
    except (OSError, KeyError, ValueError, EOFError, BadZipFile, zlib.error):
        return None


def read_pairs(path: Path) -> Pairs:
    """Read what `write_pairs` wrote.

    Raises:
        WeightsError: the file is missing or of another kind.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return Pairs(**{f.name: stored[f.name] for f in fields(Pairs)})
    except (OSError, KeyError, ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise WeightsError(
            f"the rendered pairs cannot be read: {error}",
            path=path,
            remedy="delete it and train again: missing pairs are rendered first",
        ) from error


def signal_of(
    pairs: Pairs, *, recipe: Recipe, target: Target = "template", landmarks: int = len(FIVE_POINTS)
) -> FloatArray:
    """The to-be-input signals of some pairs, as `goodside.rotation.generator.signal` lays them out.

    Args:
        pairs: P pairs.
        recipe: which channels.
        target: whose landmarks the target's pose images show, see `RotationRecipe`.
        landmarks: how many of them.

    Returns:
        (P, C, S, S) float32.
    """
    size_px = pairs.source.shape[1]
    target_points = pairs.mesh_points if target == "mesh" else pairs.target_points
    shown = (points[:, :landmarks] for points in (pairs.source_points, target_points))
    parts = [
        to_signed(pairs.source),
        *(
            np.stack([encode_pose(p * size_px - 0.5, size_px=size_px) for p in points])
            for points in shown
        ),
    ]
    if recipe == "mesh":
        parts += [
            to_signed(pairs.warped),
            (pairs.confidence[:, None] / 255).astype(np.float32),
            to_signed(pairs.mirrored),
            (pairs.mirrored_confidence[:, None] / 255).astype(np.float32),
        ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def to_signed(pictures: ByteArray) -> FloatArray:
    """(P, S, S, 3) uint8 -> (P, 3, S, S) float32 in [-1, 1]."""
    signed: FloatArray = pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
    return signed


def flow_goal(pairs: Pairs) -> FloatArray:
    """What `geometry_loss` holds a flow to.

    Args:
        pairs: P pairs.

    Returns:
        (P, 2, 4, S/2, S/2) float32 for the photograph and for the mirrored one each: flow (x, y),
        how far it shows the place, how much the flow counts.
    """
    x, y, shown = np.moveaxis(pairs.flow.astype(np.float32), -1, 0)
    cells = x.shape[1]
    better = 2 * (pairs.mirrored_confidence.astype(np.int16) - pairs.confidence) > 255
    share = better.reshape(len(x), cells, FLOW_SHARE, cells, FLOW_SHARE).mean(axis=(2, 4))
    mirrored = (share > 0.5).astype(np.float32)
    across = (2 * np.arange(cells, dtype=np.float32) + 1) / cells - 1
    own = [x, y, shown * (1 - mirrored), (_HIDDEN_COUNTS + shown) * (1 - mirrored)]
    other = [-2 * across - x, y, shown * mirrored, shown * mirrored]
    goal: FloatArray = np.stack([np.stack(own, axis=1), np.stack(other, axis=1)], axis=1)
    return goal
