"""`goodside leaks`: find photographs of a test set that were trained on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.terminal import echo, echo_json, shown

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("leaks")
@click.argument("train", type=_FOLDER)
@click.argument("test", type=_FOLDER, required=False)
@click.option(
    "--labels",
    "table",
    type=click.Path(path_type=Path),
    help="CSV: image,split; sets within one folder.",
)
@click.option(
    "--bits", type=click.IntRange(0, 64), help="Most bits that may differ.  [default: 12]"
)
@click.option(
    "--likeness", type=click.FloatRange(-1, 1), help="Least likeness of thumbnails.  [default: 0.9]"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.pass_obj
def leaks(
    invocation: Invocation,
    *,
    train: Path,
    test: Path | None,
    table: Path | None,
    bits: int | None,
    likeness: float | None,
    as_json: bool,
) -> None:
    """Find photographs of one set that are in another as well.

    Compares the folders TRAIN and TEST, or with --labels the sets within the folder TRAIN: exact
    copies, and near-duplicates such as those saved again, scaled, brightened or slightly cropped.
    Exit code 1 if there are any, or if a photograph cannot be read.
    """
    from goodside.aesthetics.evaluation.leaks import (
        Print,
        find_leaks,
        print_each,
        sets_of_folders,
        sets_of_table,
    )
    from goodside.cli.output.outcome import Outcome
    from goodside.cli.output.progress import watched
    from goodside.images.similarity.duplicates import ALIKE
    from goodside.images.similarity.phash import NEAR

    if test is not None and table is None:
        sets = sets_of_folders(train, test)
    elif table is not None and test is None:
        sets = sets_of_table(table, folder=train)
    else:
        raise click.UsageError("name two folders, or one folder and --labels")
    limits = invocation.engines.limits
    outcome = Outcome(as_json=False)  # failures apart from the one JSON object
    prints: dict[str, list[Print]] = {}
    for name, paths in sets.items():
        prints[name] = []
        each = watched(print_each(paths, limits=limits), total=len(paths), description=name)
        for path, one in zip(paths, each, strict=True):
            if isinstance(one, Print):
                prints[name].append(one)
            else:
                outcome.fail(path, one)
    found = find_leaks(
        prints,
        within=NEAR if bits is None else bits,
        alike=ALIKE if likeness is None else likeness,
    )
    compared = {name: len(some) for name, some in prints.items()}
    if as_json:
        record = {
            "photographs": compared,
            "errors": outcome.failed,
            "leaks": [leak.as_json() for leak in found],
        }
        echo_json(record)
    else:
        for leak in found:
            kind = "copy" if leak.kind == "copy" else f"{leak.bits:2} bits {leak.likeness:.2f}"
            first, second = map(shown, leak.photos)
            echo(f"{kind:12}  {first}  {second}")
        counts = ", ".join(f"{count} {shown(name)}" for name, count in compared.items())
        echo(f"{len(found)} leaks among {counts}")
    if found:
        sys.exit(1)
    outcome.finish()
