"""The page as HTML, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodside.album.html import render, write_html
from goodside.album.page.page import Page
from goodside.tags import display_name
from goodside.types import Assessment

_TAGS_SHOWN, _LEAST_TAG = 3, 0.25
_WIDTH, _HEIGHT, _LEAST_BAR = 100, 32, 0.8  # of the drawing of a distribution


def render_page(page: Page) -> str:
    """The page as HTML: styles and pictures inside, no script, no address outside."""
    return render("page.html", shown=page, ranked=page.ranked, bars=bars, tags=_tags)


def write_page(path: Path, page: Page, *, overwrite: bool = False) -> Path:
    """Write the page; it replaces an earlier page of goodside's, but no other file.

    Args:
        path: where to write; its folder is made if it is missing.
        page: what it shows.
        overwrite: replace any file that is there, but an original.

    Raises:
        OutputError: another file stands there, an earlier page would be replaced by one without
            photographs, or the system refuses.
    """
    return write_html(path, render_page(page), overwrite=overwrite, empty=not page.shots)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a drawing that is 100 wide and 32 high; `mean` if it is nearest the mean."""

    x: float
    y: float
    width: float
    height: float
    mean: bool


def bars(distribution: tuple[float, ...]) -> list[Bar]:
    """A distribution as bars, the likeliest score as high as the drawing."""
    total, highest = sum(distribution) or 1.0, max(distribution) or 1.0
    mean = sum(score * share for score, share in enumerate(distribution, start=1)) / total
    step = _WIDTH / len(distribution)
    heights = [max(_LEAST_BAR, _HEIGHT * share / highest) for share in distribution]
    return [
        Bar(
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
    return [display_name(tag.label) for tag in shown]
