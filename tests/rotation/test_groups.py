"""Figures by group of people."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.errors import SettingsError
from goodside.rotation.groups import compare_groups, read_labels
from goodside.rotation.marks import Marks


def test_groups_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("image,hair,age\nann.jpg,dark,old\nbo.jpg,fair,old\ncy.jpg,fair,young\n")
    marks = [
        Marks(index=[0, 1], cosine=[0.9, 0.5], error_deg=[1, 3]),
        Marks(index=[1], cosine=[0.7], error_deg=[5], lost=[0]),
    ]
    rows = compare_groups(
        read_labels(path), faces=["ann.jpg", "bo.jpg", "new.jpg"], refused=["cy.jpg"], marks=marks
    )
    keys = ("column", "group", "faces", "refused", "n", "lost", "embedder_cosine", "pose_error_deg")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("hair", "dark", 1, 0, 1, 1, 0.9, 1.0),
        ("hair", "fair", 1, 1, 2, 0, 0.6, 4.0),
        ("age", "old", 2, 0, 3, 1, 0.7, 3.0),
        ("age", "young", 0, 1, 0, 0, None, None),
    ]


@pytest.mark.parametrize("text", [None, "file,hair\nann.jpg,dark\n", "image\nann.jpg\n"])
def test_a_wrong_list_is_named_with_what_it_needs(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "labels.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"labels\.csv.*column image"):
        read_labels(path)
