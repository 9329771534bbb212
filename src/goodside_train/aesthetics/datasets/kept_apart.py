"""Which photographs of several data sets are trained on, and which are kept apart for what.

The digest of a name decides, so that a photograph stays in its part when others come or go:

- OASIS by theme (`Dog12` is of the theme `dog`): a third of the themes is for the test, a ninth for
  development. A theme is never in two parts, because its photographs look alike.
- BIQ by photograph: a sixth for the test, a twenty-fourth for development.
- PARA: the validation rows of `para_shards` are the test. Of the unlabelled rows about 600 are for
  development: coefficients are chosen on them, and false alarms are counted on them and BIQ's test.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from enum import StrEnum

from goodside_train.aesthetics.datasets.para_shards import is_validation


class Part(StrEnum):
    """What a photograph is for."""

    TRAIN = "train"
    DEVELOPMENT = "development"
    TEST = "test"


_OASIS = (1 / 3, 1 / 3 + 1 / 9)  # below the first: test, below the second: development
_BIQ = (1 / 6, 1 / 6 + 1 / 24)
_PARA_DEVELOPMENT = 0.0233


def oasis_theme(name: str) -> str:
    """The theme of a photograph of OASIS: its name without number and suffix, in small letters."""
    return re.sub(r"\s*\d*$", "", name.rsplit(".", maxsplit=1)[0]).lower()


def oasis_part(name: str) -> Part:
    """Part of a photograph of OASIS, by its theme."""
    return _part(oasis_theme(name), bounds=_OASIS)


def biq_part(name: str) -> Part:
    """Part of a photograph of BIQ."""
    return _part(name, bounds=_BIQ)


def para_part(name: str, *, split: str) -> Part:
    """Part of a photograph of PARA.

    Args:
        name: of the file.
        split: `train` or `labelled`, as the table says.
    """
    if is_validation(name, split=split):
        return Part.TEST
    return _part(name, bounds=(0.0, _PARA_DEVELOPMENT)) if split == "train" else Part.TRAIN


PART_OF: dict[str, Callable[[str], Part]] = {"oasis": oasis_part, "biq": biq_part}
"""The rule of each data set that needs nothing but a name."""


def digest_place(key: str) -> float:
    """Where the digest of a key falls, from 0 up to 1."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / 2**48


def _part(key: str, *, bounds: tuple[float, float]) -> Part:
    place = digest_place(key)
    if place < bounds[0]:
        return Part.TEST
    return Part.DEVELOPMENT if place < bounds[1] else Part.TRAIN
