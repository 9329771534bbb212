"""The published protocol on a made AVA folder: the official test list, delta by delta."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from goodside.aesthetics.evaluation.ava_lists import read_ava_table, read_test_photos
from goodside.cli import cli
from goodside.errors import SettingsError
from tests.aesthetics.made import write_weights
from tests.train.aesthetics import made

_TEST = 10
"""Photographs of the made folder's test list."""


@pytest.fixture
def ava(tmp_path: Path) -> Path:
    made.make_ava(tmp_path / "ava")
    write_weights(tmp_path)
    return tmp_path / "ava"


def _run(ava: Path, *arguments: str) -> Result:
    command = ["evaluate", "aesthetics", "--protocol", "ava", "--images", str(ava)]
    command += ["--weights", str(ava.parent), "--model", "made"]
    return CliRunner().invoke(cli, [*command, *arguments], catch_exceptions=False)


def test_the_test_list_and_nothing_else(ava: Path) -> None:
    photos = read_test_photos(ava)
    assert photos.names == tuple(f"{1050 + n}.jpg" for n in range(_TEST))
    assert all(path.is_file() for path in photos.paths)
    table = read_ava_table(ava)
    assert len(table.ids) == 59  # of 60, one of which nobody rated
    known = dict(zip(table.ids.tolist(), table.means.tolist(), strict=True))
    np.testing.assert_allclose(photos.score, [known[1050 + n] for n in range(_TEST)])
    assert photos.distribution is not None
    np.testing.assert_allclose(photos.distribution @ np.arange(1, 11), photos.score)
    assert photos.semantic is not None
    assert set(photos.semantic) >= {None, "Cityscape;Still Life"}


def test_rows_are_those_counted_by_hand(ava: Path) -> None:
    found = json.loads(_run(ava, "--json").stdout)
    photos = read_test_photos(ava)
    weights = {"GOODSIDE_WEIGHTS_DIR": str(ava.parent), "GOODSIDE_AESTHETICS_MODEL": "made"}
    judged = CliRunner().invoke(cli, ["assess", "--json", *map(str, photos.paths)], env=weights)
    chance = np.array(
        [json.loads(line)["aesthetic"]["high_quality"] for line in judged.stdout.splitlines()]
    )
    assert [row["delta"] for row in found["deltas"]] == [0, 1]
    for row in found["deltas"]:
        clear = np.abs(photos.score - 5) >= row["delta"]
        high = (photos.score >= 5)[clear]
        assert row["n"] == clear.sum()
        assert row["accuracy"] == pytest.approx(((chance >= 0.5)[clear] == high).mean(), abs=1e-4)
        assert row["majority"] == pytest.approx(max(high.mean(), 1 - high.mean()), abs=1e-4)
    assert [row["published"] for row in found["deltas"]] == [0.7908, None]
    assert found["protocol"] == "ava"
    assert (found["n"], found["high_from"], found["scale"]) == (_TEST, 5, [1, 10])
    assert found["accuracy"] == found["deltas"][0]["accuracy"]


def test_the_table_has_the_mark_to_reach(ava: Path) -> None:
    done = _run(ava)
    assert done.exit_code == 0
    assert "AVA's official test list" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.split()[:2] == ["0", "10"])
    assert row.split()[-1] == "79.08%"


def test_images_that_are_missing_do_not_count(ava: Path) -> None:
    (ava / "images" / "1051.jpg").unlink()
    done = _run(ava, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert "1051.jpg: no such file" in done.stderr
    assert (found["n"], found["errors"], found["deltas"][0]["n"]) == (9, 1, 9)


def test_without_any_image_the_table_is_empty(ava: Path) -> None:
    for path in (ava / "images").iterdir():
        path.unlink()
    found = json.loads(_run(ava, "--json").stdout)
    assert [row["n"] for row in found["deltas"]] == [0, 0]
    assert [row["accuracy"] for row in found["deltas"]] == [None, None]


def test_the_protocol_says_the_labels(ava: Path) -> None:
    refused = _run(ava, "--scale", "1", "10")
    assert refused.exit_code == 2
    assert "--protocol says what" in refused.output
    without = CliRunner().invoke(cli, ["evaluate", "aesthetics", "--images", str(ava)])
    assert without.exit_code == 2
    assert "--labels, or a --protocol" in without.output


@pytest.mark.parametrize("gone", ["AVA.txt", "aesthetics_image_lists/generic_test.jpgl"])
def test_a_missing_list_is_named(ava: Path, gone: str) -> None:
    (ava / gone).unlink()
    with pytest.raises(SettingsError, match=gone.rpartition("/")[2]):
        read_test_photos(ava)


def test_a_list_of_other_images_is_refused(ava: Path) -> None:
    made.write_lines(ava / "aesthetics_image_lists" / "generic_test.jpgl", [1, 2])
    with pytest.raises(SettingsError, match="no image of the test list"):
        read_test_photos(ava)
