"""Numbers of things in words."""

from __future__ import annotations

import pytest

from goodside.cli.output.counts import counted


@pytest.mark.parametrize(
    ("number", "names", "words"),
    [
        (0, ("photograph",), "0 photographs"),
        (1, ("photograph",), "1 photograph"),
        (2, ("photograph",), "2 photographs"),
        (1, ("person", "people"), "1 person"),
        (12345, ("person", "people"), "12345 people"),
    ],
)
def test_a_number_and_its_name(number: int, names: tuple[str, ...], words: str) -> None:
    assert counted(number, *names) == words
