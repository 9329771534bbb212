"""`goodside page`: photographs ranked and a face turned, in one HTML file, without an album."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import click

from goodside.cli.arguments.angles import Sweep
from goodside.cli.arguments.invocation import Invocation
from goodside.cli.arguments.photographs import list_photographs
from goodside.cli.output.counts import counted
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.progress import StageBars
from goodside.cli.output.terminal import echo, shown


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default="page.html",
    show_default=True,
    help="The page; its folder is made if it is missing.",
)
@click.option("--title", default="Photographs, ranked", show_default=True, help="Its heading.")
@click.option(
    "--portrait",
    type=click.Path(path_type=Path),
    help="Turn the face in this photograph. [the largest frontal face of PATHS]",
)
@click.option("--no-portrait", is_flag=True, help="Turn no face.")
@click.option(
    "--yaws",
    type=Sweep(),
    default="-45:45:15",
    show_default=True,
    help="The angles at which the face is shown.",
)
@click.option(
    "--credits",
    "credits_path",
    type=click.Path(path_type=Path),
    help="Markdown table of who made the photographs: | file | title | author | licence |.",
)
@click.option("--overwrite", is_flag=True, help="Replace other results too, not only a page.")
@click.pass_obj
def page(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    out: Path,
    title: str,
    portrait: Path | None,
    no_portrait: bool,
    yaws: tuple[float, ...],
    credits_path: Path | None,
    overwrite: bool,
) -> None:
    """Rank the photographs PATHS, turn a face, and show both on one HTML page.

    The page holds its pictures and styles itself and loads nothing from elsewhere. An earlier page
    at the same place is replaced, another file is not.
    """
    if no_portrait and portrait is not None:
        raise click.UsageError("give --portrait or --no-portrait, not both")
    from goodside.album.report import check_target, rank_photos, read_credits, write_report

    check_target(out, overwrite=overwrite)
    outcome = Outcome(as_json=False, debug=invocation.debug)
    photos = list_photographs(paths, outcome)
    with closing(StageBars()) as bars:
        made = rank_photos(
            photos,
            engines=invocation.engines,
            title=title,
            portrait=portrait,
            turning=not no_portrait,
            yaws_deg=yaws,
            credit_of=None if credits_path is None else read_credits(credits_path),
            made=date.today(),
            on_progress=bars.show,
            on_error=outcome.fail,
        )
    write_report(out, made, overwrite=overwrite)
    said = f"{counted(len(made.picks), 'photograph')} ranked"
    if made.turned is not None:
        said += f", a face turned to {counted(len(made.turned.views), 'angle')}"
    echo(f"{said}\n{shown(out)}: open it in a browser, {out.resolve().as_uri()}")
    outcome.finish()
