"""Scenes: what was photographed at one time and place."""

from __future__ import annotations

from collections.abc import Sequence

from goodside.album.groups.frame import Frame

PAUSE_S = 30 * 60.0
"""A longer pause ends a scene."""

APART_M = 500.0
"""A longer way between two photographs ends it too."""


def find_scenes(frames: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """Cut an album into scenes, whatever camera took part.

    Args:
        frames: in order of capture; those without a time belong to none.

    Returns:
        Scenes of at least two photographs, in order.
    """
    scenes: list[list[Frame]] = []
    for frame in frames:
        if frame.photo.facts.taken_at is None:
            continue
        last = scenes[-1][-1] if scenes else None
        if last is None or last.seconds_to(frame) > PAUSE_S or last.metres_to(frame) > APART_M:
            scenes.append([])
        scenes[-1].append(frame)
    return [tuple(scene) for scene in scenes if len(scene) > 1]
