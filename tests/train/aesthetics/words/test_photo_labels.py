"""Labels by the name of a picture: what is written holds, what is not is absent, or unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from goodside_train.aesthetics.words import photo_labels
from goodside_train.aesthetics.words.photo_labels import read_oasis_labels, read_photo_labels
from goodside_train.aesthetics.words.scene_kinds import KINDS
from goodside_train.aesthetics.words.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary()
COLUMN = {word.label: place for place, word in enumerate(VOCABULARY)}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(
        "image,kind,words,unsure\na.jpg,animal,dog;snow,tree\nb.jpg,scene,lake,\n",
        encoding="utf-8",
    )
    return path


def test_a_row_says_what_is_there_what_is_not_and_what_nobody_knows(table: Path) -> None:
    found = read_photo_labels(["b.jpg", "a.jpg", "c.jpg"], VOCABULARY, path=table)
    assert found.kinds == ("scene", "animal", "")
    of_b, of_a, of_c = found.words
    assert {label for label in COLUMN if of_a[COLUMN[label]] == 1} == {"dog", "animal", "snow"}
    assert {label for label in COLUMN if np.isnan(of_a[COLUMN[label]])} == {"tree"}
    assert {label for label in COLUMN if of_b[COLUMN[label]] == 1} == {"lake", "water"}
    assert np.isnan(of_c).all()


def test_a_name_of_oasis_says_what_is_there_and_never_what_is_not() -> None:
    found = read_oasis_labels(["Dog 12.jpg", "Dog3.avif", "Lake 5.jpg", "Keys 1.jpg"], VOCABULARY)
    for row, words in enumerate(({"dog", "animal"}, {"dog", "animal"}, {"lake", "water"}, set())):
        said = found.words[row]
        assert {label for label in COLUMN if said[COLUMN[label]] == 1} == words
        assert not (said == 0).any()


def test_a_word_that_is_not_in_the_vocabulary(table: Path) -> None:
    table.write_text("image,kind,words,unsure\na.jpg,animal,unicorn,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unicorn"):
        read_photo_labels(["a.jpg"], VOCABULARY, path=table)


def test_our_own_table_is_whole() -> None:
    with Path(photo_labels.__file__).with_name("photo_labels.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    names = [row["image"] for row in rows]
    assert len(names) == len(set(names)) == 2400
    assert {row["kind"] for row in rows} == set(KINDS)
    labels = read_photo_labels(names, VOCABULARY).words
    assert np.isfinite(labels).mean() > 0.98
    assert (np.nansum(labels, axis=0)[[COLUMN["person"], COLUMN["sky"]]] > 300).all()
