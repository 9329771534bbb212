"""Text from strangers made safe to show."""

from __future__ import annotations

import pytest

from goodside.text import has_hidden, isolated, visible, without_hidden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\a\b\x7f\x9b2J", "\\x07\\x08\\x7f\\x9b2J"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("cod\u202egpj.exe", "cod\\u202egpj.exe"),
        ("\u2066a\u2069\u200e", "\\u2066a\\u2069\\u200e"),
        ("a\u200bb\u2060\ufeff\u3164", "a\\u200bb\\u2060\\ufeff\\u3164"),
        ("a\u200db\u200c", "a\\u200db\\u200c"),
        ("\u2028\u2029\U000e0041", "\\u2028\\u2029\\U000e0041"),
        ("caf\udce9", "caf\ufffd"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert has_hidden(text)
    assert not has_hidden(without_hidden(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ann Müller",
        "東京 葛\U000e0100城",
        "محمد",
        "می\u200cخواهم",
        "👨\u200d👩\u200d👧 ❤\ufe0f",
        "क्\u200dष",
        "a\\n",
    ],
)
def test_words_of_all_scripts_stay(text: str) -> None:
    assert visible(text) == without_hidden(text) == text
    assert not has_hidden(text)


def test_only_what_runs_from_the_right_is_isolated() -> None:
    assert isolated("Ann 東京 é") == "Ann 東京 é"
    assert isolated("شاطئ.jpg") == "\u2068شاطئ.jpg\u2069"
    assert isolated("דוד") == "\u2068דוד\u2069"
