"""`POST /v1/assess`: how good photographs look, and what they show."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from goodside.result_records import assessment_record
from goodside.types import Json
from goodside.web.api.engines.batches import MODEL_NAME, check_model, read_all, settle
from goodside.web.api.engines.schemas import AssessmentRecord, Batch
from goodside.web.api.engines.uploads import REQUEST_BODY, Uploads, uploads_of
from goodside.web.dependencies import SiteOf
from goodside.web.site import Site

router = APIRouter(prefix="/v1", tags=["engines"])


@router.post(
    "/assess",
    summary="Judge photographs",
    operation_id="assess",
    response_model=AssessmentRecord | Batch[AssessmentRecord],
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def assess(
    request: Request,
    site: SiteOf,
    model: Annotated[
        str | None,
        Query(
            pattern=MODEL_NAME,
            description="Name of the weights; by default the shipped float32 ones.",
            examples=["aesthetics-free"],
        ),
    ] = None,
) -> Response:
    """Judge one photograph, or a batch.

    One that comes as the body or as the form's `file` is answered with its record; several as
    `files` with a list, in which what cannot be read stands with its problem.
    """
    async with site.pool.admitted() as admission, uploads_of(request) as uploads:
        return JSONResponse(
            await site.pool.run(admission, lambda: _assessed(site, uploads, model=model))
        )


def _assessed(site: Site, uploads: Uploads, *, model: str | None) -> Json:
    check_model(site.engines, model, task="aesthetics")
    assessor = site.engines.assessor(model=model)
    if not uploads.is_batch:
        return assessment_record(None, assessor.assess(uploads.files[0].read()))
    return settle(
        uploads,
        assessor.assess_each(read_all(uploads.files)),
        lambda one: assessment_record(None, one),
    )
