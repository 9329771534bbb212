"""Answers that not every route gives, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from goodside.web.problems import MEDIA_TYPE

_MEANINGS = {
    404: "There is no such thing.",
    409: "It is not as the request takes it to be any more.",
    410: "It has left the album meanwhile.",
    429: "Another scan is at work; Retry-After says when to come again.",
}
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "As the client has it: see If-None-Match."}
}


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: problems that not every route answers with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }
