"""`/v1/album/scans`: scans in the background, which a client follows."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from goodside.album.catalog import FailureRecord, list_folders
from goodside.errors import OutOfRange
from goodside.text import visible
from goodside.web.api.album.browse_params import RowNumber
from goodside.web.api.responses import refuses
from goodside.web.dependencies import SiteOf
from goodside.web.roots import usable_roots
from goodside.web.scan_jobs import JobState, ScanJob, ScanJobs, ScanOrder, ScanStatus
from goodside.web.site import Site, site_of
from goodside.web.texts import translated_error, translated_failure

router = APIRouter(prefix="/v1/album/scans", tags=["album"])

_EVERY_S = 0.5
_BEAT_S = 15.0
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
_making = threading.Lock()
FolderText = Annotated[str, Field(min_length=1, max_length=4096, examples=["/home/ann/photos"])]
Glob = Annotated[str, Field(min_length=1, max_length=1000, examples=["*.png"])]


class NewScan(BaseModel):
    """What is to be scanned."""

    folders: list[FolderText] = Field(
        default_factory=list,
        max_length=100,
        description="Known folders, or new ones below a root of the service; none: all known.",
    )
    exclude: list[Glob] = Field(
        default_factory=list, max_length=100, description="Left out of `folders` from now on."
    )
    faces: bool = Field(default=True, description="Look for faces.")
    retry: bool = Field(default=False, description="Try again what failed before.")


class FailureItem(BaseModel):
    """A file that could not be used."""

    file: str
    kind: str = Field(examples=["UnreadableImage"])
    message: str
    attempts: int
    at: datetime

    @classmethod
    def of(cls, failure: FailureRecord) -> FailureItem:
        """Of what the catalog has on record."""
        return cls(
            file=visible(str(failure.path)),
            kind=failure.kind,
            message=translated_failure(visible(failure.message)),
            attempts=failure.attempts,
            at=failure.at,
        )


class ScanItem(BaseModel):
    """How a scan is doing."""

    id: int
    state: JobState
    stage: str | None = Field(examples=["scanning"])
    done: int = Field(description="Files read, or faces turned.")
    total: int
    rate: float | None = Field(description="Photographs a second, lately.")
    eta_s: float | None = Field(description="Time left of this stage.")
    started_at: datetime
    ended_at: datetime | None
    failed: int = Field(description="Files that could not be used so far.")
    failures: list[FailureItem] = Field(description="The latest of them.")
    summary: dict[str, int | float | bool] | None
    error: str | None = Field(description="What ended it.")


class ScanList(BaseModel):
    """Scans of this service, the newest first."""

    scans: list[ScanItem]


def scans_of(request: Request) -> ScanJobs:
    """The scans of the service that a request came to; a dependency."""
    return scan_jobs_of(request.app.state, site_of(request))


def scan_jobs_of(state: Any, site: Site) -> ScanJobs:
    """The scans of an application.

    Args:
        state: of the application.
        site: its site.
    """
    with _making:
        found: ScanJobs | None = getattr(state, "scan_jobs", None)
        if found is None:
            found = state.scan_jobs = ScanJobs(
                site.album, is_ending=site.stopping.is_set, on_end=site.index.invalidate
            )
        return found


Scans = Annotated[ScanJobs, Depends(scans_of)]


@router.post("", status_code=202, responses=refuses(429))
def begin_scan(
    site: SiteOf,
    scans: Scans,
    response: Response,
    body: Annotated[NewScan, Body(default_factory=NewScan)],
) -> ScanItem:
    """Begin a scan in the background, if none is at work; Location says where to follow it."""
    with site.album.opened(create=True) as catalog, catalog.read() as session:
        known = {str(folder): folder for folder in list_folders(session)}
    roots = usable_roots(site.options.roots)
    folders = tuple(
        known[text] if text in known else roots.check(text, must_exist=True)
        for text in body.folders
    )
    if body.exclude and not folders:
        raise OutOfRange("patterns to leave out hold for folders", remedy="name the folders")
    if not folders and not known:
        raise OutOfRange("no folder is known yet", remedy="name the folders of your photographs")
    order = ScanOrder(folders, tuple(body.exclude), body.faces, body.retry)
    job = scans.begin(order)
    response.headers["Location"] = f"/v1/album/scans/{job.status.id}"
    return _item(job.status)


@router.get("")
def list_scans(scans: Scans) -> ScanList:
    """The scans of this service so far, the newest first."""
    return ScanList(scans=[_item(job.status) for job in scans.latest()])


@router.get("/{scan_id}", responses=refuses(404))
def show_scan(scan_id: RowNumber, scans: Scans) -> ScanItem:
    """How a scan is doing."""
    return _item(_find(scans, scan_id).status)


@router.get(
    "/{scan_id}/events",
    response_class=StreamingResponse,
    responses=_STREAM | refuses(404, 429),
)
def follow_scan(scan_id: RowNumber, scans: Scans) -> StreamingResponse:
    """A scan as server-sent events, from where it is: `progress`, `error`, and `done` at the end.

    The data of `progress` and `done` are as of `GET`, those of `error` a failure.
    """
    job = _find(scans, scan_id)
    return StreamingResponse(
        _events(job), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


@router.post("/{scan_id}/pause", responses=refuses(404))
def pause_scan(scan_id: RowNumber, scans: Scans) -> ScanItem:
    """Begin no more files, until it is resumed."""
    job = _find(scans, scan_id)
    job.pause()
    return _item(job.status)


@router.post("/{scan_id}/resume", responses=refuses(404))
def resume_scan(scan_id: RowNumber, scans: Scans) -> ScanItem:
    """Go on after a pause."""
    job = _find(scans, scan_id)
    job.resume()
    return _item(job.status)


@router.post("/{scan_id}/stop", responses=refuses(404))
def stop_scan(scan_id: RowNumber, scans: Scans) -> ScanItem:
    """End it; what is begun is finished and kept, and the next scan goes on from there."""
    job = _find(scans, scan_id)
    job.stop()
    return _item(job.status)


async def _events(job: ScanJob) -> AsyncIterator[str]:
    sent, quiet_s = 0, 0.0
    before: ScanStatus | None = None
    while True:
        status = job.status
        for failure in status.failures[sent:]:
            yield _event("error", FailureItem.of(failure).model_dump(mode="json"))
        sent = len(status.failures)
        if status != before:
            name = "done" if status.is_over else "progress"
            yield _event(name, _item(status).model_dump(mode="json"))
            before, quiet_s = status, 0.0
        elif quiet_s >= _BEAT_S:
            yield ": still there\n\n"
            quiet_s = 0.0
        if status.is_over:
            return
        await asyncio.sleep(_EVERY_S)
        quiet_s += _EVERY_S


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _find(scans: ScanJobs, number: int) -> ScanJob:
    job = scans.find(number)
    if job is None:
        raise HTTPException(404, f"there is no scan {number}")
    return job


def _item(status: ScanStatus) -> ScanItem:
    done = status.summary
    summary: dict[str, int | float | bool] | None = None
    if done is not None:
        names = (
            "read", "unchanged", "moved", "missing", "left_out", "sidecars", "decisions_noted",
            "passed_over", "unreached", "stopped",
        )  # fmt: skip
        summary = {name: getattr(done, name) for name in names}
        summary |= {"failed": len(done.failed), "seconds": round(done.seconds, 1)}
    error = status.error
    return ScanItem(
        id=status.id,
        state=status.state,
        stage=status.stage,
        done=status.done,
        total=status.total,
        rate=None if status.rate is None else round(status.rate, 2),
        eta_s=None if status.eta_s is None else round(status.eta_s, 1),
        started_at=status.started_at,
        ended_at=status.ended_at,
        failed=len(status.failures),
        failures=[FailureItem.of(one) for one in status.failures[-20:]],
        summary=summary,
        error=None if error is None else translated_error(visible(error.message)),
    )
