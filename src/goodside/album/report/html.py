"""HTML that stands alone, and the files it goes to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from goodside.errors import OutputError
from goodside.images import atomic_write, check_output, make_folder
from goodside.regular_file import open_regular
from goodside.text import isolated, visible
from goodside.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

_MARK = '<meta name="generator" content="goodside '  # stands in templates/base.html
_HEAD_BYTES = 1024
_BYTES = "".join(map(chr, range(0xDC80, 0xDD00)))  # of names that are no UTF-8
_STRAIGHT_DEG = 3


def render(template: str, **shown: Any) -> str:
    """Fill a template; everything shown is escaped.

    What steers text without being seen is written out everywhere. Names, which come from strangers,
    go through the filters `name` and `names`, so that their direction ends with them.

    Args:
        template: its name in `templates`.
        shown: what it may use.
    """
    return _environment().get_template(template).render(**shown, version=__version__)


def write_html(path: Path, html: str, *, overwrite: bool = False, empty: bool = False) -> Path:
    """Write a page; it replaces an earlier page of goodside's, but no other file.

    Args:
        path: where to write; its folder is made if it is missing.
        html: the page.
        overwrite: replace any file that is there, but an original.
        empty: it shows no photograph: then it replaces no earlier page.

    Raises:
        OutputError: another file stands there, the page would be replaced by an empty one, or the
            system refuses.
    """
    check_target(path, overwrite=overwrite)
    is_page = _is_page(path)
    if empty and is_page:
        raise OutputError(
            "an earlier page stands there, and the new one would show no photograph",
            path=path,
            remedy="check that the folder is there and was scanned, or delete the page first",
        )
    make_folder(path.parent, remedy="name another place with -o")
    with atomic_write(path, overwrite=overwrite or is_page) as stream:
        stream.write(html.encode("utf-8", errors="replace"))
    return path


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Say before the work whether a page may be written there.

    Raises:
        OutputError: it is a folder, an original, or without `overwrite` a file that is no page of
            goodside's.
    """
    if path.is_dir():
        raise OutputError("it is a folder", path=path, remedy="name a file: -o page.html")
    if path.exists() and not overwrite and not _is_page(path):
        raise OutputError(
            "a file that goodside did not make stands there",
            path=path,
            remedy="name another file with -o, or replace it with --overwrite",
        )
    check_output(path, overwrite=overwrite or _is_page(path))


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("goodside.album"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= text_filters()
    return environment


def text_filters() -> dict[str, Callable[..., Any]]:
    """How names, angles, shares and days are written in every page, for an environment of Jinja."""
    return {
        "apart": _apart,
        "day": _day,
        "looking": _looking,
        "name": _name,
        "names": _names,
        "percent": _percent,
        "sentence": _sentence,
        "signed": _signed,
    }


def harmless(value: Any) -> Any:
    """Any text that is shown, without what cannot be seen; bytes that are no UTF-8 are kept."""
    if type(value) is str and not value.startswith("data:"):
        return visible(value, keep=_BYTES)
    return value


def _name(text: str) -> Markup:
    """A name with its direction isolated, but for ASCII, which turns nothing round.

    Where it is no UTF-8, its bytes stand percent-encoded beside it.
    """
    shown = visible(str(text), keep=_BYTES)
    if shown.isascii():
        return Markup.escape(shown)
    if any(character in _BYTES for character in shown):
        return Markup('<bdi data-bytes="{}">{}</bdi>').format(quote(os.fsencode(text)), shown)
    return Markup("<bdi>{}</bdi>").format(shown)


def _apart(text: str) -> Markup:
    """A name in an attribute, where no element can isolate it."""
    return Markup.escape(isolated(visible(str(text), keep=_BYTES)))


def _names(texts: Iterable[str]) -> Markup:
    """Names with commas between them."""
    return Markup(", ").join(map(_name, texts))


def _is_page(path: Path) -> bool:
    """Whether goodside made the file."""
    try:
        with open_regular(path) as stream:
            return _MARK.encode() in stream.read(_HEAD_BYTES)
    except OSError:
        return False


def _signed(angle_deg: float) -> str:
    """An angle with its sign, as print sets it: +30°, −15°, 0°."""
    rounded = round(angle_deg)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded)}°"


def _looking(yaw_deg: float) -> str:
    """Where a face looks, in words."""
    if abs(yaw_deg) < _STRAIGHT_DEG:
        return "straight into the camera"
    return f"{abs(round(yaw_deg))}° to the picture's {'right' if yaw_deg > 0 else 'left'}"


def _percent(percent: float) -> str:
    """62 %, with a narrow space; nothing below 100 is rounded to it."""
    return f"{min(round(percent), 99 if percent < 100 else 100)}\u202f%"


def _day(day: date) -> str:
    """22 November 2025."""
    return f"{day.day} {day:%B %Y}"


def _sentence(parts: tuple[str, ...]) -> str:
    """Reasons as a sentence without its full stop: `Sharp; eyes open`."""
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
