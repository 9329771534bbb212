"""The fold of ImageNet's classes: every class has its words or is known to be silent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside_train.aesthetics.words.vocabulary import (
    CLASSES,
    fold_chances,
    read_vocabulary,
    silent_classes,
)

VOCABULARY = read_vocabulary()
WORDS = {word.label: word for word in VOCABULARY}


def test_every_class_says_a_word_or_is_silent() -> None:
    speaking = {number for word in VOCABULARY for number in word.classes}
    silent = silent_classes(VOCABULARY)
    assert speaking | set(silent) == set(range(CLASSES))
    assert not speaking & set(silent)
    assert len(silent) == 247  # household things that nobody searches photographs by


@pytest.mark.parametrize(
    ("number", "name", "words"),
    [
        (1, "goldfish", {"fish", "animal"}),
        (207, "golden retriever", {"dog", "animal"}),
        (285, "Egyptian cat", {"cat", "animal"}),
        (291, "lion", {"big cat", "wild animal", "animal"}),
        (323, "monarch butterfly", {"butterfly", "insect", "animal"}),
        (404, "airliner", {"aeroplane"}),
        (497, "church", {"church", "building"}),
        (671, "mountain bike", {"bicycle", "vehicle"}),
        (817, "sports car", {"car", "vehicle"}),
        (839, "suspension bridge", {"bridge"}),
        (949, "strawberry", {"fruit", "food"}),
        (958, "hay", {"field"}),
        (975, "lakeside", {"lake", "water"}),
        (985, "daisy", {"flower", "plant"}),
        (999, "toilet tissue", set()),
    ],
)
def test_a_class_says_its_words_and_what_they_imply(
    number: int, name: str, words: set[str]
) -> None:
    assert {word.label for word in VOCABULARY if number in word.classes} == words, name


def test_a_word_implies_step_by_step() -> None:
    assert WORDS["big cat"].implies == {"wild animal", "animal"}
    assert WORDS["lake"].implies == {"water"}
    assert WORDS["sky"].implies == frozenset()
    for word in VOCABULARY:
        for implied in word.implies:
            assert set(word.classes) <= set(WORDS[implied].classes)


def test_the_chance_of_a_word_is_that_of_its_classes() -> None:
    logits = np.full((2, CLASSES), -20.0)
    logits[0, 151:153] = 0.0  # two breeds, half each
    logits[1, 999] = 0.0
    chances = dict(zip(WORDS, fold_chances(VOCABULARY, logits).T, strict=True))
    assert chances["dog"] == pytest.approx([1, 0], abs=1e-4)
    assert chances["animal"] == pytest.approx([1, 0], abs=1e-4)
    assert chances["car"] == pytest.approx([0, 0], abs=1e-4)
    assert np.isnan(chances["sky"]).all()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[dog]\nimplies = ["beast"]', "beast"),
        ('[dog]\nimagenet = ["990-1000"]', "1000"),
    ],
)
def test_a_table_that_does_not_hold_together(table: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_vocabulary(path)
