"""Labels as tables write them, and as people read them."""

from __future__ import annotations

import pytest

from goodside.aesthetics.labels import labels_in, plain, spoken


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (None, set()),
        (" ", set()),
        ("food", {"food"}),
        ("sea; people|sea;", {"sea", "people"}),
        ("night scene", {"night scene"}),
    ],
)
def test_labels_of_a_cell(text: str | None, labels: set[str]) -> None:
    assert labels_in(text) == labels


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("nightScene", "night scene"),
        ("still_life", "still life"),
        ("stilllife", "still life"),
        ("Cityscape", "cityscape"),
        ("food", "food"),
    ],
)
def test_labels_are_spoken_as_people_write_them_and_stay_the_same(label: str, words: str) -> None:
    assert spoken(label) == words
    assert plain(words) == plain(label)
