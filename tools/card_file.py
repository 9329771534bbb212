"""Puts measured figures into a model card without touching the rest of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from goodside.runtime import renew_checksums


def record(
    path: Path, *, metrics: dict[str, Any] | None = None, facts: dict[str, Any] | None = None
) -> None:
    """Replace the given entries of a card's metrics and facts, and write it back."""
    card = json.loads(path.read_text(encoding="utf-8"))
    card["metrics"] |= metrics or {}
    card["facts"] |= facts or {}
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    renew_checksums(path, folder=path.parent)
