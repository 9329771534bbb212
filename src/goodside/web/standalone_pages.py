"""Pages without the gallery around them: the password, why not, and what went wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from goodside.web.texts import gettext, texts_in_use

_TEMPLATES = Path(__file__).parent / "templates"


def wants_page(connection: HTTPConnection) -> bool:
    """Whether a person looks at the answer: a browser asks for a page, not a program for data."""
    accepts = connection.headers.get("accept", "")
    return "text/html" in accepts and not connection.scope["path"].startswith("/v1/")


def refusal_page() -> HTMLResponse:
    """Says that the link is needed."""
    return _page("standalone/link_needed.html", 401)


def login_page(*, wanted: str, problem: str | None = None, status: int = 200) -> HTMLResponse:
    """Asks for the password.

    Args:
        wanted: where to go with the right one.
        problem: what is wrong with the last one, if anything.
        status: of the answer.
    """
    return _page("standalone/login.html", status, wanted=wanted, problem=problem)


def problem_page(
    title: str, *, status: int, detail: str | None, remedy: str | None
) -> HTMLResponse:
    """Says what went wrong to a person.

    Args:
        title, detail, remedy: as of a problem.
        status: of the answer.
    """
    return _page("standalone/problem.html", status, title=title, detail=detail, remedy=remedy)


def _page(name: str, status: int, **context: object) -> HTMLResponse:
    texts = texts_in_use()
    html = (
        _environment()
        .get_template(name)
        .render(_=gettext, language=texts.language, direction=texts.direction, **context)
    )
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
