"""The head as a mesh: the face's own 468 points, and rings for ears, hair and backdrop.

A face mesh ends at the face's oval. Turned alone it leaves a floating mask, so three rings continue
it: the first passes the ears and turns like the face, the second follows the head's outline, which
a turn moves but hardly narrows, and the third holds the backdrop still.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from goodside.face import Crop, five_points, load_canonical, rotation_matrix
from goodside.rotation.frame import DROP_CM, SIDE_CM, Window, to_shares
from goodside.rotation.raster import IntArray, rasterize, sample
from goodside.types import Face, FloatArray, Pose, RgbImage

PIVOT_CM = 7.6
"""Distance from the eyes back to the axis the head turns about."""

DEPTH_SCALE = 1.22
"""The landmark network flattens faces; its depth is stretched by this much before a turn."""


_USELESS, _ENOUGH = 0.12, 0.6  # shares of the area a texel should have
_HIDDEN = 0.1  # confidence below which a place beside the face is as good as hidden
_DEPTH_PX = 128  # side of the depth buffer that decides what the photograph shows
_DEPTH_SLACK = 0.012  # frame sides, 3.6 mm: so far behind it a place still counts as seen


@dataclass(frozen=True, slots=True)
class _Ring:
    """One ring of anchors around the face's oval.

    Attributes:
        reach: distance from the oval's centre, as a multiple of the oval's.
        crown_cm, side_cm, neck_cm: depth behind the pivot (negative: in front of it) at the top, at
            the ears' height and at the bottom, blended by the square of the direction.
        squeeze: 1 turns the ring like a solid; 0 shifts and leans it without narrowing it, as a
            head's outline does.
    """

    reach: float
    crown_cm: float
    side_cm: float
    neck_cm: float
    squeeze: float


_RINGS = (
    _Ring(reach=1.2, crown_cm=-7.0, side_cm=1.2, neck_cm=0.4, squeeze=0.8),
    _Ring(reach=1.4, crown_cm=1.0, side_cm=3.9, neck_cm=6.0, squeeze=0.0),
)
"""Depths fitted by random search to rendered heads seen from known sides; the reaches were then
widened by eye on portraits, so that ears turn with the head."""

_BACKDROP_REACH, _BACKDROP_CM = 4.0, 14.0  # the last ring: far out, behind all, never moved


@dataclass(frozen=True, slots=True)
class HeadMesh:
    """A head, seen from the front, ready to be turned.

    Attributes:
        points: (468, 3) float32, the face in front view, in frame sides, with the pivot as origin.
        pivot: (2,) float32, where the pivot lies in the portrait frame.
        pose: how the head stands in the photograph (roll is that of the frame, so 0 here).
        frame: where the portrait lies in the photograph.
    """

    points: FloatArray
    pivot: FloatArray
    pose: Pose
    frame: Crop

    def posed(self, pose: Pose) -> FloatArray:
        """Turn the head.

        Args:
            pose: the pose to show it in.

        Returns:
            (468 + 3 x 36, 3) float32 vertices: x, y as shares of the portrait frame, z in sides,
            smaller values nearer to the camera.
        """
        turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        lean = rotation_matrix(0, 0, pose.roll_deg)
        face = self.points.astype(np.float64)
        oval = face[load_canonical().regions["oval"]]
        centre = oval.mean(axis=0)
        spoke = (oval - centre) * (1, 1, 0)
        toward = spoke / np.linalg.norm(spoke, axis=1, keepdims=True)
        parts = [face @ turn.T]
        for ring in _RINGS:
            flat = spoke * ring.reach + centre * (1, 1, 0)
            ends = np.where(toward[:, 1] < 0, ring.crown_cm, ring.neck_cm)
            depth = toward[:, 0] ** 2 * ring.side_cm + toward[:, 1] ** 2 * ends
            behind = np.stack([0 * depth, 0 * depth, depth / SIDE_CM], axis=1)
            outline = ring.squeeze * (flat @ turn.T) + (1 - ring.squeeze) * (flat @ lean.T)
            parts.append(outline + behind @ turn.T)
        still = spoke * _BACKDROP_REACH + centre * (1, 1, 0)
        parts.append(still + np.array([0, 0, _BACKDROP_CM / SIDE_CM]))
        vertices = np.concatenate(parts)
        vertices[:, :2] += self.pivot
        return vertices.astype(np.float32)

    def landmarks(self, pose: Pose) -> FloatArray:
        """(468, 2) float32 landmarks of the turned face, as shares of the portrait frame."""
        return self.posed(pose)[: len(self.points), :2]


@dataclass(frozen=True, slots=True)
class Warp:
    """Where each pixel of the turned portrait comes from in the photograph's portrait.

    Attributes:
        where: (S, S, 2) float32 places in the source portrait, as shares of its side.
        confidence: (S, S) float32, 1 where the photograph shows the place as well as the result
            does, 0 where it is hidden in the photograph or stretched beyond use.
        mirrored: (S, S, 2) float32 places of the mirror-image spot of the head.
        mirrored_confidence: (S, S) float32 likewise; 0 in the backdrop, and beside the face, where
            heads are less alike on both sides, wherever the photograph shows the place itself.
        face: (S, S) bool, where the face itself is seen, within its oval.
    """

    where: FloatArray
    confidence: FloatArray
    mirrored: FloatArray
    mirrored_confidence: FloatArray
    face: NDArray[np.bool_]

    def apply(self, portrait: RgbImage) -> tuple[FloatArray, FloatArray]:
        """(warped, mirrored): (S, S, 3) float32, 0-255, read from a (P, P, 3) uint8 portrait."""
        return sample(portrait, self.where), sample(portrait, self.mirrored)


def head_mesh(face: Face) -> HeadMesh:
    """Build the head of a face found in a photograph.

    Args:
        face: as the face finder gives it.

    Returns:
        The head in front view, with its portrait frame.
    """
    return mesh_from_landmarks(face.landmarks, face.pose)


def mesh_from_landmarks(landmarks: FloatArray, pose: Pose) -> HeadMesh:
    """Build a head from its mesh landmarks and its (calibrated or known) pose.

    Args:
        landmarks: (468, 3) float32 pixels of the photograph.
        pose: of the head in the photograph.
    """
    model = load_canonical()
    turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    placed = landmarks.astype(np.float64)
    placed[:, 2] = _depth_of_pose(placed, model.vertices.astype(np.float64) @ turn.T)
    front = placed @ turn  # rows times R: the inverse turn of every point
    spread = [
        np.sqrt(np.mean(np.sum((p - p.mean(axis=0))[:, :2] ** 2, axis=1)))
        for p in (front, model.vertices.astype(np.float64))
    ]
    px_per_cm = spread[0] / spread[1]
    eyes = five_points(front)[:2].mean(axis=0).astype(np.float64)
    pivot_front = np.array([front[:, 0].mean(), eyes[1], eyes[2] + PIVOT_CM * px_per_cm])
    pivot_photo = turn @ pivot_front
    roll = np.deg2rad(pose.roll_deg)
    down = np.array([-np.sin(roll), np.cos(roll)])
    middle = pivot_photo[:2] + down * DROP_CM * px_per_cm
    frame = Crop(float(middle[0]), float(middle[1]), float(SIDE_CM * px_per_cm), pose.roll_deg)
    return HeadMesh(
        points=((front - pivot_front) / frame.side).astype(np.float32),
        pivot=to_shares(frame, pivot_photo[None, :2])[0],
        pose=Pose(pose.yaw_deg, pose.pitch_deg, 0.0, pose.error),
        frame=frame,
    )


def _depth_of_pose(placed: NDArray[np.float64], posed: NDArray[np.float64]) -> NDArray[np.float64]:
    """(468,) float64 depth in pixels, about 0, of landmarks whose head stands in a known pose.

    The landmark network's depth is too flat and leans by a few degrees, mouths too far back. It is
    stretched by `DEPTH_SCALE`, then sheared until it leans in the picture as the average head does.

    Args:
        placed: (468, 3) landmarks in pixels, their depth as the network gives it.
        posed: (468, 3) the average head, turned into the pose; centimetres.
    """
    own, average = placed - placed.mean(axis=0), posed - posed.mean(axis=0)
    px_per_cm = np.sqrt(np.sum(own[:, :2] ** 2) / np.sum(average[:, :2] ** 2))
    stretched = own[:, 2] * DEPTH_SCALE
    lean, *_ = np.linalg.lstsq(own[:, :2], average[:, 2] * px_per_cm - stretched)
    sheared: NDArray[np.float64] = stretched + own[:, :2] @ lean
    return sheared


def warp_to(
    head: HeadMesh,
    pose: Pose,
    *,
    size_px: int,
    source: Pose | None = None,
    window: Window | None = None,
) -> Warp:
    """Plan the turn of a head to a pose.

    Args:
        head: the head.
        pose: the pose to show.
        size_px: side of the result.
        source: the pose in which the portrait shows the head, by default that of the photograph.
        window: the part of the frame that the result shows, by default all of it.

    Returns:
        Where each pixel comes from, and how far it can be trusted.
    """
    triangles, mirror, face_triangles = _topology()
    head_triangles = len(triangles) - 2 * len(load_canonical().regions["oval"])
    seen = head.posed(source or head.pose)
    shown = head.posed(pose)
    raster = rasterize((window or Window()).inside(shown), triangles, size_px=size_px)
    carried = np.column_stack(
        [
            seen,
            _stretch_trust(seen, shown, triangles),
            seen[mirror],
            _stretch_trust(seen[mirror], shown, triangles, winding=-1),
        ]
    )
    pixels = raster.interpolate(carried, triangles)
    depth = _depth(seen, triangles)
    confidence = _visible(pixels[..., :3], depth) * np.clip(pixels[..., 3], 0, 1)
    on_head = (raster.triangle >= 0) & (raster.triangle < head_triangles)
    face = on_head & (raster.triangle < face_triangles)
    borrows = face | (on_head & (confidence < _HIDDEN))
    return Warp(
        where=pixels[..., :2],
        confidence=confidence,
        mirrored=np.where(borrows[..., None], pixels[..., 4:6], pixels[..., :2]),
        mirrored_confidence=_visible(pixels[..., 4:7], depth)
        * np.clip(pixels[..., 7], 0, 1)
        * borrows,
        face=face,
    )


@lru_cache(maxsize=1)
def _topology() -> tuple[IntArray, IntArray, int]:
    """(T, 3) triangles of one winding, (V,) mirror twins, and how many triangles are the face's."""
    model = load_canonical()
    oval = model.regions["oval"]
    around = len(oval)
    loops = [oval] + [
        np.arange(around) + len(model.vertices) + around * ring for ring in range(len(_RINGS) + 1)
    ]
    strips = []
    for inner, outer in pairwise(loops):
        after_inner, after_outer = np.roll(inner, -1), np.roll(outer, -1)
        strips.append(np.stack([inner, after_inner, outer], axis=1))
        strips.append(np.stack([after_inner, after_outer, outer], axis=1))
    band = np.concatenate(strips)

    flat = model.vertices[:, :2].astype(np.float64)
    spoke = flat[oval] - flat[oval].mean(0)
    reaches = [*(ring.reach for ring in _RINGS), _BACKDROP_REACH]
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
        [twin] + [ring_twin + len(twin) + around * ring for ring in range(len(_RINGS) + 1)]
    )
    return triangles, mirror.astype(np.int32), len(model.triangles)


