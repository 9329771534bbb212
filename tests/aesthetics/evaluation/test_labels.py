"""Labels as tables write them, and as people read them."""

from __future__ import annotations

import pytest

from goodside.aesthetics.evaluation.labels import labels_in
from goodside.tags import display_name, tag_key


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
        ("others", "something else"),
        ("Cityscape", "cityscape"),
        ("food", "food"),
    ],
)
def test_labels_have_names_as_people_write_them_and_stay_the_same(label: str, words: str) -> None:
    assert display_name(label) == words == display_name(words)
    assert tag_key(words) == tag_key(label)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stilllife", "Still  Life"),
        ("Zoe\u0308", "ZO\u00cb"),
        ("\uff33\uff34\uff21\uff32", "star"),
        ("New York", "new-york"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_spellings_of_one_tag(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_different_tags_stay_apart() -> None:
    words = ("sea", "see", "Z\u00f6e", "Zoe", "-", "_", "c", "c++", "c#")
    assert len({tag_key(word) for word in words}) == len(words)
