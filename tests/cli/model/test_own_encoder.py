"""An encoder of one's own from its file to an album that it judges, by the commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from goodside import calls
from goodside.aesthetics.assess import DEFAULT_MODEL
from goodside.album.catalog import open_catalog, read_vectors
from goodside.cli import cli
from goodside.errors import CatalogError, GoodsideError, OutputError, SettingsError, WeightsError
from tests.aesthetics.encoders.made import FEATURES, MadeEncoder, write_encoder
from tests.train.aesthetics import made


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an encoder's file, rated photographs, and places for models and an album."""
    monkeypatch.setenv("GOODSIDE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(9)
    rows = []
    for number in range(24):
        level = float(rng.uniform())
        made.save(tmp_path / "photos" / f"{number:02}.jpg", made.photo(number, level=level))
        rows.append({"image": f"{number:02}", "score": round(1 + 9 * level, 1)})
    made.write_csv(tmp_path / "ratings.csv", rows)
    write_encoder(tmp_path / "clip.onnx", MadeEncoder(batch=1))
    calls.forget()
    return tmp_path


def _run(command: str, *, fails: type[GoodsideError] | None = None) -> Result:
    done = CliRunner().invoke(cli, command.split())
    if fails is None:
        assert done.exit_code == 0, (done.output, done.exception)
    else:
        assert isinstance(done.exception, fails), done.output
    return done


_ADD = "model add clip.onnx --name my-clip --license MIT"
_TRAIN = "train aesthetics --features --model my-clip --ratings ratings.csv --images photos"


def test_from_a_file_to_an_album(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = _run(_ADD).stdout  # the family is told from the file's name
    assert "my-clip 1.0.0, preset clip" in added
    assert f"image_embeds: {FEATURES} features" in added
    assert "my-clip 1.0.0" in _run("model").stdout
    assert "aesthetics-lite0" in _run("model").stdout
    card = json.loads(_run("model my-clip --json").stdout)
    assert (card["encoder"]["batch"], card["license"]) == (1, "MIT")

    for command in (
        "assess photos/00.jpg",
        "evaluate aesthetics --images photos --labels ratings.csv",
    ):
        refused = _run(f"{command} --model my-clip", fails=WeightsError)
        assert "no opinion of photographs yet" in str(refused.exception)
    monkeypatch.setenv("GOODSIDE_AESTHETICS_MODEL", "my-clip")
    for command in (
        "album scan photos --workers 1",
        "album review photos --workers 1",
        "assess photos/00.jpg",
        "page photos",
    ):
        refused = _run(command, fails=WeightsError)
        assert "train aesthetics --features --model my-clip" in str(refused.exception)
    monkeypatch.delenv("GOODSIDE_AESTHETICS_MODEL")

    learnt = _run(f"{_TRAIN} --out run").stdout
    assert "my-clip-heads 1.0.0: heads learnt from 24 photographs" in learnt
    assert "rank correlation" in learnt
    assert list((place / "run").glob("features-*.npz"))
    judged = [
        json.loads(line)
        for line in _run("assess photos --json --model my-clip-heads").stdout.splitlines()
    ]
    rated = [
        float(row.split(",")[1]) for row in (place / "ratings.csv").read_text().splitlines()[1:]
    ]
    scores = [one["aesthetic"]["score"] for one in judged]
    assert np.corrcoef(scores, rated)[0, 1] > 0.8

    monkeypatch.setenv("GOODSIDE_AESTHETICS_MODEL", "my-clip-heads")
    _run("album scan photos --no-faces --workers 1")
    with open_catalog(place / "catalog.db") as catalog, catalog.read() as session:
        _, vectors = read_vectors(session)
    assert vectors.shape == (24, FEATURES)
    found = _run("album find --like photos/07.jpg --limit 3").stdout.splitlines()
    assert found[0].endswith("07.jpg")
    assert " 1.00 " in found[0]
    picks = _run("album picks -n 3 --json").stdout.splitlines()
    best = {f"{row:02}.jpg" for row in np.argsort(rated)[-8:]}
    assert json.loads(picks[0])["file"].rpartition("/")[2] in best
    _run("album report -o album.html")
    assert "my-clip-heads" in (place / "album.html").read_text(encoding="utf-8")


def test_an_album_whose_weights_change_says_so(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run("album scan photos --no-faces --workers 1")
    _run(_ADD)
    _run(_TRAIN)
    monkeypatch.setenv("GOODSIDE_AESTHETICS_MODEL", "my-clip-heads")
    refused = _run("album find --like photos/07.jpg", fails=CatalogError)
    assert f"{DEFAULT_MODEL} " in str(refused.exception)
    assert "goodside album scan" in str(refused.exception)
    _run("album scan photos --no-faces --workers 1")
    assert _run("album find --like photos/07.jpg").stdout.splitlines()[0].endswith("07.jpg")
    made.save(place / "more" / "new.jpg", made.photo(99, level=0.5))
    monkeypatch.delenv("GOODSIDE_AESTHETICS_MODEL")
    with open_catalog(place / "catalog.db") as catalog:  # a scan that was stopped half-way
        from tests.album.scan.made import quick_scan

        quick_scan(catalog, place / "more")
        with catalog.read() as session:
            assert read_vectors(session)[1].shape[1] in (FEATURES, 1280)
        assert not catalog.damaged


def test_a_taste_on_an_encoder(place: Path) -> None:
    _run(_ADD)
    _run("taste learn ratings.csv --images photos --model my-clip -o taste.json")
    lines = _run("assess photos --model my-clip --taste taste.json --json").stdout.splitlines()
    liked = [json.loads(line)["taste"]["score"] for line in lines]
    rated = [
        float(row.split(",")[1]) for row in (place / "ratings.csv").read_text().splitlines()[1:]
    ]
    assert np.corrcoef(liked, rated)[0, 1] > 0.8
    _run("assess photos/00.jpg --model my-clip --taste taste.json --explain why")
    _run("assess photos/00.jpg --taste taste.json", fails=WeightsError)  # of other weights


def test_a_name_twice(place: Path) -> None:
    _run(_ADD)
    _run(_ADD, fails=OutputError)
    _run(f"{_ADD} --overwrite --preset dinov2")
    refused = _run(_ADD.replace("my-clip", "aesthetics-lite0"), fails=SettingsError)
    assert "called aesthetics-lite0 already" in str(refused.exception)


def test_a_broken_card_of_ones_own_hides_no_other(place: Path) -> None:
    _run(_ADD)
    (place / "models" / "broken.json").write_text("{}", encoding="utf-8")
    listed = _run("model")
    assert "my-clip 1.0.0" in listed.stdout
    assert "broken.json" in listed.stderr
    _run("model broken", fails=WeightsError)


def test_a_preset_that_the_name_contradicts_is_doubted(place: Path) -> None:
    done = _run(f"{_ADD} --preset siglip")
    assert "speaks of clip" in done.stderr
    assert "is --preset siglip right?" in done.stderr


def test_the_card_as_json(place: Path) -> None:
    card = json.loads(
        _run(f"{_ADD} --json --version 2.1.0 --terms all --source hub --data web --fit pad").stdout
    )
    assert (card["version"], card["terms"], card["source"], card["data"]) == (
        *("2.1.0", "all", "hub", "web"),
    )
    assert card["preprocessing"]["fit"] == "pad"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("model add model.onnx --name a --license MIT", "does not tell its family"),
        (f"{_TRAIN} --config x.toml", "--config: heads on features have no recipe"),
        ("train aesthetics --features --model my-clip", "--ratings, or a data set"),
        ("train aesthetics --features --ratings ratings.csv", "name the encoder with --model"),
        (
            "train aesthetics --features --model my-clip --data photos --images photos",
            "--images goes with --ratings",
        ),
        (
            "train aesthetics --config x.toml --data photos --out o --model m",
            "--model: it goes with",
        ),
        ("train aesthetics --data photos --out run", "Missing option '--config'"),
        ("train aesthetics --config x.toml --out run", "Missing option '--data'"),
    ],
)
def test_options_that_do_not_go_together(command: str, reason: str, place: Path) -> None:
    (place / "bare").mkdir()
    write_encoder(place / "model.onnx")
    done = CliRunner().invoke(cli, command.split())
    assert done.exit_code == 2
    assert reason in done.output


def test_the_service_judges_with_it_and_refuses_it_without_heads(place: Path) -> None:
    from goodside.engines import Engines
    from goodside.errors import OutOfRange
    from goodside.web.api.engines.batches import check_model

    _run(_ADD)
    _run(_TRAIN)
    check_model(Engines(), "my-clip-heads", task="aesthetics")
    with pytest.raises(OutOfRange, match=r"no model my-clip for this.*my-clip-heads"):
        check_model(Engines(), "my-clip", task="aesthetics")
