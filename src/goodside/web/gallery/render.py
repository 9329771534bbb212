"""Pages from templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from goodside.album.picks import word_change
from goodside.album.report.html import harmless, text_filters
from goodside.version import __version__
from goodside.web.gallery.dates import day_text
from goodside.web.site import site_of
from goodside.web.texts import (
    gettext,
    ngettext,
    texts_in_use,
    translated,
    translated_failure,
    translated_tag,
)

_STATIC = Path(__file__).parent.parent / "static"


def page(request: Request, template: str, *, status_code: int = 200, **shown: Any) -> HTMLResponse:
    """A page as the answer to a request; everything shown is escaped.

    Names of files and people go through the filters `name` and `names`, in attributes through
    `apart`: what cannot be seen in them is written out, and their direction ends with them. What
    the library words goes through `translated`, `tag`, `change` (of a copy) or `failure` first.

    Args:
        request: whose session the page's writes belong to.
        template: its name in `templates`.
        status_code: of the answer.
        shown: what the template may use, besides `site`, `csrf_token`, `here` (the path),
            `language` (its `language` and `direction`), `static(path)`, `version` and gettext's
            functions.
    """
    html = fragment(request, template, **shown)  # names may hold bytes that are no UTF-8
    return HTMLResponse(html.encode("utf-8", errors="replace"), status_code=status_code)


def fragment(request: Request, template: str, **shown: Any) -> str:
    """A template as text, for a part of a page; as `page` otherwise."""
    return (
        templates()
        .get_template(template)
        .render(
            site=site_of(request),
            csrf_token=getattr(request.state, "csrf_token", ""),
            here=request.url.path,
            language=texts_in_use(),
            **shown,
        )
    )


@cache
def templates() -> Environment:
    """The environment of all templates of the gallery."""
    environment = Environment(
        loader=PackageLoader("goodside.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"static": static, "version": __version__}
    environment.filters |= text_filters() | {
        "change": _change,
        "day": day_text,
        "count": _count,
        "decimal": _decimal,
        "failure": translated_failure,
        "tag": translated_tag,
        "translated": translated,
    }
    return environment


@cache
def static(path: str) -> str:
    """The address of a file that comes with the package."""
    if not (_STATIC / path).is_file():
        raise FileNotFoundError(f"static/{path}")
    return f"/static/{path}"


def _change(change: str) -> str:
    """How a copy or version differs."""
    return translated(word_change(change))


def _count(number: int) -> str:
    """12,345."""
    return f"{number:,}"


def _decimal(number: float) -> str:
    """7.4."""
    return f"{number:.1f}"
