"""`/v1/journal`: all decisions, and taking any of them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator

from goodside.album.browse import AlbumIndex
from goodside.album.catalog import Entry, Undo, contents_of, redo, undo
from goodside.album.catalog.decision_text import describe
from goodside.phrase import count_phrase, listed, phrase
from goodside.text import visible
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.decision_answer import DecisionAnswer, decide
from goodside.web.api.album.schemas import PhotoItem
from goodside.web.api.responses import UNCHANGED
from goodside.web.dependencies import ChangedSite, FreshSite
from goodside.web.texts import translated

router = APIRouter(prefix="/v1/journal", tags=["album"])

Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class JournalItem(BaseModel):
    """An entry of the journal."""

    number: int
    at: datetime
    kind: str = Field(examples=["flag"])
    text: str = Field(examples=["pick dahlia.jpg"])
    undone: bool
    step: str = Field(description="What entries share that only make sense together.")
    command: str = Field(description="What the entries of one action share.")
    photos: list[int] = Field(description="Those that it is about and that are there.")
    decision: dict[str, Any] = Field(description="As `goodside album journal --json` has it.")


class JournalPage(BaseModel):
    """Entries, the newest first."""

    entries: list[JournalItem]
    total: int
    can_undo: bool
    can_redo: bool
    next: int | None = Field(default=None, description="The `before` of the page that follows.")


class TakeBack(BaseModel):
    """What is taken back: the newest actions, or entries by number."""

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    numbers: list[Number] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def _one_of_both(self) -> TakeBack:
        if self.numbers and self.count != 1:
            raise ValueError("give numbers or a count, not both")
        return self


class TakeAgain(BaseModel):
    """How many actions that were taken back hold again."""

    count: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.get("", responses=UNCHANGED)
def list_journal(
    site: ChangedSite,
    *,
    before: Annotated[int | None, Query(ge=1, le=MAX_ID, description="`next` of a page.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> JournalPage:
    """The journal, newest first."""
    entries = site.index.journal()
    older = [one for one in reversed(entries) if before is None or one.number < before]
    some = older[:limit]
    return JournalPage(
        entries=_items(site.index, some),
        total=len(entries),
        can_undo=site.index.can_undo,
        can_redo=site.index.can_redo,
        next=some[-1].number if len(older) > limit else None,
    )


@router.post("/undo")
def take_back(body: TakeBack, site: FreshSite) -> DecisionAnswer:
    """Take back the newest action, or so many, or the entries of these numbers with their steps.

    An entry that is an undo, named by its number, is a redo.
    """
    taken: list[Entry] = []

    def say(catalog: Any) -> Sequence[Entry]:
        nonlocal taken
        taken = undo(catalog, body.numbers, count=body.count, at=datetime.now(UTC))
        return ()

    made = decide(site, say, message="")
    return _answer(site.index, made, taken, redone=False)


@router.post("/redo")
def take_again(body: TakeAgain, site: FreshSite) -> DecisionAnswer:
    """Let what was taken back last hold again, until something else is decided."""
    taken: list[Entry] = []

    def say(catalog: Any) -> Sequence[Entry]:
        nonlocal taken
        taken = redo(catalog, count=body.count, at=datetime.now(UTC))
        return ()

    made = decide(site, say, message="")
    return _answer(site.index, made, taken, redone=True)


def _answer(
    index: AlbumIndex, made: DecisionAnswer, taken: Sequence[Entry], *, redone: bool
) -> DecisionAnswer:
    number_of = {entry.uid: entry for entry in index.journal()}
    meant = [_original(entry, number_of) for entry in taken]
    ids = _ids(index, meant)
    what = listed((_text(index, entry) for entry in meant[:3]), "; ")
    if len(meant) > 3:
        left = len(meant) - 3
        what = count_phrase("{what} and {count} more", "{what} and {count} more", left, what=what)
    if redone or (taken and all(_is_undo(entry, number_of) for entry in taken)):
        message = phrase("done again: {what}", what=what)
    else:
        message = phrase("undone: {what}", what=what)
    return made.model_copy(
        update={
            "entries": [entry.number for entry in taken],
            "entry": taken[0].number if taken else None,
            "message": translated(message),
            "photos": [
                PhotoItem.of(shot, people=index.people_in(shot)) for shot in index.photos(ids[:500])
            ],
        }
    )


def _original(entry: Entry, by_uid: dict[str, Entry]) -> Entry:
    """What an undo, or an undo of undos, is about in the end."""
    while isinstance(entry.decision, Undo) and entry.decision.entry in by_uid:
        entry = by_uid[entry.decision.entry]
    return entry


def _is_undo(entry: Entry, by_uid: dict[str, Entry]) -> bool:
    """Whether without this entry a decision holds that does not hold with it."""
    undoes = False
    while isinstance(entry.decision, Undo) and entry.decision.entry in by_uid:
        entry, undoes = by_uid[entry.decision.entry], not undoes
    return undoes


def _ids(index: AlbumIndex, entries: Iterable[Entry]) -> list[int]:
    contents = dict.fromkeys(one for entry in entries for one in contents_of(entry.decision))
    found = index.ids_of(contents)
    return [found[one] for one in contents if one in found]


def _text(index: AlbumIndex, entry: Entry) -> str:
    """An entry as a line, a phrase."""
    files = index.file_names(set(contents_of(entry.decision)))
    numbers = {one.uid: one.number for one in index.journal()}
    return describe(entry.decision, files=files, names=index.names(), numbers=numbers, keys=False)


def _items(index: AlbumIndex, entries: Sequence[Entry]) -> list[JournalItem]:
    mentioned = {one for entry in entries for one in contents_of(entry.decision)}
    files = index.file_names(mentioned)
    names = index.names()
    numbers = {one.uid: one.number for one in index.journal()}
    return [
        JournalItem(
            number=entry.number,
            at=entry.at,
            kind=entry.decision.kind,
            text=describe(entry.decision, files=files, names=names, numbers=numbers),
            undone=entry.undone,
            step=entry.step,
            command=entry.command,
            photos=_ids(index, [entry]),
            decision=_shown(entry),
        )
        for entry in entries
    ]


def _shown(entry: Entry) -> dict[str, Any]:
    said = entry.decision.model_dump(mode="json")
    return {
        name: visible(value) if isinstance(value, str) else value for name, value in said.items()
    }
