"""The report as HTML, and as a file."""

from __future__ import annotations

from pathlib import Path

from goodside.album.picks import MIXED
from goodside.album.report.bars import bars
from goodside.album.report.html import render, write_html
from goodside.album.report.plot import HEIGHT, WIDTH, plot_scores
from goodside.album.report.report import Report

_KINDS = {
    "burst": ("burst", "bursts"),
    "near_duplicate": ("set of near-duplicates", "sets of near-duplicates"),
    "bracket": ("exposure bracket", "exposure brackets"),
    "panorama": ("panorama", "panoramas"),
    "scene": ("scene", "scenes"),
}
_HEADINGS = {
    "burst": "Burst of {}",
    "near_duplicate": "{} near-duplicates",
    "bracket": "Exposure bracket of {}",
    "panorama": "Panorama of {}",
    MIXED: "Series of {}",
}


def render_report(report: Report) -> str:
    """The report as HTML: styles and pictures inside, no script, no address outside."""
    picked = [tile.judged.aesthetic.score for tile in report.picks if tile.judged is not None]
    return render(
        "report.html",
        shown=report,
        summary=report.summary,
        kinds=_KINDS,
        headings=_HEADINGS,
        plot=plot_scores(report.summary.scores, picked),
        plot_size=(WIDTH, HEIGHT),
        bars=bars,
    )


def write_report(path: Path, report: Report, *, overwrite: bool = False) -> Path:
    """Write the report; it replaces an earlier page of goodside's, but no other file.

    Args:
        path: where to write; its folder is made if it is missing.
        report: what it shows.
        overwrite: replace any file that is there, but an original.

    Raises:
        OutputError: another file stands there, an earlier report would be replaced by one without
            photographs, or the system refuses.
    """
    empty = report.summary.photos == 0
    return write_html(path, render_report(report), overwrite=overwrite, empty=empty)
