"""Semantic labels as tables of ratings write them; how they are compared: `goodside.tags`."""

from __future__ import annotations

import re


def labels_in(text: str | None) -> frozenset[str]:
    """The semantic labels of one photograph: `;` or `|` stands between several."""
    parts = (part.strip() for part in re.split(r"[;|]", text or ""))
    return frozenset(part for part in parts if part)
