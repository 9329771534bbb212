"""The password of whoever comes from another machine, and leaving."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from goodside.web.dependencies import SiteOf
from goodside.web.problems import problem_response
from goodside.web.security.gate import LOGIN, LOGOUT, set_cookie
from goodside.web.security.passwords import is_password
from goodside.web.security.sessions import Caller, cookie_name
from goodside.web.standalone_pages import login_page
from goodside.web.texts import gettext as _

router = APIRouter(include_in_schema=False)


@router.get(LOGIN)
def ask_password(request: Request, site: SiteOf) -> Response:
    """The page that asks."""
    if site.options.password_hash is None:
        return RedirectResponse("/", status_code=303)
    return login_page(wanted=_within(request.query_params.get("next", "/")))


@router.post(LOGIN)
async def log_in(request: Request, site: SiteOf) -> Response:
    """Take the password; the right one opens a session."""
    kept = site.options.password_hash
    if kept is None:
        return problem_response(404, "this service has no password", connection=request)
    address = request.client.host if request.client else ""
    async with request.form(max_files=0, max_fields=4, max_part_size=4096) as form:
        password, wanted = str(form.get("password", "")), _within(str(form.get("next", "/")))
    wait_s = site.attempts.wait_s(address)
    if wait_s > 0:
        page = login_page(
            wanted=wanted, problem=_("Too many wrong passwords. Wait a minute."), status=429
        )
        page.headers["Retry-After"] = str(int(wait_s) + 1)
        return page
    site.attempts.note_failure(address)  # before the check, so that many at once gain nothing
    if not await asyncio.to_thread(is_password, password, kept):
        return login_page(wanted=wanted, problem=_("That is not the password."), status=401)
    site.attempts.note_success(address)
    response = RedirectResponse(wanted, status_code=303)
    set_cookie(response, site.sessions.open(), request)
    return response


@router.post(LOGOUT)
def log_out(request: Request, site: SiteOf) -> Response:
    """End the session."""
    caller = request.scope["state"].get("caller")
    if isinstance(caller, Caller) and caller.session is not None:
        site.sessions.close(caller.session)
    response = Response(status_code=204)
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="strict")
    return response


def _within(wanted: str) -> str:
    """A path of this service, never an address elsewhere."""
    path = unquote(wanted)
    elsewhere = not path.startswith("/") or path[1:2] in ("/", "\\")
    printable = path.isascii() and path.isprintable()
    return "/" if elsewhere or not printable else path
