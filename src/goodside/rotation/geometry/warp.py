"""Plans of turns: which place of the photograph each pixel shows, and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from goodside.face import load_canonical
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head import (
    BACK_RINGS,
    RINGS,
    SIDE_RINGS,
    HeadMesh,
)
from goodside.rotation.geometry.head_shape import HEAD
from goodside.rotation.geometry.raster import rasterize
from goodside.rotation.geometry.texels import (
    EDGE_ON,
    MOST_STRETCH,
    mean_around,
    texel_stretch,
    texel_trust,
    triangle_areas,
)
from goodside.rotation.geometry.topology import head_topology
from goodside.rotation.geometry.visibility import depth_map, surface_depth, visibility
from goodside.types import FloatArray, Pose

_HIDDEN = 0.1  # confidence below which a place beside the face is as good as hidden
_AROUND = 0.025  # sides around what is hidden in which the mirror image fades out
_BESIDE = np.float32(8)  # power by which that falls off beside the head, within a dozen pixels
_TORN = 6.0  # neighbouring pixels whose places lie this many pixels apart are on two surfaces
_BINOMIAL = np.array([0.25, 0.5, 0.25], np.float32)
_GROWN = 0.4  # share of its area by which a triangle grows that is drawn broader; decision 18
_INSET_FROM, _INSET_EASE = 2.0, 4.0  # stretch from which places move in, and over which they do


@dataclass(frozen=True, slots=True)
class Warp:
    """Where each pixel of the turned portrait comes from in the photograph's portrait.

    Attributes:
        grid: (S, S, 2) float32 places in the source portrait, as shares of its side.
        confidence: (S, S) float32, 1 where the photograph shows the place as well as the result
            does, 0 where it is hidden in the photograph or stretched beyond use.
        mirrored: (S, S, 2) float32 places of the mirror-image spot of the head.
        mirrored_confidence: (S, S) float32 likewise; 0 beside the face, where heads are less alike
            on both sides, except where the photograph hides the place, and a little around.
        visible: (S, S) float32, 1 where the photograph shows the place at all, 0 where the head
            itself hides it.
        stretch: (S, S) float32, at least 1: how much longer than wide the photograph's pixels
            become on the head.
        hair_fill: (S, S) float32, 0-1, how far the back of the head is read from the hair above it;
            it falls to 0 soon beside the head.
        face: (S, S) bool, where the face itself is seen, within its oval.
        head: (S, S) bool, where the head is seen, from the face to the rim.
    """

    grid: FloatArray
    confidence: FloatArray
    mirrored: FloatArray
    mirrored_confidence: FloatArray
    visible: FloatArray
    stretch: FloatArray
    hair_fill: FloatArray
    face: NDArray[np.bool_]
    head: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turn:
    """A head in the pose of its portrait and in the one asked for; plans of any size come from it.

    Attributes:
        shown: (V, 3) float32 vertices of the head in the pose asked for.
        own: (V, 6) float32 what every vertex brings along: its place in the portrait, its depth
            and how well it is seen there, how far it is stretched, and how far it is filled from
            the hair above.
        mirrored: (V, 4) float32 place, depth and trust of the vertex opposite.
        depth: (D, D) float32 depth of what the portrait shows of the head.
    """

    shown: FloatArray
    own: FloatArray
    mirrored: FloatArray
    depth: FloatArray

    def plan(self, *, size_px: int, window: Window | None = None) -> Warp:
        """Where each pixel comes from, and how far it can be trusted.

        Args:
            size_px: side of the result.
            window: the part of the frame that the result shows, by default all of it.
        """
        triangles, _, face_triangles = head_topology()
        head_triangles = len(triangles) - 2 * len(load_canonical().regions["oval"])
        raster = rasterize((window or Window()).inside(self.shown), triangles, size_px=size_px)
        pixels = raster.interpolate(self.own, triangles)
        visible = visibility(pixels[..., :3], self.depth)
        confidence = visible * np.clip(pixels[..., 3], 0, 1)
        on_head = (raster.triangle >= 0) & (raster.triangle < head_triangles)
        face = on_head & (raster.triangle < face_triangles)
        borrows = np.flatnonzero(face | _widened(confidence < _HIDDEN))
        opposite = raster.interpolate(self.mirrored, triangles, at=borrows)
        grid = np.ascontiguousarray(pixels[..., :2])
        mirrored, mirrored_confidence = grid.copy(), np.zeros_like(confidence)
        mirrored.reshape(-1, 2)[borrows] = opposite[:, :2]
        trusted = visibility(opposite[:, :3], self.depth) * np.clip(opposite[:, 3], 0, 1)
        mirrored_confidence.reshape(-1)[borrows] = trusted
        return Warp(
            grid=grid,
            confidence=confidence,
            mirrored=mirrored,
            mirrored_confidence=mirrored_confidence,
            visible=visible,
            stretch=np.where(on_head, pixels[..., 4], 1).clip(1, MOST_STRETCH).astype(np.float32),
            hair_fill=pixels[..., 5].clip(0, 1) ** np.where(on_head, np.float32(1), _BESIDE),
            face=face,
            head=on_head,
        )


def turn_to(head: HeadMesh, pose: Pose, *, source: Pose | None = None) -> Turn:
    """Turn a head to a pose.

    Args:
        head: the head.
        pose: the pose to show.
        source: the pose in which the portrait shows the head, by default that of the photograph.
    """
    triangles, mirror, _ = head_topology()
    seen, depth = _seen(head, source or head.pose)
    shown = head.posed(pose)
    own = texel_trust(seen, shown, triangles)
    mirrored = texel_trust(seen[mirror], shown, triangles, winding=-1)
    stretch = texel_stretch(seen, shown, triangles)
    seen = _inset(seen, shown, stretch=stretch, depth=depth, stained=head.stained)
    back, still = len(head.points) + np.array([SIDE_RINGS, RINGS]) * len(head.reach)
    own[back:still] *= 1 - np.tile(head.hair_fill, BACK_RINGS)
    mirrored[back:] *= 1 - np.tile(head.hair_fill, BACK_RINGS + 1)
    stretch[back:still] = np.minimum(stretch[back:still], HEAD.back_hair_stretch)
    hair_fill = np.zeros_like(stretch)
    hair_fill[back:still] = np.tile(head.hair_fill, BACK_RINGS)
    return Turn(
        shown,
        own=np.column_stack([seen, own, stretch, hair_fill]),
        mirrored=np.column_stack([seen[mirror], mirrored]),
        depth=depth,
    )


def warp_to(
    head: HeadMesh,
    pose: Pose,
    *,
    size_px: int,
    source: Pose | None = None,
    window: Window | None = None,
) -> Warp:
    """Plan the turn of a head to a pose: `turn_to` and `Turn.plan` in one."""
    return turn_to(head, pose, source=source).plan(size_px=size_px, window=window)


def soften_tears(picture: FloatArray, *, grid: FloatArray) -> FloatArray:
    """Blur a picture along the outlines where one surface of a turned head ends before another.

    A pixel of a warp belongs to one surface wholly, so that the outlines are stairs.

    Args:
        picture: (S, S, 3) float32, as read at the places.
        grid: (S, S, 2) float32 places in the source portrait, as shares of its side.

    Returns:
        (S, S, 3) float32; pixels off the outlines as they were.
    """
    far = _TORN / len(picture)
    jumps = [(np.abs(np.diff(grid, axis=axis)) > far) for axis in (1, 0)]
    across, down = (jump[..., 0] | jump[..., 1] for jump in jumps)
    across, down = np.pad(across, ((0, 0), (1, 1))), np.pad(down, ((1, 1), (0, 0)))
    torn = across[:, :-1] | across[:, 1:] | down[:-1] | down[1:]
    rows, columns = np.nonzero(torn)
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    soft = picture.copy()
    soft[rows, columns] = sum(
        weight * padded[rows + y, columns + x]
        for (y, x), weight in np.ndenumerate(np.outer(_BINOMIAL, _BINOMIAL))
    )
    return soft


@lru_cache(maxsize=16)
def _seen(head: HeadMesh, source: Pose) -> tuple[FloatArray, FloatArray]:
    """What the portrait shows of a head: (V, 3) where its colours are read, and (D, D) its depth.

    The same for every turn of a head, so that it is kept.
    """
    return head.texture_coordinates(source), depth_map(head.posed(source), head_topology()[0])


def _inset(
    seen: FloatArray,
    shown: FloatArray,
    *,
    stretch: FloatArray,
    depth: FloatArray,
    stained: FloatArray,
) -> FloatArray:
    """(V, 3) places of vertices, those that a turn draws broader moved in from the face's edge.

    There a turn makes a broad cheek of a pixel or two, and landmarks are not so exact that these
    are skin rather than hair or backdrop. The places stay as far behind what is seen as they were.
    """
    model, inset = load_canonical(), seen.copy()
    face, moved = seen[: len(model.vertices)], inset[: len(model.vertices)]
    triangles = head_topology()[0][: len(model.triangles)]
    needed, given = (triangle_areas(one, triangles) for one in (shown, seen))
    grown = ((needed - np.abs(given)) / np.maximum(_GROWN * np.abs(given), EDGE_ON)).clip(0, 1)
    share = mean_around(grown, triangles, counts=needed > 0, vertices=len(face))
    share *= (
        HEAD.cheek_inset * stained * ((stretch[: len(face)] - _INSET_FROM) / _INSET_EASE).clip(0, 1)
    )
    centre = face[model.regions["oval"], :2].mean(axis=0)
    moved[:, :2] += (share * _near_edge())[:, None] * (centre - face[:, :2])
    rise = surface_depth(moved, depth) - surface_depth(face, depth)
    moved[:, 2] += np.where(np.isfinite(rise), rise, 0)
    return inset


@lru_cache(maxsize=1)
def _near_edge() -> FloatArray:
    """(468,) how near each vertex of the face lies to its edge, 1 around it, 0 from half way in."""
    model = load_canonical()
    oval = model.regions["oval"]
    flat = model.vertices[:, :2] - model.vertices[oval, :2].mean(axis=0)
    reach, angle = np.hypot(*flat.T), np.arctan2(*flat.T)
    edge = np.interp(angle, angle[oval], reach[oval], period=2 * np.pi)
    near: FloatArray = (3 * reach / edge - 1.5).clip(0, 1).astype(np.float32)
    return near


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(S, S) a mask, wider by about `_AROUND` to all sides."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.filter(ImageFilter.BoxBlur(_AROUND * len(mask)))) > 0
