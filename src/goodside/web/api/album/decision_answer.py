"""Taking a decision, and what a write answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel, Field

from goodside.album.catalog import Catalog, Entry
from goodside.web.api.album.schemas import PhotoItem
from goodside.web.site import Site

_MOST = 500


class DecisionAnswer(BaseModel):
    """What a write did."""

    entry: int | None = Field(
        description="Number in the journal, the first of several; None: nothing was noted.",
        examples=[17],
    )
    entries: list[int] = Field(default_factory=list, description="All numbers.", examples=[[17]])
    message: str = Field(examples=["1 photograph picked"])
    photos: list[PhotoItem] = Field(
        default_factory=list,
        description=f"Those that were meant, as they are now; {_MOST} at most.",
    )


def decide(
    site: Site,
    say: Callable[[Catalog], Sequence[Entry]],
    *,
    message: str,
    photo_ids: Sequence[int] = (),
) -> DecisionAnswer:
    """Take decisions and bring the index, and whose face is whose, up to date with them.

    Args:
        site: of the request.
        say: takes them.
        message: what was done.
        photo_ids: photographs to tell of.

    Raises:
        CatalogError: the catalog cannot be written, or others have written for seconds.
        OutOfRange: what `say` finds wrong.
    """
    with site.writing() as catalog, catalog.command():
        entries = say(catalog)
    site.index.refresh()
    site.index.settle_people()
    return answer(site, entries, message=message, photo_ids=photo_ids)


def answer(
    site: Site, entries: Sequence[Entry], *, message: str, photo_ids: Sequence[int]
) -> DecisionAnswer:
    """The answer to a request that took decisions."""
    index = site.index
    numbers = [entry.number for entry in entries]
    return DecisionAnswer(
        entry=numbers[0] if numbers else None,
        entries=numbers,
        message=message,
        photos=[
            PhotoItem.of(shot, people=index.people_in(shot))
            for shot in index.photos(list(photo_ids)[:_MOST])
        ],
    )
