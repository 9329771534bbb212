"""Which key does what: the defaults, with a person's own file over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from goodside.text import visible
from goodside.web.dependencies import SiteOf
from goodside.web.texts import gettext

router = APIRouter(include_in_schema=False)

FILE_NAME = "keys.json"
"""A person's own file, beside the catalog."""
_DEFAULTS = Path(__file__).parent.parent / "static" / "js" / FILE_NAME
_MOST_BYTES = 64_000
_MOST_KEYS, _LONGEST_KEY = 8, 40


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of every action.

    Attributes:
        keys: by action, as `nameOf` in `keys.js` writes them.
        problem: what is wrong with the person's file, in words; None: nothing.
    """

    keys: Mapping[str, tuple[str, ...]]
    problem: str | None = None


@router.get("/keys.json")
def give_keys(site: SiteOf) -> JSONResponse:
    """The keys in use."""
    read = read_keys(site.album.path.with_name(FILE_NAME))
    return JSONResponse({"keys": read.keys, "problem": read.problem})


def read_keys(own: Path) -> Keys:
    """The defaults with a person's file over them, where there is one.

    An action that the file names has its keys and no others, and stands first: of two actions of
    one page with the same key, the first has it. Where the file cannot be used, the defaults hold.

    Args:
        own: a JSON object, such as `{"pick": ["p", "+"], "reject": []}`.
    """
    defaults = {action: tuple(keys) for action, keys in json.loads(_DEFAULTS.read_bytes()).items()}
    try:
        if not own.is_file():
            return Keys(defaults)
        if own.stat().st_size > _MOST_BYTES:
            return _refused(defaults, gettext("it is too long"))
        chosen = json.loads(own.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        return _refused(defaults, visible(str(error)))
    fault = _fault(chosen, defaults)
    if fault is not None:
        return _refused(defaults, fault)
    mine = {action: tuple(keys) for action, keys in chosen.items()}
    return Keys(mine | {action: keys for action, keys in defaults.items() if action not in mine})


def _refused(defaults: Mapping[str, tuple[str, ...]], why: str) -> Keys:
    problem = gettext("%(file)s is not used: %(why)s") % {"file": FILE_NAME, "why": why}
    return Keys(defaults, problem)


def _fault(chosen: Any, defaults: Mapping[str, tuple[str, ...]]) -> str | None:
    """What is wrong with a person's keys, if anything."""
    if not isinstance(chosen, dict):
        return gettext("it is no JSON object")
    for action, keys in chosen.items():
        if action not in defaults:
            name = visible(action)[:_LONGEST_KEY]
            return gettext("there is no action “%(name)s”") % {"name": name}
        is_list = isinstance(keys, list) and len(keys) <= _MOST_KEYS
        if not is_list or not all(isinstance(key, str) and _fits(key) for key in keys):
            return gettext("“%(name)s” takes a list of keys") % {"name": action}
    given = [key for keys in chosen.values() for key in set(keys)]
    for key in given:
        if given.count(key) > 1:
            return gettext("“%(key)s” stands twice") % {"key": visible(key)}
    return None


def _fits(key: str) -> bool:
    return 0 < len(key) <= _LONGEST_KEY
