"""What a person decided in goodside, on record in a sidecar, so that another catalog can take it.

It stands in our own namespace beside the properties that all programs read: those cannot tell a
person's rating from one by score, or their tags from the network's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from goodside.images.xmp.edit import edit_items, set_text
from goodside.images.xmp.names import GOODSIDE
from goodside.images.xmp.other_programs import Flag
from goodside.images.xmp.tree import Document, Name
from goodside.images.xmp.values import Properties, number, properties, text, texts

_STARS, _FLAG = (GOODSIDE, "DecidedStars"), (GOODSIDE, "DecidedFlag")
_TAGS, _TAGS_OFF = (GOODSIDE, "DecidedTags"), (GOODSIDE, "DecidedTagsRemoved")
_OVER = (GOODSIDE, "DecidedOver")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of a photograph.

    Attributes:
        stars: 0-5, or None.
        flag: `pick`, `reject` or None.
    """

    stars: int | None = None
    flag: Flag | None = None

    @classmethod
    def of(cls, rating: int | None, flag: Flag | None) -> Opinion:
        """What other programs say by a rating of -1 to 5 and a flag; 0 stars count as none."""
        stars = rating if rating is not None and rating > 0 else None
        return cls(stars, flag or ("reject" if rating == -1 else None))

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.stars, self.flag) if part is not None)

    @classmethod
    def parse(cls, said: str) -> Opinion:
        """The opinion that `str` wrote; whatever else stands there counts as nothing."""
        words = said.split()
        stars = next((int(word) for word in words if word in tuple("012345")), None)
        flag = next((word for word in words if word in get_args(Flag)), None)
        return cls(stars, cast("Flag | None", flag))


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decisions on one photograph.

    Attributes:
        opinion: their stars and flag.
        tags: that they gave.
        tags_removed: that they took away.
        over: what other programs said when this was written: where they say something else now,
            theirs is the later word.
    """

    opinion: Opinion = Opinion()
    tags: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    over: Opinion = Opinion()


def read_decided(found: Properties) -> Decided | None:
    """The decisions on record; None where a document has no record."""
    over = found.get(_OVER)
    if not isinstance(over, str):
        return None
    stars, flag = number(found, _STARS), text(found, _FLAG)
    return Decided(
        opinion=Opinion(
            int(stars) if stars is not None and stars in range(6) else None,
            cast("Flag", flag) if flag in get_args(Flag) else None,
        ),
        tags=texts(found, _TAGS),
        tags_removed=texts(found, _TAGS_OFF),
        over=Opinion.parse(over),
    )


def merge_decided(document: Document, decided: Decided) -> None:
    """Put decisions on record, in place of those that were.

    Where a person decided nothing, or what other programs say as well, there is no record.
    """
    opinion = decided.opinion
    says_something = opinion != decided.over or bool(decided.tags or decided.tags_removed)
    if not says_something:
        opinion = Opinion()
    set_text(document, _STARS, None if opinion.stars is None else str(opinion.stars))
    set_text(document, _FLAG, opinion.flag)
    _set_items(document, _TAGS, decided.tags)
    _set_items(document, _TAGS_OFF, decided.tags_removed)
    set_text(document, _OVER, str(decided.over) if says_something else None)


def _set_items(document: Document, name: Name, wanted: Sequence[str]) -> None:
    there = texts(properties(document), name)
    if there != tuple(wanted):
        edit_items(document, name, remove_items=there, add_items=wanted)
