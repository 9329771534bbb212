"""The head as a mesh: the face's own 468 points, and rings for ears, hair, neck and backdrop.

A face mesh ends at the face's oval. Turned alone it leaves a floating mask, so rings continue it
over the sides of the head, as the quarter of an ellipse, back to the rim: the outline of the head
in the photograph, which a turn moves but hardly narrows. The last ring holds the backdrop still.

Where short hair leaves the ears bare, the outline is theirs, and they stand well before the back of
the head. There the side is a slant as deep as an ear, and the back, which no photograph from the
front shows, follows behind it in the colours of the hair above.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goodside.face import Crop, five_points, load_canonical, rotation_matrix
from goodside.rotation.geometry.frame import DROP_CM, SIDE_CM, to_shares
from goodside.rotation.geometry.raster import sample
from goodside.types import Face, FloatArray, Pose, RgbImage

PIVOT_CM = 7.6
"""Distance from the eyes back to the axis the head turns about."""

DEPTH_SCALE = 1.22
"""The landmark network flattens faces; its depth is stretched by this much before a turn."""

SIDE_RINGS, BACK_RINGS = 4, 4
"""Rings from the face's oval, without it, to the edge of the ears, and from there to the rim. The
first and the last of the back lie on their neighbours, as they are read from other places."""

RINGS = SIDE_RINGS + BACK_RINGS

BACKDROP_REACH = 4.0
"""How far out the last ring lies, as a multiple of the oval's distance from its centre."""

INSET = 0.05
"""So much of the way to the face's centre places on its edge are read from further inside."""

_SHADE = 20.0  # of 255: colours that differ by less are the same skin, by twice as much another
_NOSE_CM = (-2.0, 2.0), (-2.6, 1.6)  # where the average head's nose is, across and down
_CHEEK_CM, _NOSE_SHARE = -5.6, 0.33  # depth at its root, and the share of its height to take off

_BACKDROP_CM = 14.0  # behind all, and never moved

_CROWN_CM, _SIDE_CM, _NECK_CM = 1.0, 3.5, 0.0
"""Depth of the rim behind the pivot at the crown, at the ears' height, and at the neck, which stays
on the shoulders; blended by powers of the direction. Fitted by random search to rendered heads
seen from known sides, the neck by eye on portraits."""

_RIM, _CHIN_RIM, _CROWN_RIM = 1.4, 1.25, 1.7
"""The rim's reach at most: at the ears' height, below the chin, and above the forehead."""

_LEAST_RIM = 1.03
_WALK = 17  # steps in which the rim is looked for
_BACK = 0.02  # and how far inside the person's outline it stays
_ROUND = np.array([1, 2, 3, 2, 1]) / 9  # smooths the rim from spoke to spoke

_EAR_SHARE = 2 / 3  # of the way over the head's side, where ears end
_EAR_DEPTH = 0.5  # how deep their edge lies then, of the way back to the rim
_NAPE = 0.25  # how much nearer the back's outline is, of the rim's way beyond the face
_EAR_MARGIN = 0.03  # by how much the edge clears the ears, whose outline is finer than the spokes
_EAR_CLEAR = 0.1  # and by how much what is read beside the head clears the edge
_HAIR_REACH, _HAIR_EASE = 1.35, 0.05  # a side that reaches further is covered by hair
_HAIR_WALK = 0.4  # share of the way from the rim to the backdrop on which hair is looked for
_HAIR_LIES = (0.85, 0.7, 0.55)  # shares of that hair's way from which the back's rings are read
_IN_SIGHT, _OUT_OF_SIGHT = -1.0, 1.0  # depths, in sides, before and behind everything

_SHARES = (
    *np.linspace(0, _EAR_SHARE, SIDE_RINGS + 1)[1:],
    *np.linspace(_EAR_SHARE, 1, BACK_RINGS - 1),
    1.0,
)
"""How far over the side and back of the head each ring lies, 0 at the oval and 1 at the rim."""

