"""List the words that shipped weights search by, as the reference page's table.

    python -m tools.list_words --weights src/goodside/weights docs/reference/words.md

Replaces what stands between the page's two marks by the figures of the cards.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from goodside.runtime import ModelCard, WeightsStore
from goodside.types import Json

FIRST, LAST = "<!-- words: from the cards -->", "<!-- words: end -->"


def main() -> None:
    """Parse the command line; write the page anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="a Markdown file with both marks")
    parser.add_argument("--weights", type=Path, required=True, help="folder of weights and cards")
    options = parser.parse_args()
    text = options.page.read_text(encoding="utf-8")
    options.page.write_text(with_table(text, read_cards(options.weights)), encoding="utf-8")


def read_cards(folder: Path) -> list[ModelCard]:
    """The cards of all weights that say words, by name."""
    store = WeightsStore(folder)
    cards = [store.card(name) for name in sorted(store.names())]
    return [card for card in cards if card.facts.get("word_labels")]


def with_table(page: str, cards: Iterable[ModelCard]) -> str:
    """The page with the cards' figures between its marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, _, rest = page.partition(FIRST)
    _, mark, after = rest.partition(LAST)
    if not mark:
        raise ValueError(f"the page lacks {FIRST} or {LAST}")
    return f"{before}{FIRST}\n{words_table(list(cards))}{LAST}{after}"


def words_table(cards: list[ModelCard]) -> str:
    """A Markdown table: a word a row, two columns for each of the weights, silent words below."""
    if not cards:
        return "\n"
    figures: list[Json] = [card.metrics["words"] for card in cards]
    said = sorted({word for one in figures for word in one["by_word"]})
    silent = sorted(set().union(*(one["silent"] for one in figures)) - set(said))
    lines = [
        "",
        "| word | photographs that show it | "
        + " | ".join(card.identifier for card in cards)
        + " |",
        "|---" * (len(cards) + 2) + "|",
    ]
    for word in said:
        entries = [one["by_word"].get(word) for one in figures]
        shown = next(entry["shown"] for entry in entries if entry)
        lines.append(f"| {word} | {shown} | " + " | ".join(map(_cell, entries)) + " |")
    totals = [f"{one['words']} words: {one['precision']}, {one['recall']}" for one in figures]
    lines += [f"| **together** | | {' | '.join(totals)} |", ""]
    lines += [f"Silent with all weights: {', '.join(silent)}.", ""] if silent else []
    return "\n".join(lines) + "\n"


def _cell(entry: Json | None) -> str:
    if entry is None:
        return "silent"
    low, high = entry["interval"]
    return f"{entry['precision']:.2f} ({low:.2f}-{high:.2f}), {entry['recall']:.2f}"


if __name__ == "__main__":
    main()
