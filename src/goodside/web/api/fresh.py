"""The site as of now, for routes; what a client has already is not sent again."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from goodside.web.api.problems import MEDIA_TYPE, Problem
from goodside.web.site import Site, site_of

SiteOf = Annotated[Site, Depends(site_of)]


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: the problems that it may answer with, besides those of all."""
    every = (*statuses, 401, 403, 421, 422, 503)
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
        }
        for status in sorted(set(every))
    }


UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "As the client has it: see If-None-Match."}
}
_MEANINGS = {
    401: "Neither token nor session.",
    403: "A write without the session's token, or to a read-only service.",
    404: "There is no such thing.",
    409: "It is not as the request takes it to be any more.",
    410: "It has left the album meanwhile.",
    421: "Another host's service was asked for.",
    422: "The request is not understood, or asks for what cannot be.",
    429: "Too much is asked at once; Retry-After says when to come again.",
    503: "The catalog cannot be used at the moment.",
}


def fresh_site(site: SiteOf) -> Site:
    """The site, with its index up to date."""
    site.index.refresh()
    return site


FreshSite = Annotated[Site, Depends(fresh_site)]


def changed_site(request: Request, response: Response, site: FreshSite) -> Site:
    """The site, if anything changed since the client asked last.

    Raises:
        HTTPException: 304, nothing did.
    """
    asked = f"{site.index.version} {request.url.path}?{request.url.query}"
    tag = f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:24]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    known = {one.strip() for one in request.headers.get("If-None-Match", "").split(",")}
    if tag in known or "*" in known:
        raise HTTPException(304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    return site


ChangedSite = Annotated[Site, Depends(changed_site)]
