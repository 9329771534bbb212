"""Optional decoders: which of them an earlier error asked for, and whether they are here by now."""

from __future__ import annotations

from importlib.util import find_spec

_MODULES = {"goodside[heic]": "pi_heif", "goodside[raw]": "rawpy"}


def names_extra(message: str) -> bool:
    """Whether an error's text tells to install an optional decoder."""
    return any(extra in message for extra in _MODULES)


def has_extra(message: str) -> bool:
    """Whether the optional decoder that an error's text tells to install is installed."""
    return any(extra in message and find_spec(name) for extra, name in _MODULES.items())
