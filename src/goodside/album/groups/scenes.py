"""Scenes: what was photographed at one time and place."""

from __future__ import annotations

from collections.abc import Sequence

from goodside.album.groups.comparable_photo import ComparablePhoto

MAX_PAUSE_S = 30 * 60.0
"""A longer pause ends a scene."""

MAX_DISTANCE_M = 500.0
"""A longer way between two photographs ends it too."""


def find_scenes(frames: Sequence[ComparablePhoto]) -> list[tuple[ComparablePhoto, ...]]:
    """Cut an album into scenes, whatever camera took part.

    Args:
        frames: in order of capture; those without a time belong to none.

    Returns:
        Scenes of at least two photographs, in order.
    """
    scenes: list[list[ComparablePhoto]] = []
    for frame in frames:
        if frame.photo.facts.taken_at is None:
            continue
        last = scenes[-1][-1] if scenes else None
        if (
            last is None
            or last.seconds_to(frame) > MAX_PAUSE_S
            or last.metres_to(frame) > MAX_DISTANCE_M
        ):
            scenes.append([])
        scenes[-1].append(frame)
    return [tuple(scene) for scene in scenes if len(scene) > 1]
