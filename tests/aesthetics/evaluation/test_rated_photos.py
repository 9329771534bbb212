"""Tables of rated photographs, made and broken in every way that people's own files are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.aesthetics.evaluation.rated_photos import RatedPhotos, Scale, read_table
from goodside.errors import SettingsError


def _read(folder: Path, text: str, *, scale: Scale | None = None) -> RatedPhotos:
    table = folder / "labels.csv"
    table.write_text(text, encoding="utf-8")
    return read_table(table, photos=folder, scale=scale)


def test_all_columns_are_read(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        "\ufeffimage,camera,score,semantic,votes_1.0,votes_3.0,votes_5.0\n"
        "a.jpg,Kodak,4.0,food,0,1,1\n"
        "b.jpg,Leica,2.0,,,,\n",
    )
    assert found.names == ("a.jpg", "b.jpg")
    assert found.scale == (1.0, 5.0)
    assert found.middle == 3
    assert found.semantic == ("food", None)
    assert found.ten is not None
    assert found.ten.tolist() == [7.75, 3.25]
    assert found.distribution is not None
    expected = np.zeros(10)
    expected[[4, 5, 9]] = [0.25, 0.25, 0.5]  # 3 of 5 lies half way between 5 and 6 of ten
    assert found.distribution[0] == pytest.approx(expected)
    assert np.isnan(found.distribution[1]).all()


@pytest.mark.parametrize(
    "text",
    [
        "image;score;semantic\r\na.jpg;3,5;food\r\nb.jpg;2;\r\n",
        "image\tscore\tsemantic\na.jpg\t3.5\tfood\nb.jpg\t2\t\n",
        ' Image ,"SCORE",Semantic\na.jpg,"3,5",food\nb.jpg,2,\n',
    ],
    ids=["semicolons", "tabs", "headings"],
)
def test_tables_come_in_the_shapes_that_programs_write(tmp_path: Path, text: str) -> None:
    found = _read(tmp_path, text)
    assert found.names == ("a.jpg", "b.jpg")
    assert found.score.tolist() == [3.5, 2.0]
    assert found.semantic == ("food", None)


def test_a_table_in_another_encoding_says_the_remedy(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("image,score\na.jpg,3\n", encoding="utf-16")
    with pytest.raises(SettingsError, match="UTF-8") as caught:
        read_table(table, photos=tmp_path)
    assert caught.value.remedy is not None


def test_only_a_score_is_needed(tmp_path: Path) -> None:
    found = _read(tmp_path, "image,score\na.jpg,3\n")
    assert found.distribution is None
    assert found.semantic is None
    assert found.split is None


def test_a_split_is_kept(tmp_path: Path) -> None:
    found = _read(tmp_path, "image,score,split\na.jpg,3, test\nb.jpg,4,\nc.jpg,5,train\n")
    assert found.split == ("test", "", "train")
    assert found.take([2, 0]).split == ("train", "test")


@pytest.mark.parametrize(
    ("scores", "scale"),
    [
        ("0 0.5 1", (0, 1)),
        ("1.2 4.9", (1, 5)),
        ("1.8 8.6", (1, 10)),
        ("0.5 8.6", (0, 10)),
        ("12 88", (0, 100)),
        ("-1.5 1.2", None),
        ("20 300", None),
    ],
)
def test_a_customary_scale_is_recognised(tmp_path: Path, scores: str, scale: Scale | None) -> None:
    found = _read(tmp_path, "image,score\n" + "".join(f"x,{s}\n" for s in scores.split()))
    assert found.scale == scale
    numbers = [float(s) for s in scores.split()]
    low, high = scale or (min(numbers), max(numbers))
    assert found.middle == pytest.approx((low + high) / 2)
    assert (found.ten is None) == (scale is None)


def test_a_given_scale_comes_first(tmp_path: Path) -> None:
    text = "image,score,votes_1,votes_5\na,3,0,4\n"
    assert _read(tmp_path, text).scale == (1, 5)
    assert _read(tmp_path, text, scale=(0, 6)).scale == (0, 6)


def test_votes_may_stand_on_another_scale_than_scores(tmp_path: Path) -> None:
    found = _read(tmp_path, "image,score,votes_1,votes_10\na,88,0,4\nb,3,2,2\n")
    assert found.scale == (0.0, 100.0)
    assert found.distribution is not None
    assert found.distribution[0, 9] == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("one.jpg", "one.jpg"),
        ("one", "one.jpg"),
        ("one.webp", "one.jpg"),
        ("deep/two.png", "deep/two.png"),
        ("deep/two", "deep/two.png"),
        ("two.png", "deep/two.png"),
        ("two", "deep/two.png"),
        ("v1.5", "v1.5.jpg"),
        ("same.jpg", "same.jpg"),
        ("same", "same.jpg"),
        ("bare", "bare"),
        ("deep/twin", "deep/twin.jpg"),
        ("deep\\two.png", "deep/two.png"),
        ("photos/one.jpg", "one.jpg"),
        ("photos/deep/twin.jpg", "deep/twin.jpg"),
        ("/elsewhere/photos/one.jpg", "one.jpg"),
        ("C:\\photos\\deep\\two", "deep/two.png"),
        ("ONE.JPG", "one.jpg"),
        ("Deep/Two", "deep/two.png"),
        ("gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n.jpg", "gru\N{COMBINING DIAERESIS}n.jpg"),
        ("/elsewhere/photos/deep/plain", "deep/plain"),
        ("deep\\plain", "deep/plain"),
    ],
)
def test_photographs_are_found_by_name(tmp_path: Path, name: str, file: str) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for place in ("one.jpg", "deep/two.png", "v1.5.jpg", "same.jpg", "deep/same.jpg", "bare",
                  "deep/twin.jpg", "other/twin.jpg", "deep/plain",
                  "gru\N{COMBINING DIAERESIS}n.jpg"):  # fmt: skip
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert _read(folder, f"image,score\n{name},1\n").paths == (folder / file,)


@pytest.mark.parametrize("name", ["nowhere.jpg", "twin", "", "c/one.jpg", "photos/"])
def test_a_missing_or_doubtful_name_leads_to_no_file(tmp_path: Path, name: str) -> None:
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "twin.jpg").touch()
    (tmp_path / "one.jpg").touch()
    assert not _read(tmp_path, f"image,score\n{name},1\n").paths[0].is_file()


def test_some_rows_may_be_taken(tmp_path: Path) -> None:
    text = "image,score,semantic,votes_1,votes_2\na,1,food,1,0\nb,2,,0,1\nc,1.5,animal,1,1\n"
    found = _read(tmp_path, text).take([2, 0])
    assert found.names == ("c", "a")
    assert found.score.tolist() == [1.5, 1]
    assert found.semantic == ("animal", "food")
    assert found.distribution is not None
    assert found.distribution[:, 0] == pytest.approx([0.5, 1])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no rows"),
        ("image,score\n", "no rows"),
        ("photo,score\na,1\n", "no column 'image'"),
        ("image,rating\na,1\n", "no column 'score'"),
        ("image,score\na,1\nb,good\n", "line 3: score is 'good'"),
        ("image,score\na,\n", "line 2: score is ''"),
        ("image,score\na,nan\n", "line 2"),
        ("image,score\na\n", "line 2"),
        ("image,score,votes_many,votes_1\na,1,2,3\n", "does not end in a number"),
        ("image,score,votes_1\na,1,2\n", "at least two"),
        ("image,score,votes_1,votes_2\na,1,2,-3\n", "line 2: a number of votes is negative"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as caught:
        _read(tmp_path, text)
    assert caught.value.path == str(tmp_path / "labels.csv")
    assert caught.value.remedy is not None


@pytest.mark.parametrize("scale", [(1, 5), (10, 1), (6, 6)])
def test_a_scale_that_does_not_hold_the_scores_is_refused(tmp_path: Path, scale: Scale) -> None:
    with pytest.raises(SettingsError, match="outside the scale"):
        _read(tmp_path, "image,score\na,6\n", scale=scale)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_table(tmp_path / "none.csv", photos=tmp_path)
