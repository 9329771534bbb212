"""Reports as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from goodside.errors import NoFace
from goodside.rotation.evaluation.report import INLINE, Refusal, key, to_json


@dataclass(frozen=True)
class _Part:
    n: int
    share: float | None = None


@dataclass(frozen=True)
class _Whole:
    yaw_deg: float = field(metadata=key("yaw"))
    own: _Part = field(metadata=INLINE)
    parts: tuple[_Part, ...]
    interval: tuple[float, float]
    other: _Part | None = None


def test_fields_stand_in_their_order_under_their_names() -> None:
    made = to_json(_Whole(15.0, _Part(3), (_Part(1, 0.5), _Part(2)), (0.1, 0.2)))
    assert list(made) == ["yaw", "n", "share", "parts", "interval", "other"]
    assert made == {
        "yaw": 15.0,
        "n": 3,
        "share": None,
        "parts": [{"n": 1, "share": 0.5}, {"n": 2, "share": None}],
        "interval": [0.1, 0.2],
        "other": None,
    }


def test_a_refusal_names_photograph_and_reason() -> None:
    refusal = Refusal.of("a.jpg", NoFace("no face was found", path="a.jpg", remedy="another"))
    assert to_json(refusal) == {"path": "a.jpg", "kind": "NoFace", "message": "no face was found"}


@pytest.mark.parametrize("thing", [{"n": 1}, _Part, None])
def test_what_is_no_report_is_an_error(thing: object) -> None:
    with pytest.raises(TypeError, match="expected a report"):
        to_json(thing)
