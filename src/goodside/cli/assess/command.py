"""`goodside assess`: scores, percentiles and tags of photographs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.arguments.photographs import list_photographs
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.progress import watched
from goodside.cli.output.terminal import echo, print_table, shown
from goodside.result_records import assessment_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from goodside.cli.assess.explanations import ExplanationFiles
    from goodside.errors import GoodsideError
    from goodside.types import Assessment, Json

_SHOWN_FROM = 0.25
_SHOWN_TAGS, _SHOWN_WORDS = 2, 3


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--explain",
    "explain_to",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write what moved each score: a picture and a JSON file a photograph.",
)
@click.option("--model", help="Name of the weights.  [default: the shipped float32 ones]")
@click.option(
    "--taste",
    "taste_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Score by your own taste too; FILE is from `goodside taste learn`.",
)
@click.option(
    "--sort", "by_score", is_flag=True, help="Best photographs first; by taste, where given."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--overwrite", is_flag=True, help="Replace explanations that are there.")
@click.pass_obj
def assess(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    explain_to: Path | None,
    model: str | None,
    taste_file: Path | None,
    by_score: bool,
    as_json: bool,
    overwrite: bool,
) -> None:
    """Judge the photographs PATHS: files, and folders with everything in them.

    A score of 1-10 with its percentile among reference photographs, the technical quality apart
    from beauty, the probability of high quality, and what the picture shows. A photograph that
    cannot be read is reported, the others are judged all the same. With --taste, a second score
    says how you would like it. With --explain, DIR gets a picture and a JSON file a photograph
    that say what moved its score.
    """
    from goodside.errors import GoodsideError

    outcome = Outcome(as_json=as_json, debug=invocation.debug)
    photos = list_photographs(paths, outcome)
    assessor = invocation.engines.assessor(model=model, taste=taste_file)
    results: Iterator[Assessment | ExplanationFiles | GoodsideError]
    if explain_to is None:
        results = assessor.assess_each(photos)
    else:
        from goodside.cli.assess.explanations import explain_each

        results = explain_each(
            photos,
            folder=explain_to,
            assessor=assessor,
            limits=invocation.engines.limits,
            overwrite=overwrite,
        )
    judged: list[tuple[Path, Assessment | ExplanationFiles]] = []
    pairs = watched(zip(photos, results, strict=True), total=len(photos), description="assessing")
    for photo, result in pairs:
        if isinstance(result, GoodsideError):
            outcome.fail(photo, result)
            continue
        if not as_json:
            outcome.warn(photo, _assessment(result).notes)
        if as_json and not by_score:
            outcome.show(_line(photo, result), "")
        else:
            judged.append((photo, result))
    if by_score:
        judged.sort(key=lambda pair: -_rank(_assessment(pair[1])))
    if as_json:
        for photo, result in judged:
            outcome.show(_line(photo, result), "")
    elif judged:
        print_table(_table([(photo, _assessment(result)) for photo, result in judged]))
        if explain_to is not None:
            echo(f"why: {shown(explain_to)}/*-explained.jpg and .json")
    outcome.finish()


def _assessment(result: Assessment | ExplanationFiles) -> Assessment:
    from goodside.types import Assessment

    return result if isinstance(result, Assessment) else result.explanation.assessment


def _rank(assessment: Assessment) -> float:
    return assessment.aesthetic.score if assessment.taste is None else assessment.taste


def _line(path: Path, result: Assessment | ExplanationFiles) -> Json:
    """One line of JSON output."""
    from goodside.types import Assessment

    line = assessment_record(path, _assessment(result))
    if isinstance(result, Assessment):
        return line
    return line | {"explained": {"image": str(result.image), "data": str(result.data)}}


def _table(judged: list[tuple[Path, Assessment]]) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    tasted = judged[0][1].taste is not None
    measured = any(assessment.technical is not None for _, assessment in judged)
    figures = ("taste",) * tasted + ("score",) + ("technical",) * measured
    for heading in (*figures, "high", "better than"):
        table.add_column(heading, justify="right")
    table.add_column("shows")
    table.add_column("photograph", overflow="fold")
    for photo, assessment in judged:
        aesthetic = assessment.aesthetic
        table.add_row(
            *(() if assessment.taste is None else (f"{assessment.taste:.2f}",)),
            f"{aesthetic.score:.2f}",
            *((_technical(assessment),) if measured else ()),
            f"{aesthetic.high_quality:.0%}",
            f"{aesthetic.percentile:.0f} %" if assessment.is_photo else "-",
            _shows(assessment),
            shown(photo),
        )
    return table


def _technical(assessment: Assessment) -> str:
    return "-" if assessment.technical is None else f"{assessment.technical:.1f}"


def _shows(assessment: Assessment) -> str:
    """The likeliest kinds, always one unless the network knows none, and words it is sure of.

    Of a picture that is no photograph, or unlike those the network learnt from, that is said.
    """
    from goodside.tags import display_name, each_tag_once

    if not assessment.is_photo:
        return "not a photograph"

    first, others = assessment.semantics[:1], assessment.semantics[1:]
    likely = [tag for tag in others if tag.probability >= _SHOWN_FROM]
    labels = [tag.label for tag in [*first, *likely][:_SHOWN_TAGS]]
    labels += [word.label for word in assessment.words[:_SHOWN_WORDS]]
    shown_tags = ", ".join(each_tag_once(map(display_name, labels)).values())
    familiar = assessment.verdict is None or assessment.verdict.is_familiar
    return shown_tags if familiar else f"{shown_tags} (unlike the photographs it learnt from)"
