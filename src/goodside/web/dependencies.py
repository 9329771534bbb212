"""What routes depend on: the site, with its index up to date, or only if something has changed."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from goodside.web.site import Site, site_of


async def _site_of(request: Request) -> Site:
    return site_of(request)  # asynchronous, or every request would wait for a thread to say it


SiteOf = Annotated[Site, Depends(_site_of)]
"""The site that a request came to."""


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
