"""The OpenAPI document: what FastAPI finds, and what the rooms around the routes may answer."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from goodside.json_text import read_json
from goodside.version import __version__
from goodside.web.problems import MEDIA_TYPE, Problem

_EXAMPLES = Path(__file__).with_name("examples.json")
"""By path, what the engines answer to photographs that come with the source."""

_OPEN = frozenset({"/healthz", "/readyz"})
_DESCRIPTION = """\
The album and the engines of goodside. Programs send `Authorization: Bearer TOKEN`, the token that
`goodside serve` prints in its link or reads from a file. Every error is a problem as RFC 9457 has
it. A request that finds the engines busy is answered 429 with `Retry-After`.
"""
_MEANINGS: dict[int, str] = {
    400: "The request, or its form, is none.",
    401: "The token is missing or wrong.",
    403: "A page of another site asked, the form is of another session, or the service changes "
    "nothing.",
    404: "There is no such thing.",
    405: "The route has no such method.",
    408: "The body came too slowly.",
    413: "The body, or the photograph in it, is too large.",
    415: "The body, or the photograph in it, is of a kind that is not taken.",
    421: "The host that was asked for is not this service.",
    422: "A parameter, or the photograph, does not fit.",
    429: "Too many requests at once; Retry-After says when to come again.",
    500: "An error that nobody foresaw.",
    503: "The album, a model or memory is not there at the moment.",
}
_EVERYWHERE = (400, 404, 405, 408, 421, 422, 429, 500, 503)
_BEHIND_THE_GATE = (401, 403)
_WITH_A_BODY = (413, 415)


def document(app: FastAPI) -> None:
    """Let an application describe itself in full."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(
                    title="goodside",
                    version=__version__,
                    description=_DESCRIPTION,
                    routes=app.routes,
                    tags=[
                        {"name": "engines", "description": "Judge photographs and turn faces."},
                        {"name": "album", "description": "What is in the album, and decisions."},
                        {"name": "pictures", "description": "Photographs as pictures."},
                        {"name": "service", "description": "How the service is."},
                    ],
                )
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(schema: dict[str, Any]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "The token in the link."},
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "put", "post", "delete", "patch", "head", "options"):
                _complete(operation, path=path)
    return schema


def _complete(operation: dict[str, Any], *, path: str) -> None:
    responses = operation["responses"]
    statuses = [*_EVERYWHERE]
    if path in _OPEN:
        operation["security"] = []
    else:
        operation["security"] = [{"token": []}]
        statuses += _BEHIND_THE_GATE
    if "requestBody" in operation:
        statuses += _WITH_A_BODY
    for status in statuses:
        found = responses.setdefault(str(status), {})
        generated = str(found).find("HTTPValidationError") >= 0
        if not found or generated:
            responses[str(status)] = _problem(status)
    if path in _examples():
        responses["200"]["content"]["application/json"]["examples"] = _examples()[path]
    operation["responses"] = dict(sorted(responses.items()))


@cache
def _examples() -> dict[str, Any]:
    found: dict[str, Any] = read_json(_EXAMPLES)
    return found


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _MEANINGS.get(status, HTTPStatus(status).phrase),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
