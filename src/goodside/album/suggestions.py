"""What somebody may have meant: of the names there are, those nearest to one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from goodside.tags import tag_key
from goodside.text import folded

_MOST = 3
_LEAST_LIKENESS = 0.65
_FEW = 12


def nearest_names(written: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three names that contain what was written, or are spelt like it or one word of them is.

    Args:
        written: as a person wrote it.
        known: the names there are; of several spellings of one, the first counts.

    Returns:
        The nearest first; none where nothing is near.
    """
    names = {tag_key(name): name for name in reversed(list(known))}
    whole = tag_key(written)
    forms: dict[str, set[str]] = {}
    for key, name in names.items():
        for form in (key, *map(tag_key, folded(name).replace("|", " ").split())):
            forms.setdefault(form, set()).add(key)
    held = sorted((key for key in names if whole in key), key=lambda key: (len(key), key))
    like = get_close_matches(whole, forms, n=2 * _MOST, cutoff=_LEAST_LIKENESS)
    keys = dict.fromkeys([*held, *(key for form in like for key in sorted(forms[form]))])
    return tuple(names[key] for key in keys)[:_MOST]


def suggest(written: str, known: Iterable[str]) -> str | None:
    """What an error says to do: `nearest are beach, sea`; else all the names, if they are few.

    None where there is nothing to choose from, or too much.
    """
    known = list(known)
    if found := nearest_names(written, known):
        return f"{'nearest is' if len(found) == 1 else 'nearest are'} {', '.join(found)}"
    every = {tag_key(name): name for name in known}
    if not 0 < len(every) <= _FEW:
        return None
    return f"there are only {', '.join(sorted(every.values(), key=folded))}"
