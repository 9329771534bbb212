"""The page: photographs ranked and a face turned, in one HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import goodside
from goodside.album.picture import Picture
from goodside.errors import OutputError
from goodside.images.save import replacing
from goodside.types import Assessment, Pose

_MARK = '<meta name="generator" content="goodside '
_HEAD_BYTES = 1024
_TAGS_SHOWN, _LEAST_TAG = 3, 0.25
_STRAIGHT_DEG = 3
_SPOKEN = {"stilllife": "still life", "others": "something else"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One photograph that was judged.

    Attributes:
        name: as the page calls it, mostly the file's name.
        picture: its thumbnail.
        assessment: what the network says.
        credit: who made it, under which terms, and what was changed, if known.
    """

    name: str
    picture: Picture
    assessment: Assessment
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One photograph that could not be judged, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class View:
    """A face at one angle: a synthetic picture with what was measured on it.

    Attributes:
        picture: the turned portrait.
        yaw_deg: the angle that was asked for.
        measured: the pose found in the picture; None where no face was found.
        identity: cosine of the face to the photograph's, -1 to 1; None likewise.
    """

    picture: Picture
    yaw_deg: float
    measured: Pose | None
    identity: float | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One face turned through its angles.

    Attributes:
        name: the photograph's name.
        portrait: the face's surroundings, cut out of the photograph.
        source: where the face looks in the photograph.
        views: in the order to show.
        model: name and version of the weights.
        credit: of the photograph, if known.
    """

    name: str
    portrait: Picture
    source: Pose
    views: tuple[View, ...]
    model: str
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the terms of some weights allow; `models` names them with their versions."""

    models: str
    terms: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a page shows.

    Attributes:
        title: its heading.
        shots: photographs in any order; the page ranks them.
        best: a larger picture of the photograph that ranks first, if there is one.
        failures: photographs that could not be judged.
        sitting: a face turned, if one is shown.
        terms: of the weights whose results the page shows.
        made: the day that stands on the page, if any.
    """

    title: str
    shots: tuple[Shot, ...] = ()
    best: Picture | None = None
    failures: tuple[Failure, ...] = ()
    sitting: Sitting | None = None
    terms: tuple[Terms, ...] = field(default=())
    made: date | None = None

    @property
    def ranked(self) -> tuple[Shot, ...]:
        """The photographs, best first; equal scores keep their order."""
        return tuple(sorted(self.shots, key=lambda shot: -shot.assessment.aesthetic.score))


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
    ranked = page.ranked
    environment.filters |= {
        "day": _day,
        "looking": _looking,
        "percent": _percent,
        "signed": _signed,
        "tags": _tags,
    }
    return environment.get_template("page.html").render(
        page=page,
        ranked=ranked,
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


def _bars(distribution: tuple[float, ...]) -> list[dict[str, Any]]:
    """Ten bars of a distribution in a drawing of 100 x 32, the one nearest the mean marked."""
    total, highest = sum(distribution) or 1.0, max(distribution) or 1.0
    mean = sum(score * share for score, share in enumerate(distribution, start=1)) / total
    width = 100 / len(distribution)
    bars = []
    for index, share in enumerate(distribution):
        height = max(0.8, 32 * share / highest)
        bars.append(
            {
                "x": round(index * width + 0.15 * width, 2),
                "y": round(32 - height, 2),
                "width": round(0.7 * width, 2),
                "height": round(height, 2),
                "mean": index + 1 == round(mean),
                "share": share,
            }
        )
    return bars


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
