"""`goodside model aesthetics --relations`: which kinds of picture go with high quality."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goodside.cli.output.terminal import echo, echo_json, shown
from goodside.errors import WeightsError

if TYPE_CHECKING:
    from goodside.aesthetics.explanation.relations import Relations
    from goodside.runtime import ModelCard

_REACH = 20  # characters of the longest bar


def show_relations(
    cards: Sequence[ModelCard], *, as_json: bool, plot: Path | None, overwrite: bool
) -> None:
    """Print the relations of the cards that have any, and draw the first one's.

    Raises:
        WeightsError: no card has any, or they are damaged.
        OutputError: the plot cannot be written.
    """
    from goodside.aesthetics.explanation.relations import read_relations

    related = [(card, read_relations(card)) for card in cards]
    known: list[tuple[ModelCard, Relations]] = []
    for card, found in related:
        # Quantised weights share the relations of those they were made from.
        if found is not None and not any(card.name.startswith(f"{one.name}-") for one, _ in known):
            known.append((card, found))
    if not known:
        raise WeightsError(
            f"no relations are in the card of {' or '.join(card.name for card in cards)}",
            remedy="name a model that was trained with relationship learning, "
            "or train one and export it",
        )
    for card, relations in known:
        if as_json:
            echo_json({"model": card.identifier} | relations.as_json())
        else:
            echo(_table(card, relations))
    if plot is not None:
        _draw(*known[0], path=plot, overwrite=overwrite)
        echo(f"{shown(plot, err=as_json)}: the plot", err=as_json)


def _table(card: ModelCard, relations: Relations) -> str:
    """The tags by their correlation to quality, with a bar to the left or to the right."""
    tags = relations.with_quality()
    most = max(*(abs(value) for _, value in tags), 1e-9)
    width = max(len(label) for label, _ in tags)
    lines = [f"{card.identifier}: which kinds of picture go with high quality"]
    for label, value in tags:
        bar = "█" * round(_REACH * abs(value) / most)
        left, right = ("", bar) if value > 0 else (bar, "")
        lines.append(
            f"    {shown(label):<{width}}  {value:+.3f}  {left:>{_REACH}}│{right}".rstrip()
        )
    lines.append(
        "    correlation of what speaks for the label with what speaks for high against low "
        "quality,\n    in the weights of the last layers; at most ±1"
    )
    return "\n".join(lines)


def _draw(card: ModelCard, relations: Relations, *, path: Path, overwrite: bool) -> None:
    from goodside.aesthetics.explanation.relations_sheet import relations_sheet
    from goodside.images import save_image

    title = f"{card.identifier}: learnt relations of its tasks"
    save_image(path, relations_sheet(relations, title=title), overwrite=overwrite)
