"""The page as HTML, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import goodside
from goodside.album.page import Page
from goodside.errors import OutputError
from goodside.images.save import replacing
from goodside.types import Assessment

_MARK = '<meta name="generator" content="goodside '  # stands in templates/page.html
_HEAD_BYTES = 1024
_TAGS_SHOWN, _LEAST_TAG = 3, 0.25
_STRAIGHT_DEG = 3
_SPOKEN = {"stilllife": "still life", "others": "something else"}
_WIDTH, _HEIGHT, _LEAST_BAR = 100, 32, 0.8  # of the drawing of a distribution


def render_page(page: Page) -> str:
    """The page as HTML: styles and pictures inside, no script, no address outside."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("goodside.album"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": _day,
        "looking": _looking,
        "percent": _percent,
        "signed": _signed,
        "tags": _tags,
    }
    return environment.get_template("page.html").render(
        page=page,
        ranked=page.ranked,
        bars=_bars,
        version=goodside.__version__,
    )


def write_page(path: Path, page: Page, *, overwrite: bool = False) -> Path:
    """Write the page; it replaces an earlier page of goodside's, but no other file.

    Args:
        path: where to write; its folder is made if it is missing.
        page: what it shows.
        overwrite: replace any file that is there.

    Raises:
        OutputError: another file stands there, or the system refuses.
    """
    check_target(path, overwrite=overwrite)
    html = render_page(page)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"its folder cannot be made: {error.strerror}",
            path=path,
            remedy="name another place with -o",
        ) from error
    with replacing(path, overwrite=overwrite or _is_page(path)) as stream:
        stream.write(html.encode("utf-8", errors="replace"))
    return path


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Say before the work whether a page may be written there.

    Raises:
        OutputError: it is a folder, or a file that is no page of goodside's.
    """
    if path.is_dir():
        raise OutputError("it is a folder", path=path, remedy="name a file: -o page.html")
    if path.exists() and not overwrite and not _is_page(path):
        raise OutputError(
            "a file that goodside did not make stands there",
            path=path,
            remedy="name another file with -o, or replace it with --overwrite",
        )


def _is_page(path: Path) -> bool:
    """Whether goodside made the file."""
    try:
        with path.open("rb") as stream:
            return _MARK.encode() in stream.read(_HEAD_BYTES)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar of a drawing that is 100 wide and 32 high; `mean` if it is nearest the mean."""

    x: float
    y: float
    width: float
    height: float
    mean: bool


def _bars(distribution: tuple[float, ...]) -> list[_Bar]:
    """A distribution as bars, the likeliest score as high as the drawing."""
    total, highest = sum(distribution) or 1.0, max(distribution) or 1.0
    mean = sum(score * share for score, share in enumerate(distribution, start=1)) / total
    step = _WIDTH / len(distribution)
    heights = [max(_LEAST_BAR, _HEIGHT * share / highest) for share in distribution]
    return [
        _Bar(
            x=round((index + 0.15) * step, 2),
            y=round(_HEIGHT - height, 2),
            width=round(0.7 * step, 2),
            height=round(height, 2),
            mean=index + 1 == round(mean),
        )
        for index, height in enumerate(heights)
    ]


def _tags(assessment: Assessment) -> list[str]:
    """The likely tags, the likeliest first; always at least one where there are any."""
    likely = sorted(assessment.semantics, key=lambda tag: -tag.probability)[:_TAGS_SHOWN]
    shown = [tag for index, tag in enumerate(likely) if index == 0 or tag.probability >= _LEAST_TAG]
    return [_spoken(tag.label) for tag in shown]


def _spoken(label: str) -> str:
    """`nightScene` as `night scene`."""
    return (
        _SPOKEN.get(label)
        or "".join(f" {char.lower()}" if char.isupper() else char for char in label).strip()
    )


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
