"""What pictures of a kind are called, one and many."""

from __future__ import annotations

from goodside.phrase import phrase
from goodside.tags import display_name, tag_key

_KINDS = {
    "animal": (phrase("a picture of animals"), phrase("pictures of animals")),
    "building": (phrase("a picture of buildings"), phrase("pictures of buildings")),
    "food": (phrase("a picture of food"), phrase("pictures of food")),
    "indoor": (phrase("an indoor picture"), phrase("indoor pictures")),
    "night scene": (phrase("a night scene"), phrase("night scenes")),
    "plant": (phrase("a picture of plants"), phrase("pictures of plants")),
    "portrait": (phrase("a portrait"), phrase("portraits")),
    "scene": (phrase("a view"), phrase("views")),
    "still life": (phrase("a still life"), phrase("still lifes")),
    "aeroplane": (phrase("a picture of an aeroplane"), phrase("pictures of aeroplanes")),
    "beach": (phrase("a picture of a beach"), phrase("pictures of beaches")),
    "bicycle": (phrase("a picture of a bicycle"), phrase("pictures of bicycles")),
    "bird": (phrase("a picture of a bird"), phrase("pictures of birds")),
    "boat": (phrase("a picture of a boat"), phrase("pictures of boats")),
    "bridge": (phrase("a picture of a bridge"), phrase("pictures of bridges")),
    "car": (phrase("a picture of a car"), phrase("pictures of cars")),
    "cat": (phrase("a picture of a cat"), phrase("pictures of cats")),
    "church": (phrase("a picture of a church"), phrase("pictures of churches")),
    "city": (phrase("a picture of a city"), phrase("pictures of cities")),
    "concert": (phrase("a picture of a concert"), phrase("pictures of concerts")),
    "dog": (phrase("a picture of a dog"), phrase("pictures of dogs")),
    "flower": (phrase("a picture of flowers"), phrase("pictures of flowers")),
    "group": (phrase("a picture of a group"), phrase("pictures of groups")),
    "mountain": (phrase("a picture of mountains"), phrase("pictures of mountains")),
    "person": (phrase("a picture of a person"), phrase("pictures of people")),
    "sky": (phrase("a picture of the sky"), phrase("pictures of the sky")),
    "snow": (phrase("a picture of snow"), phrase("pictures of snow")),
    "sports": (phrase("a picture of sports"), phrase("pictures of sports")),
    "sunset": (phrase("a sunset"), phrase("sunsets")),
    "train": (phrase("a picture of a train"), phrase("pictures of trains")),
    "tree": (phrase("a picture of trees"), phrase("pictures of trees")),
    "water": (phrase("a picture of water"), phrase("pictures of water")),
}
_BY_KEY = {tag_key(name): words for name, words in _KINDS.items()}


def singular(kind: str) -> str:
    """`a night scene`; of a label that has no words, `a picture tagged cosplay`."""
    words = _BY_KEY.get(tag_key(kind))
    return words[0] if words else phrase("a picture tagged {kind}", kind=display_name(kind))


def plural(kind: str | None) -> str:
    """`night scenes`, or `the reference photographs` for no kind in particular."""
    if kind is None:
        return phrase("the reference photographs")
    words = _BY_KEY.get(tag_key(kind))
    return words[1] if words else phrase("pictures tagged {kind}", kind=display_name(kind))
