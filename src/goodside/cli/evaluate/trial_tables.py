"""A trial of the assessor as tables for reading."""

from __future__ import annotations

from dataclasses import asdict

from rich.table import Table

from goodside.aesthetics.evaluation.protocol import ProtocolTrial
from goodside.aesthetics.evaluation.trial import Trial
from goodside.cli.output.counts import counted
from goodside.cli.output.terminal import console, shown

_FIGURES = {
    "srcc": "rank correlation (SRCC)",
    "plcc": "linear correlation (PLCC)",
    "mae": "mean error, points of 1-10 (MAE)",
    "emd": "distance of the votes, points (EMD)",
    "accuracy": "high or low quality: accuracy",
    "majority": "    by always guessing the larger class",
    "balanced_accuracy": "    balanced accuracy",
    "auc": "    area under the ROC curve (AUC)",
    "calibration": "    calibration error",
    "semantic_top1": "semantic label, first guess",
    "semantic_map": "    mean average precision",
}


def print_trial(trial: Trial) -> None:
    """Print the figures, then a row a category."""
    target = console()
    evaluation = trial.evaluation
    target.print(
        f"{shown(trial.model)}: {counted(evaluation.n, 'photograph')}, "
        f"{trial.errors} could not be read"
    )
    target.print(_scale(trial), style="dim")
    target.print(_figures(trial))
    target.print(_speed(trial), style="dim")
    if trial.by_category:
        target.print(_categories(trial))


def print_protocol(official: ProtocolTrial) -> None:
    """Print a row a delta, beside the published method."""
    target = console()
    target.print(f"{official.protocol.upper()}'s official test list, high from a mean of 5")
    table = _table("delta", "photographs", "accuracy", "95 % interval", "majority", "published")
    for row in official.rows:
        low_high = row.interval
        span = "" if low_high is None else f"{low_high[0]:.2%} to {low_high[1]:.2%}"
        shares = (_share(row.accuracy), span, _share(row.majority), _share(row.published))
        table.add_row(f"{row.delta:g}", str(row.n), *shares)
    target.print(table)
    target.print(
        "delta 1: only photographs whose mean is 1 or more from 5. Published: Kao, He and Huang "
        "(IEEE TIP 2017), on the whole list; their delta concerns training alone",
        style="dim",
    )


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"


def _scale(trial: Trial) -> str:
    high = f"high quality from {trial.high_from:g}"
    if trial.scale is None:
        return f"scale of the scores not known, so no mean error (--scale says it); {high}"
    return f"scores from {trial.scale[0]:g} to {trial.scale[1]:g}; {high}"


def _speed(trial: Trial) -> str:
    network = f"network {trial.ms_per_image:.1f} ms a photograph on one thread"
    if trial.ms_with_decoding is None:
        return network
    return f"{network}; with reading and decoding {trial.ms_with_decoding:.0f} ms"


def _figures(trial: Trial) -> Table:
    table = _table("", "value", "95 % interval")
    for name, title in _FIGURES.items():
        value = getattr(trial.evaluation, name)
        if value is not None:
            low_high = trial.evaluation.intervals.get(name)
            span = "" if low_high is None else f"{low_high[0]:.3f} to {low_high[1]:.3f}"
            table.add_row(title, f"{value:.3f}", span)
    return table


def _categories(trial: Trial) -> Table:
    table = _table("kind", "photographs", "SRCC", "PLCC", "mean score", "people's")
    for label, category in (trial.by_category or {}).items():
        count, *figures = asdict(category).values()
        cells = ("-" if value is None else f"{value:.2f}" for value in figures)
        table.add_row(shown(label), str(count), *cells)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right")
    return table
