"""Verification of pairs with made likenesses: counts, ranges of yaw, failures, lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.errors import NoFace, SettingsError, UnreadableImage
from goodside.rotation.evaluation.likeness import METHODS, Likeness, Likenesses
from goodside.rotation.evaluation.report import to_json
from goodside.rotation.evaluation.verification import Pair, evaluate_verification, read_pairs
from goodside.types import FloatArray

PEOPLE, VIEWS = 40, (0.0, 20.0, -70.0)


def _unit(vector: FloatArray) -> FloatArray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _read(photo: Path) -> Likenesses:
    """Made vectors: the farther the yaw, the noisier; rotated is noisier still, fused cleaner."""
    person, view = (int(part) for part in photo.stem.split("-"))
    identity = np.random.default_rng(person).normal(size=16)
    noise = np.random.default_rng([person, view]).normal(size=(3, 16)) * (0.1 + view)
    plain, rotated = identity + noise[0], identity + 2 * noise[1]
    one = Likeness(VIEWS[view], _unit(plain), _unit(rotated), _unit(identity + 0.1 * noise[2]))
    return Likenesses(one, one)


def _pairs() -> list[Pair]:
    photos = [Path(f"{person}-{view}") for person in range(PEOPLE) for view in range(3)]
    return [
        Pair(a, b, a.stem.split("-")[0] == b.stem.split("-")[0])
        for index, a in enumerate(photos)
        for b in photos[:index]
    ]


def test_ranges_of_yaw_hold_their_pairs_and_the_figures_follow_the_vectors() -> None:
    report = to_json(evaluate_verification(_pairs(), read=_read))
    count = 3 * PEOPLE * (3 * PEOPLE - 1) // 2
    assert report["pairs"] == count
    assert report["failures"] == []
    assert report["judge"] == {method: report[method] for method in METHODS}
    ranges = {row["from_deg"]: row for row in report["by_yaw"]}
    assert list(ranges) == [0, 15, 60]
    assert sum(row["pairs"] for row in ranges.values()) == count
    assert [row["same"] for row in ranges.values()] == [0, PEOPLE, 2 * PEOPLE]
    assert report["rotated"]["auc"] < report["plain"]["auc"] < report["fused"]["auc"]
    assert ranges[60]["plain"]["tar_1e2"] < ranges[15]["plain"]["tar_1e2"]
    assert ranges[60]["fused"]["tar_1e2"] > ranges[60]["plain"]["tar_1e2"]


def test_photographs_that_fail_are_named_and_their_pairs_left_out() -> None:
    def read(photo: Path) -> Likenesses:
        if photo.name == "0-0":
            raise NoFace("no face was found", path=photo)
        if photo.name == "1-0":
            raise UnreadableImage("it is damaged", path=photo)
        return _read(photo)

    pairs = [Pair(Path("0-0"), Path("0-1"), True), Pair(Path("1-0"), Path("2-1"), False)]
    known = Pair(Path("2-0"), Path("2-1"), True)
    report = to_json(evaluate_verification([*pairs, known], read=read))
    assert report["pairs"] == 1
    assert {(row["path"], row["kind"]) for row in report["failures"]} == {
        ("0-0", "NoFace"),
        ("1-0", "UnreadableImage"),
    }
    nothing = to_json(evaluate_verification(pairs, read=read))
    assert nothing["pairs"] == 0
    assert nothing["by_yaw"] == []


def test_pairs_are_read_from_a_list(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("a,b,same\nx.jpg,sub/y.jpg,1\nx.jpg,z.jpg, no\n", encoding="utf-8")
    assert read_pairs(path, folder=Path("album")) == [
        Pair(Path("album/x.jpg"), Path("album/sub/y.jpg"), True),
        Pair(Path("album/x.jpg"), Path("album/z.jpg"), False),
    ]


@pytest.mark.parametrize("text", [None, "a,b\nx,y\n", "a,b,same\nx,y,maybe\n", "a,b,same\n"])
def test_a_wrong_list_is_named_with_what_it_needs(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "pairs.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"pairs\.csv.*a, b and same"):
        read_pairs(path, folder=tmp_path)
