"""The constants of the head's shape, each with where it comes from.

"Searched" means a random search on rendered heads seen from known sides, against their true views;
"measured" a comparison of a few values on them or on portraits; "by eye" a starting point that
looked right on portraits and was never measured. Decisions and experiments stand in `docs`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadShape:
    """Lengths in centimetres of an average head, and shares of its own parts.

    Attributes:
        frame_side_cm: side of the portrait frame at the head's distance. By eye: room for hair and
            collar. Weights are trained on it.
        frame_drop_cm: how far the frame's centre lies below the pivot. By eye: chin and crown get
            the same margin. Weights are trained on it.
        pivot_cm: from the eyes back to the axis that the head turns about. Searched for 7.3, then
            measured on 20 rendered heads from 0 to 45 degrees: with 7.6 the five landmarks miss
            their true places by .019 of the frame, with 7.3 by .0229.
        depth_scale: how much the landmark network's depth is stretched, as it flattens faces.
            Searched; measured again on 34 rendered heads: 1.1 and 1.0 are worse home again, the
            average head's depth is worse everywhere.
        nose_across_cm: from where to where the average head's nose lies, from left to right. By
            eye on the canonical mesh.
        nose_down_cm: likewise from top to bottom.
        nose_root_cm: depth of the nose's root in the canonical mesh, from which its height counts.
            By eye on the mesh.
        nose_setback: share of the nose's height to take off, as the landmark network draws noses
            too long. Measured on the landmarks found on 34 rendered heads at 45 and 60 degrees,
            whose tips lay 0.6 cm too far out (decision 15).
        crown_depth_cm: depth of the rim behind the pivot at the crown. Searched.
        side_depth_cm: likewise at the ears' height. Searched.
        neck_depth_cm: likewise below the chin. By eye: the neck stays on the shoulders.
        side_reach: how far the rim lies at most at the ears' height, as a multiple of the oval's
            distance from its centre. By eye, after a search that pulled ears off.
        chin_reach: likewise below the chin. By eye.
        crown_reach: likewise above the forehead. By eye: at 1.4 tall hair stayed behind when the
            forehead turned (decision 15).
        smallest_reach: likewise at least. By eye.
        rim_inset: how far the rim stays inside the person's outline, as a share of the oval's
            distance. By eye.
        ear_end: share of the way over the head's side at which ears end. By eye on rendered heads
            from the side (decision 15).
        ear_depth: how deep their edge lies there, as a share of the depth of the rim. Likewise.
        nape_inset: how much nearer the outline of the back is, as a share of the rim's way beyond
            the face. Likewise.
        ear_margin: by how much the edge clears the ears, whose outline is finer than the spokes. By
            eye.
        ear_clearance: by how much what is read beside the head clears the edge. By eye.
        hair_reach: reach of the rim beyond which hair covers the ears. By eye.
        hair_ease: how much less it is where ears are wholly bare, so that the two kinds of side
            blend. By eye.
        hair_search: share of the way from the rim to the backdrop on which hair is looked for. By
            eye.
        back_hair: shares of that hair's way from which the rings of the back are read. By eye.
        back_hair_stretch: most that the hair repeated on the back of the head counts as stretched,
            so that it is not read as a blur. By eye (decision 15).
        backdrop_reach: how far out the last ring lies, as a multiple of the oval's distance from
            its centre. By eye: outside the frame.
        backdrop_cm: how far behind the pivot, and never moved. By eye: behind everything.
        cheek_inset: how much of the way to the face's centre its stained edge is read from further
            inside, at most. Measured on 30 portraits at 45 and 60 degrees and home again (decision
            18).
        stain_levels: colours that differ by less, of 255, are the same skin, by twice as much
            another. Measured likewise.
    """

    frame_side_cm: float = 30.0
    frame_drop_cm: float = 1.5
    pivot_cm: float = 7.6
    depth_scale: float = 1.22
    nose_across_cm: tuple[float, float] = (-2.0, 2.0)
    nose_down_cm: tuple[float, float] = (-2.6, 1.6)
    nose_root_cm: float = -5.6
    nose_setback: float = 0.33
    crown_depth_cm: float = 1.0
    side_depth_cm: float = 3.5
    neck_depth_cm: float = 0.0
    side_reach: float = 1.4
    chin_reach: float = 1.25
    crown_reach: float = 1.7
    smallest_reach: float = 1.03
    rim_inset: float = 0.02
    ear_end: float = 2 / 3
    ear_depth: float = 0.5
    nape_inset: float = 0.25
    ear_margin: float = 0.03
    ear_clearance: float = 0.1
    hair_reach: float = 1.35
    hair_ease: float = 0.05
    hair_search: float = 0.4
    back_hair: tuple[float, ...] = (0.85, 0.7, 0.55)
    back_hair_stretch: float = 7.0
    backdrop_reach: float = 4.0
    backdrop_cm: float = 14.0
    cheek_inset: float = 0.05
    stain_levels: float = 20.0


HEAD = HeadShape()
"""The shape that every turn uses; the shipped weights are trained with it."""
