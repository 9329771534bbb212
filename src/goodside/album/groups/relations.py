"""What near-duplicates are to each other: copies of one picture, edited versions, other shots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from goodside.album.catalog import Relation, Source
from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.comparison import PictureDifference, compare_pictures
from goodside.album.groups.copies import IdentifiedCopy, Origin, find_copy
from goodside.types import RgbImage

_MAX_CANDIDATES = 8
_CACHED_THUMBNAILS = 128
_MAX_SPOILED_SHIFT = 7.0
"""Levels by which strong sharpening or compression alone may shift the tones of a picture."""

ReadThumbnail = Callable[[int], RgbImage | None]
"""The small picture of a photo, by its row number."""


def find_relations(
    members: Sequence[ComparablePhoto],
    *,
    sources: Mapping[int, Source],
    read_thumbnail: ReadThumbnail,
) -> tuple[Relation, ...]:
    """Find which photos of a group are copies or edited versions of which others.

    Photos that were taken at different times, or by different cameras, are other shots and are not
    compared. Each of the others is compared with the eight most similar photographs that have not
    turned out to be copies so far.

    Args:
        members: of a group, in order of capture.
        sources: by row number, what distinguishes originals from copies; photos without one have no
            relation.
        read_thumbnail: reads the small picture of a photo.

    Returns:
        One relation for each copy or version, in the order of `members`.
    """
    origins = {
        frame.photo.id: Origin(frame.photo.facts, sources[frame.photo.id])
        for frame in members
        if frame.photo.id in sources
    }
    known = [frame for frame in members if frame.photo.id in origins]
    compare = _Comparison(lru_cache(_CACHED_THUMBNAILS)(read_thumbnail), origins)
    copies, originals = _find_copies(known, compare)
    relations = {**copies, **_find_versions(originals, compare)}
    return tuple(relations[frame.photo.id] for frame in members if frame.photo.id in relations)


def _find_copies(
    frames: Sequence[ComparablePhoto], compare: _Comparison
) -> tuple[dict[int, Relation], list[ComparablePhoto]]:
    """The copies, each with its original, and all that are copies of no other."""
    found: dict[int, Relation] = {}
    originals: list[ComparablePhoto] = []
    for frame in sorted(frames, key=lambda frame: compare.origin(frame).rank, reverse=True):
        for other in _nearest(frame, originals):
            difference, identified = compare(other, frame)
            if difference is None or identified is None or not _is_copy(difference, identified):
                continue
            pair = other, frame
            copy, original = pair[identified.copy], pair[1 - identified.copy]
            found[copy.photo.id] = Relation(
                copy.photo.id, "copy", original.photo.id, identified.why
            )
            if copy is other:
                originals[originals.index(other)] = frame
                for one in [one for one in found.values() if one.of_id == other.photo.id]:
                    found[one.photo_id] = replace(one, of_id=frame.photo.id)
            break
        else:
            originals.append(frame)
    return found, originals


def _find_versions(
    originals: Iterable[ComparablePhoto], compare: _Comparison
) -> dict[int, Relation]:
    """The edited versions among those, each with what it was made from.

    The original is recognised by, in this order: metadata, a shorter name (`IMG_1` before
    `IMG_1-edit`), pixels.
    """

    def seniority(frame: ComparablePhoto) -> tuple[int, int, int, str]:
        origin, path = compare.origin(frame), frame.photo.paths[0]
        return -origin.metadata_score, len(path.stem), -origin.short_px, str(path)

    found: dict[int, Relation] = {}
    seen: list[ComparablePhoto] = []
    for frame in sorted(originals, key=seniority):
        near = _nearest(frame, seen)
        for other in sorted(near, key=lambda other: other.photo.id in found):
            difference, identified = compare(other, frame)
            if difference is None or _is_copy(difference, identified):
                continue
            pair = other, frame
            made = 1 if difference.edited is None else difference.edited
            edited, source = pair[made], pair[1 - made]
            if edited.photo.id not in found and not _leads_to(found, source, edited):
                found[edited.photo.id] = Relation(
                    edited.photo.id, "version", source.photo.id, difference.kind
                )
                break
        seen.append(frame)
    return found


def _leads_to(found: Mapping[int, Relation], start: ComparablePhoto, end: ComparablePhoto) -> bool:
    photo_id = start.photo.id
    while photo_id != end.photo.id and photo_id in found:
        photo_id = found[photo_id].of_id
    return photo_id == end.photo.id


def _nearest(frame: ComparablePhoto, others: Iterable[ComparablePhoto]) -> list[ComparablePhoto]:
    """The eight most similar photos that may be of the same shot."""
    near = [other for other in others if _may_be_one_shot(other, frame)]
    return sorted(near, key=lambda other: other.hamming_distance(frame))[:_MAX_CANDIDATES]


class _Comparison:
    """Compares two photos by look and by origin; each pair once."""

    def __init__(self, read_thumbnail: ReadThumbnail, origins: Mapping[int, Origin]) -> None:
        self._read_thumbnail, self._origins = read_thumbnail, origins
        self._known: dict[tuple[int, int], PictureDifference | None] = {}

    def origin(self, frame: ComparablePhoto) -> Origin:
        """Where a photo comes from."""
        return self._origins[frame.photo.id]

    def __call__(
        self, first: ComparablePhoto, second: ComparablePhoto
    ) -> tuple[PictureDifference | None, IdentifiedCopy | None]:
        """How they differ, None for two shots; and which is the copy if they are copies."""
        pair = first.photo.id, second.photo.id
        if pair not in self._known:
            a, b = self._read_thumbnail(pair[0]), self._read_thumbnail(pair[1])
            cropped = not first.same_size(second)
            self._known[pair] = (
                None if a is None or b is None else compare_pictures(a, b, may_be_cropped=cropped)
            )
        return self._known[pair], find_copy(self.origin(first), self.origin(second))


def _may_be_one_shot(a: ComparablePhoto, b: ComparablePhoto) -> bool:
    """Whether two photos may be of one shot: same camera and time, as far as these are known."""
    here, there = a.photo.facts.taken_at, b.photo.facts.taken_at
    return a.same_camera(b) and (here is None or there is None or here == there)


def _is_copy(difference: PictureDifference, identified: IdentifiedCopy | None) -> bool:
    if difference.kind == "none":
        return True
    spoiled = identified is not None and identified.why in ("sharpened", "recompressed")
    toned = difference.kind in ("colour", "brightness")
    return spoiled and toned and difference.shift < _MAX_SPOILED_SHIFT
