"""What near-duplicates are to each other: copies of one picture, edited versions, other shots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from goodside.album.catalog import Relation, Source
from goodside.album.groups.comparison import Look, compare_looks
from goodside.album.groups.copies import Origin, Verdict, find_copy
from goodside.album.groups.frame import Frame
from goodside.types import RgbImage

_NEAREST = 8
_KEPT = 128
_SPOILED_SHIFT = 7.0
"""Levels by which strong sharpening or compression alone may move the tones of a picture."""

See = Callable[[int], RgbImage | None]
"""The small picture of a photo, by its row number."""


def find_relations(
    members: Sequence[Frame], *, sources: Mapping[int, Source], see: See
) -> tuple[Relation, ...]:
    """Tell which photos of a group are copies or edited versions of which others.

    Photos that were taken at different times, or by different cameras, are other shots and are not
    compared. Each of the others is held against those that nothing else was the original of so
    far, the likest eight.

    Args:
        members: of a group, in order of capture.
        sources: what tells originals from copies; photos without are related to none.
        see: small pictures.

    Returns:
        One a copy or version, in the order of `members`.
    """
    origins = {
        frame.photo.id: Origin(frame.photo.facts, sources[frame.photo.id])
        for frame in members
        if frame.photo.id in sources
    }
    known = [frame for frame in members if frame.photo.id in origins]
    compare = _Comparison(lru_cache(_KEPT)(see), origins)
    copies, originals = _find_copies(known, compare)
    relations = {**copies, **_find_versions(originals, compare)}
    return tuple(relations[frame.photo.id] for frame in members if frame.photo.id in relations)


def _find_copies(
    frames: Sequence[Frame], compare: _Comparison
) -> tuple[dict[int, Relation], list[Frame]]:
    """The copies, each with its original, and all that are copies of no other."""
    found: dict[int, Relation] = {}
    originals: list[Frame] = []
    for frame in sorted(frames, key=lambda frame: compare.origin(frame).rank, reverse=True):
        for other in _nearest(frame, originals):
            look, verdict = compare(other, frame)
            if look is None or verdict is None or not _is_copy(look, verdict):
                continue
            pair = other, frame
            copy, original = pair[verdict.copy], pair[1 - verdict.copy]
            found[copy.photo.id] = Relation(copy.photo.id, "copy", original.photo.id, verdict.why)
            if copy is other:
                originals[originals.index(other)] = frame
                for one in [one for one in found.values() if one.of_id == other.photo.id]:
                    found[one.photo_id] = replace(one, of_id=frame.photo.id)
            break
        else:
            originals.append(frame)
    return found, originals


def _find_versions(originals: Iterable[Frame], compare: _Comparison) -> dict[int, Relation]:
    """The edited versions among those, each with what it was made from.

    What speaks for being the original counts in this order: metadata, a shorter name (`IMG_1`
    before `IMG_1-edit`), pixels.
    """

    def seniority(frame: Frame) -> tuple[int, int, int, str]:
        origin, path = compare.origin(frame), frame.photo.paths[0]
        return -origin.told, len(path.stem), -origin.short_px, str(path)

    found: dict[int, Relation] = {}
    seen: list[Frame] = []
    for frame in sorted(originals, key=seniority):
        near = _nearest(frame, seen)
        for other in sorted(near, key=lambda other: other.photo.id in found):
            look, verdict = compare(other, frame)
            if look is None or _is_copy(look, verdict):
                continue
            pair = other, frame
            made = 1 if look.edited is None else look.edited
            edited, source = pair[made], pair[1 - made]
            if edited.photo.id not in found and not _leads_to(found, source, edited):
                found[edited.photo.id] = Relation(
                    edited.photo.id, "version", source.photo.id, look.difference
                )
                break
        seen.append(frame)
    return found


def _leads_to(found: Mapping[int, Relation], start: Frame, end: Frame) -> bool:
    photo_id = start.photo.id
    while photo_id != end.photo.id and photo_id in found:
        photo_id = found[photo_id].of_id
    return photo_id == end.photo.id


def _nearest(frame: Frame, others: Iterable[Frame]) -> list[Frame]:
    """The likest eight that may be of the same shot."""
    near = [other for other in others if _may_be_one_shot(other, frame)]
    return sorted(near, key=lambda other: other.bits_to(frame))[:_NEAREST]


class _Comparison:
    """Compares two photos by look and by origin; each pair once."""

    def __init__(self, see: See, origins: Mapping[int, Origin]) -> None:
        self._see, self._origins = see, origins
        self._known: dict[tuple[int, int], Look | None] = {}

    def origin(self, frame: Frame) -> Origin:
        """Where a photo comes from."""
        return self._origins[frame.photo.id]

    def __call__(self, first: Frame, second: Frame) -> tuple[Look | None, Verdict | None]:
        """How they differ, None for two shots; and which is the copy if they are copies."""
        pair = first.photo.id, second.photo.id
        if pair not in self._known:
            a, b = self._see(pair[0]), self._see(pair[1])
            cropped = not first.same_size(second)
            self._known[pair] = (
                None if a is None or b is None else compare_looks(a, b, may_be_cropped=cropped)
            )
        return self._known[pair], find_copy(self.origin(first), self.origin(second))


def _may_be_one_shot(a: Frame, b: Frame) -> bool:
    """Whether nothing says that two photos were taken at different times."""
    here, there = a.photo.facts.taken_at, b.photo.facts.taken_at
    return a.same_camera(b) and (here is None or there is None or here == there)


def _is_copy(look: Look, verdict: Verdict | None) -> bool:
    if look.difference == "none":
        return True
    spoiled = verdict is not None and verdict.why in ("sharpened", "recompressed")
    toned = look.difference in ("colour", "brightness")
    return spoiled and toned and look.shift < _SPOILED_SHIFT
