"""What other programs say of a photograph in XMP: picks, labels, keywords, titles, people.

Sources: XMP Specification Part 2 (Adobe), digiKam's `metaengine`, darktable's `exif.cc`, Photo
Mechanic's and Microsoft's schemas as ExifTool lists them, IPTC Photo Metadata Standard.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal

from goodside.images.xmp.names import (
    DARKTABLE,
    DC,
    DIGIKAM,
    DYNAMIC_MEDIA,
    IPTC_EXT,
    LR,
    MEDIA_PRO,
    MICROSOFT,
    MICROSOFT_BARE,
    PHOTO_MECHANIC,
    PHOTOSHOP,
    XMP,
)
from goodside.images.xmp.tree import Name
from goodside.images.xmp.values import Properties, Value, number, text, texts

Flag = Literal["pick", "reject"]

SUBJECT, HIERARCHY = (DC, "subject"), (LR, "hierarchicalSubject")
TITLE, DESCRIPTION, LABEL = (DC, "title"), (DC, "description"), (XMP, "Label")
PEOPLE = (IPTC_EXT, "PersonInImage")
CARRIED: tuple[Name, ...] = (SUBJECT, HIERARCHY, TITLE, DESCRIPTION, LABEL, PEOPLE)
"""What a sidecar made by us repeats of what the photograph says itself."""

MAX_LABEL = 200
_MAX_TEXT = 10_000
_PATHS: tuple[tuple[Name, str], ...] = (
    ((DIGIKAM, "TagsList"), "/"),
    ((MICROSOFT, "LastKeywordXMP"), "/"),
    ((MICROSOFT_BARE, "LastKeywordXMP"), "/"),
    ((MEDIA_PRO, "CatalogSets"), "|"),
)
_COLOURS = ("Red", "Orange", "Yellow", "Green", "Blue", "Magenta", "Gray", "Black", "White")
_DARKTABLE_COLOURS = ("Red", "Yellow", "Green", "Blue", "Purple")
_DIGIKAM_FLAGS: Mapping[float, Flag] = {1: "reject", 3: "pick"}
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = ("Cc", "Cs", "Co", "Cn")


def read_flag(found: Properties) -> Flag | None:
    """Picked or rejected, by whichever property says it; None where none does.

    `xmpDM:pick` is Lightroom's (-1, 0, 1) and `xmpDM:good` its older relative, `digiKam:PickLabel`
    is 1 for rejected and 3 for accepted, Photo Mechanic's `Tagged` marks the ones to keep.
    """
    pick = number(found, (DYNAMIC_MEDIA, "pick"))
    if pick is not None:
        return "pick" if pick > 0 else "reject" if pick < 0 else None
    label = number(found, (DIGIKAM, "PickLabel"))
    if label is not None:
        return _DIGIKAM_FLAGS.get(label)
    good = (text(found, (DYNAMIC_MEDIA, "good")) or "").casefold()
    if good in ("true", "1", "false", "0"):
        return "pick" if good in ("true", "1") else None
    tagged = (text(found, (PHOTO_MECHANIC, "Tagged")) or "").casefold()
    return "pick" if tagged in ("true", "1", "yes") else None


def read_label(found: Properties) -> str | None:
    """The colour label, in the words of the program or, where it gave a number, in English."""
    if said := line_of(text(found, LABEL)):
        return said
    colour = number(found, (DIGIKAM, "ColorLabel"))
    if colour is None:
        colour = number(found, (PHOTOSHOP, "Urgency"))
    if colour is not None:
        return _COLOURS[int(colour) - 1] if 1 <= colour <= len(_COLOURS) else None
    marks = texts(found, (DARKTABLE, "colorlabels"))
    if marks and marks[0].isascii() and marks[0].isdigit():
        return dict(enumerate(_DARKTABLE_COLOURS)).get(int(marks[0]))
    return None


def read_keywords(
    found: Properties, *, without_subjects: Iterable[str] = (), without_paths: Iterable[str] = ()
) -> tuple[str, ...]:
    """Keywords; the levels of a hierarchy are joined by `|`, and do not count again alone.

    Args:
        found: of one document.
        without_subjects: items of `dc:subject` to leave out.
        without_paths: items of `lr:hierarchicalSubject` to leave out.
    """
    ours = frozenset(without_paths)
    paths = [path for path in texts(found, HIERARCHY) if path not in ours]
    for name, separator in _PATHS:
        paths += [path.replace(separator, "|") for path in texts(found, name)]
    return merge_keywords(
        paths, [word for word in texts(found, SUBJECT) if word not in frozenset(without_subjects)]
    )


def merge_keywords(paths: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
    """Hierarchies, then the words that are no level of one; each once, in one line."""
    tidy = [path for path in map(line_of, paths) if path]
    levels = {level for path in tidy for level in path.split("|")}
    alone = [word for word in map(line_of, words) if word and word not in levels]
    return tuple(dict.fromkeys([*tidy, *alone]))


def read_people(found: Properties) -> tuple[str, ...]:
    """Names of people said to be in the picture, without a place in it."""
    listed = [*texts(found, PEOPLE), *texts(found, (MEDIA_PRO, "People"))]
    with_details = found.get((IPTC_EXT, "PersonInImageWDetails"))
    for person in with_details if isinstance(with_details, tuple) else ():
        if isinstance(person, Mapping):
            listed += texts({PEOPLE: _first(person.get((IPTC_EXT, "PersonName")))}, PEOPLE)
    return tuple(dict.fromkeys(name for name in map(line_of, listed) if name))


def read_title(found: Properties) -> str | None:
    """The title, else the headline."""
    return line_of(text(found, TITLE)) or line_of(text(found, (PHOTOSHOP, "Headline")))


def read_description(found: Properties) -> str | None:
    """What the picture shows, in somebody's words; line breaks are kept."""
    return text_of(text(found, DESCRIPTION))


def line_of(said: str | None) -> str | None:
    """A name or keyword in one line of at most 200 characters, without what cannot be seen.

    Control characters, and marks that turn the direction of writing, are taken out: a name from a
    file must not change how the text around it is shown.
    """
    if not said:
        return None
    shown = _seen(re.sub(r"[\t\n\r]+", " ", said))
    return shown[:MAX_LABEL].strip() or None


def text_of(said: str | None) -> str | None:
    """A text of several lines, without what cannot be seen."""
    return None if not said else _seen(said.replace("\r\n", "\n"), keep="\n\t")[:_MAX_TEXT] or None


def _seen(said: str, *, keep: str = "") -> str:
    return "".join(
        sign
        for sign in said
        if sign in keep or not (sign in _BIDI or unicodedata.category(sign) in _UNSEEN)
    ).strip()


def _first(value: Value | None) -> Value:
    """The first of a language alternative."""
    while isinstance(value, tuple):
        value = value[0] if value else ""
    return "" if value is None else value