_SPOKES = 36
_FROM_CROWN = np.minimum(np.arange(_SPOKES), _SPOKES - np.arange(_SPOKES))
_EARS = np.interp(_FROM_CROWN, (4, 5, 11, 13), (0, 1, 1, 0)).astype(np.float32)
_BACK_HAIR = np.interp(_FROM_CROWN, (4, 5, 11, 12), (0, 1, 1, 0)).astype(np.float32)
_TEMPLE, _NAPE_SPOKE = 4, 11
"""Spokes are counted from the middle of the crown, 0, to the chin, 18; ears lie on 7 to 10."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadMesh:
    """A head, seen from the front, ready to be turned.

    Attributes:
        points: (468, 3) float32, the face in front view, in frame sides, with the pivot as origin.
        pivot: (2,) float32, where the pivot lies in the portrait frame.
        pose: how the head stands in the photograph (roll is that of the frame, so 0 here).
        frame: where the portrait lies in the photograph.
        reach: (36,) float32, how far the rim lies from the oval's centre, as a multiple of the
            oval's own distance, in the order of the oval's points.
        edge: (36,) float32, likewise how far the ears reach, a little beyond.
        hair: (36,) float32, how far the person goes on beyond the rim, as a share of the way to the
            backdrop.
        stained: (468,) float32, 0-1, how far each vertex shows other colours than the face further
            inside, as it lies on hair or backdrop rather than on the cheek; 1 if nobody has looked.
        crowned: whether the photograph shows the crown; close crops leave it out.
    """

    points: FloatArray
    pivot: FloatArray
    pose: Pose
    frame: Crop
    reach: FloatArray
    edge: FloatArray
    hair: FloatArray
    stained: FloatArray
    crowned: bool = True

    def posed(self, pose: Pose) -> FloatArray:
        """Turn the head.

        Args:
            pose: the pose to show it in.

        Returns:
            (468 + 9 x 36, 3) float32 vertices: x, y as shares of the portrait frame, z in sides,
            smaller values nearer to the camera.
        """
        turn = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        lean = rotation_matrix(0, 0, pose.roll_deg)
        face = self.points.astype(np.float64)
        oval = face[load_canonical().regions["oval"]]
        centre = oval.mean(axis=0) * (1, 1, 0)
        spoke = oval * (1, 1, 0) - centre
        rim = _rim_depth(spoke) / SIDE_CM
        parts = [face @ turn.T]
        bare = _EARS * self.short
        for share in _SHARES:
            side, back = min(share / _EAR_SHARE, 1), max(share - _EAR_SHARE, 0) / (1 - _EAR_SHARE)
            out = _mixed(np.sin(share * np.pi / 2), side - _NAPE * back, bare)
            ear = _EAR_DEPTH * side + (1 - _EAR_DEPTH) * np.sin(back * np.pi / 2)
            deep = _mixed(1 - np.cos(share * np.pi / 2), ear, bare)
            reach = _mixed(self.reach, self.edge, bare * (1 - back))
            flat = spoke * (1 + out * (reach - 1))[:, None] + centre
            depth = oval[:, 2] + deep * (rim - oval[:, 2])
            behind = np.stack([0 * depth, 0 * depth, depth], axis=1)
            # The face and its ears turn as a solid, the rim is an outline.
            solid = _mixed(1 - share**2, 1 - back**2, bare)[:, None]
            parts.append((solid * flat + behind) @ turn.T + (1 - solid) * (flat @ lean.T))
        still = spoke * BACKDROP_REACH + centre
        parts.append(still + np.array([0, 0, _BACKDROP_CM / SIDE_CM]))
        vertices = np.concatenate(parts)
        vertices[:, :2] += self.pivot
        return vertices.astype(np.float32)

    @property
    def short(self) -> FloatArray:
        """(36,) how far the head ends with the ears, 1, rather than with hair over them, 0."""
        return ((_HAIR_REACH - self.reach) / _HAIR_EASE).clip(0, 1).astype(np.float32)

    @property
    def borrowed(self) -> FloatArray:
        """(36,) how far the back of the head is read from the hair above it, 0-1."""
        return _BACK_HAIR * self.short

    def read(self, pose: Pose) -> FloatArray:
        """Where the colours of each vertex are read in a picture of the head in some pose.

        Args:
            pose: that of the picture.

        Returns:
            As `posed`, but for the back of the head, which lies on the hair above it; at the nape,
            where that gives way to the neck, out of sight. What stands beside it is read from
            beyond the ears, which would show there a second time.
        """
        vertices = self.posed(pose)
        rings = vertices[len(self.points) :].reshape(RINGS + 1, _SPOKES, 3)
        rim, still = rings[-2:]
        way, shares = self.hair[:, None] * (still - rim), _above(crowned=self.crowned)
        for ring, lies in enumerate(_HAIR_LIES, start=SIDE_RINGS):
            above = shares @ (rim + lies * way)
            above[:, 2] = np.where(_FROM_CROWN == _NAPE_SPOKE, _OUT_OF_SIGHT, _IN_SIGHT)
            rings[ring] += self.borrowed[:, None] * (above - rings[ring])
        clear = (self.edge + _EAR_CLEAR - self.reach) / (BACKDROP_REACH - self.reach)
        rim += (self.borrowed * clear)[:, None] * (still - rim)
        return vertices

    def widest(self) -> HeadMesh:
        """The head with its rim as far out as heads reach, whatever the photograph shows there."""
        reach = _widest(self.points[load_canonical().regions["oval"]])
        return replace(self, reach=reach, edge=reach)

    def _rings_seen(self) -> FloatArray:
        """(9, 36, 2) the rings as the photograph shows them."""
        rings: FloatArray = self.posed(self.pose)[len(self.points) :, :2]
        return rings.reshape(RINGS + 1, _SPOKES, 2)

    def landmarks(self, pose: Pose) -> FloatArray:
        """(468, 2) float32 landmarks of the turned face, as shares of the portrait frame."""
        return self.posed(pose)[: len(self.points), :2]


def fit_rim(head: HeadMesh, matte: FloatArray, *, shown: FloatArray | None = None) -> HeadMesh:
    """The head with its rim where the person ends in the photograph.

    From the face's own width outward every spoke is followed until it leaves the person, or as far
    as a head reaches; hair and shoulders beyond belong to what lies between rim and backdrop.

    Args:
        head: any.
        matte: (M, M) float32 share of the person in each pixel of its portrait frame, 0-1.
        shown: (M, M) float32, 0 where the frame reaches past the photograph; by default it does
            not.
    """
    ones = np.ones_like(head.reach)
    widest, narrowest = head.widest(), replace(head, reach=ones, edge=ones)
    start, end = (one._rings_seen()[-2] for one in (narrowest, widest))
    outline = 1 + _walked(matte, start, end) * (widest.reach - 1)
    around = np.pad(outline - _BACK, len(_ROUND) // 2, mode="wrap")
    reach = np.convolve(around, _ROUND, mode="valid").clip(_LEAST_RIM, None)
    edge = outline + _EAR_MARGIN
    fitted = replace(head, reach=reach.astype(np.float32), edge=edge.astype(np.float32))
    rim, still = fitted._rings_seen()[-2:]
    hair = _HAIR_WALK * _walked(matte, rim, rim + _HAIR_WALK * (still - rim))
    crown = rim[_FROM_CROWN < _TEMPLE]
    crowned = shown is None or bool(sample(shown[..., None], crown).min() > 0.5)
    return replace(fitted, hair=hair, crowned=crowned)


def find_stains(head: HeadMesh, portrait: RgbImage) -> HeadMesh:
    """The head that knows which of its vertices lie on hair or backdrop rather than on the face.

    Args:
        head: any.
        portrait: (P, P, 3) uint8 in its frame.
    """
    places = head.landmarks(head.pose)
    centre = places[load_canonical().regions["oval"]].mean(axis=0)
    shares = np.array([0, INSET, 2 * INSET], np.float32)[:, None, None]
    edge, inside, deeper = sample(portrait, places + shares * (centre - places))
    apart = np.abs(edge - (inside + deeper) / 2).max(axis=1)
    stained = ((apart - _SHADE) / _SHADE).clip(0, 1)
    return replace(head, stained=stained.astype(np.float32))


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
    posed = model.vertices.astype(np.float64) @ turn.T
    placed[:, 2] = _depth_of_pose(placed, posed, facing=float(turn[2, 2]))
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
    reach = _widest(front[model.regions["oval"]])
    return HeadMesh(
        points=((front - pivot_front) / frame.side).astype(np.float32),
        pivot=to_shares(frame, pivot_photo[None, :2])[0],
        pose=Pose(pose.yaw_deg, pose.pitch_deg, 0.0, pose.error),
        frame=frame,
        reach=reach,
        edge=reach,
        hair=np.zeros_like(reach),
        stained=np.ones(len(front), np.float32),
    )


def _mixed(
    one: FloatArray | float, other: FloatArray | float, share: FloatArray
) -> NDArray[np.float64]:
    """(36,) the one where the share is 0, the other where it is 1."""
    mixed: NDArray[np.float64] = one + share * (np.asarray(other, np.float64) - one)
    return mixed


def _walked(matte: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(36,) share of the way from (36, 2) starts to ends on which the person goes on unbroken."""
    walk = np.linspace(0, 1, _WALK, dtype=np.float32)
    places = start + walk[:, None, None] * (end - start)
    on_person = np.logical_and.accumulate(sample(matte[..., None], places)[..., 0] > 0.5, axis=0)
    reached: FloatArray = walk[np.maximum(on_person.sum(axis=0) - 1, 0)]
    return reached


