"""What could not be used, why, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from goodside.album.catalog import (
    FailureRecord,
    clear_failure,
    list_cut_short,
    list_failures,
    list_files,
    list_folders,
    list_notes,
)
from goodside.images.decoding.extras import names_extra
from goodside.spreadsheet import path_to_text
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.render import page
from goodside.web.texts import gettext

router = APIRouter(prefix="/errors", include_in_schema=False)

MOST_SHOWN = 200
"""Files of one kind; the others are counted."""

_MISSING_DECODER = "MissingDecoder"


@dataclass(frozen=True, slots=True)
class FailureKind:
    """Files that failed for one reason.

    Attributes:
        kind: name of an error's class.
        title: what is wrong, in a few words.
        advice: what to do.
        failures: the first of them.
        more: how many others there are.
    """

    kind: str
    title: str
    advice: str
    failures: tuple[FailureRecord, ...]
    more: int


class RetryRequest(BaseModel):
    """Files to be tried again, as the page names them."""

    model_config = ConfigDict(extra="forbid")
    files: list[Annotated[str, Field(max_length=16_384)]] = Field(min_length=1, max_length=1000)


class RetryAnswer(BaseModel):
    """How many files the next scan tries again."""

    files: int


@router.get("", response_class=HTMLResponse)
def show_errors(request: Request, site: SiteOf) -> HTMLResponse:
    """Failures by kind; then photographs that are cut short, and metadata left out."""
    with site.album.opened(create=True) as catalog, catalog.read() as session:
        failures = list_failures(session)
        cut_short, notes = list_cut_short(session), list_notes(session)
        scanned = bool(list_folders(session))
    return page(
        request,
        "errors.html",
        kinds=_by_kind(failures),
        total=len(failures),
        cut_short=cut_short[:MOST_SHOWN],
        notes=notes[:MOST_SHOWN],
        more_cut_short=max(0, len(cut_short) - MOST_SHOWN),
        more_notes=max(0, len(notes) - MOST_SHOWN),
        scanned=scanned,
        file_text=path_to_text,
    )


@router.post("/retry")
def try_again(site: SiteOf, body: RetryRequest) -> RetryAnswer:
    """Let the next scan try files again that failed; whether it is started is another request."""
    wanted = set(body.files)
    with site.writing() as catalog, catalog.write() as session:
        failed = {one.path for one in list_failures(session) if path_to_text(one.path) in wanted}
        ids = [one.id for one in list_files(session) if one.path in failed] if failed else []
        for file_id in ids:
            clear_failure(session, file_id)
    return RetryAnswer(files=len(ids))


def _by_kind(failures: Iterable[FailureRecord]) -> list[FailureKind]:
    """The most frequent kinds first."""
    found: dict[str, list[FailureRecord]] = defaultdict(list)
    for failure in failures:
        found[_MISSING_DECODER if names_extra(failure.message) else failure.kind].append(failure)
    kinds = []
    for kind, ones in sorted(found.items(), key=lambda item: -len(item[1])):
        title, advice = _words(kind)
        more = max(0, len(ones) - MOST_SHOWN)
        kinds.append(FailureKind(kind, title, advice, tuple(ones[:MOST_SHOWN]), more))
    return kinds


def _words(kind: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    known = {
        _MISSING_DECODER: (
            gettext("A decoder is not installed"),
            gettext("Install what each line names, then try again; the files are fine."),
        ),
        "UnreadableImage": (
            gettext("Damaged, or no photograph"),
            gettext(
                "Copy the file again from the card or a backup. If it is no photograph, leave it "
                "out: exclude it in Folders."
            ),
        ),
        "UnsupportedImage": (
            gettext("A kind that is not read here"),
            gettext("Save it as JPEG, PNG, TIFF, WebP or AVIF, or leave its kind out in Folders."),
        ),
        "ImageTooLarge": (
            gettext("Too large"),
            gettext("If you trust the file, raise the limit that the line names; else shrink it."),
        ),
        "OutOfMemory": (
            gettext("Too little memory"),
            gettext("Close other programs and try again; the next scan does so by itself."),
        ),
        "ImageTimeout": (
            gettext("Reading took too long"),
            gettext("Try again while the computer is idle, or raise GOODSIDE_TIMEOUT_S."),
        ),
        "WorkerError": (
            gettext("The process that read it died"),
            gettext("Try again. If it happens each time, leave the file out in Folders."),
        ),
        "SidecarError": (
            gettext("The sidecar cannot be used"),
            gettext("Repair the XMP file with the program that wrote it, or move it away."),
        ),
        "WeightsError": (
            gettext("A model is missing or damaged"),
            gettext("Install goodside again, then try again."),
        ),
    }
    other = (gettext("Could not be used"), gettext("Each line says why; then try again."))
    return known.get(kind, other)
