"""`POST /v1/faces`: where the faces are, and where they look."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from goodside.errors import ImageError
from goodside.images import Photo, read_photos_guarded
from goodside.images.guard import memory_guard
from goodside.result_records import faces_record
from goodside.types import Face, Json
from goodside.web.api.engines.batches import read_all, settle
from goodside.web.api.engines.schemas import Batch, FacesRecord
from goodside.web.api.engines.uploads import REQUEST_BODY, Uploads, uploads_of
from goodside.web.dependencies import SiteOf
from goodside.web.site import Site

router = APIRouter(prefix="/v1", tags=["engines"])


@router.post(
    "/faces",
    summary="Find faces",
    operation_id="faces",
    response_model=FacesRecord | Batch[FacesRecord],
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def faces(request: Request, site: SiteOf) -> Response:
    """List the faces of one photograph, or of each of a batch, the largest first."""
    async with site.pool.admitted() as admission, uploads_of(request) as uploads:
        return JSONResponse(await site.pool.run(admission, lambda: _found(site, uploads)))


def _found(site: Site, uploads: Uploads) -> Json:
    return settle(
        uploads,
        _find_each(site, uploads),
        lambda one: faces_record(None, one[1], width=one[0].width, height=one[0].height),
    )


def _find_each(
    site: Site, uploads: Uploads
) -> Iterator[tuple[Photo, tuple[Face, ...]] | ImageError]:
    finder = site.engines.face_finder()
    sources = list(read_all(uploads.files)) if len(uploads.files) == 1 else read_all(uploads.files)
    for _, photo in read_photos_guarded(sources, limits=site.engines.limits):
        if isinstance(photo, ImageError):
            yield photo
            continue
        try:
            with memory_guard():
                found = finder.find(photo.rgb)
        except ImageError as error:
            yield error
        else:
            yield photo, found