@lru_cache(maxsize=2)
def _above(*, crowned: bool) -> FloatArray:
    """(36, 36) shares of the spokes above from which the back of the head takes its hair.

    From the temples down to the nape the places go up towards the crown, where hair is surest; if
    the photograph ends before it, they stay at the temples.
    """
    spokes = (0, 3, 1.5) if crowned else (0, 4, 6.5)
    spoke = np.interp(_FROM_CROWN, (0, spokes[1], _NAPE_SPOKE), spokes)
    shares = np.maximum(1 - np.abs(spoke[:, None] - _FROM_CROWN), 0).astype(np.float32)
    left = np.arange(_SPOKES) <= _SPOKES // 2
    shares[left[:, None] != left] = 0
    summed: FloatArray = shares / shares.sum(axis=1, keepdims=True)
    return summed


def _rim_depth(spokes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(36,) centimetres behind the pivot of the rim's points, from the (36, 3) ways to them."""
    across, down = (spokes / np.linalg.norm(spokes, axis=1, keepdims=True)).T[:2]
    side = across ** np.where(down < 0, 2, 4)  # below the ears the outline goes in to the neck
    depth: NDArray[np.float64]
    depth = side * _SIDE_CM + down**2 * np.where(down < 0, _CROWN_CM, _NECK_CM)
    return depth


def _widest(oval: NDArray[np.floating]) -> FloatArray:
    """(36,) the farthest that a head's rim reaches, from the (36, 3) points of the face's oval."""
    spokes = oval[:, :2] - oval[:, :2].mean(axis=0)
    down = spokes[:, 1] / np.linalg.norm(spokes, axis=1)
    reach = _RIM + (_CHIN_RIM - _RIM) * down.clip(0, None) ** 2
    reach += (_CROWN_RIM - _RIM) * down.clip(None, 0) ** 2
    return np.asarray(reach, np.float32)


def _depth_of_pose(
    placed: NDArray[np.float64], posed: NDArray[np.float64], *, facing: float
) -> NDArray[np.float64]:
    """(468,) float64 depth in pixels, about 0, of landmarks whose head stands in a known pose.

    The landmark network's depth is too flat and leans by a few degrees, mouths too far back. It is
    stretched by `DEPTH_SCALE`, noses, which that draws too long, are set back, and all is sheared
    until it leans in the picture as the average head does.

    Args:
        placed: (468, 3) landmarks in pixels, their depth as the network gives it.
        posed: (468, 3) the average head, turned into the pose; centimetres.
        facing: cosine of the angle between the face's forward direction and the camera's.
    """
    own, average = placed - placed.mean(axis=0), posed - posed.mean(axis=0)
    px_per_cm = np.sqrt(np.sum(own[:, :2] ** 2) / np.sum(average[:, :2] ** 2))
    stretched = own[:, 2] * DEPTH_SCALE + px_per_cm * facing * nose_set_back()
    lean, *_ = np.linalg.lstsq(own[:, :2], average[:, 2] * px_per_cm - stretched)
    sheared: NDArray[np.float64] = stretched + own[:, :2] @ lean
    return sheared


@lru_cache(maxsize=1)
def nose_set_back() -> NDArray[np.float64]:
    """(468,) centimetres by which the nose is set back: a share of its height above the cheeks.

    Fitted to the landmarks found on rendered heads at 45 and 60 degrees: 0.65 cm at the tip.
    """
    across, down, depth = load_canonical().vertices.T.astype(np.float64)
    (left, right), (top, bottom) = _NOSE_CM
    nose = (left < across) & (across < right) & (top < down) & (down < bottom)
    return np.where(nose, _NOSE_SHARE * (_CHEEK_CM - depth).clip(0, None), 0)
