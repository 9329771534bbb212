"""`goodside album report`, and `review`, which scans first: what `goodside album DIR…` runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.album.scan import (
    check_exclude,
    exit_code,
    print_scan,
    scan_options,
)
from goodside.cli.album.scan_watch import ScanWatch
from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.report import Report
    from goodside.album.scan import ScanSummary

_OPTIONS = (
    click.option(
        "-o",
        "--out",
        type=click.Path(path_type=Path),
        default="album.html",
        show_default=True,
        help="The report.",
    ),
    click.option("--title", default="Album", show_default=True, help="Its heading."),
    click.option(
        "-n",
        "--n",
        type=click.IntRange(min=1),
        help="Picks at most; by default a quarter of the photographs, from 6 to 24.",
    ),
    click.option(
        "--credits",
        "credits_table",
        type=click.Path(path_type=Path),
        help="Markdown table of who made the photographs: | file | title | author | licence |.",
    ),
    click.option(
        "--portrait",
        type=click.Path(path_type=Path),
        help="Turn the face in this photograph, at the end.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace other results too, not only a report."),
)


def _report_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@_report_options
@album_option
def report(
    *, folders: tuple[Path, ...], out: Path, overwrite: bool, album: Album, **asked: Any
) -> None:
    """Write the album, or what of it lies below DIR, as one HTML file.

    Picks with their reasons, scores, people, series, the weakest, and what could not be used. The
    file loads nothing from elsewhere.
    """
    from goodside.album.report import check_target, write_report

    check_target(out, overwrite=overwrite)
    made = album.report(folders, made=date.today(), **asked)
    write_report(out, made, overwrite=overwrite)
    _print_report(out, made)


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@scan_options
@_report_options
@album_option
def review(
    *,
    folders: tuple[Path, ...],
    exclude: tuple[str, ...],
    no_faces: bool,
    retry: bool,
    workers: int | None,
    out: Path,
    overwrite: bool,
    album: Album,
    **asked: Any,
) -> None:
    """Scan DIR and write the report of it; `goodside album DIR…` is the same.

    Exit codes are those of `goodside album scan`; a scan that is stopped writes no report.
    """
    check_exclude(exclude, folders)

    def on_scanned(done: ScanSummary) -> None:
        watch.end()
        print_scan(done)

    with ScanWatch() as watch:
        done = album.review(
            folders,
            out=out,
            made=date.today(),
            overwrite=overwrite,
            exclude=exclude,
            faces=not no_faces,
            retry=retry,
            workers=workers,
            on_progress=watch.show,
            on_scanned=on_scanned,
            stop=watch.interrupted,
            **asked,
        )
    if done.report is not None:
        _print_report(out, done.report)
    sys.exit(exit_code(done.scanned))


def _print_report(out: Path, made: Report) -> None:
    size_mb = out.stat().st_size / 1e6
    picks = f"{len(made.picks)} pick{'' if len(made.picks) == 1 else 's'}"
    echo(f"{shown(out)}: {picks}, {size_mb:.1f} MB; open it in a browser, {out.resolve().as_uri()}")
