"""Fits a head to the landmarks of a face, and its rim to the portrait."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from goodside.face import Crop, five_points, load_canonical, rotation_matrix
from goodside.rotation.geometry.frame import to_shares
from goodside.rotation.geometry.head import FROM_CROWN, TEMPLE_SPOKE, HeadMesh, widest_reach
from goodside.rotation.geometry.head_shape import HEAD
from goodside.rotation.geometry.raster import sample
from goodside.types import Face, FloatArray, Pose, RgbImage

_WALK = 17  # steps in which the rim is looked for
_ROUND = np.array([1, 2, 3, 2, 1]) / 9  # smooths the rim from spoke to spoke


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
    start, end = (one.rings_seen()[-2] for one in (narrowest, widest))
    outline = 1 + _walked(matte, start, end) * (widest.reach - 1)
    around = np.pad(outline - HEAD.rim_inset, len(_ROUND) // 2, mode="wrap")
    reach = np.convolve(around, _ROUND, mode="valid").clip(HEAD.smallest_reach, None)
    edge = outline + HEAD.ear_margin
    fitted = replace(head, reach=reach.astype(np.float32), edge=edge.astype(np.float32))
    rim, still = fitted.rings_seen()[-2:]
    hair = HEAD.hair_search * _walked(matte, rim, rim + HEAD.hair_search * (still - rim))
    crown = rim[FROM_CROWN < TEMPLE_SPOKE]
    shows_crown = shown is None or bool(sample(shown[..., None], crown).min() > 0.5)
    return replace(fitted, hair=hair, shows_crown=shows_crown)


def find_stains(head: HeadMesh, portrait: RgbImage) -> HeadMesh:
    """The head that knows which of its vertices lie on hair or backdrop rather than on the face.

    Args:
        head: any.
        portrait: (P, P, 3) uint8 in its frame.
    """
    places = head.landmarks(head.pose)
    centre = places[load_canonical().regions["oval"]].mean(axis=0)
    shares = np.array([0, HEAD.cheek_inset, 2 * HEAD.cheek_inset], np.float32)[:, None, None]
    edge, inside, deeper = sample(portrait, places + shares * (centre - places))
    apart = np.abs(edge - (inside + deeper) / 2).max(axis=1)
    stained = ((apart - HEAD.stain_levels) / HEAD.stain_levels).clip(0, 1)
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
    pivot_front = np.array([front[:, 0].mean(), eyes[1], eyes[2] + HEAD.pivot_cm * px_per_cm])
    pivot_photo = turn @ pivot_front
    roll = np.deg2rad(pose.roll_deg)
    down = np.array([-np.sin(roll), np.cos(roll)])
    middle = pivot_photo[:2] + down * HEAD.frame_drop_cm * px_per_cm
    frame = Crop(
        float(middle[0]), float(middle[1]), float(HEAD.frame_side_cm * px_per_cm), pose.roll_deg
    )
    reach = widest_reach(front[model.regions["oval"]])
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


def _walked(matte: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """(36,) share of the way from (36, 2) starts to ends on which the person goes on unbroken."""
    walk = np.linspace(0, 1, _WALK, dtype=np.float32)
    places = start + walk[:, None, None] * (end - start)
    on_person = np.logical_and.accumulate(sample(matte[..., None], places)[..., 0] > 0.5, axis=0)
    reached: FloatArray = walk[np.maximum(on_person.sum(axis=0) - 1, 0)]
    return reached


def _depth_of_pose(
    placed: NDArray[np.float64], posed: NDArray[np.float64], *, facing: float
) -> NDArray[np.float64]:
    """(468,) float64 depth in pixels, about 0, of landmarks whose head stands in a known pose.

    The landmark network's depth is too flat and leans by a few degrees, mouths too far back. It is
    stretched by `HeadShape.depth_scale`, noses, which that draws too long, are set back, and all is
    sheared until it leans in the picture as the average head does.

    Args:
        placed: (468, 3) landmarks in pixels, their depth as the network gives it.
        posed: (468, 3) the average head, turned into the pose; centimetres.
        facing: cosine of the angle between the face's forward direction and the camera's.
    """
    own, average = placed - placed.mean(axis=0), posed - posed.mean(axis=0)
    px_per_cm = np.sqrt(np.sum(own[:, :2] ** 2) / np.sum(average[:, :2] ** 2))
    stretched = own[:, 2] * HEAD.depth_scale + px_per_cm * facing * nose_setback_cm()
    lean, *_ = np.linalg.lstsq(own[:, :2], average[:, 2] * px_per_cm - stretched)
    sheared: NDArray[np.float64] = stretched + own[:, :2] @ lean
    return sheared


@lru_cache(maxsize=1)
def nose_setback_cm() -> NDArray[np.float64]:
    """(468,) centimetres by which the nose is set back: a share of its height above the cheeks.

    Fitted to the landmarks found on rendered heads at 45 and 60 degrees: 0.65 cm at the tip.
    """
    across, down, depth = load_canonical().vertices.T.astype(np.float64)
    (left, right), (top, bottom) = HEAD.nose_across_cm, HEAD.nose_down_cm
    nose = (left < across) & (across < right) & (top < down) & (down < bottom)
    return np.where(nose, HEAD.nose_setback * (HEAD.nose_root_cm - depth).clip(0, None), 0)
