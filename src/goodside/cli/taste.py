"""`goodside taste`: learn what one person likes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.terminal import shown

if TYPE_CHECKING:
    from goodside.aesthetics import Taste
    from goodside.album.album import Album
    from goodside.types import Json

_MEASURES = {
    "srcc": "rank correlation with your scores",
    "auc": "share of your picks that stand above what you left",
    "pairs": "share of your pairs in the right order",
}


@click.group()
def taste() -> None:
    """Learn what one person likes, from a few dozen ratings."""


@taste.command("learn")
@click.argument("ratings", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--images",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The photographs' folder; by default that of RATINGS.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("taste.json"),
    show_default=True,
    help="The taste, for `goodside assess --taste`.",
)
@click.option("--model", help="Name of the weights.  [default: the shipped float32 ones]")
@click.option("--overwrite", is_flag=True, help="Replace a taste that is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a report.")
@album_option
@click.pass_obj
def learn(
    invocation: Invocation,
    *,
    ratings: Path | None,
    folder: Path | None,
    out: Path,
    model: str | None,
    overwrite: bool,
    as_json: bool,
    album: Album,
) -> None:
    """Learn a taste from the table RATINGS, or from the album's own stars, picks and rejects.

    RATINGS is a CSV file with one of these headings: image,score (any scale, more is better);
    image,pick (1 for the photographs you would keep, 0 for the others); better,worse (two
    photographs a row).
    A few dozen rows are enough. Tells how well the taste orders photographs it did not see.

    Without RATINGS it learns from the decisions in the album, and opens no photograph.
    """
    from goodside.aesthetics import learn_taste
    from goodside.images import check_output

    if ratings is None and (folder is not None or model is not None):
        raise click.UsageError("--images and --model go with a table: name RATINGS")
    check_output(out, overwrite=overwrite)
    outcome = Outcome(as_json=as_json, debug=invocation.debug)
    if ratings is None:
        learnt = album.learn_taste()
    else:
        assessor = invocation.engines.assessor(model=model)
        learnt = learn_taste(ratings, assessor=assessor, photos=folder, on_error=outcome.fail)
    learnt.write(out, overwrite=overwrite)
    source = f"{learnt.ratings} {learnt.kind if ratings else 'decisions in the album'}"
    outcome.show(_record(out, learnt), _report(out, learnt, source))
    outcome.finish()


def _record(path: Path, taste: Taste) -> Json:
    found = taste.agreement
    return {
        "path": str(path),
        "model": taste.model,
        "kind": taste.kind,
        "ratings": taste.ratings,
        "measure": found.measure,
        "taste": round(found.taste, 4),
        "taste_interval": [round(value, 4) for value in found.taste_interval],
        "general": round(found.general, 4),
        "gain": round(found.gain, 4),
        "gain_interval": [round(value, 4) for value in found.gain_interval],
    }


def _report(path: Path, taste: Taste, source: str) -> str:
    found = taste.agreement
    lines = [
        f"{shown(path)}: learnt from {source}",
        f"on photographs held out, {_MEASURES[found.measure]}:",
        f"    taste          {found.taste:.2f}  ({_span(found.taste_interval, '.2f')})",
        f"    general score  {found.general:.2f}",
        f"    gain          {found.gain:+.2f}  ({_span(found.gain_interval, '+.2f')})",
    ]
    if found.gain_interval[0] <= 0:
        lines.append("the gain is not certain yet: more ratings would tell")
    return "\n".join(lines)


def _span(interval: tuple[float, float], form: str) -> str:
    low, high = interval
    return f"{low:{form}} to {high:{form}}, 95 %"
