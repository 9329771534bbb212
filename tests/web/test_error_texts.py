"""Errors in another language: their messages read out of the code, found again in their text."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from goodside.aesthetics.explanation.explain import Attribute
from goodside.phrase import Phrase
from goodside.tags import display_name, tag_phrase
from goodside.web.error_texts import ErrorTexts
from tests.web.gallery.pseudo_language import extract
from tools.error_messages import ErrorModule, find_error_messages
from tools.extract_texts import error_modules

_GERMAN = ErrorTexts(
    {
        "the file is empty": "die Datei ist leer",
        "no permission": "nicht erlaubt",
        "it cannot be opened: {reason}": "{reason}: sie geht nicht auf",
        "the {what} has {count} parts": "{count} Teile hat {what}",
        "the model has {count} parts": "{count} Teile hat das Modell",
        "copy it again": "kopiere sie noch einmal",
        "not translated": "",
        "{a}": "darf nicht passen",
    }
)


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("the file is empty", "die Datei ist leer"),
        ("it cannot be opened: no permission", "nicht erlaubt: sie geht nicht auf"),
        ("it cannot be opened: EIO", "EIO: sie geht nicht auf"),
        ("the card has 3 parts", "3 Teile hat card"),
        ("the model has 3 parts", "3 Teile hat das Modell"),  # the longest message that fits
        ("it cannot be opened: {x} %s \\1", "{x} %s \\1: sie geht nicht auf"),
        ("it cannot be opened: a\nb", "a\nb: sie geht nicht auf"),
        ("the file is empty: no permission", "die Datei ist leer: nicht erlaubt"),
        ("the file is empty: EIO", "die Datei ist leer: EIO"),
        ("not translated", "not translated"),
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("", ""),
        ("it cannot be opened: " + 3000 * "x", "it cannot be opened: " + 3000 * "x"),
    ],
)
def test_an_error_is_said_with_its_values(english: str, other: str) -> None:
    assert _GERMAN.translate(english) == other


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("the file is empty (copy it again)", "die Datei ist leer (kopiere sie noch einmal)"),
        ("it cannot be opened: x (y) (copy it again)",
         "x (y): sie geht nicht auf (kopiere sie noch einmal)"),
        ("it cannot be opened: x (y)", "x (y): sie geht nicht auf"),
        ("the file is empty", "die Datei ist leer"),
    ],
)  # fmt: skip
def test_a_failure_is_said_with_its_remedy(english: str, other: str) -> None:
    assert _GERMAN.translate_failure(english) == other


def test_english_stays() -> None:
    assert ErrorTexts({}).translate("the file is empty") == "the file is empty"
    assert ErrorTexts({}).translate_failure("x (y)") == "x (y)"


def test_messages_are_read_out_of_the_code(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'REMEDY = "copy it again"\n'
        "def load(path, face, is_folder):\n"
        '    what = "a folder" if is_folder else f"no file: {path.name}"\n'
        "    if face:\n"
        "        raise ImageError(\n"
        '            f"the face has {face.box.height:.0f} pixels, not {face.box.width!r}",\n'
        "            remedy=REMEDY,\n"
        "        )\n"
        '    raise UnreadableImage(f"it is {what}", remedy=_remedy(path))\n'
        "def _remedy(path):\n"
        '    return f"leave {path} out"\n'
        'print("no error")\n'
    )
    assert {one.text for one in find_error_messages(module)} == {
        "copy it again",
        "the face has {height} pixels, not {width}",
        "it is {what}",
        "a folder",
        "no file: {name}",
        "leave {path} out",
    }


_SAID_ELSEWHERE = {
    "COPY_AGAIN", "REPAIR", "_FILES", "_FULL", "_MEMORY", "describe_exit", "detail", "error",
    "explained", "found", "lost", "suggest",
}  # fmt: skip
"""Names whose texts another module, or the system, words."""


def test_every_error_that_a_page_can_show_has_a_message() -> None:
    """What an error says is a text in its module, or what the system or another error said."""
    missing = []
    for path in error_modules():
        module = ErrorModule(path)
        for said in module.said():
            names = {node.id for node in ast.walk(said) if isinstance(node, ast.Name)}
            if not list(module.messages_of(said)) and names.isdisjoint(_SAID_ELSEWHERE):
                missing.append(f"{path}: {ast.unparse(said)}")
    assert missing == []


_AGREED_WORDS = """
    aeroplane, animal, art, baby animal, ball, beach, bear, bicycle, bird, boat, book, bottle,
    bridge, building, bus, butterfly, cake, car, castle, cat, church, city, clothing, concert, cow,
    desert, dog, drink, electronics, farm, fire, fireworks, fish, flower, food, forest, fruit,
    furniture, garden, group, horse, insect, kitchen, lake, lizard, mountain, motorcycle, mushroom,
    musical instrument, night, person, plant, portrait, river, road, room, sculpture, sea, screen,
    sheep, sky, snow, sports, street, sunset, tower, toy, train, tree, underwater, vegetables,
    vehicle, water, waterfall, wild animal
"""


def test_every_word_to_search_by_can_be_translated() -> None:
    messages = set(extract())
    for word in map(str.strip, _AGREED_WORDS.split(",")):
        assert isinstance(tag_phrase(word), Phrase), word
        assert tag_phrase(word.title().replace(" ", "")) == word, "as a card may spell it"
        assert word in messages
    assert tag_phrase("steam engine") == "steam engine", "a word of another card"


@pytest.mark.parametrize("card", sorted(Path("src/goodside/weights").glob("aesthetics-*.json")))
def test_every_tag_and_attribute_of_a_network_has_a_name(card: Path) -> None:
    facts = json.loads(card.read_text("utf-8"))["facts"]
    for label in (*facts["semantic_labels"], "notAPhotograph"):
        assert isinstance(tag_phrase(label), Phrase), label
        assert tag_phrase(label) == display_name(label)
    for name in facts["attribute_labels"]:
        assert isinstance(Attribute(name, 5.0).spoken, Phrase), name
    assert tag_phrase("Errors") == "Errors"
    assert not isinstance(tag_phrase("Errors"), Phrase)
