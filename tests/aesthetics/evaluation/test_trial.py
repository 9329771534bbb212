"""Trials of a made assessor whose score is the photograph's brightness."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.aesthetics import Assessor
from goodside.aesthetics.evaluation.rated_photos import RatedPhotos, Scale, read_table
from goodside.aesthetics.evaluation.trial import (
    Trial,
    assess_each_timed,
    summarize_trial,
    write_scores,
)
from tests.aesthetics.made import write_weights

KEYS = (
    "n errors srcc plcc mae emd accuracy majority balanced_accuracy auc semantic_top1 "
    "semantic_map ms_per_image intervals by_category"
).split()
TINTS = {"red": (40, 0, 0), "green": (0, 40, 0), "blue": (0, 0, 40)}
GREYS = (10, 60, 110, 150, 200, 215)
BARE = {"heads": ["distribution"], "high_from": 5.5}


def brightness(grey: int) -> float:
    """The made score of a picture of `grey` with a tint of 40 in one channel."""
    return 1 + 9 * (grey + 40 / 3) / 255


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Six plain pictures, each tinted; a broken one."""
    for grey, tint in zip(GREYS, [*TINTS, *TINTS], strict=True):
        pixels = np.full((20, 30, 3), grey, np.uint8) + np.array(TINTS[tint], np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"p{grey}.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return tmp_path


def _rated(album: Path, text: str, *, scale: Scale | None = None) -> RatedPhotos:
    (album / "labels.csv").write_text(text, encoding="utf-8")
    return read_table(album / "labels.csv", photos=album, scale=scale)


def _trial(album: Path, photos: RatedPhotos, **options: float) -> Trial:
    assessor = Assessor(store=write_weights(album), model="made")
    judged = list(assess_each_timed(assessor, photos))
    return summarize_trial(judged, photos, assessor=assessor, **options)  # type: ignore[arg-type]


def _scores(unit: float = 1, *, shift: float = 0) -> str:
    rows = (f"p{grey},{shift + unit * brightness(grey):.5f}\n" for grey in GREYS)
    return "image,score\n" + "".join(rows)


def test_an_assessor_that_agrees_with_people_is_perfect(album: Path) -> None:
    found = _trial(album, _rated(album, _scores(), scale=(1, 10))).as_json()
    assert [found[key] for key in ("n", "errors", "srcc", "accuracy", "auc")] == [6, 0, 1, 1, 1]
    assert found["plcc"] == pytest.approx(1, abs=0.001)
    assert found["mae"] < 0.15  # ten bins hold a mean roughly
    assert found["majority"] == 0.5
    assert found["ms_per_image"] > 0
    assert found["ms_with_decoding"] > 0


def test_all_keys_are_there_and_null_where_labels_do_not_allow(album: Path) -> None:
    found = _trial(album, _rated(album, _scores())).as_json()
    assert set(KEYS) <= set(found)
    assert [key for key in KEYS if found[key] is None] == [
        "emd", "semantic_top1", "semantic_map", "by_category",
    ]  # fmt: skip
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))
    low, high = found["intervals"]["srcc"]
    assert -1 <= low <= found["srcc"] <= high <= 1


def test_a_column_of_labels_without_a_label_gives_no_categories(album: Path) -> None:
    lines = _scores().splitlines()
    text = "\n".join([f"{lines[0]},semantic", *(f"{line}," for line in lines[1:])])
    found = _trial(album, _rated(album, text)).as_json()
    assert (found["n"], found["by_category"], found["semantic_top1"]) == (6, None, None)


@pytest.mark.parametrize(("unit", "shift", "scale"), [(4 / 9, 5 / 9, (1, 5)), (10, -5, (0, 100))])
def test_a_linear_change_of_scale_changes_nothing(
    album: Path, unit: float, shift: float, scale: Scale
) -> None:
    as_ten = _trial(album, _rated(album, _scores(), scale=(1, 10))).as_json()
    low, high = (1 * unit + shift, 10 * unit + shift)
    other = _trial(album, _rated(album, _scores(unit, shift=shift), scale=(low, high))).as_json()
    for key in ("srcc", "plcc", "mae", "accuracy", "auc"):
        assert other[key] == pytest.approx(as_ten[key], abs=0.001)
    assert other["high_from"] == pytest.approx(5.5 * unit + shift)


