"""Figures by group of people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside.rotation.evaluation.groups import Labels, compare_groups, read_labels
from goodside.rotation.evaluation.measurements import Measurements
from goodside.rotation.evaluation.report import to_json
from goodside.types import Json

NONE = [Measurements()]


def _compared(labels: Labels, **given: Any) -> list[Json]:
    return [to_json(row) for row in compare_groups(labels, **given)]


def test_groups_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,hair,age\nann.jpg,dark,old\nbo.jpg,fair,old\ncy.jpg,fair,young\n")
    measurements = [
        Measurements(index=[0, 1], cosine=[0.9, 0.5], yaw_error_deg=[1, 3]),
        Measurements(index=[1], cosine=[0.7], yaw_error_deg=[5], lost=[0]),
    ]
    rows = _compared(
        read_labels(path),
        faces=["ann.jpg", "bo.jpg", "new.jpg"],
        refused=["cy.jpg"],
        measurements=measurements,
    )
    keys = ("column", "group", "faces", "refused", "n", "lost", "embedder_cosine", "pose_error_deg")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("hair", "dark", 1, 0, 1, 1, 0.9, 1.0),
        ("hair", "fair", 1, 1, 2, 0, 0.6, 4.0),
        ("age", "old", 2, 0, 3, 1, 0.7, 3.0),
        ("age", "young", 0, 1, 0, 0, None, None),
    ]


def test_intervals_are_over_people_and_only_where_there_are_enough() -> None:
    """Twenty people of two results each; everybody's second result repeats the first."""
    rng = np.random.default_rng(3)
    cosines = rng.normal(0.7, 0.1, 20)
    once = Measurements(index=list(range(20)), cosine=cosines.tolist(), yaw_error_deg=[2.0] * 20)
    labels = {f"{at}.jpg": {"age": "old" if at < 7 else "young"} for at in range(20)}
    names = list(labels)
    few, many = _compared(labels, faces=names, refused=[], measurements=[once, once])
    assert few["intervals"] == dict.fromkeys(few["intervals"])
    low, high = many["intervals"]["embedder_cosine"]
    spread = 1.96 * cosines[7:].std() / np.sqrt(13)  # not of 26: the same people were seen twice
    assert low < many["embedder_cosine"] < high
    assert high - low == pytest.approx(2 * spread, rel=0.25)
    assert many["intervals"]["pose_error_deg"] == [2.0, 2.0]
    assert many["intervals"]["judge_distance"] is None  # nobody judged
    again = _compared(labels, faces=names, refused=[], measurements=[once, once])
    assert again == [few, many]


@pytest.mark.parametrize(
    ("faces", "refused", "interval"),
    [(10, 0, (0.0, 0.278)), (5, 5, (0.237, 0.763)), (0, 1, (0.207, 1.0)), (98, 2, (0.006, 0.07))],
)
def test_the_share_refused_has_wilsons_interval(
    faces: int, refused: int, interval: tuple[float, float]
) -> None:
    names = [f"{at}.jpg" for at in range(faces + refused)]
    labels = {name: {"skin": "dark"} for name in names}
    (row,) = _compared(
        labels, faces=names[:faces], refused=names[faces:], measurements=[Measurements()]
    )
    assert tuple(row["refused_interval"]) == interval


def test_several_kinds_in_one_list_as_spreadsheets_write_it(tmp_path: Path) -> None:
    """Semicolons, a byte-order mark, any case of headings; who has no label is left out."""
    path = tmp_path / "labels.csv"
    path.write_text(
        "\ufeffImage;Skin;Age;Presentation\n"
        "in/a.jpg;light;20;female\nb.jpg;dark; ;male\nc.jpg;dark\n",
        encoding="utf-8",
    )
    labels = read_labels(path)
    assert labels["a.jpg"] == {"skin": "light", "age": "20", "presentation": "female"}
    assert labels["b.jpg"] == {"skin": "dark", "presentation": "male"}
    assert labels["c.jpg"] == {"skin": "dark"}
    rows = _compared(
        labels, faces=["a.jpg", "b.jpg", "c.jpg"], refused=[], measurements=[Measurements()]
    )
    assert [(row["column"], row["group"], row["faces"]) for row in rows] == [
        ("skin", "dark", 2),
        ("skin", "light", 1),
        ("age", "20", 1),
        ("presentation", "female", 1),
        ("presentation", "male", 1),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (None, "cannot be read"),
        ("file,hair\nann.jpg,dark\n", "column 'image'"),
        ("image\nann.jpg\n", "no group"),
        ("image,hair\nann.jpg,\n", "no group"),
    ],
)
def test_a_wrong_list_is_named_with_what_is_wrong(
    tmp_path: Path, text: str | None, word: str
) -> None:
    path = tmp_path / "labels.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"labels\.csv.*{word}"):
        read_labels(path)
