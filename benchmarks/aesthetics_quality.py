"""Agreement with people of several assessors on one table of rated photographs.

    python -m benchmarks.aesthetics_quality --images DIR --labels CSV --title "PARA, validation" \
        --model aesthetics-lite0 --model peers/nima-mobilenet --out benchmarks/results

A model is a name among the shipped weights, or a path: folder of weights, slash, name. The result
is a file `DATE-aesthetics-TITLE.md`.
"""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from goodside.aesthetics import Assessor
from goodside.aesthetics.evaluation.rated_photos import RatedPhotos, read_table
from goodside.aesthetics.evaluation.trial import Trial, assess_each_timed, summarize_trial
from goodside.runtime import WeightsStore

_FIGURES = (
    "srcc plcc mae emd accuracy majority balanced_accuracy auc calibration "
    "semantic_top1 semantic_map"
).split()


def main() -> None:
    """Parse the command line, try every model, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=Path, required=True, help="folder of the photographs")
    parser.add_argument("--labels", type=Path, required=True, help="CSV of their ratings")
    parser.add_argument("--scale", type=float, nargs=2, help="lowest and highest possible score")
    parser.add_argument("--title", required=True, help="of the photographs, for the table")
    parser.add_argument("--model", action="append", required=True, help="name, or FOLDER/name")
    parser.add_argument("--out", type=Path, required=True, help="folder of the table")
    options = parser.parse_args()
    scale = None if options.scale is None else (options.scale[0], options.scale[1])
    photos = read_table(options.labels, photos=options.images, scale=scale)
    trials = [try_out(model, photos) for model in options.model]
    today = datetime.now(UTC).date().isoformat()
    text = table(trials, title=options.title, date=today)
    name = re.sub(r"\W+", "-", options.title.lower()).strip("-")
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{today}-aesthetics-{name}.md").write_text(text, encoding="utf-8")
    print(text)


def try_out(model: str, photos: RatedPhotos) -> Trial:
    """Measure one model."""
    place = Path(model)
    folder = place.parent if place.parent != Path() else None
    assessor = Assessor(store=WeightsStore(folder), model=place.name)
    return summarize_trial(list(assess_each_timed(assessor, photos)), photos, assessor=assessor)


def table(trials: list[Trial], *, title: str, date: str) -> str:
    """Markdown: a row a figure, a column a model, with 95 % intervals; then SRCC by category."""
    first = trials[0]
    lines = [
        f"# Agreement with people: {title}",
        "",
        f"{date}. {first.evaluation.n} photographs, {first.errors} unreadable; high quality from "
        f"{first.high_from:g}; 95 % bootstrap intervals in brackets.",
        "",
        *_rows("", [trial.model for trial in trials]),
    ]
    for name in _FIGURES:
        if any(getattr(trial.evaluation, name) is not None for trial in trials):
            lines += [_row(name, [_figure(trial, name) for trial in trials])]
    lines += [_row("network ms", [f"{trial.ms_per_image:.1f}" for trial in trials])]
    if first.by_category:
        lines += ["", "SRCC by kind of picture:", "", *_rows("", [t.model for t in trials])]
        for label, category in first.by_category.items():
            lines += [_row(f"{label} ({category.n})", [_srcc(trial, label) for trial in trials])]
    return "\n".join(lines) + "\n"


def _rows(first: str, others: list[str]) -> list[str]:
    return [_row(first, others), "|---|" + "---|" * len(others)]


def _row(first: str, others: list[str]) -> str:
    return f"| {' | '.join((first, *others))} |"


def _figure(trial: Trial, name: str) -> str:
    value = getattr(trial.evaluation, name)
    if value is None:
        return "-"
    interval = trial.evaluation.intervals.get(name)
    return f"{value:.3f}" + ("" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]")


def _srcc(trial: Trial, label: str) -> str:
    value = (trial.by_category or {})[label].srcc
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
