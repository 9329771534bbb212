"""Who decides: the name under which entries stand in the journal."""

from __future__ import annotations

import getpass
import os

AUTHOR = "author"
"""Under what name a session keeps who decides in it."""

_LONGEST = 100


def name_author(given: str | None = None) -> str:
    """The name given, else that of the system's user; one line, without what cannot be printed."""
    name = given
    if not name:
        try:
            name = getpass.getuser()
        except (KeyError, OSError, ImportError):  # a number without a name, as in containers
            name = f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printable.split())[:_LONGEST] or "somebody"
