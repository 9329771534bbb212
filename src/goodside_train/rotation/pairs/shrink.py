"""Rendered pairs at a smaller size, so that runs of several sizes share one rendering."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from goodside.errors import SettingsError
from goodside_train.rotation.pairs.pairs import FLOW_SHARE, Pairs


def shrunk(pairs: Pairs, *, size_px: int) -> Pairs:
    """Pairs whose pictures are area means of the given ones; landmarks are shares and stay.

    Args:
        pairs: P pairs of side S.
        size_px: a divisor of S.

    Raises:
        SettingsError: it is none.
    """
    rendered_px = pairs.source.shape[1]
    if rendered_px == size_px:
        return pairs
    if rendered_px % size_px:
        raise SettingsError(
            f"pairs of {rendered_px} px cannot be shrunk to {size_px} px",
            remedy="give a rendered_px that is a multiple of size_px",
        )
    return Pairs(**{f.name: _shrunk(getattr(pairs, f.name), size_px) for f in fields(Pairs)})


def _shrunk(values: Any, size_px: int) -> Any:
    if values.dtype == np.float16:  # a flow, at half the pictures' size
        cells = size_px // FLOW_SHARE
        return values.reshape(len(values), cells, values.shape[1] // cells, cells, -1, 3).mean(
            axis=(2, 4)
        )
    if values.dtype != np.uint8:
        return values
    count, factor = len(values), values.shape[1] // size_px
    small = np.empty((count, size_px, size_px, *values.shape[3:]), np.uint8)
    for i, picture in enumerate(values):  # all at once would need eight times the memory
        cells = picture.reshape(size_px, factor, size_px, factor, -1)
        small[i] = cells.mean(axis=(1, 3)).round().reshape(small.shape[1:])
    return small
