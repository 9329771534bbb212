"""Tags as they are compared and as they are shown: one spelling each, whoever gave them.

The network's kinds of picture come as its training wrote them (`stilllife`, `nightScene`), its
words to search by as its card does. Everywhere else they go by their names (`still life`), and
every spelling of either is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from goodside.phrase import Phrase, phrase
from goodside.text import folded

_NAMES = {"stilllife": "still life", "others": "something else"}
"""Labels whose names cannot be told from their spelling."""
_SAME = {"somethingelse": "others"}
NOT_A_PHOTOGRAPH = "notAPhotograph"
"""The label of a page of text, a screenshot, noise: what a score says nothing about."""
_PHRASES = (
    phrase("indoor"),
    phrase("night scene"),
    phrase("not a photograph"),
    phrase("scene"),
    phrase("something else"),
    phrase("still life"),
    phrase("aeroplane"),
    phrase("animal"),
    # Translators: a work of art.
    phrase("art"),
    phrase("baby animal"),
    # Translators: to play with.
    phrase("ball"),
    phrase("beach"),
    # Translators: the animal.
    phrase("bear"),
    phrase("bicycle"),
    phrase("bird"),
    phrase("boat"),
    # Translators: to read.
    phrase("book"),
    phrase("bottle"),
    phrase("bridge"),
    phrase("building"),
    phrase("bus"),
    phrase("butterfly"),
    phrase("cake"),
    phrase("car"),
    phrase("castle"),
    phrase("cat"),
    phrase("church"),
    phrase("city"),
    phrase("clothing"),
    phrase("concert"),
    phrase("cow"),
    phrase("desert"),
    phrase("dog"),
    # Translators: something to drink.
    phrase("drink"),
    phrase("electronics"),
    phrase("farm"),
    # Translators: flames.
    phrase("fire"),
    phrase("fireworks"),
    phrase("fish"),
    phrase("flower"),
    phrase("food"),
    phrase("forest"),
    phrase("fruit"),
    phrase("furniture"),
    phrase("garden"),
    # Translators: people together.
    phrase("group"),
    phrase("horse"),
    phrase("insect"),
    phrase("kitchen"),
    phrase("lake"),
    phrase("lizard"),
    phrase("motorcycle"),
    phrase("mountain"),
    phrase("mushroom"),
    phrase("musical instrument"),
    phrase("night"),
    phrase("person"),
    phrase("plant"),
    phrase("portrait"),
    phrase("river"),
    phrase("road"),
    # Translators: inside a building.
    phrase("room"),
    # Translators: of a computer or television.
    phrase("screen"),
    phrase("sculpture"),
    phrase("sea"),
    phrase("sheep"),
    phrase("sky"),
    phrase("snow"),
    phrase("sports"),
    phrase("street"),
    phrase("sunset"),
    phrase("tower"),
    phrase("toy"),
    # Translators: on rails.
    phrase("train"),
    phrase("tree"),
    phrase("underwater"),
    phrase("vegetables"),
    phrase("vehicle"),
    phrase("water"),
    phrase("waterfall"),
    phrase("wild animal"),
)
"""Names of the kinds and words that networks of ours give, for those who show them translated."""
_SEPARATORS = re.compile(r"[\s_-]+")


@lru_cache(maxsize=65_536)
def tag_key(tag: str) -> str:
    """What tags are compared by: `Night scene`, `night_scene` and `nightScene` are one.

    Case, Unicode form, spaces, hyphens and underscores do not count, and the name of a label is
    the label.
    """
    text = folded(tag)
    key = _SEPARATORS.sub("", text) or text
    return _SAME.get(key, key)


def display_name(label: str) -> str:
    """The name of a label of the network: `nightScene` is `night scene`.

    Args:
        label: as the model's card has it; a name stays as it is.
    """
    if label in _NAMES:
        return _NAMES[label]
    parted = "".join(f" {char.lower()}" if char.isupper() else char for char in label)
    return parted.replace("_", " ").strip()


def each_tag_once(tags: Iterable[str]) -> dict[str, str]:
    """Key to spelling, in order; of several spellings of one tag the last one stays."""
    return {tag_key(tag): tag for tag in tags}


def tag_phrase(tag: str) -> str:
    """What a tag is called, a phrase where a network of ours gives it; others as they are.

    Args:
        tag: a label of the network or a tag of a person's, in any spelling.
    """
    return _phrases().get(tag_key(tag), tag)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Phrase]:
    return {tag_key(one): one for one in _PHRASES}