def _areas(flat: FloatArray, triangles: IntArray) -> FloatArray:
    """(T,) twice the signed area of every triangle of (V, 2) points."""
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    areas: FloatArray = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (
        c[:, 0] - a[:, 0]
    )
    return areas


def _stretch_trust(
    seen: FloatArray, shown: FloatArray, triangles: IntArray, *, winding: int = 1
) -> FloatArray:
    """(V,) how well the texels around each vertex fill the result: 1 at full size, 0 past use.

    A triangle that the photograph shows at less than `_USELESS` of the area the result needs, or
    from behind, counts nothing; at `_ENOUGH` of it or more it counts fully. Triangles that the
    result shows from behind have no say.
    """
    needed = _areas(shown[:, :2], triangles)
    share = winding * _areas(seen[:, :2], triangles) / np.maximum(needed, 1e-9)
    trust = np.clip((share - _USELESS) / (_ENOUGH - _USELESS), 0, 1)
    corners = triangles[needed > 0].ravel()
    total = np.bincount(corners, weights=np.repeat(trust[needed > 0], 3), minlength=len(seen))
    count = np.bincount(corners, minlength=len(seen))
    mean: FloatArray = (total / np.maximum(count, 1)).astype(np.float32)
    return mean


def _depth(vertices: FloatArray, triangles: IntArray) -> FloatArray:
    """(D, D) depth of what the camera sees of the head; infinite where there is nothing."""
    raster = rasterize(vertices, triangles, size_px=_DEPTH_PX)
    depth = raster.interpolate(vertices[:, 2:], triangles)[..., 0]
    depth[raster.triangle < 0] = np.inf
    return depth


def _visible(places: FloatArray, depth: FloatArray) -> FloatArray:
    """(S, S) how far the camera sees each place: 1 at the surface, 0 well behind it.

    Each place is compared with the farthest of the depths around it, so that no slope hides itself.
    Nothing is known of what lies beyond the frame; it counts as seen.

    Args:
        places: (S, S, 3) x, y as shares of the frame, and depth.
        depth: (D, D).
    """
    wide = np.maximum(depth[:, :-1], depth[:, 1:])
    farthest = np.maximum(wide[:-1], wide[1:])
    side = len(farthest)
    x, y = (np.clip(places[..., k] * len(depth) - 0.5, 0, side - 1) for k in (0, 1))
    behind = places[..., 2] - farthest[y.astype(np.int64), x.astype(np.int64)]
    beyond = ((places[..., :2] < 0) | (places[..., :2] > 1)).any(axis=-1)
    visible: FloatArray = np.where(beyond, 1, np.clip(2 - behind / _DEPTH_SLACK, 0, 1))
    return visible.astype(np.float32)