def test_an_unknown_scale_leaves_out_the_mean_error(album: Path) -> None:
    photos = _rated(album, _scores(shift=-100))
    found = _trial(album, photos).as_json()
    assert found["scale"] is None
    assert found["mae"] is None
    assert found["srcc"] == 1
    assert found["high_from"] == pytest.approx((photos.score.min() + photos.score.max()) / 2)


def test_high_quality_starts_where_it_is_told(album: Path) -> None:
    photos = _rated(album, _scores())
    border = brightness(GREYS[4]) - 0.01
    found = _trial(album, photos, high_from=border).as_json()
    assert found["majority"] == pytest.approx(4 / 6, abs=1e-4)
    assert found["accuracy"] == pytest.approx(5 / 6, abs=1e-4)  # the assessor's own border is 5.5


def test_bad_photographs_are_counted_and_the_others_compared(album: Path) -> None:
    text = _scores() + "broken,9\nnowhere.jpg,9\n"
    found = _trial(album, _rated(album, text, scale=(1, 10))).as_json()
    assert (found["n"], found["errors"]) == (6, 2)
    assert found["srcc"] == 1


def test_bad_photographs_alone_give_no_figure(album: Path) -> None:
    text = "image,score,semantic\nbroken,1,red\nnowhere,9,red\n"
    found = _trial(album, _rated(album, text)).as_json()
    assert (found["n"], found["errors"], found["by_category"]) == (0, 2, None)
    assert found["srcc"] is found["mae"] is found["ms_with_decoding"] is None


def test_labels_and_votes_are_compared_where_they_are(album: Path) -> None:
    text = "image,score,semantic,votes_1,votes_10\n" + "".join(
        f"p{grey},{brightness(grey):.4f},{label},{votes}\n"
        for grey, label, votes in zip(
            GREYS,
            ["red", "green", "red", "spaceship", "", "red"],
            ["5,5", ",", ",", ",", ",", "0,0"],
            strict=True,
        )
    )
    found = _trial(album, _rated(album, text)).as_json()
    assert found["semantic_top1"] == pytest.approx(2 / 4)  # the third is blue, so is the last
    assert found["emd"] == pytest.approx(0.29 + 0.45 + 7 * 0.5, abs=0.05)  # bins of the first
    assert list(found["by_category"]) == ["green", "red", "spaceship"]
    red = found["by_category"]["red"]
    assert (red["n"], red["srcc"]) == (3, 1)
    mean = np.mean([brightness(GREYS[i]) for i in (0, 2, 5)])
    assert red["mean_truth"] == pytest.approx(mean, abs=1e-4)
    assert red["mean_score"] == pytest.approx(red["mean_truth"], abs=0.15)
    assert found["by_category"]["green"]["srcc"] is None


def test_a_network_without_tags_takes_part(album: Path) -> None:
    photos = _rated(album, "image,score,semantic\np10,2,red\np60,4,blue\np200,8,red\n")
    assessor = Assessor(store=write_weights(album, facts=BARE), model="made")
    found = summarize_trial(
        list(assess_each_timed(assessor, photos)), photos, assessor=assessor
    ).as_json()
    assert (found["srcc"], found["accuracy"]) == (1, 1)
    assert found["semantic_top1"] is found["semantic_map"] is None
    assert set(found["by_category"]) == {"red", "blue"}


def test_a_line_is_written_for_every_photograph(album: Path) -> None:
    photos = _rated(album, "image,score\np10,2\nnowhere,3\np200,8\n")
    judged = list(assess_each_timed(Assessor(store=write_weights(album), model="made"), photos))
    stream = io.StringIO()
    write_scores(stream, judged, photos)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert [row["image"] for row in rows] == ["p10", "nowhere", "p200"]
    assert float(rows[0]["score"]) == pytest.approx(brightness(10), abs=0.2)
    assert rows[0]["semantic"] == "red"
    assert rows[1]["score"] == ""
    assert "no such file" in rows[1]["error"]
    assert float(rows[2]["truth"]) == 8
