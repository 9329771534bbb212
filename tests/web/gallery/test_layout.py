"""The compact answer that the page's rows are laid out from."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from goodside.album.browse import Selection
from goodside.web.gallery.photographs.layout import (
    Landmark,
    Sections,
    choose_sections,
    pack_layout,
    shape_codes,
)


def _selection(days: list[str | None], ratios: list[float] | None = None) -> Selection:
    shown = [1.5] * len(days) if ratios is None else ratios
    return Selection(
        np.arange(1, len(days) + 1, dtype=np.int64),
        np.array(shown, dtype=np.float32),
        np.array(["NaT" if day is None else day for day in days], dtype="datetime64[D]"),
    )


def test_what_was_packed_is_read_again() -> None:
    selection = _selection(["2024-05-31", None, "1969-12-31"], [1.5, 0.1, 9.0])
    packed = pack_layout(
        selection, version="7", sections="day", landmarks=[Landmark(0, "ä"), Landmark(2, "★")]
    )
    magic, count, header = struct.unpack_from("<4sII", packed)
    assert (magic, count) == (b"GSL1", 3)
    assert header % 4 == 0  # so that the numbers after it are aligned
    about = json.loads(packed[12 : 12 + header])
    assert about == {"version": "7", "sections": "day", "landmarks": [[0, "ä"], [2, "★"]]}
    ids = np.frombuffer(packed, "<u4", count, 12 + header)
    days = np.frombuffer(packed, "<i4", count, 12 + header + 12)
    shapes = np.frombuffer(packed, "u1", count, 12 + header + 24)
    assert ids.tolist() == [1, 2, 3]
    assert days.tolist() == [19874, -(2**31), -1]
    assert shapes.tolist() == [75, 18, 200]
    assert len(packed) == 12 + header + 9 * count


def test_a_hundred_thousand_photographs_take_less_than_a_megabyte() -> None:
    many = 100_000
    selection = Selection(
        np.arange(many, dtype=np.int64),
        np.full(many, 1.5, np.float32),
        np.full(many, np.datetime64("2024-01-01")),
    )
    assert len(pack_layout(selection, version="1", sections="day", landmarks=[])) < 1_000_000


def test_row_numbers_that_do_not_fit_are_refused() -> None:
    selection = _selection(["2024-05-31"])
    selection.ids[0] = 2**32
    with pytest.raises(OverflowError):
        pack_layout(selection, version="1", sections="none", landmarks=[])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2024-05-31"] * 12 + ["2024-06-01"] * 12, "day"),
        ([f"2024-0{month}-{day:02}" for month in (1, 2) for day in range(1, 9)], "month"),
        (["2020-01-01", "2020-04-01", "2021-01-01", "2023-05-01"], "year"),
        ([None, None], "none"),
        ([], "none"),
    ],
)
def test_few_headings_stand_above_one_photograph(
    days: list[str | None], expected: Sections
) -> None:
    assert choose_sections(_selection(days), sort="taken") == expected


def test_only_an_order_by_time_has_headings() -> None:
    assert choose_sections(_selection(["2024-05-31"] * 20), sort="score") == "none"


def test_every_shape_has_its_rule_in_the_style_sheet() -> None:
    from goodside.web.gallery.render import _STATIC

    rules = (_STATIC / "shapes.css").read_text(encoding="utf-8")
    for ratio in (0.01, 0.36, 1.0, 1.5, 16 / 9, 4.0, 30.0):
        code = int(shape_codes(np.array([ratio], np.float32))[0])
        assert f".s{code}{{--r:{code / 50:g}}}" in rules
