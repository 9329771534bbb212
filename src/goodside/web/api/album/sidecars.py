"""`/v1/sidecars`: what the album knows, said beside the photographs, and what others say there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import BrowseQuery
from goodside.album.catalog import Catalog, Entry, entries
from goodside.album.export.sidecar_batch import sidecar_root, write_sidecar_batch
from goodside.album.export.sidecars import SidecarOptions, read_back
from goodside.album.metadata.sidecar_import import DecidedBefore
from goodside.errors import GoodsideError
from goodside.phrase import count_phrase
from goodside.text import visible
from goodside.web.api.album.browse_params import MAX_ID
from goodside.web.api.album.decision_answer import DecisionAnswer, decide
from goodside.web.api.album.lookup import find_photos
from goodside.web.api.responses import refuses
from goodside.web.dependencies import FreshSite
from goodside.web.site import Site
from goodside.web.texts import translated, translated_error

router = APIRouter(prefix="/v1/sidecars", tags=["album"], responses=refuses(410))

_MOST_FAILURES = 100
Ids = Annotated[
    list[Annotated[int, Field(ge=0, le=MAX_ID)]] | None,
    Field(max_length=100_000, description="None: the whole album."),
]


class SidecarsWanted(BaseModel):
    """Which sidecars are written; that they lie among the originals has to be said."""

    photos: list[Annotated[int, Field(ge=0, le=MAX_ID)]] = Field(
        min_length=1, max_length=100_000, description="Whose; each is named."
    )
    beside: Literal[True] = Field(
        description="Beside the photographs, in the folders that were scanned."
    )
    style: Literal["ext", "adobe", "both"] = Field(
        default="ext", description="IMG_1.JPG.xmp, IMG_1.xmp, or both."
    )
    rate: bool = Field(default=False, description="Rate by the network's score what nobody rated.")


class SidecarsRead(BaseModel):
    """Whose sidecars are read."""

    photos: Ids = None


class SidecarFailure(BaseModel):
    """A file whose sidecar could not be written or read."""

    file: str
    message: str


class SidecarsWritten(BaseModel):
    """What became of the sidecars."""

    written: int
    unchanged: int = Field(description="Said it already.")
    failed: int
    failures: list[SidecarFailure]


class SidecarDecisions(DecisionAnswer):
    """What was taken from sidecars."""

    failures: list[SidecarFailure]


@router.post("")
def write(body: SidecarsWanted, site: FreshSite) -> SidecarsWritten:
    """Write XMP sidecars beside the photographs; what other programs wrote there stays."""
    shots = _shots(site, body.photos)
    with site.writing() as catalog:
        options = SidecarOptions(style=body.style, root=sidecar_root(catalog), rate=body.rate)
        batch = write_sidecar_batch(catalog, shots, options, at=datetime.now(UTC))
    return SidecarsWritten(
        written=batch.written,
        unchanged=batch.unchanged,
        failed=len(batch.failed),
        failures=[_failure(path, error) for path, error in batch.failed[:_MOST_FAILURES]],
    )


@router.post("/read")
def read(body: SidecarsRead, site: FreshSite) -> SidecarDecisions:
    """Take ratings, flags and names from files and sidecars; one undo takes them back."""
    shots = _shots(site, body.photos)
    failures: list[SidecarFailure] = []

    def say(catalog: Catalog) -> list[Entry]:
        with catalog.read() as session:
            touched = DecidedBefore.of(entry.decision for entry in entries(session))
        noted = []
        for path, result in read_back(
            shots, catalog.decisions(), root=sidecar_root(catalog), touched=touched
        ):
            if isinstance(result, GoodsideError):
                failures.append(_failure(path, result))
            else:
                noted += [catalog.decide(decision) for decision in result]
        return noted

    made = decide(site, say, message="")
    many = count_phrase("{count} decision noted", "{count} decisions noted", len(made.entries))
    return SidecarDecisions(
        entry=made.entry,
        entries=made.entries,
        message=translated(many),
        failures=failures[:_MOST_FAILURES],
    )


def _shots(site: Site, ids: Sequence[int] | None) -> list[AlbumPhoto]:
    if ids is None:
        return site.index.photos(site.index.select(BrowseQuery()).ids)
    return find_photos(site.index, ids)


def _failure(path: Path, error: GoodsideError) -> SidecarFailure:
    return SidecarFailure(file=visible(str(path)), message=translated_error(visible(error.message)))
