"""What goodside reads from XMP and says in it: rating, tags, faces, scores.

What is written is marked as ours inside the document, so that it can be told from what people and
other programs say, changed later, and taken back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from goodside.errors import OutOfRange
from goodside.images.xmp.decision_record import Decided, Opinion, merge_decided, read_decided
from goodside.images.xmp.edit import edit_items, home, set_struct, set_text
from goodside.images.xmp.names import EXIF, GOODSIDE, MICROSOFT, MICROSOFT_BARE, PHOTOSHOP, XMP
from goodside.images.xmp.other_programs import HIERARCHY, SUBJECT, read_flag, read_keywords
from goodside.images.xmp.regions import ImageFrame, Region, merge_faces, read_faces
from goodside.images.xmp.tree import Document, Name, clean
from goodside.images.xmp.values import Properties, number, properties, text, texts
from goodside.tags import each_tag_once, tag_key

RATING = (XMP, "Rating")
TAKEN = (EXIF, "DateTimeOriginal")
_OUR_RATING = (GOODSIDE, "RatingWritten")
_OUR_SUBJECT, _OUR_HIERARCHY = (
    (GOODSIDE, "SubjectsWritten"),
    (GOODSIDE, "HierarchicalSubjectsWritten"),
)
_OUR_TIME = (GOODSIDE, "DateTimeWritten")
_SCORE, _PERCENTILE = (GOODSIDE, "AestheticScore"), (GOODSIDE, "AestheticPercentile")
_MODEL, _ATTRIBUTES = (GOODSIDE, "AestheticModel"), (GOODSIDE, "TechnicalAttributes")
_PERCENT_STARS = ((99, 5), (75, 4), (50, 3), (25, 2), (1, 1))  # of MicrosoftPhoto:Rating


@dataclass(frozen=True, slots=True)
class Scores:
    """Our judgement of a photograph.

    Attributes:
        score: 1-10.
        percentile: share of the reference photographs that score lower, 0-100.
        model: name and version of the weights.
        attributes: technical properties, by name.
    """

    score: float
    percentile: float
    model: str
    attributes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SidecarContent:
    """What a sidecar says; in writing, None leaves what is there.

    Attributes:
        rating: -1 (rejected), 0 (none) or 1-5 stars.
        tags: keywords; the levels of a hierarchy are joined by `|`, as in `Animal|Cat`.
        faces: on the upright picture.
        scores: ours, in our own namespace.
        decided: what a person decided, in our own namespace; in writing, `over` is what the
            document says itself.
        taken_at: when the photograph was taken, with its offset where that is known.
    """

    rating: int | None = None
    tags: tuple[str, ...] | None = None
    faces: tuple[Region, ...] | None = None
    scores: Scores | None = None
    decided: Decided | None = None
    taken_at: datetime | None = None


def content_of(
    found: Properties, *, frame: ImageFrame | None = None, others_only: bool = False
) -> SidecarContent:
    """Take the content from the properties of any XMP, a sidecar's or a photograph's own."""
    ours = texts(found, _OUR_SUBJECT), texts(found, _OUR_HIERARCHY)
    subjects, paths = ours if others_only else ((), ())
    return SidecarContent(
        rating=None if others_only and _rating_is_ours(found) else _rating(found),
        tags=read_keywords(found, without_subjects=subjects, without_paths=paths),
        faces=None if frame is None else read_faces(found, frame=frame, others_only=others_only),
        scores=None if others_only else _scores(found),
        decided=None if others_only else read_decided(found),
    )


def opinion_of_others(found: Properties) -> Opinion:
    """What other programs say by rating and flag; what goodside wrote does not count."""
    return Opinion.of(None if _rating_is_ours(found) else _rating(found), read_flag(found))


def replaced_rating(found: Properties) -> int | None:
    """A rating of ours that somebody changed, or took out; None where ours still stands."""
    ours = number(found, _OUR_RATING)
    return None if ours is None or _rating_is_ours(found) else round(ours)


def without_our_time(found: Properties) -> Properties:
    """The properties without a time of capture that is only repeated from the photograph."""
    if text(found, _OUR_TIME) is None or text(found, _OUR_TIME) != text(found, TAKEN):
        return found
    return {name: value for name, value in found.items() if name != TAKEN}


def merge_content(
    document: Document, content: SidecarContent, *, frame: ImageFrame | None
) -> tuple[str, ...]:
    """Change a document so that it says this too.

    Returns:
        What was left as it was, and why.

    Raises:
        SidecarError: the document holds no RDF.
        OutOfRange: a rating outside -1 to 5.
        ValueError: faces without a frame.
    """
    home(document)
    notes = []
    if content.rating is not None:
        notes.append(_merge_rating(document, content.rating))
    elif content.decided is not None:
        _take_rating_back(document)
    if content.decided is not None:
        over = opinion_of_others(properties(document))
        merge_decided(document, replace(content.decided, over=over))
    if content.taken_at is not None:
        _merge_time(document, content.taken_at)
    if content.tags is not None:
        paths = list(dict.fromkeys(filter(None, map(_tidy, content.tags))))
        leaves = list(dict.fromkeys(path.rpartition("|")[2] for path in paths))
        _merge_tags(document, SUBJECT, leaves, record=_OUR_SUBJECT)
        _merge_tags(document, HIERARCHY, paths, record=_OUR_HIERARCHY)
    if content.scores is not None:
        _merge_scores(document, content.scores)
    if content.faces is not None:
        if frame is None:
            raise ValueError("faces need the frame of their photograph")
        notes.append(merge_faces(document, content.faces, frame=frame))
    return tuple(note for note in notes if note)


def _merge_rating(document: Document, rating: int) -> str | None:
    if rating not in range(-1, 6):
        raise OutOfRange(f"the rating is {rating}", remedy="rate from 0 to 5, or -1 to reject")
    found = properties(document)
    there = _rating(found)
    if there == rating:
        return None
    if there and not _rating_is_ours(found):
        return f"the rating {there} that is there was kept"
    set_text(document, RATING, str(rating))
    set_text(document, _OUR_RATING, str(rating))
    return None


def _take_rating_back(document: Document) -> None:
    """Remove a rating that we wrote for a decision, now that the decision is taken back."""
    found = properties(document)
    before = read_decided(found)
    if before is None or not _rating_is_ours(found):
        return
    if _rating(found) in (before.opinion.stars, -1 if before.opinion.flag == "reject" else None):
        set_text(document, RATING, None)
        set_text(document, _OUR_RATING, None)


def _merge_time(document: Document, taken_at: datetime) -> None:
    """Repeat the time of capture, unless somebody else says one."""
    found = properties(document)
    there = text(found, TAKEN)
    if there is None and text(found, (PHOTOSHOP, "DateCreated")) is not None:
        return
    if there is None or there == text(found, _OUR_TIME):
        set_text(document, TAKEN, taken_at.isoformat())
        set_text(document, _OUR_TIME, taken_at.isoformat())


def _merge_tags(document: Document, name: Name, wanted: Sequence[str], *, record: Name) -> None:
    """Add what is new, remove what was ours and is no longer wanted.

    What is in our record but no longer in the list was taken out by somebody: it stays out. A tag
    that stands there in another spelling of somebody's stays as it is; ours is spelt anew.
    """
    found = properties(document)
    there, ours = texts(found, name), texts(found, record)
    spelling = each_tag_once(wanted)
    anew = {tag for tag in ours if tag in there and spelling.get(tag_key(tag)) != tag}
    kept = [tag for tag in ours if tag_key(tag) in spelling and tag not in anew]
    former = [tag for tag in ours if tag not in kept]
    theirs = _without(there, ours)
    leaves = (path.rpartition("|")[2] for path in theirs)
    known = {tag_key(tag) for tag in (*kept, *theirs, *leaves)}
    new = [tag for key, tag in spelling.items() if key not in known]
    if new or not set(former).isdisjoint(there):
        edit_items(document, name, remove_items=former, add_items=new)
    if new or former:
        edit_items(document, record, remove_items=former, add_items=new)


def _merge_scores(document: Document, scores: Scores) -> None:
    set_text(document, _SCORE, f"{scores.score:.3f}")
    set_text(document, _PERCENTILE, f"{scores.percentile:.1f}")
    set_text(document, _MODEL, scores.model)
    fields = {(GOODSIDE, _xml_name(name)): f"{value:.4g}" for name, value in scores.attributes}
    set_struct(document, _ATTRIBUTES, fields)


def _scores(found: Properties) -> Scores | None:
    score, percentile = number(found, _SCORE), number(found, _PERCENTILE)
    if score is None or percentile is None:
        return None
    said = found.get(_ATTRIBUTES)
    fields: Properties = said if isinstance(said, Mapping) else {}
    values = ((name, number(fields, name)) for name in fields)
    attributes = tuple((name[1], value) for name, value in values if value is not None)
    return Scores(score, percentile, text(found, _MODEL) or "", attributes)


def _rating(found: Properties) -> int | None:
    """Stars, by whichever property tells them; None where none does."""
    stars = number(found, RATING)
    if stars is not None and -1 <= stars <= 5:
        return round(stars)
    percent = number(found, (MICROSOFT, "Rating"))
    if percent is None:
        percent = number(found, (MICROSOFT_BARE, "Rating"))
    if percent is None:
        return None
    return next((stars for least, stars in _PERCENT_STARS if percent >= least), 0)


def _rating_is_ours(found: Properties) -> bool:
    ours = number(found, _OUR_RATING)
    return ours is not None and ours == number(found, RATING)


def _without(tags: tuple[str, ...], ours: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag not in ours)


def _tidy(tag: str) -> str:
    levels = (level.strip() for level in clean(tag).split("|"))
    return "|".join(level for level in levels if level)


def _xml_name(name: str) -> str:
    return re.sub(r"^(?=\d)|[^A-Za-z0-9_]", "_", name)
