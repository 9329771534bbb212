r"""Text from strangers (file names, people's names, tags, metadata) made safe to show.

What cannot be seen or steers a terminal is written out as Python writes it (`\x1b`, `\n`,
`\u202e`), and text that runs from right to left is isolated, so that it does not turn its
neighbours round (Unicode Standard Annex 9). Text that is kept or exchanged stays as it is.
"""

from __future__ import annotations

import re
import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

_CONTROLS = "\x00-\x1f\x7f-\x9f"
_SURROGATES = "\ud800-\udfff"  # lone ones: bytes of a file name that are no UTF-8
_DIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# Joiners shape Persian and Indic words and emoji; beside ASCII or each other they only deceive.
_STRAY_JOINER = (
    "(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"
)
_HIDDEN = re.compile(f"[{_CONTROLS}{_SURROGATES}{_DIRECTIONAL}{_UNSEEN}]|{_STRAY_JOINER}")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def has_hidden(text: str) -> bool:
    """Whether text holds anything that cannot be seen, or that steers what is around it."""
    return not _is_plain(text) and _HIDDEN.search(text) is not None


def without_hidden(text: str) -> str:
    """The text without what cannot be seen; line breaks and tabs become spaces."""
    return _HIDDEN.sub(lambda found: " " if found[0] in _SHORT else "", text).strip()


def visible(text: str, *, keep: str = "") -> str:
    """The text with all that cannot be seen written out.

    Args:
        text: any.
        keep: characters to leave as they are.
    """
    if _is_plain(text):
        return text
    return _HIDDEN.sub(lambda found: found[0] if found[0] in keep else _written(found[0]), text)


def isolated(text: str) -> str:
    """The text in directional isolates, if it holds any letter that runs from right to left."""
    if text.isascii() or not any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def folded(text: str) -> str:
    """What names and words are compared by: whatever their case, Unicode form and spacing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def _is_plain(text: str) -> bool:
    """Most text is: quick to tell."""
    return text.isascii() and text.isprintable()


def _written(character: str) -> str:
    """One character as an escape; a byte that is no UTF-8 as the replacement character."""
    if "\udc80" <= character <= "\udcff":
        return "\ufffd"
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else ascii(character)[1:-1])
