"""`goodside album report`, and `review`, which scans first: what `goodside album DIR…` runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.album.catalog_option import catalog_option, open_album
from goodside.cli.album.scan import bring_up_to_date, exit_code, scan_options, tell
from goodside.cli.output.terminal import echo, shown

if TYPE_CHECKING:
    from goodside.album import Credit, Sitting
    from goodside.album.catalog import Catalog

_YAWS_DEG = (-45.0, -30.0, -15.0, 0.0, 15.0, 30.0, 45.0)

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
        "credits_path",
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
@catalog_option
def report(*, folders: tuple[Path, ...], catalog_path: Path | None, **asked: Any) -> None:
    """Write the album, or what of it lies below DIR, as one HTML file.

    Picks with their reasons, scores, people, series, the weakest, and what could not be used. The
    file loads nothing from elsewhere.
    """
    with open_album(catalog_path) as catalog:
        _write(catalog, folders, **asked)


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@scan_options
@_report_options
@catalog_option
def review(
    *,
    folders: tuple[Path, ...],
    exclude: tuple[str, ...],
    no_faces: bool,
    retry: bool,
    workers: int | None,
    catalog_path: Path | None,
    **asked: Any,
) -> None:
    """Scan DIR and write the report of it; `goodside album DIR…` is the same.

    Exit codes are those of `goodside album scan`; a scan that is stopped writes no report.
    """
    from goodside.album import check_target

    check_target(asked["out"], overwrite=asked["overwrite"])
    done = bring_up_to_date(
        catalog_path,
        folders,
        exclude=exclude,
        faces=not no_faces,
        retry=retry,
        workers=workers,
    )
    tell(done)
    if not done.stopped:
        with open_album(catalog_path) as catalog:
            _write(catalog, folders, **asked)
    sys.exit(exit_code(done))


def _write(
    catalog: Catalog,
    folders: tuple[Path, ...],
    *,
    out: Path,
    title: str,
    n: int | None,
    credits_path: Path | None,
    portrait: Path | None,
    overwrite: bool,
) -> None:
    from goodside.aesthetics.assess import DEFAULT_MODEL
    from goodside.album import check_target, gather_terms, read_credits
    from goodside.album.report import make_report, write_report
    from goodside.engines import surroundings
    from goodside.face import FACE_MODELS
    from goodside.rotation.rotate import TURNING_MODELS

    check_target(out, overwrite=overwrite)
    _, store, limits = surroundings()
    credit_of = {} if credits_path is None else read_credits(credits_path)
    sitting = None if portrait is None else _sitting(portrait, credit_of.get(portrait.name))
    turning = () if portrait is None else TURNING_MODELS
    models = [DEFAULT_MODEL, *FACE_MODELS, *turning]
    made = make_report(
        catalog,
        title=title,
        folders=folders,
        n=n,
        credit_of=credit_of,
        limits=limits,
        sitting=sitting,
        terms=gather_terms(store.card(name) for name in models),
        made=date.today(),
    )
    write_report(out, made, overwrite=overwrite)
    size_mb = out.stat().st_size / 1e6
    picks = f"{len(made.picks)} pick{'' if len(made.picks) == 1 else 's'}"
    echo(f"{shown(out)}: {picks}, {size_mb:.1f} MB; open it in a browser, {out.resolve().as_uri()}")


def _sitting(portrait: Path, credit: Credit | None) -> Sitting:
    from goodside.album import take_sitting
    from goodside.engines import open_finder, open_rotator

    finder, limits = open_finder()
    return take_sitting(
        portrait,
        rotator=open_rotator(),
        finder=finder,
        yaws_deg=_YAWS_DEG,
        credit=credit,
        limits=limits,
    )
