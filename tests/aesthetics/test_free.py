"""The weights for any use: what their cards promise, and every command with them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from goodside.aesthetics import Assessor
from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import Catalog, open_catalog
from goodside.album.report import make_report, render_report
from goodside.album.scan.analyzer import Setup
from goodside.cli import cli
from goodside.runtime import WeightsStore
from tests.aesthetics.test_order import spoiled_pairs
from tests.album.scan.made import quick_scan

PHOTOS = sorted((Path(__file__).parents[2] / "examples" / "photos").glob("*.jpg"))
NAMES = ("aesthetics-free", "aesthetics-free-int8")
STORE = WeightsStore()


def _run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(cli, list(map(str, arguments)), env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / "catalog.db") as opened:
        yield opened


@pytest.mark.parametrize("name", NAMES)
def test_the_card_allows_any_use_and_names_every_source(name: str) -> None:
    card = STORE.card(name)
    assert card.license == "Apache-2.0"
    assert "commercial" in card.terms
    assert card.facts["learnt_from"] == ["OASIS", "BIQ"]
    for source in ("NIMA", "open_nsfw", "efficientnet-lite0", "efficientnet-lite2"):
        assert source in card.source
    for data in ("OASIS", "BIQ2021", "Unsplash"):
        assert data in card.data
    assert "PARA" not in card.data


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_what_they_reach_on_photographs_kept_apart(name: str) -> None:
    figures = STORE.card(name).metrics
    assert figures["oasis_test"]["srcc"] >= 0.66
    assert figures["para_test"]["srcc"] >= 0.64
    assert figures["biq_test"]["technical_srcc"] >= 0.79
    orders = figures["made_pairs"]
    assert min(one["beauty"] for one in orders.values()) >= 0.9
    assert sorted(one["beauty"] for one in orders.values())[1] >= 0.98  # all but overexposure
    if name.endswith("int8"):
        assert figures["against_float32"]["srcc"] >= 0.995
    else:
        assert figures["parity_with_torch"] <= 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_originals_lead_their_spoiled_copies(name: str) -> None:
    assessor, pairs = Assessor(model=name), spoiled_pairs()
    better = assessor.assess_batch([pair[1] for pair in pairs])
    worse = assessor.assess_batch([pair[2] for pair in pairs])
    wrong = [
        pair[0]
        for pair, a, b in zip(pairs, better, worse, strict=True)
        if a.aesthetic.score <= b.aesthetic.score
    ]
    assert len(wrong) <= 0.2 * len(pairs), wrong
    for (pair, _, _), a, b in zip(pairs, better, worse, strict=True):
        assert a.technical is not None
        assert b.technical is not None
        if "blurred" in pair or "overexposed" in pair:  # a crop and a tilt are no lack of quality
            assert b.technical < a.technical


def test_int8_says_nearly_the_same() -> None:
    exact, small = (Assessor(model=name).assess_batch(PHOTOS) for name in NAMES)
    moved = [abs(a.aesthetic.score - b.aesthetic.score) for a, b in zip(exact, small, strict=True)]
    assert max(moved) < 0.4
    assert np.mean(moved) < 0.1


def test_assess_shows_what_they_say() -> None:
    record = json.loads(_run("assess", PHOTOS[0], "--model", NAMES[0], "--json").stdout)
    assert record["semantics"][0]["label"] == "portrait"
    assert 1 <= record["technical"] <= 10
    assert 0 <= record["aesthetic"]["percentile"] <= 100
    assert PHOTOS[0].name in _run("assess", PHOTOS[0], "--model", NAMES[0]).stdout


def test_an_explanation_compares_with_photographs_of_the_same_kind(tmp_path: Path) -> None:
    _run("assess", PHOTOS[0], "--model", NAMES[0], "--explain", tmp_path)
    record = json.loads((tmp_path / f"{PHOTOS[0].stem}-explained.json").read_text())
    text = json.dumps(record)
    assert "% of portraits" in text
    (technical,) = (
        record["explanation"]["attributes"] if "explanation" in record else record["attributes"]
    )
    assert technical["name"] == "technical"
    assert technical["usual"] is not None
    assert "echnical quality" in text


def test_relations_are_said_to_be_none() -> None:
    done = CliRunner().invoke(cli, ["model", NAMES[0], "--relations"])
    assert done.exit_code != 0
    assert "no relations" in str(done.exception)


def test_evaluation_measures_the_kinds(tmp_path: Path) -> None:
    table = tmp_path / "ratings.csv"
    with table.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["image", "score", "semantic"])
        rows.writerows([path.name, 1 + index % 5, "animal"] for index, path in enumerate(PHOTOS))
    done = _run("evaluate", "aesthetics", "--images", PHOTOS[0].parent, "--labels", table,
                "--model", NAMES[0], "--json")  # fmt: skip
    figures = json.loads(done.stdout)
    assert figures["n"] == len(PHOTOS)
    assert figures["srcc"] is not None
    assert 0 < figures["semantic_top1"] < 1


def test_a_taste_is_learnt_on_them(tmp_path: Path) -> None:
    table, taste = tmp_path / "ratings.csv", tmp_path / "mine.json"
    with table.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["image", "score"])
        rows.writerows([path.name, 1 + index % 5] for index, path in enumerate(PHOTOS))
    _run("taste", "learn", table, "--images", PHOTOS[0].parent, "--out", taste, "--model", NAMES[0])
    done = _run("assess", PHOTOS[0], "--model", NAMES[0], "--taste", taste, "--json")
    assert 1 <= json.loads(done.stdout)["taste"]["score"] <= 10


def test_an_album_is_judged_by_them(catalog: Catalog) -> None:
    quick_scan(catalog, PHOTOS[0].parent, setup=Setup(judge=NAMES[0]))
    shots = read_album_photos(catalog)
    assert shots
    assert all(shot.is_photograph for shot in shots)
    models = {shot.photo.judged.model for shot in shots if shot.photo.judged is not None}
    assert models == {STORE.card(NAMES[0]).identifier}
    report = make_report(catalog, title="Free", card=STORE.card(NAMES[0]))
    page = render_report(report)
    assert "Free" in page
    assert any(path.stem in page for path in PHOTOS)
