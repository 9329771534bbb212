"""Semantic labels in text: as tables write them, as they are compared, as people read them."""

from __future__ import annotations

import re

_SPOKEN = {"stilllife": "still life", "others": "something else"}


def labels_in(text: str | None) -> frozenset[str]:
    """The semantic labels of one photograph: `;` or `|` stands between several."""
    parts = (part.strip() for part in re.split(r"[;|]", text or ""))
    return frozenset(part for part in parts if part)


def plain(label: str) -> str:
    """What labels are compared by: `Night scene`, `night_scene` and `nightScene` are one."""
    return re.sub(r"[\s_-]+", "", label).casefold()


def spoken(label: str) -> str:
    """`nightScene` as `night scene`, `still_life` as `still life`."""
    if label in _SPOKEN:
        return _SPOKEN[label]
    parted = "".join(f" {char.lower()}" if char.isupper() else char for char in label)
    return parted.replace("_", " ").strip()
