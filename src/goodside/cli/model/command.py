"""`goodside model`: what the shipped networks are, where they come from, what they allow."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.terminal import echo, echo_error, echo_json, print_table, shown
from goodside.version import __version__

if TYPE_CHECKING:
    from goodside.engines import Engines
    from goodside.runtime import ModelCard, WeightsStore

_WIDTH = 96
_NO_FILE = ""
_ALIASES = {"face": "faces", "aesthetic": "aesthetics"}


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One card a line, as JSON.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path),
    help="With `rotation`: write its angle templates as a picture.",
)
@click.option(
    "--relations",
    metavar="[FILE]",
    is_flag=False,
    flag_value=_NO_FILE,
    help="With `aesthetics`: which kinds of picture go with high quality; FILE gets a plot.",
)
@click.option("--overwrite", is_flag=True, help="Replace a picture that is there.")
@click.pass_obj
def model(
    invocation: Invocation,
    *,
    name: str | None,
    as_json: bool,
    templates: Path | None,
    relations: str | None,
    overwrite: bool,
) -> None:
    """List the models that are installed, or show the cards of one.

    NAME is a model's name or its task: `aesthetics`, `rotation`, `faces`.
    """
    engines = invocation.engines
    store, chosen = engines.store, _chosen(engines, name)
    if templates is not None:
        if not any(card.task == "rotation" for card in chosen) or name is None:
            raise click.UsageError(
                "only rotation has templates: goodside model rotation --templates"
            )
        _write_templates(store, templates, overwrite=overwrite)
        echo(f"{shown(templates)}: the target face image and landmarks of each angle")
        return
    if relations is not None:
        from goodside.cli.model.relations import show_relations

        chosen = [card for card in chosen if card.task == "aesthetics"]
        if not chosen:
            raise click.UsageError(
                "only aesthetics has relations: goodside model aesthetics --relations"
            )
        plot = None if relations == _NO_FILE else Path(relations)
        show_relations(chosen, as_json=as_json, plot=plot, overwrite=overwrite)
        return
    for card in chosen:
        if as_json:
            echo_json(card.model_dump(mode="json"))
        else:
            echo(_line(card) if name is None else _sheet(card))
    if name is None and not as_json:
        _compare(chosen, engines)


def _compare(cards: list[ModelCard], engines: Engines) -> None:
    """The weights that judge photographs in one table, where there are several."""
    judges = [card for card in cards if card.task == "aesthetics"]
    if len(judges) > 1:
        from goodside.cli.model.comparison import comparison_table

        echo("\nthat judge photographs: rank correlation with people's means, size and time here")
        print_table(comparison_table(judges, store=engines.store, default=engines.aesthetics_model))


def _chosen(engines: Engines, name: str | None) -> list[ModelCard]:
    """The cards asked for: all, one by its name, or those of a task, the default judge first."""
    cards = _cards(engines, name)
    if name is None:
        return cards
    cards.sort(key=lambda card: card.name != engines.aesthetics_model)
    wanted = _ALIASES.get(name, name)
    chosen = [card for card in cards if wanted in (card.name, card.task)]
    if not chosen:
        known = sorted({card.task for card in cards} | {card.name for card in cards})
        raise click.UsageError(f"there is no model {name!r}; there are {', '.join(known)}")
    return chosen


def _cards(engines: Engines, name: str | None) -> list[ModelCard]:
    """All cards; a person's own that cannot be read is told, and hides no other."""
    from goodside.errors import WeightsError

    store, cards = engines.store, []
    for known in store.names():
        try:
            cards.append(store.card(known))
        except WeightsError as error:
            holder = store.holder(known)
            if known == name or holder is None or holder.folder != engines.models_folder:
                raise
            echo_error(error)
    return cards


def _line(card: ModelCard) -> str:
    """Two lines of a list."""
    size = f"{card.size_bytes / 1e6:.1f} MB"
    return f"{card.identifier:<28}{card.task:<12}{size:>8}  {card.license}\n{_indented(card.terms)}"


def _sheet(card: ModelCard) -> str:
    """A whole card for reading."""
    lines = [card.identifier, _indented(card.title)]
    for heading, text in (
        ("licence", card.license),
        ("terms", card.terms),
        ("source", card.source),
        ("data", card.data),
        ("size", f"{card.size_bytes:,} bytes"),
        ("sha256", card.sha256),
        ("input", _input(card)),
    ):
        lines += [f"{heading}", _indented(text)]
    for heading, values in (("measured", card.metrics), ("facts", card.facts)):
        if values:
            lines += [heading, textwrap.indent(_facts(values), "    ")]
    return "\n".join(lines)


def _input(card: ModelCard) -> str:
    pixels = card.preprocessing
    return (
        f"{pixels.width_px} x {pixels.height_px} px, {pixels.layout}, {pixels.fit}; "
        f"(pixel - {pixels.mean}) / {pixels.std}"
    )


def _facts(values: dict[str, object]) -> str:
    """One line a value; long lists are counted, nested values stand indented."""
    lines = []
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [f"{key}:", textwrap.indent(_facts(value), "  ")]
        elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            rows = map(_line_of, value)
            lines += [f"{key}:", *(_hanging(f"  {row}") for row in rows)]
        elif isinstance(value, list) and len(value) > 16:
            lines.append(f"{key}: {len(value)} values, {value[0]} to {value[-1]}")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append(textwrap.fill(f"{key}: {text}", _WIDTH, subsequent_indent="  "))
    return "\n".join(lines)


def _line_of(value: object) -> str:
    """What stands in a list: a row of names and values, of a matrix, or one value."""
    if isinstance(value, dict):
        return _row(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _row(values: dict[str, object]) -> str:
    """One line of a table: its values by their names, those of an inner one in brackets."""
    return ", ".join(
        f"{key} {_row_value(value)}" for key, value in values.items() if value is not None
    )


def _row_value(value: object) -> str:
    if isinstance(value, dict):
        return f"({_row(value)})"
    return " to ".join(map(str, value)) if isinstance(value, list) else str(value)


def _hanging(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent="      ")


def _indented(text: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_on_hyphens=False,  # names of packages stay whole
    )


def _write_templates(store: WeightsStore, path: Path, *, overwrite: bool) -> None:
    from goodside.images import SyntheticMark, save_image
    from goodside.rotation import read_templates
    from goodside.rotation.generator.template_sheet import template_sheet
    from goodside.rotation.generator.templates import FILENAME

    mark = SyntheticMark(
        tool=f"goodside {__version__}",
        description="Means of training faces at each angle; nobody's portrait.",
    )
    sheet = template_sheet(read_templates(store.data(FILENAME)))
    save_image(path, sheet, synthetic=mark, overwrite=overwrite)


show = model
"""As `goodside model show`, which needs no `show`; see `goodside.cli.model.group`."""
