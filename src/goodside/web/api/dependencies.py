"""The site as of now, for routes; what a client has already is not sent again."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from goodside.web.problems import MEDIA_TYPE
from goodside.web.site import Site, site_of

SiteOf = Annotated[Site, Depends(site_of)]


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
