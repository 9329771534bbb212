"""The page of the words: its table says what the shipped cards say, and is made by the tool."""

from __future__ import annotations

from pathlib import Path

import pytest

import goodside.weights
from goodside.runtime import ModelCard
from tools.list_words import FIRST, LAST, read_cards, with_table, words_table

WEIGHTS = Path(goodside.weights.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "words.md"


def _card(name: str, words: dict[str, float], silent: tuple[str, ...] = ()) -> ModelCard:
    def entry(precision: float) -> dict[str, object]:
        low, high = precision - 0.1, precision + 0.1
        return {"shown": 20, "precision": precision, "interval": [low, high], "recall": 0.5}

    return ModelCard.model_validate(
        {
            "name": name,
            "version": "1.0.0",
            "task": "aesthetics",
            "title": "made",
            "sha256": "0" * 64,
            "size_bytes": 1,
            "license": "Apache-2.0",
            "terms": "any use",
            "source": "made",
            "data": "made",
            "preprocessing": {"width_px": 8, "height_px": 8},
            "facts": {"word_labels": list(words)},
            "metrics": {
                "words": {
                    "words": len(words),
                    "precision": 0.85,
                    "recall": 0.6,
                    "by_word": {word: entry(precision) for word, precision in words.items()},
                    "silent": {word: entry(0.1) for word in silent},
                }
            },
        }
    )


def test_a_word_that_one_of_the_weights_does_not_say_is_silent_there() -> None:
    table = words_table(
        [_card("a", {"sky": 0.9, "dog": 0.8}), _card("b", {"sky": 0.85}, ("dog", "moon"))]
    )
    assert "| dog | 20 | 0.80 (0.70-0.90), 0.50 | silent |" in table
    assert "| sky | 20 | 0.90 (0.80-1.00), 0.50 | 0.85 (0.75-0.95), 0.50 |" in table
    assert "Silent with all weights: moon." in table
    assert "2 words: 0.85, 0.6 | 1 words" in table


def test_what_stands_around_the_table_stays() -> None:
    page = f"before\n{FIRST}\nold\n{LAST}\nafter\n"
    found = with_table(page, [_card("a", {"sky": 0.9})])
    assert found.startswith("before\n")
    assert found.endswith("\nafter\n")
    assert "old" not in found
    assert with_table(found, [_card("a", {"sky": 0.9})]) == found


def test_a_page_without_marks() -> None:
    with pytest.raises(ValueError, match="lacks"):
        with_table("nothing here", [])


def test_the_reference_says_what_the_shipped_cards_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page, read_cards(WEIGHTS)) == page, (
        "run: python -m tools.list_words --weights src/goodside/weights docs/reference/words.md"
    )
