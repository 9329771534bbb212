"""Phrases: English everywhere, and another language for who asks."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from goodside.phrase import Phrase, count_phrase, listed, phrase


def _shouted(phrase_: str) -> str:
    """In a language of capitals, in which values stand in brackets."""
    assert isinstance(phrase_, Phrase)

    def gettext(message: str) -> str:
        return "".join(part.upper() if place % 2 == 0 else f"[{{{part}}}]"
                       for place, part in enumerate(_parts(message)))  # fmt: skip

    return phrase_.translated_by(gettext, lambda one, many, n: gettext(one if n == 1 else many))


def _parts(message: str) -> list[str]:
    return message.replace("}", "{").split("{")


@pytest.mark.parametrize(
    ("said", "english", "other"),
    [
        (phrase("sharp"), "sharp", "SHARP"),
        (phrase("pick {photo}", photo="a.jpg"), "pick a.jpg", "PICK [a.jpg]"),
        (phrase("pick {photo}", photo="{x}"), "pick {x}", "PICK [{x}]"),
        (count_phrase("{count} face", "{count} faces", 1), "1 face", "[1] FACE"),
        (count_phrase("{count} face", "{count} faces", 0), "0 faces", "[0] FACES"),
        (
            phrase("not {who}: {faces}", who="Zz", faces=count_phrase("{count} face", "-", 1)),
            "not Zz: 1 face",
            "NOT [Zz]: [[1] FACE]",
        ),
        (listed([phrase("crop"), "x", phrase("blurred")]), "crop, x, blurred", None),
        (listed([phrase("A."), phrase("B.")], " "), "A. B.", "[A.] [B.]"),
    ],
)
def test_a_phrase_is_its_english_text(said: str, english: str, other: str | None) -> None:
    assert said == english
    assert json.loads(json.dumps({"words": said})) == {"words": english}
    if other is not None:
        assert _shouted(said) == other
    again: str
    for again in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert again == english
        assert _shouted(again) == _shouted(said)


def test_lists_of_few() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"], "; ") == "a; b"
