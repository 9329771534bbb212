"""What went wrong, as RFC 9457 has it: `application/problem+json`, from the one error tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from goodside.errors import (
    CatalogError,
    FaceError,
    GoodsideError,
    ImageError,
    ImageTooLarge,
    OutOfMemory,
    OutOfRange,
    OutputError,
    ServiceBusy,
    SettingsError,
    SidecarError,
    UnsupportedImage,
    WeightsError,
    WorkerError,
)
from goodside.phrase import phrase
from goodside.web.standalone_pages import problem_page, wants_page
from goodside.web.texts import translated, translated_error

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:goodside:error:"
"""Before the name of one of goodside's errors, in a problem's `type`."""

_STATUS: tuple[tuple[type[GoodsideError], int], ...] = (  # the first that fits
    (ServiceBusy, HTTPStatus.TOO_MANY_REQUESTS),
    (OutOfMemory, HTTPStatus.SERVICE_UNAVAILABLE),
    (WorkerError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ImageTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (UnsupportedImage, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (ImageError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (FaceError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (OutOfRange, HTTPStatus.UNPROCESSABLE_ENTITY),
    (OutputError, HTTPStatus.CONFLICT),
    (SidecarError, HTTPStatus.CONFLICT),
    (CatalogError, HTTPStatus.SERVICE_UNAVAILABLE),
    (WeightsError, HTTPStatus.SERVICE_UNAVAILABLE),
    (SettingsError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_TITLES = {
    "ImageError": phrase("The photograph cannot be used"),
    "UnreadableImage": phrase("The file is no photograph, or is damaged"),
    "UnsupportedImage": phrase("Photographs of this kind are not read here"),
    "ImageTooLarge": phrase("The photograph is too large"),
    "OutOfMemory": phrase("There is too little memory"),
    "ImageTimeout": phrase("Reading the photograph took too long"),
    "WorkerError": phrase("The process that read the photograph died"),
    "WeightsError": phrase("A model is missing or damaged"),
    "NoFace": phrase("There is no face"),
    "AmbiguousFace": phrase("There are several faces"),
    "UnfitFace": phrase("The face cannot be turned"),
    "CatalogError": phrase("The album cannot be used"),
    "SidecarError": phrase("The sidecar cannot be used"),
    "OutputError": phrase("The result cannot be written"),
    "OutOfRange": phrase("Outside what is supported"),
    "SettingsError": phrase("The service is set up wrongly"),
    "ServiceBusy": phrase("Too many requests at once"),
}
_OTHER_TITLE = phrase("Something went wrong")
_STATUS_TITLES = {  # as RFC 9110 calls them
    400: phrase("Bad Request"),
    401: phrase("Unauthorized"),
    403: phrase("Forbidden"),
    404: phrase("Not Found"),
    405: phrase("Method Not Allowed"),
    408: phrase("Request Timeout"),
    409: phrase("Conflict"),
    410: phrase("Gone"),
    411: phrase("Length Required"),
    421: phrase("Misdirected Request"),
    429: phrase("Too Many Requests"),
    500: phrase("Internal Server Error"),
    503: phrase("Service Unavailable"),
}


class Problem(BaseModel):
    """A problem, as RFC 9457 describes it; `remedy` and `request_id` are ours."""

    type: str = Field(
        default="about:blank",
        description=f"`{TYPE_PREFIX}` and the name of one of goodside's errors, or `about:blank`.",
        examples=["urn:goodside:error:NoFace"],
    )
    title: str = Field(examples=["There is no face"])
    status: int = Field(examples=[422])
    detail: str | None = Field(default=None, examples=["no face was found"])
    instance: str | None = Field(default=None, examples=["/v1/rotate"])
    remedy: str | None = Field(
        default=None, description="What to do.", examples=["choose another photograph"]
    )
    request_id: str | None = Field(default=None, description="As in X-Request-ID and the log.")
    errors: list[str] | None = Field(
        default=None, description="Each thing that is wrong with a request."
    )


def status_of(error: GoodsideError) -> int:
    """The HTTP status of one of goodside's errors."""
    if isinstance(error, CatalogError) and _names_something_missing(error):
        return HTTPStatus.NOT_FOUND
    return next((int(status) for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem_of(error: GoodsideError, *, connection: HTTPConnection | None = None) -> Problem:
    """One of goodside's errors as a problem, in the language of the request.

    It tells no path, which may say too much.
    """
    return Problem(
        type=f"{TYPE_PREFIX}{error.kind}",
        title=translated(_TITLES.get(error.kind, _OTHER_TITLE)),
        status=status_of(error),
        detail=translated_error(error.message),
        remedy=None if error.remedy is None else translated_error(error.remedy),
        **_where(connection),
    )


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    connection: HTTPConnection | None = None,
    remedy: str | None = None,
    errors: Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem that is no error of the tree, such as a missing token."""
    problem = Problem(
        title=translated(_STATUS_TITLES.get(status, HTTPStatus(status).phrase)),
        status=status,
        detail=None if detail is None else translated_error(detail),
        remedy=None if remedy is None else translated_error(remedy),
        errors=None if errors is None else list(errors),
        **_where(connection),
    )
    return respond(problem, connection=connection, headers=headers)


def respond(
    problem: Problem,
    *,
    connection: HTTPConnection | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response that carries a problem: a page where a person looks at it, else JSON."""
    wanted = dict(headers or {}) | {"Cache-Control": "no-store"}
    if connection is not None and wants_page(connection):
        page = problem_page(
            problem.title, status=problem.status, detail=problem.detail, remedy=problem.remedy
        )
        page.headers.update(wanted)
        return page
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=wanted,
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of an application's routes a problem."""
    app.add_exception_handler(GoodsideError, _on_goodside_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)


async def _on_goodside_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, GoodsideError)
    problem = problem_of(error, connection=request)
    headers = {}
    if problem.status in (429, 503):
        retry_after_s = getattr(error, "retry_after_s", None) or 5
        headers["Retry-After"] = str(max(1, round(retry_after_s)))
    return respond(problem, connection=request, headers=headers)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code < 400 or error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)
    detail = None if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail)
    return problem_response(error.status_code, detail, connection=request, headers=error.headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [_described(one) for one in error.errors()]
    return problem_response(
        422, "; ".join(found[:3]) or None, connection=request, errors=found[:50]
    )


def _described(error: Mapping[str, Any]) -> str:
    """One thing that is wrong with a request: where, and what. What was sent is not repeated."""
    place = ".".join(str(part)[:60] for part in error.get("loc", ()))
    if error.get("type") == "string_too_short" and error.get("ctx", {}).get("min_length") == 1:
        return phrase("{place} is empty", place=place)
    return f"{place}: {error.get('msg', 'is wrong')}"


def _names_something_missing(error: CatalogError) -> bool:
    return error.message.startswith(("there is no photograph", "there is no face"))


def _where(connection: HTTPConnection | None) -> dict[str, Any]:
    if connection is None:
        return {}
    state = connection.scope.get("state", {})
    return {
        "instance": connection.scope.get("path"),
        "request_id": state.get("request_id"),
    }
