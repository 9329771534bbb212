"""Differences of one output: pictures by pixels, JSON by fields, pages and text by lines."""

from __future__ import annotations

import base64
import difflib
import json
import math
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageSequence, UnidentifiedImageError

from tools.outputs.normalise import Rules, read_json

_PICTURES = (".jpg", ".png", ".webp", ".gif", ".tif")
_EMBEDDED = re.compile(r"data:image/\w+;base64,([A-Za-z0-9+/=]+)")
_SHOWN = 160  # characters of a line or value

Sides = tuple[Rules, Rules]


def compare_bytes(name: str, before: bytes, after: bytes, *, rules: Sides) -> list[str]:
    """Differences between two files of one name, in words; none where they are the same.

    Args:
        name: its suffix tells a picture.
        before, after: the files' bytes.
        rules: how the text of each is normalised.
    """
    if before == after:
        return []
    if name.endswith(_PICTURES):
        return list(_pictures(before, after, rules))
    if name.endswith(".parquet"):
        return list(_tables(before, after, rules))
    try:
        return list(_texts(before.decode(), after.decode(), rules))
    except UnicodeDecodeError:
        return [f"{len(before)} -> {len(after)} bytes, which differ"]


def _texts(before: str, after: str, rules: Sides) -> Iterator[str]:
    pictures = [_EMBEDDED.findall(text) for text in (before, after)]
    one, two = (
        rule.text(_EMBEDDED.sub("data:<picture>", text))
        for rule, text in zip(rules, (before, after), strict=True)
    )
    if len(pictures[0]) != len(pictures[1]):
        yield f"{len(pictures[0])} -> {len(pictures[1])} embedded pictures"
    for n, (here, there) in enumerate(zip(*pictures, strict=False), start=1):
        if here != there:
            for line in _pictures(base64.b64decode(here), base64.b64decode(there), rules):
                yield f"embedded picture {n}: {line}"
    try:
        yield from _values(read_json(one), read_json(two), "")
    except ValueError:
        yield from _lines(one, two)


def _lines(before: str, after: str) -> Iterator[str]:
    """Lines that differ; the tags of a page are lines of their own."""
    one, two = (re.sub("><", ">\n<", text).splitlines() for text in (before, after))
    for line in difflib.unified_diff(one, two, n=0, lineterm=""):
        if not line.startswith(("---", "+++")):
            yield line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    if one == two and before != after:
        yield "the ends of lines differ"


def _values(before: Any, after: Any, where: str) -> Iterator[str]:
    """Fields that are not the same; the order of an object's fields does not count."""
    place = where or "the whole"
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() - after.keys():
            yield f"{where}.{key}: missing after, was {_shown(before[key])}"
        for key in after.keys() - before.keys():
            yield f"{where}.{key}: new, is {_shown(after[key])}"
        for key in before:
            if key in after:
                yield from _values(before[key], after[key], f"{where}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield f"{place}: {len(before)} -> {len(after)} entries"
        for n, (here, there) in enumerate(zip(before, after, strict=False)):
            yield from _values(here, there, f"{where}[{n}]")
    elif (type(before), before) != (type(after), after) and not (_nan(before) and _nan(after)):
        yield f"{place}: {_shown(before)} -> {_shown(after)}"


def _pictures(before: bytes, after: bytes, rules: Sides) -> Iterator[str]:
    try:
        one, two = Image.open(BytesIO(before)), Image.open(BytesIO(after))
        yield from _values(_facts(one, rules[0]), _facts(two, rules[1]), "")
        frames = zip(ImageSequence.Iterator(one), ImageSequence.Iterator(two), strict=False)
        for n, (here, there) in enumerate(frames):
            if here.size == there.size:
                yield from _pixels(here, there, f"frame {n}")
    except (UnidentifiedImageError, OSError) as error:
        yield f"cannot be read as a picture: {error}; the bytes differ"


def _facts(picture: Image.Image, rule: Rules) -> dict[str, Any]:
    """Everything about a picture but its pixels."""
    said = {
        str(key): rule.text(value.decode("latin-1") if isinstance(value, bytes) else str(value))
        for key, value in picture.info.items()
    }
    facts = {"format": picture.format, "mode": picture.mode, "size": list(picture.size)}
    return {**facts, "frames": getattr(picture, "n_frames", 1), "metadata": said}


def _pixels(before: Image.Image, after: Image.Image, frame: str) -> Iterator[str]:
    mode = "RGBA" if "A" in before.getbands() or before.mode == "P" else "RGB"
    one, two = (np.asarray(side.convert(mode), dtype=np.int16) for side in (before, after))
    away = np.abs(one - two).max(axis=2)
    if away.any():
        y, x = np.argwhere(away)[0]
        yield (
            f"{frame}: {np.count_nonzero(away)} of {away.size} pixels differ, by {away.max()} "
            f"at most and {away[away > 0].mean():.1f} on average, the first at x {x}, y {y}"
        )


def _tables(before: bytes, after: bytes, rules: Sides) -> Iterator[str]:
    """Parquet, row by row, where there is a reader for it."""
    try:
        from pyarrow import BufferReader, parquet
    except ImportError:
        yield "the bytes differ (rows are compared where pyarrow is installed)"
        return
    tables = [parquet.read_table(BufferReader(raw)) for raw in (before, after)]
    if tables[0].schema != tables[1].schema:
        yield f"schema: {tables[0].schema} -> {tables[1].schema}"
    one, two = (
        json.loads(rule.text(json.dumps(table.to_pylist(), default=str)))
        for rule, table in zip(rules, tables, strict=True)
    )
    yield from _values(one, two, "")


def _nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
