"""What near-duplicates are to each other: copies of one picture, edited versions, other shots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from goodside.album.catalog import Relation, Source
from goodside.album.groups.frame import Frame
from goodside.album.groups.looks import Look, compare_looks
from goodside.album.groups.original import Origin, Verdict, find_copy
from goodside.types import RgbImage

_NEAREST = 8
_KEPT = 128
_SHARPENED_SHIFT = 7.0
"""Levels by which strong sharpening alone may move the tones of a picture full of edges."""

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
    known = [frame for frame in members if frame.photo.id in sources]
    origins = {
        frame.photo.id: Origin(frame.photo.facts, sources[frame.photo.id]) for frame in known
    }
    order = sorted(known, key=lambda frame: origins[frame.photo.id].rank, reverse=True)
    tree = _Tree(lru_cache(_KEPT)(see), origins)
    for frame in order:
        tree.add(frame)
    return tuple(
        tree.relations[frame.photo.id] for frame in members if frame.photo.id in tree.relations
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """What two photos are to each other; `made` is the place of the one made from the other."""

    kind: Literal["copy", "version"]
    made: int
    why: str


class _Tree:
    """Grows by one photo at a time; `looks` are those that are copies of no other."""

    def __init__(self, see: See, origins: Mapping[int, Origin]) -> None:
        self._see, self._origins = see, origins
        self._looks: list[Frame] = []
        self.relations: dict[int, Relation] = {}

    def add(self, frame: Frame) -> None:
        """Relate one more photo to those that are here."""
        version: tuple[Frame, _Finding] | None = None
        for other in self._candidates(frame):
            found = self._compare(other, frame)
            if found is not None and found.kind == "copy":
                self._add_copy(other, frame, found)
                return
            version = version or (None if found is None else (other, found))
        self._looks.append(frame)
        if version is not None:
            other, found = version
            made, source = (frame, other) if found.made else (other, frame)
            if self._root(source) != made.photo.id:
                self._relate(made, source, found)

    def _add_copy(self, other: Frame, frame: Frame, found: _Finding) -> None:
        if found.made:
            self._relate(frame, other, found)
            return
        self._looks[self._looks.index(other)] = frame
        if (before := self.relations.pop(other.photo.id, None)) is not None:  # a version stays one
            self.relations[frame.photo.id] = Relation(
                frame.photo.id, before.kind, before.of_id, before.why
            )
        self._relate(other, frame, found)
        for one in [*self.relations.values()]:
            if one.of_id == other.photo.id:
                self.relations[one.photo_id] = Relation(
                    one.photo_id, one.kind, frame.photo.id, one.why
                )

    def _relate(self, made: Frame, source: Frame, found: _Finding) -> None:
        if made.photo.id not in self.relations:
            self.relations[made.photo.id] = Relation(
                made.photo.id, found.kind, source.photo.id, found.why
            )

    def _root(self, frame: Frame) -> int:
        photo_id = frame.photo.id
        while photo_id in self.relations:
            photo_id = self.relations[photo_id].of_id
        return photo_id

    def _candidates(self, frame: Frame) -> Iterator[Frame]:
        near = [other for other in self._looks if _may_be_one_shot(other, frame)]
        near.sort(key=lambda other: (other.photo.id in self.relations, other.bits_to(frame)))
        return iter(near[:_NEAREST])

    def _compare(self, first: Frame, second: Frame) -> _Finding | None:
        """What they are to each other; None: two shots, or two frames that nothing sets apart."""
        small = self._see(first.photo.id), self._see(second.photo.id)
        if small[0] is None or small[1] is None:
            return None
        look = compare_looks(small[0], small[1], may_be_cropped=not first.same_size(second))
        if look is None:
            return None
        origins = self._origins[first.photo.id], self._origins[second.photo.id]
        verdict = find_copy(*origins)
        if _is_copy(look, verdict):
            return None if verdict is None else _Finding("copy", verdict.copy, verdict.why)
        made = look.edited
        if made is None:
            made = _edited((first, second), origins, verdict)
        return _Finding("version", made, look.difference)


def _may_be_one_shot(a: Frame, b: Frame) -> bool:
    """Whether nothing says that two photos were taken at different times."""
    here, there = a.photo.facts.taken_at, b.photo.facts.taken_at
    return a.same_camera(b) and (here is None or there is None or here == there)


def _edited(
    pair: tuple[Frame, Frame], origins: tuple[Origin, Origin], verdict: Verdict | None
) -> int:
    """Which of two versions is the edited one, where the pictures do not tell.

    By metadata, then by real resolution, then the one with the longer name, then the later one.
    """
    told = [one.told for one in origins]
    if told[0] != told[1]:
        return int(told[1] < told[0])
    if verdict is not None and verdict.why in ("smaller", "enlarged"):
        return verdict.copy
    first, second = ((len(one.photo.paths[0].stem), str(one.photo.paths[0])) for one in pair)
    return int(first <= second)


def _is_copy(look: Look, verdict: Verdict | None) -> bool:
    if look.difference == "none":
        return True
    sharpened = verdict is not None and verdict.why == "sharpened"
    toned = look.difference in ("colour", "brightness")
    return sharpened and toned and look.shift < _SHARPENED_SHIFT
