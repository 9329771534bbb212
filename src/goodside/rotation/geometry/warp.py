"""Plans of turns: which place of the photograph each pixel shows, and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from goodside.face import load_canonical
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head import (
    BACK_RINGS,
    BACKDROP_REACH,
    INSET,
    RINGS,
    SIDE_RINGS,
    HeadMesh,
)
from goodside.rotation.geometry.raster import IntArray, rasterize
from goodside.types import FloatArray, Pose

_USELESS, _ENOUGH = 0.12, 0.6  # shares of the area a texel should have
_HIDDEN = 0.1  # confidence below which a place beside the face is as good as hidden
_AROUND = 0.025  # sides around what is hidden in which the mirror image fades out
_DEPTH_PX = 128  # side of the depth buffer that decides what the photograph shows
_DEPTH_SLACK = 0.012  # frame sides, 3.6 mm: so far behind it a place still counts as seen
_LONGEST = 24.0  # a texel stretched further is as good as a line
_HAIR_STRETCH = 7.0  # hair lent to the back of the head is no blur
_BESIDE = np.float32(8)  # power by which that falls off beside the head, within a dozen pixels
_TORN = 6.0  # neighbouring pixels whose places lie this many pixels apart are on two surfaces
_BINOMIAL = np.array([0.25, 0.5, 0.25], np.float32)
_GROWN = 0.4  # by this share of its area a triangle of the face grows that is drawn broader
_INSET_FROM, _INSET_EASE = 2.0, 4.0  # stretch from which places move in, and over which they do
_EDGE_ON = 1e-9  # twice the area, in square frame sides, of a triangle that shows nothing


@dataclass(frozen=True, slots=True)
class Warp:
    """Where each pixel of the turned portrait comes from in the photograph's portrait.

    Attributes:
        where: (S, S, 2) float32 places in the source portrait, as shares of its side.
        confidence: (S, S) float32, 1 where the photograph shows the place as well as the result
            does, 0 where it is hidden in the photograph or stretched beyond use.
        mirrored: (S, S, 2) float32 places of the mirror-image spot of the head.
        mirrored_confidence: (S, S) float32 likewise; 0 beside the face, where heads are less alike
            on both sides, except where the photograph hides the place, and a little around.
        visible: (S, S) float32, 1 where the photograph shows the place at all, 0 where the head
            itself hides it.
        stretch: (S, S) float32, at least 1: how much longer than wide the photograph's pixels
            become on the head.
        lent: (S, S) float32, how far the back of the head is read from the hair above it, 0-1; it
            falls to 0 soon beside the head.
        face: (S, S) bool, where the face itself is seen, within its oval.
        head: (S, S) bool, where the head is seen, from the face to the rim.
    """

    where: FloatArray
    confidence: FloatArray
    mirrored: FloatArray
    mirrored_confidence: FloatArray
    visible: FloatArray
    stretch: FloatArray
    lent: FloatArray
    face: NDArray[np.bool_]
    head: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turn:
    """A head in the pose of its portrait and in the one asked for; plans of any size come from it.

    Attributes:
        shown: (V, 3) float32 vertices of the head in the pose asked for.
        own: (V, 6) float32 what every vertex brings along: its place in the portrait, its depth
            and how well it is seen there, how far it is stretched, and how far it is lent.
        twin: (V, 4) float32 place, depth and trust of its mirror twin.
        depth: (D, D) float32 depth of what the portrait shows of the head.
    """

    shown: FloatArray
    own: FloatArray
    twin: FloatArray
    depth: FloatArray

    def plan(self, *, size_px: int, window: Window | None = None) -> Warp:
        """Where each pixel comes from, and how far it can be trusted.

        Args:
            size_px: side of the result.
            window: the part of the frame that the result shows, by default all of it.
        """
        triangles, _, face_triangles = _topology()
        head_triangles = len(triangles) - 2 * len(load_canonical().regions["oval"])
        raster = rasterize((window or Window()).inside(self.shown), triangles, size_px=size_px)
        pixels = raster.interpolate(self.own, triangles)
        visible = _visible(pixels[..., :3], self.depth)
        confidence = visible * np.clip(pixels[..., 3], 0, 1)
        on_head = (raster.triangle >= 0) & (raster.triangle < head_triangles)
        face = on_head & (raster.triangle < face_triangles)
        borrows = np.flatnonzero(face | _widened(confidence < _HIDDEN))
        twins = raster.interpolate(self.twin, triangles, at=borrows)
        where = np.ascontiguousarray(pixels[..., :2])
        mirrored, mirrored_confidence = where.copy(), np.zeros_like(confidence)
        mirrored.reshape(-1, 2)[borrows] = twins[:, :2]
        trusted = _visible(twins[:, :3], self.depth) * np.clip(twins[:, 3], 0, 1)
        mirrored_confidence.reshape(-1)[borrows] = trusted
        return Warp(
            where=where,
            confidence=confidence,
            mirrored=mirrored,
            mirrored_confidence=mirrored_confidence,
            visible=visible,
            stretch=np.where(on_head, pixels[..., 4], 1).clip(1, _LONGEST).astype(np.float32),
            lent=pixels[..., 5].clip(0, 1) ** np.where(on_head, np.float32(1), _BESIDE),
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
    triangles, mirror, _ = _topology()
    seen, depth = _seen(head, source or head.pose)
    shown = head.posed(pose)
    own, twin = _trust(seen, shown, triangles), _trust(seen[mirror], shown, triangles, winding=-1)
    stretch = _stretch(seen, shown, triangles)
    seen = _inset(seen, shown, stretch=stretch, depth=depth, stained=head.stained)
    back, still = len(head.points) + np.array([SIDE_RINGS, RINGS]) * len(head.reach)
    own[back:still] *= 1 - np.tile(head.borrowed, BACK_RINGS)
    twin[back:] *= 1 - np.tile(head.borrowed, BACK_RINGS + 1)
    stretch[back:still] = np.minimum(stretch[back:still], _HAIR_STRETCH)
    lent = np.zeros_like(stretch)
    lent[back:still] = np.tile(head.borrowed, BACK_RINGS)
    return Turn(
        shown,
        own=np.column_stack([seen, own, stretch, lent]),
        twin=np.column_stack([seen[mirror], twin]),
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


def soften_tears(picture: FloatArray, *, where: FloatArray) -> FloatArray:
    """Blur a picture along the outlines where one surface of a turned head ends before another.

    A pixel of a warp belongs to one surface wholly, so that the outlines are stairs.

    Args:
        picture: (S, S, 3) float32, as read at the places.
        where: (S, S, 2) float32 places in the source portrait, as shares of its side.

    Returns:
        (S, S, 3) float32; pixels off the outlines as they were.
    """
    far = _TORN / len(picture)
    jumps = [(np.abs(np.diff(where, axis=axis)) > far) for axis in (1, 0)]
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


@lru_cache(maxsize=1)
def _topology() -> tuple[IntArray, IntArray, int]:
    """(T, 3) triangles of one winding, (V,) mirror twins, and how many triangles are the face's.

    Both halves of the rings are cut into triangles alike, so that turns to both sides are.
    """
    model = load_canonical()
    oval = model.regions["oval"]
    around = len(oval)
    loops = [oval] + [
        np.arange(around) + len(model.vertices) + around * ring for ring in range(RINGS + 1)
    ]
    strips = []
    one_half = (np.arange(around) < around // 2)[:, None]
    for inner, outer in pairwise(loops):
        after_inner, after_outer = np.roll(inner, -1), np.roll(outer, -1)
        cut = np.stack([inner, after_inner, outer, after_inner, after_outer, outer], axis=1)
        mirrored = np.stack([inner, after_inner, after_outer, inner, after_outer, outer], axis=1)
        strips.append(np.where(one_half, cut, mirrored).reshape(-1, 3))
    band = np.concatenate(strips)

    flat = model.vertices[:, :2].astype(np.float64)
    spoke = flat[oval] - flat[oval].mean(0)
    reaches = [*(1 + 0.1 * np.arange(1, RINGS + 1)), BACKDROP_REACH]
    rings = [flat[oval].mean(0) + spoke * reach for reach in reaches]
    spread = np.concatenate([flat, *rings])
    # Each part has one winding throughout, though a few of the lips' triangles face backwards.
    parts = [
        part if _areas(spread, part).sum() > 0 else part[:, ::-1]
        for part in (model.triangles, band)
    ]
    triangles = np.concatenate(parts).astype(np.int32)

    twin = model.mirror
    position = {int(vertex): index for index, vertex in enumerate(oval)}
    ring_twin = np.array([position[int(twin[vertex])] for vertex in oval])
    mirror = np.concatenate(
        [twin] + [ring_twin + len(twin) + around * ring for ring in range(RINGS + 1)]
    )
    return triangles, mirror.astype(np.int32), len(model.triangles)


@lru_cache(maxsize=16)
def _seen(head: HeadMesh, source: Pose) -> tuple[FloatArray, FloatArray]:
    """What the portrait shows of a head: (V, 3) where its colours are read, and (D, D) its depth.

    The same for every turn of a subject, so that it is kept.
    """
    return head.read(source), _depth(head.posed(source), _topology()[0])


def _areas(flat: FloatArray, triangles: IntArray) -> FloatArray:
    """(T,) twice the signed area of every triangle of (V, 2) points."""
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    areas: FloatArray = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (
        c[:, 0] - a[:, 0]
    )
    return areas


def _trust(
    seen: FloatArray, shown: FloatArray, triangles: IntArray, *, winding: int = 1
) -> FloatArray:
    """(V,) how well the texels around each vertex fill the result: 1 at full size, 0 past use.

    A triangle that the photograph shows at less than `_USELESS` of the area the result needs, or
    from behind, counts nothing; at `_ENOUGH` of it or more it counts fully.
    """
    needed = _areas(shown, triangles)
    share = winding * _areas(seen, triangles) / np.maximum(needed, 1e-9)
    trust = np.clip((share - _USELESS) / (_ENOUGH - _USELESS), 0, 1)
    return _around(trust, triangles, counts=needed > 0, vertices=len(seen))


def _stretch(seen: FloatArray, shown: FloatArray, triangles: IntArray) -> FloatArray:
    """(V,) how much longer than wide the texels around each vertex become, 1 to `_LONGEST`.

    The ratio r of the singular values of the linear map A from a triangle as the result shows it to
    the same triangle in the photograph: r + 1 / r is the sum of A's squares over its determinant.
    """
    needed = _areas(shown, triangles)
    shows = needed > _EDGE_ON
    first, *others = (triangles[:, corner] for corner in range(3))
    (ax, ay), (bx, by) = (
        (shown[other] - shown[first])[:, :2].T.astype(np.float64) for other in others
    )
    (cx, cy), (dx, dy) = (
        (seen[other] - seen[first])[:, :2].T.astype(np.float64) for other in others
    )
    squares = (cx * by - dx * ay) ** 2 + (dx * ax - cx * bx) ** 2
    squares += (cy * by - dy * ay) ** 2 + (dy * ax - cy * bx) ** 2
    area = np.abs(cx * dy - cy * dx) * np.abs(needed)
    half = squares / np.maximum(2 * area, 1e-18)
    ratio = (half + np.sqrt(np.maximum(half**2 - 1, 0))).clip(1, _LONGEST)
    return _around(ratio, triangles, counts=shows, vertices=len(seen))


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
    triangles = _topology()[0][: len(model.triangles)]
    needed, given = (_areas(one, triangles) for one in (shown, seen))
    grown = ((needed - np.abs(given)) / np.maximum(_GROWN * np.abs(given), _EDGE_ON)).clip(0, 1)
    share = _around(grown, triangles, counts=needed > 0, vertices=len(face))
    share *= INSET * stained * ((stretch[: len(face)] - _INSET_FROM) / _INSET_EASE).clip(0, 1)
    centre = face[model.regions["oval"], :2].mean(axis=0)
    moved[:, :2] += (share * _near_edge())[:, None] * (centre - face[:, :2])
    rise = _surface(moved, depth) - _surface(face, depth)
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


def _around(
    values: NDArray[np.float64],
    triangles: IntArray,
    *,
    counts: NDArray[np.bool_],
    vertices: int,
) -> FloatArray:
    """(V,) the mean over the triangles at each vertex, of those that count; 0 without any."""
    corners = triangles[counts].ravel()
    total = np.bincount(corners, weights=np.repeat(values[counts], 3), minlength=vertices)
    count = np.bincount(corners, minlength=vertices)
    mean: FloatArray = (total / np.maximum(count, 1)).astype(np.float32)
    return mean


def _depth(vertices: FloatArray, triangles: IntArray) -> FloatArray:
    """(D, D) depth of what the camera sees of the head; infinite where there is nothing."""
    raster = rasterize(vertices, triangles, size_px=_DEPTH_PX)
    depth = raster.interpolate(vertices[:, 2:], triangles)[..., 0]
    depth[raster.triangle < 0] = np.inf
    return depth


def _widened(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(S, S) a mask, wider by about `_AROUND` to all sides."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.filter(ImageFilter.BoxBlur(_AROUND * len(mask)))) > 0


def _surface(places: FloatArray, depth: FloatArray) -> FloatArray:
    """(...) the farthest of the depths around each of (..., 3) places."""
    wide = np.maximum(depth[:, :-1], depth[:, 1:])
    farthest = np.maximum(wide[:-1], wide[1:])
    side = len(farthest)
    column, row = (
        (places[..., axis] * np.float32(len(depth)) - np.float32(0.5))
        .clip(0, side - 1)
        .astype(np.int32)
        for axis in range(2)
    )
    surface: FloatArray = farthest.ravel()[row * side + column]
    return surface


def _visible(places: FloatArray, depth: FloatArray) -> FloatArray:
    """(...) how far the camera sees each place: 1 at the surface, 0 well behind it.

    Each place is compared with the farthest of the depths around it, so that no slope hides itself.
    Nothing is known of what lies beyond the frame; it counts as seen.

    Args:
        places: (..., 3) x, y as shares of the frame, and depth.
        depth: (D, D).
    """
    x, y = places[..., 0], places[..., 1]
    behind = places[..., 2] - _surface(places, depth)
    visible: FloatArray = (2 - behind / np.float32(_DEPTH_SLACK)).clip(0, 1)
    visible[(x < 0) | (x > 1) | (y < 0) | (y > 1)] = 1
    return visible
