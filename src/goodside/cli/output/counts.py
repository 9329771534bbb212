"""Numbers of things in words: `1 photograph`, `3 photographs`."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with what it counts.

    Args:
        number: how many.
        one: the name of one of them.
        many: of several; by default with an s.
    """
    return f"{number} {one if number == 1 else many or f'{one}s'}"
