"""`goodside leaks` with planted leaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from goodside.cli import cli
from goodside.errors import SettingsError
from tests.images.made import textured


def _photo(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return textured(160, 120, seed=seed)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Six photographs to train on and three to test on, none of them the same."""
    for folder, seeds in (("train", range(6)), ("test", range(20, 23))):
        (tmp_path / folder).mkdir()
        for seed in seeds:
            Image.fromarray(_photo(seed)).save(tmp_path / folder / f"{seed}.png")
    return tmp_path


def _leaks(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["leaks", *map(str, arguments)], catch_exceptions=False)


def test_clean_sets(data: Path) -> None:
    result = _leaks(data / "train", data / "test")
    assert result.exit_code == 0
    assert result.stdout == "0 leaks among 6 train, 3 test\n"


def test_planted_leaks_are_found_copies_first(data: Path) -> None:
    Image.fromarray(_photo(2)[1:-1, 2:]).save(data / "test" / "cut.jpg", quality=60)
    Image.fromarray(_photo(4)).resize((80, 60)).save(data / "test" / "small.webp")
    shutil.copy(data / "train" / "5.png", data / "test" / "renamed.png")
    result = _leaks(data / "train", data / "test", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["photographs"] == {"train": 6, "test": 6}
    pairs = [
        (leak["kind"], *(Path(photo).name for photo in leak["photos"])) for leak in told["leaks"]
    ]
    assert pairs[0] == ("copy", "5.png", "renamed.png")
    assert set(pairs[1:]) == {("near", "2.png", "cut.jpg"), ("near", "4.png", "small.webp")}
    assert all(leak["between"] == ["train", "test"] for leak in told["leaks"])
    assert all(leak["likeness"] > 0.9 for leak in told["leaks"])


def test_lines_name_both_files(data: Path) -> None:
    shutil.copy(data / "train" / "0.png", data / "test" / "again.png")
    result = _leaks(data / "train", data / "test")
    first, last = result.stdout.splitlines()
    assert first.split() == ["copy", str(data / "train/0.png"), str(data / "test/again.png")]
    assert last == "1 leaks among 6 train, 4 test"


def test_thresholds_can_be_stricter(data: Path) -> None:
    Image.fromarray(_photo(2)[3:, 3:]).save(data / "test" / "cut.png")
    assert _leaks(data / "train", data / "test").exit_code == 1
    assert _leaks(data / "train", data / "test", "--bits", 0).exit_code == 0
    assert _leaks(data / "train", data / "test", "--likeness", 1).exit_code == 0


def test_a_folder_within_the_other_is_compared_with_the_rest(data: Path) -> None:
    result = _leaks(data, data / "test")
    assert result.exit_code == 0
    assert "6 train, 3 test" in result.stdout


def test_a_comparison_with_nothing_is_no_clean_bill(data: Path) -> None:
    (data / "empty").mkdir()
    for train, test in (("empty", "test"), ("train", "empty"), ("test", "test")):
        with pytest.raises(SettingsError, match="no photograph to compare") as caught:
            _leaks(data / train, data / test)
        assert caught.value.path == str(data / ("test" if train == test else "empty"))


def test_sets_of_a_table(data: Path) -> None:
    shutil.copy(data / "train" / "1.png", data / "train" / "1b.png")
    shutil.copy(data / "train" / "3.png", data / "train" / "3b.png")
    table = data / "split.csv"
    table.write_text(
        "image,split\n0,train\n1,train\n3,train\n3b,train\n1b,validation\n2,test\n4,\n",
        encoding="utf-8",
    )
    result = _leaks(data / "train", "--labels", table, "--json")
    told = json.loads(result.stdout)
    assert told["photographs"] == {"train": 4, "validation": 1, "test": 1}
    assert [leak["between"] for leak in told["leaks"]] == [["train", "validation"]]
    assert result.exit_code == 1


def test_an_unreadable_photograph_is_told(data: Path) -> None:
    (data / "test" / "broken.jpg").write_bytes(b"no picture")
    result = _leaks(data / "train", data / "test", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"] == 1
    assert "broken.jpg" in result.stderr


@pytest.mark.parametrize("given", [(), ("test", "--labels", "split.csv")])
def test_two_folders_or_a_table(data: Path, given: tuple[str, ...]) -> None:
    result = _leaks(data / "train", *(str(data / one) if "-" not in one else one for one in given))
    assert result.exit_code == 2
    assert "two folders, or one folder and --labels" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [("image,split\n0,train\n", "names 1 set"), ("image\n0\n", "no column 'split'")],
)
def test_a_table_without_sets(data: Path, text: str, told: str) -> None:
    (data / "split.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        _leaks(data / "train", "--labels", data / "split.csv")
