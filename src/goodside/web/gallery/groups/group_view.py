"""A group of photographs as a person compares it: every frame against the chosen one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import AlbumIndex
from goodside.album.catalog import FaceRecord, Group, Relation
from goodside.album.groups.face_tracks import track_faces
from goodside.album.picks import Lead, Pick, Ranking, find_leads, part_share
from goodside.album.picks.leads import Part
from goodside.types import GROUP_KINDS
from goodside.web.gallery.photographs.layout import shape_codes

_ADDRESS = re.compile(r"(?P<kind>[a-z_]+)-(?P<photo>[0-9]{1,18})|(?P<number>-?[0-9]{1,18})")
_METERS: tuple[Part, ...] = ("sharpness", "eyes", "facing", "exposure", "technical")
_OF_FACES = ("eyes", "facing")
_MOST_TRACKS = 8


@dataclass(frozen=True, slots=True)
class Meter:
    """A part of a frame's worth, drawn.

    Attributes:
        part: which.
        share: of its range, 0-1.
        best: no other frame has more of it, and some have less.
    """

    part: Part
    share: float
    best: bool


@dataclass(frozen=True, slots=True)
class FrameView:
    """One photograph of a group.

    Attributes:
        shot: which.
        number: from 1, in order of capture.
        shape: code of its width by height, as `shape_codes` gives it.
        chosen: it is the one to keep.
        behind: where the chosen one is ahead of it.
        ahead: where it is ahead of the chosen one.
        meters: parts of its worth, against the other frames.
        relation: what it was made from, if it was.
        original: name of that.
    """

    shot: AlbumPhoto
    number: int
    shape: int
    chosen: bool
    behind: tuple[Lead, ...]
    ahead: tuple[Lead, ...]
    meters: tuple[Meter, ...]
    relation: Relation | None
    original: str | None


@dataclass(frozen=True, slots=True)
class TrackView:
    """A face through the frames.

    Attributes:
        number: from 1, the most prominent face first.
        name: of whose it is; None: nobody named them.
        faces: one a frame; None: the frame does not show it.
        best: row number of the photograph that shows it best, where there is a choice.
    """

    number: int
    name: str | None
    faces: tuple[FaceRecord | None, ...]
    best: int | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group to be compared.

    Attributes:
        address: as in `/groups/ADDRESS`.
        kind: one of `GROUP_KINDS`.
        frames: in order of capture.
        best: the one to keep; None: all are rejected.
        tracks: the faces.
        decided: the person has chosen, or rejected, in it.
    """

    address: str
    kind: str
    frames: tuple[FrameView, ...]
    best: Pick | None
    tracks: tuple[TrackView, ...]
    decided: bool


def group_address(group: Group) -> str:
    """What a group is called in an address: its kind and its first photograph.

    A photograph is in one group of each kind at most, so this outlives a new grouping.
    """
    return f"{group.kind}-{group.photo_ids[0]}"


def find_group(index: AlbumIndex, address: str) -> Group | None:
    """The group of an address: of `group_address` (any of its photographs does) or a row number.

    Returns:
        None where there is no such group, or it has less than two photographs left.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    if match["number"]:
        number = int(match["number"])
        return next((group for group in index.stored_groups() if group.id == number), None)
    group = index.group_of(int(match["photo"]), match["kind"])
    return group if group is not None and len(index.photos(group.photo_ids)) > 1 else None


def shape_code(shot: AlbumPhoto) -> int:
    """The code of a photograph's width by height."""
    facts = shot.photo.facts
    ratio = facts.width / facts.height if facts.width and facts.height else 1.5
    return int(shape_codes(np.array([ratio], np.float32))[0])


def is_decided(shots: Sequence[AlbumPhoto]) -> bool:
    """Whether the person has said anything of which of these to keep."""
    return any(shot.kept or shot.flag is not None for shot in shots)


def count_kinds(groups: Iterable[Group]) -> dict[str, int]:
    """How many groups there are of each kind that there is, bursts first."""
    counts = dict.fromkeys(("burst", *GROUP_KINDS), 0)
    for group in groups:
        counts[group.kind] += 1
    return {kind: count for kind, count in counts.items() if count}


def view_group(
    group: Group, shots: Sequence[AlbumPhoto], *, ranking: Ranking, names: dict[str, str]
) -> GroupView:
    """Lay a group out.

    Args:
        group: which.
        shots: its photographs, in order of capture; two at least.
        ranking: of the album that they are in.
        names: person's key to name.
    """
    best = ranking.best_of(shots, kind=group.kind)
    worths = [ranking.worth(shot) for shot in shots]
    chosen = None if best is None else ranking.worth(best.shot)
    titles = {shot.photo.id: shot.name for shot in shots}
    relations = {one.photo_id: one for one in group.relations}
    frames = []
    for number, (shot, worth) in enumerate(zip(shots, worths, strict=True), start=1):
        is_chosen = best is not None and shot is best.shot
        meters = []
        for part in _METERS:
            if part in _OF_FACES and not shot.faces:
                continue
            if part == "technical" and shot.technical is None:
                continue
            share = part_share(worth, part)
            shares = [part_share(one, part) for one in worths]
            is_best = share == max(shares) and share - min(shares) > 0.1
            meters.append(Meter(part, share, is_best))
        relation = relations.get(shot.photo.id)
        frames.append(
            FrameView(
                shot=shot,
                number=number,
                shape=shape_code(shot),
                chosen=is_chosen,
                behind=() if chosen is None or is_chosen else find_leads(chosen, worth),
                ahead=() if chosen is None or is_chosen else find_leads(worth, chosen),
                meters=tuple(meters),
                relation=relation,
                original=None if relation is None else titles.get(relation.of_id),
            )
        )
    return GroupView(
        address=group_address(group),
        kind=group.kind,
        frames=tuple(frames),
        best=best,
        tracks=_view_tracks(shots, names),
        decided=is_decided(shots),
    )


def _view_tracks(shots: Sequence[AlbumPhoto], names: dict[str, str]) -> tuple[TrackView, ...]:
    tracks = track_faces([shot.faces for shot in shots])[:_MOST_TRACKS]
    return tuple(
        TrackView(
            number=number,
            name=None if track.person is None else names.get(track.person),
            faces=tuple(track.faces.get(shot.photo.id) for shot in shots),
            best=_best_face(list(track.faces.values())),
        )
        for number, track in enumerate(tracks, start=1)
    )


def _best_face(faces: Sequence[FaceRecord]) -> int | None:
    """The photograph whose face is sharpest with its eyes open; None where all are as good."""
    marks = {
        face.photo_id: face.sharpness + (0.8 if face.eyes_open is None else face.eyes_open)
        for face in faces
    }
    if len(marks) < 2 or max(marks.values()) - min(marks.values()) < 0.1:
        return None
    return max(marks, key=lambda photo_id: marks[photo_id])
