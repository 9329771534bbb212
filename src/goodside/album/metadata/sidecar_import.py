"""From what photographs' files and sidecars say to decisions in the journal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import (
    Decision,
    Decisions,
    FaceRef,
    ForgetPerson,
    MergePeople,
    NamedRegion,
    NamePerson,
    NotPerson,
    Rate,
    RecordedDecisions,
    RejectFaces,
    SetFlag,
    SetTags,
    SplitPerson,
    Statement,
    clean_label,
    new_person_key,
)
from goodside.images.xmp.decision_record import Opinion
from goodside.images.xmp.regions import Region
from goodside.text import folded

_SAME_FACE = 0.5
_ABOUT_FACES = (NamePerson, MergePeople, SplitPerson, NotPerson, RejectFaces, ForgetPerson)
_KEY = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class DecidedBefore:
    """What a person ever decided about, undone or not: there, the catalog knows better.

    Attributes:
        opinions: contents that were flagged or rated.
        tags: contents that were tagged.
        faces: contents with a face that was named, merged, split, denied, rejected or forgotten.
    """

    opinions: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    faces: frozenset[str] = frozenset()

    @classmethod
    def of(cls, decided: Iterable[Decision]) -> DecidedBefore:
        """What the entries of a journal are about."""
        opinions, tags, faces = set[str](), set[str](), set[str]()
        for decision in decided:
            if isinstance(decision, SetFlag | Rate):
                opinions |= set(decision.photos)
            elif isinstance(decision, SetTags):
                tags |= set(decision.photos)
            elif isinstance(decision, _ABOUT_FACES):
                faces |= {face.photo for face in decision.faces}
        return cls(frozenset(opinions), frozenset(tags), frozenset(faces))

    @classmethod
    def of_standing(cls, decisions: Decisions) -> DecidedBefore:
        """What the decisions that stand are about."""
        named = {*decisions.faces, *decisions.rejected_faces, *decisions.forgotten}
        named |= {face for face, _ in decisions.not_person}
        return cls(
            frozenset({*decisions.flags, *decisions.stars}),
            frozenset({*decisions.tags, *decisions.tags_off}),
            frozenset(face.photo for face in named),
        )


class Names:
    """People's keys by name, whatever its case; a new name gets a key."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._keys = {folded(name): key for key, name in names.items()}

    def key(self, name: str, *, wanted: str | None = None) -> str:
        """The key of the person called so; `wanted` for one who is new."""
        taken = wanted is None or wanted in self._keys.values() or not _KEY.fullmatch(wanted)
        fresh = new_person_key() if taken or wanted is None else wanted
        return self._keys.setdefault(folded(name), fresh)


@dataclass(frozen=True, slots=True)
class ImportedDecisions:
    """What follows from a statement.

    Attributes:
        decisions: to be noted.
        left: what could not be used yet, as its faces are not found; None: nothing.
    """

    decisions: tuple[Decision, ...]
    left: Statement | None


def import_decisions(
    now: Statement,
    shot: AlbumPhoto,
    decisions: Decisions,
    *,
    before: Statement | None,
    touched: DecidedBefore,
    names: Names,
) -> ImportedDecisions:
    """The decisions that follow from what a file says.

    Only what is new counts: an opinion that a file repeats does not undo what a person decided
    since. One that is gone takes back the decision that it made, where that still stands. What
    goodside has on record is taken where the catalog has never heard of the photograph.

    Args:
        now: what it says.
        shot: the photograph.
        decisions: of the catalog.
        before: what it said at the last look; None: it was never looked at.
        touched: what the journal is about.
        names: of the catalog's people; new ones are added.
    """
    sha256 = shot.photo.sha256
    record = now.decided
    found: list[Decision] = []
    stars, flag = shot.stars, shot.flag
    said = before or Statement()
    if record is not None:
        said = before or Statement(stars=record.over_stars, flag=record.over_flag)
        if sha256 not in touched.opinions:
            found += _opinion(sha256, record.stars, record.flag, stars=stars, flag=flag)
            stars, flag = record.stars, record.flag
        if sha256 not in touched.tags:
            found += _tags(sha256, record)
    found += _news(sha256, _putting_back(now, said), said, stars=stars, flag=flag)
    known = set() if before is None else set(before.regions)
    fresh = [region for region in now.regions if region not in known]
    recorded: Iterable[NamedRegion] = ()
    if record is not None and sha256 not in touched.faces:
        recorded = record.faces
    named, lost, unseen = _faces(fresh, recorded, shot, decisions, names)
    found += named
    if not lost and not unseen:
        return ImportedDecisions(tuple(found), None)
    waiting = None if record is None or not unseen else RecordedDecisions(faces=tuple(unseen))
    left = replace(now, regions=tuple(lost), decided=waiting)
    return ImportedDecisions(tuple(found), left)


