"""Photographs taken out of the album: to a folder, as a table, in sidecars, as a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from goodside.album.export.copies import copy_photos
from goodside.album.export.copy_plan import CopyPlan, plan_copies
from goodside.album.export.sidecar_batch import sidecar_root, write_sidecar_batch
from goodside.album.export.sidecars import SidecarOptions
from goodside.album.export.table import TableFormat, encode_table
from goodside.album.report import gather_terms, make_report, models_shown, render_report
from goodside.album.search.query import SearchHit
from goodside.errors import OutOfRange, OutputError
from goodside.text import isolated, visible
from goodside.web.dependencies import SiteOf
from goodside.web.gallery.export.export_selection import ExportSelection, read_selection
from goodside.web.gallery.export.file_size import format_size
from goodside.web.gallery.render import page
from goodside.web.roots import usable_roots
from goodside.web.site import Site, site_of
from goodside.web.texts import gettext, ngettext, translated_error, translated_failure

router = APIRouter(include_in_schema=False)

_SHOWN = 24  # thumbnails of what is exported
_BATCH = 200  # photographs of one request
_MOST_MEASURED = 5000
_LISTED = 5  # of what went wrong
_TYPES: dict[TableFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CopyRequest(_Body):
    """Photographs to be put into a folder; `places` are counted in the selection's files."""

    folder: str = Field(max_length=4096)
    link: bool = False
    first: int = Field(default=0, ge=0)


class SidecarRequest(_Body):
    """Sidecars to be written into a folder, or beside the photographs where that is said."""

    folder: str | None = Field(default=None, max_length=4096)
    beside: bool = False
    style: Literal["ext", "adobe", "both"] = "ext"
    rate: bool = False
    first: int = Field(default=0, ge=0)


class ExportPlan(BaseModel):
    """What copying will do, in sentences; `allowed` says whether it may begin."""

    allowed: bool
    message: str
    cautions: list[str]


class ExportStep(BaseModel):
    """What one batch did; the next one begins at `next`, where there is one."""

    done: int
    total: int
    next: int | None
    changed: int
    unchanged: int = 0
    problems: list[str]


def _selection(request: Request) -> ExportSelection:
    site = site_of(request)
    site.index.refresh()
    return read_selection(request.query_params, site.index)


Chosen = Annotated[ExportSelection, Depends(_selection)]


@router.get("/export", response_class=HTMLResponse)
def show_export(request: Request, site: SiteOf, chosen: Chosen) -> HTMLResponse:
    """What can be done with the photographs that an address means."""
    roots = usable_roots(site.options.roots)
    return page(
        request,
        "export.html",
        chosen=chosen,
        shown=chosen.shots[:_SHOWN],
        more=max(0, len(chosen.shots) - _SHOWN),
        roots=[str(root) for root in roots.folders],
        size=_size_of(chosen.files),
        has_parquet=_has_parquet(),
    )


@router.post("/export/plan")
def tell_plan(site: SiteOf, chosen: Chosen, body: CopyRequest) -> ExportPlan:
    """Say what copying would do; nothing is changed."""
    _check_writable(site)
    folder = usable_roots(site.options.roots).check(body.folder, must_exist=False)
    plan = plan_copies(chosen.files, folder)
    return _told(plan, link=body.link)


@router.post("/export/copies")
def make_copies(site: SiteOf, chosen: Chosen, body: CopyRequest) -> ExportStep:
    """Copy or link one batch of photographs; nothing that is there is replaced."""
    _check_writable(site)
    folder = usable_roots(site.options.roots).check(body.folder, must_exist=False)
    files = chosen.files
    batch = files[body.first : body.first + _BATCH]
    there = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    changed, problems = 0, []
    for photo in batch:
        try:
            target = copy_photos([photo], folder, link=body.link)[0]
        except OutputError as error:
            problems.append(_said(photo, error))
        else:
            changed += target.name not in there
    return _step(files, body.first, changed, problems)


@router.post("/export/sidecars")
def make_sidecars(site: SiteOf, chosen: Chosen, body: SidecarRequest) -> ExportStep:
    """Write one batch of sidecars; what other programs wrote into them stays."""
    _check_writable(site)
    if body.beside == (body.folder is not None):
        raise OutOfRange("sidecars go beside the photographs or into a folder", remedy="say which")
    folder = None
    if body.folder is not None:
        folder = usable_roots(site.options.roots).check(body.folder, must_exist=False)
    batch = chosen.shots[body.first : body.first + _BATCH]
    with site.writing() as catalog:
        saying = SidecarOptions(
            style=body.style, folder=folder, root=sidecar_root(catalog), rate=body.rate
        )
        done = write_sidecar_batch(catalog, batch, saying, at=datetime.now(UTC))
    problems = [_said(path, error) for path, error in done.failed]
    problems += [f"{_name(path)}: {translated_failure(visible(note))}" for path, note in done.notes]
    return _step(chosen.shots, body.first, done.written, problems, unchanged=done.unchanged)


