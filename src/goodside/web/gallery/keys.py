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
    read = read_keys(site.album.own_folder / FILE_NAME)
    return JSONResponse({"keys": read.keys, "problem": read.problem})


def read_keys(own: Path) -> Keys:
    """The defaults with a person's file over them, where there is one.

    An action that the file names has its keys and no others, and stands first: of two actions of
    one page with the same key, the first has it. A line that cannot be used is left out;
    where the file cannot be, the defaults hold.

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
    if not isinstance(chosen, dict):
        return _refused(defaults, gettext("it is no JSON object"))
    faults = {action: _fault(action, keys, defaults) for action, keys in chosen.items()}
    mine = {action: tuple(keys) for action, keys in chosen.items() if faults[action] is None}
    twice = _given_twice(mine)
    if twice is not None:
        return _refused(defaults, gettext("“%(key)s” stands twice") % {"key": visible(twice)})
    wrong = next((fault for fault in faults.values() if fault is not None), None)
    return Keys(
        mine | {action: keys for action, keys in defaults.items() if action not in mine},
        None if wrong is None else _left_out(wrong),
    )


def _refused(defaults: Mapping[str, tuple[str, ...]], why: str) -> Keys:
    problem = gettext("%(file)s is not used: %(why)s") % {"file": FILE_NAME, "why": why}
    return Keys(defaults, problem)


def _left_out(why: str) -> str:
    return gettext("A line of %(file)s is left out: %(why)s") % {"file": FILE_NAME, "why": why}


def _fault(action: str, keys: Any, defaults: Mapping[str, tuple[str, ...]]) -> str | None:
    """What is wrong with a person's keys for an action, if anything."""
    name = visible(action)[:_LONGEST_KEY]
    if action not in defaults:
        return gettext("there is no action “%(name)s”") % {"name": name}
    is_list = isinstance(keys, list) and len(keys) <= _MOST_KEYS
    if not is_list or not all(isinstance(key, str) and _fits(key) for key in keys):
        return gettext("“%(name)s” takes a list of keys") % {"name": name}
    return None


def _given_twice(keys_of: Mapping[str, tuple[str, ...]]) -> str | None:
    """A key that stands with two actions, if there is one."""
    given = [key for keys in keys_of.values() for key in set(keys)]
    return next((key for key in given if given.count(key) > 1), None)


def _fits(key: str) -> bool:
    return 0 < len(key) <= _LONGEST_KEY
