"""One face followed through the frames of a group, by whose it is and where it stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from goodside.album.catalog import FaceRecord

_MAX_SHIFT = 1.5
"""How far a face may move between two frames, in sizes of the face; farther only if the person is
known to be the same."""
_OTHER_PERSON = 1.0
"""What it costs that two faces are taken for two people, in the same unit."""
_MAX_GROWTH = 2.0
"""How many times as large a face may become."""


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """A face in every frame that shows it.

    Attributes:
        faces: by the photo's row number, in the order of the frames.
    """

    faces: Mapping[int, FaceRecord]

    @property
    def person(self) -> str | None:
        """Key of the person whom most of these faces are taken for; None: nobody."""
        keys = [face.person for face in self.faces.values() if face.person is not None]
        return max(keys, key=keys.count, default=None)


def track_faces(frames: Sequence[Sequence[FaceRecord]]) -> list[FaceTrack]:
    """Follow every face through the frames.

    In each frame faces of one person are joined first, however far they moved; then those that
    moved least since they were last seen, in sizes of the face.

    Args:
        frames: the faces of each frame, in order of capture; frames of one aspect.

    Returns:
        The most prominent face first, by its mean share of the picture.
    """
    tracks: list[dict[int, FaceRecord]] = []
    for frame in frames:
        taken: set[int] = set()
        used: set[int] = set()
        for *_, track, index in sorted(_pairs(tracks, frame)):
            if track in used or index in taken:
                continue
            used.add(track)
            taken.add(index)
            tracks[track][frame[index].photo_id] = frame[index]
        tracks += [{face.photo_id: face} for index, face in enumerate(frame) if index not in taken]
    found = [FaceTrack(track) for track in tracks]
    return sorted(found, key=lambda track: -_prominence(track, frames=len(frames)))


def _pairs(
    tracks: Sequence[Mapping[int, FaceRecord]], frame: Sequence[FaceRecord]
) -> Iterator[tuple[bool, float, int, int]]:
    """(strange, shift, track, face) of all that may belong together."""
    for track, faces in enumerate(tracks):
        last = list(faces.values())[-1]
        for index, face in enumerate(frame):
            shift = _shift(last, face)
            same = last.person is not None and last.person == face.person
            if last.person and face.person and not same:
                shift += _OTHER_PERSON
            if same or shift <= _MAX_SHIFT:
                yield not same, shift, track, index


def _shift(one: FaceRecord, other: FaceRecord) -> float:
    """Distance of two faces' centres in sizes of the face; infinite where one is far larger."""
    a, b = one.ref.box, other.ref.box
    sizes = [max(1.0, math.sqrt((box[2] - box[0]) * (box[3] - box[1]))) for box in (a, b)]
    if max(sizes) > _MAX_GROWTH * min(sizes):
        return math.inf
    across, down = (a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2
    return math.hypot(across, down) / (sum(sizes) / 2)


def _prominence(track: FaceTrack, *, frames: int) -> float:
    boxes = [face.ref.box for face in track.faces.values()]
    return sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes) / frames