def statement_seen(now: Statement, left: Statement | None) -> Statement:
    """What a later look compares with: all that was said but what is still to be placed."""
    waiting = set() if left is None else set(left.regions)
    return replace(
        now,
        regions=tuple(region for region in now.regions if region not in waiting),
        decided=None,
    )


def _opinion(
    sha256: str,
    wanted_stars: int | None,
    wanted_flag: str | None,
    *,
    stars: int | None,
    flag: str | None,
) -> Iterator[Decision]:
    if wanted_stars != stars:
        yield Rate(photos=(sha256,), stars=wanted_stars)
    if wanted_flag != flag:
        yield SetFlag.model_validate({"photos": (sha256,), "flag": wanted_flag})


def _news(
    sha256: str, now: Statement, before: Statement, *, stars: int | None, flag: str | None
) -> Iterator[Decision]:
    """Stars and flag that are said now and were not before, or the other way round."""
    gone = now.replaced if now.replaced != before.replaced else None
    wanted_stars, wanted_flag = stars, flag
    if now.stars != before.stars and (now.stars is not None or stars == before.stars):
        wanted_stars = now.stars
    elif now.stars is None and gone is not None and gone == stars:
        wanted_stars = None
    if now.flag != before.flag and (now.flag is not None or flag == before.flag):
        wanted_flag = now.flag
    elif now.flag is None and gone == -1 and flag == "reject":
        wanted_flag = None
    yield from _opinion(sha256, wanted_stars, wanted_flag, stars=stars, flag=flag)


def _putting_back(now: Statement, before: Statement) -> Statement:
    """What is said now, with a rating of ours that somebody had changed and has given again."""
    record = now.decided
    if record is None or now.replaced is not None or now.stars or now.flag:
        return now
    ours = Opinion.of(before.replaced, None)
    is_back = ours.stars == record.stars if ours.stars else ours.flag == record.flag == "reject"
    return replace(now, stars=ours.stars, flag=ours.flag) if is_back else now


def _tags(sha256: str, record: RecordedDecisions) -> Iterator[Decision]:
    add, remove = _labels(record.tags), _labels(record.tags_removed)
    if add or remove:
        yield SetTags(photos=(sha256,), add=add, remove=remove)


def _labels(words: Iterable[str]) -> tuple[str, ...]:
    """Those that a journal takes, without what cannot be seen."""
    tidy = map(clean_label, words)
    return tuple(word for word in tidy if word is not None)


def _faces(
    fresh: Iterable[NamedRegion],
    recorded: Iterable[NamedRegion],
    shot: AlbumPhoto,
    decisions: Decisions,
    names: Names,
) -> tuple[list[Decision], list[NamedRegion], list[NamedRegion]]:
    """Names for the faces that regions mean; the regions of others and of ours that mean none."""
    found: dict[FaceRef, Decision] = {}
    lost: list[NamedRegion] = []
    unseen: list[NamedRegion] = []
    for region, is_ours in [*((one, True) for one in recorded), *((one, False) for one in fresh)]:
        ref, name = find_overlapped_face(region, shot), clean_label(region.name)
        if name is None:
            continue
        if ref is None:
            (unseen if is_ours else lost).append(region)
            continue
        key = names.key(name, wanted=region.person)
        if decisions.person(decisions.faces.get(ref, "")) != key:
            found[ref] = NamePerson(person=key, name=name, faces=(ref,))
    return list(found.values()), lost, unseen


def find_overlapped_face(region: NamedRegion, shot: AlbumPhoto) -> FaceRef | None:
    """The face of the catalog that a region overlaps by half or more, or None."""
    facts = shot.photo.facts
    if not shot.faces or not facts.width or not facts.height:
        return None
    meant = Region(region.left, region.top, region.right, region.bottom)
    boxes = [Region.of_box(face.box, width=facts.width, height=facts.height) for face in shot.faces]
    overlaps = [meant.overlap(box) for box in boxes]
    best = max(range(len(boxes)), key=lambda index: overlaps[index])
    return shot.faces[best].ref if overlaps[best] >= _SAME_FACE else None
