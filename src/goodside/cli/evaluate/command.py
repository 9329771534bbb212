"""`goodside evaluate`: measure an engine on one's own pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.evaluate.rotation import (
    evaluate_multipie,
    evaluate_rotation,
    evaluate_verification,
)
from goodside.cli.output.terminal import echo_json

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def evaluate() -> None:
    """Measure an engine on your own pictures."""


@evaluate.command("aesthetics")
@click.option(
    "--images",
    "folder",
    required=True,
    type=_FOLDER,
    help="Folder of the photographs.",
)
@click.option(
    "--labels",
    "table",
    type=click.Path(path_type=Path),
    help="CSV: image,score[,semantic][,votes_1,votes_2,...].",
)
@click.option(
    "--protocol",
    type=click.Choice(["ava"]),
    help="Instead of --labels: a data set's official test list in --images, as published.",
)
@click.option("--model", help="Name of the weights.  [default: the shipped ones]")
@click.option(
    "--weights",
    type=_FOLDER,
    help="Folder of weights and cards.  [default: the package's]",
)
@click.option(
    "--scale", nargs=2, type=float, metavar="LOW HIGH", help="Lowest and highest possible score."
)
@click.option(
    "--high-from", type=float, help="Score from which people call it good.  [default: the middle]"
)
@click.option("--limit", type=click.IntRange(min=1), help="Use only the first so many rows.")
@click.option(
    "--scores", "scores_path", type=click.Path(path_type=Path), help="Write what was said as CSV."
)
@click.option("--overwrite", is_flag=True, help="Replace the file of --scores if it is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@click.pass_obj
def evaluate_aesthetics(
    invocation: Invocation,
    *,
    folder: Path,
    table: Path | None,
    protocol: str | None,
    model: str | None,
    weights: Path | None,
    scale: tuple[float, float] | None,
    high_from: float | None,
    limit: int | None,
    scores_path: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Compare the assessor's scores with people's, on photographs that people have rated.

    Correlations, errors, high against low quality, semantic labels, each with its interval, and
    the same for every kind of picture. A photograph that cannot be read is reported and counted.

    With --protocol ava, accuracy on AVA's official test list beside the published method's.
    """
    from goodside.aesthetics.evaluation.ava_lists import read_test_photos
    from goodside.aesthetics.evaluation.protocol import summarize_protocol
    from goodside.aesthetics.evaluation.rated_photos import read_table
    from goodside.aesthetics.evaluation.trial import (
        assess_each_timed,
        summarize_trial,
        write_scores,
    )
    from goodside.cli.output.outcome import Outcome
    from goodside.cli.output.progress import watched
    from goodside.errors import ImageError

    if protocol is not None and (table, scale, high_from) != (None, None, None):
        raise click.UsageError("--protocol says what --labels, --scale and --high-from would")
    engines = invocation.engines if weights is None else invocation.engines.with_weights(weights)
    if protocol is not None:
        photos = read_test_photos(folder)
    elif table is not None:
        photos = read_table(table, photos=folder, scale=scale)
    else:
        raise click.UsageError("name a table with --labels, or a --protocol")
    photos = photos.take(range(len(photos))[:limit])
    assessor = engines.assessor(model=model)
    outcome = Outcome(as_json=False)  # failures apart from the one JSON object
    with _opened(scores_path, overwrite=overwrite) as stream:
        judging = assess_each_timed(assessor, photos)
        judged = list(watched(judging, total=len(photos), description="assessing"))
        for one, name in zip(judged, photos.names, strict=True):
            if isinstance(one.result, ImageError):
                outcome.fail(name, one.result)
        if protocol is not None:
            official = summarize_protocol(judged, photos, assessor=assessor)
            trial = official.trial
        else:
            official = None
            trial = summarize_trial(judged, photos, assessor=assessor, high_from=high_from)
        if stream is not None:
            write_scores(stream, judged, photos)
    if as_json:
        echo_json((official or trial).as_json())
    else:
        from goodside.cli.evaluate.trial_tables import print_protocol, print_trial

        if official is not None:
            print_protocol(official)
        print_trial(trial)
    outcome.finish()


@contextmanager
def _opened(path: Path | None, *, overwrite: bool) -> Iterator[TextIO | None]:
    """A text file for writing, before the work starts; nothing without a path."""
    if path is None:
        yield None
        return
    from goodside.images import atomic_write

    with atomic_write(path, overwrite=overwrite) as raw:
        stream = TextIOWrapper(raw, encoding="utf-8", newline="")
        try:
            yield stream
        finally:
            stream.detach()  # written out; the block around closes the file


for _command in (evaluate_rotation, evaluate_verification, evaluate_multipie):
    evaluate.add_command(_command)