@router.get("/export/photographs.{form}")
def download_table(chosen: Chosen, form: TableFormat) -> Response:
    """The photographs as a table."""
    data = encode_table([SearchHit(shot) for shot in chosen.shots], form=form)
    return _download(data, f"photographs.{form}", _TYPES[form])


@router.get("/export/report.html")
def download_report(site: SiteOf, chosen: Chosen) -> Response:
    """The photographs as one page that can be sent to somebody."""
    engines = site.album.engines
    models = models_shown(faces=True, turning=False, judge=engines.aesthetics_model)
    with site.album.opened() as catalog:
        report = make_report(
            catalog,
            title=gettext("Album"),
            photo_ids={shot.photo.id for shot in chosen.shots},
            limits=engines.limits,
            terms=gather_terms(map(engines.store.card, models)),
            made=datetime.now(UTC).date(),
        )
    html = render_report(report).encode("utf-8", errors="replace")  # names may be no UTF-8
    return _download(html, "report.html", "text/html; charset=utf-8")


def _told(plan: CopyPlan, *, link: bool) -> ExportPlan:
    many = ngettext("%(n)s file", "%(n)s files", plan.files) % {"n": f"{plan.files:,}"}
    where = isolated(visible(str(plan.folder)))
    values = {"files": many, "size": format_size(plan.size_bytes), "folder": where}
    if link:
        message = gettext("%(files)s will be linked into %(folder)s, taking no room.") % values
    else:
        message = gettext("%(files)s (%(size)s) will be copied into %(folder)s.") % values
    cautions = []
    if plan.makes_folder:
        cautions.append(gettext("The folder will be made."))
    if plan.renamed:
        said = ngettext(
            "%(n)s name is taken: that file gets a number, unless it is the same photograph.",
            "%(n)s names are taken: those files get numbers, unless they are the same photographs.",
            plan.renamed,
        )
        cautions.append(said % {"n": f"{plan.renamed:,}"})
    if plan.missing:
        said = ngettext(
            "%(n)s photograph is not there any more and is left out.",
            "%(n)s photographs are not there any more and are left out.",
            len(plan.missing),
        )
        cautions.append(said % {"n": f"{len(plan.missing):,}"})
    allowed = plan.files > 0
    if link:
        cautions.append(
            gettext("A link is the original itself: whoever changes it changes both.")
            if plan.can_link
            else gettext("Links need the same disk; some photographs lie on another. Copy instead.")
        )
        allowed = allowed and plan.can_link
    elif not plan.fits:
        free = format_size(plan.free_bytes or 0)
        cautions.append(gettext("Only %(size)s are free there.") % {"size": free})
        allowed = False
    cautions.append(gettext("Nothing that is there will be replaced."))
    return ExportPlan(allowed=allowed, message=message, cautions=cautions)


def _step(
    everything: Sequence[object],
    first: int,
    changed: int,
    problems: list[str],
    *,
    unchanged: int = 0,
) -> ExportStep:
    done, total = min(first + _BATCH, len(everything)), len(everything)
    return ExportStep(
        done=done,
        total=total,
        next=done if done < total else None,
        changed=changed,
        unchanged=unchanged,
        problems=problems[:_LISTED]
        + ([f"+ {len(problems) - _LISTED}"] if len(problems) > _LISTED else []),
    )


def _check_writable(site: Site) -> None:
    if site.options.read_only:
        raise OutOfRange(
            "goodside was started with --read-only",
            remedy="start it without to export to folders; downloads work all the same",
        )


def _said(path: Path, error: Exception) -> str:
    return f"{_name(path)}: {translated_error(visible(getattr(error, 'message', str(error))))}"


def _name(path: Path) -> str:
    return isolated(visible(os.fsencode(path.name).decode("utf-8", errors="replace")))


def _size_of(files: Sequence[Path]) -> str | None:
    """What files take together; None: so many that nobody waits for the answer."""
    if len(files) > _MOST_MEASURED:
        return None
    total = 0
    for file in files:
        with suppress(OSError):
            total += file.stat().st_size
    return format_size(total)


def _has_parquet() -> bool:
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def _download(data: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=media_type, headers=headers)
