"""`goodside train aesthetics --features`: heads on an encoder of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from goodside.engines import Engines
from goodside.runtime import ModelCard
from goodside.types import Json


def check_options(*, model: str | None, ratings: Path | None, data: Path | None) -> str:
    """The encoder's name, where the options say all that is needed.

    Raises:
        click.UsageError: they do not.
    """
    if model is None:
        raise click.UsageError("name the encoder with --model; goodside model add adds one")
    if (ratings is None) == (data is None):
        raise click.UsageError("name a table with --ratings, or a data set's folder with --data")
    return model


def train_features(
    *,
    model: str,
    ratings: Path | None,
    images: Path | None,
    data: Path | None,
    layout: str | None,
    out: Path | None,
    name: str | None,
    weights: Path | None,
    version: str,
    overwrite: bool,
) -> None:
    """Learn heads, and print what they reach."""
    from goodside_train.aesthetics.heads.card import HeadsCard
    from goodside_train.aesthetics.heads.sources import open_rated
    from goodside_train.aesthetics.heads.train import train_heads

    engines = Engines()
    rated = open_rated(table=ratings, photos=images, data=data, layout=layout)
    count = len(rated)

    def show(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {count} photographs", err=True, nl=done >= count)

    card = train_heads(
        rated,
        encoder=model,
        store=engines.store,
        folder=weights or engines.models_folder,
        about=HeadsCard(name or f"{model}-heads", version),
        limits=engines.limits,
        threads=engines.settings.threads,
        cache=out,
        overwrite=overwrite,
        on_progress=show,
    )
    click.echo(_report(card))


def _report(card: ModelCard) -> str:
    lines = [
        f"{card.identifier}: heads learnt from "
        f"{card.metrics['photographs_learnt_from']} photographs"
    ]
    for key, where in (
        ("validation", "on photographs held out"),
        ("cross_validated", "on photographs held out, a fifth at a time"),
    ):
        if key in card.metrics:
            lines += [f"{where}:", *_figures(card.metrics[key])]
    lines.append(
        f"goodside assess --model {card.name} uses them, GOODSIDE_AESTHETICS_MODEL={card.name} all"
    )
    return "\n".join(lines)


def _figures(figures: Json) -> list[str]:
    names = {
        "n": "photographs",
        "srcc": "rank correlation (SRCC)",
        "plcc": "linear correlation (PLCC)",
        "mae": "mean error, points",
        "accuracy": "high or low quality",
        "majority": "    by always guessing the larger class",
        "semantic_top1": "semantic label, first guess",
    }
    return [
        f"    {title:<40}{figures[key]:>8.3f}"
        if key != "n"
        else f"    {title:<40}{figures[key]:>8}"
        for key, title in names.items()
        if figures.get(key) is not None
    ]
