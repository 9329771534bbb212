"""What the shipped weights take for no photograph, and what an album makes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw, ImageFont

from goodside.aesthetics import Assessor
from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import Catalog, Rate, SetFlag, SetTags
from goodside.album.export.table import rows
from goodside.album.picks import ModelScore, PickCriteria, Ranking
from goodside.album.report import make_report, render_report
from goodside.album.report.ranking import rank_photos
from goodside.album.scan.analyzer import Setup
from goodside.album.search.query import SearchHit
from goodside.cli import cli
from goodside.engines import Engines
from goodside.images.writing.atomic import make_folder
from goodside.runtime import WeightsStore, write_checksums
from goodside.types import RgbImage
from goodside.web.gallery.photographs.tile import describe_tiles
from tests.album.scan.made import EXAMPLES, quick_scan

PHOTOS = sorted(EXAMPLES.rglob("*.jpg"))
MODELS = (
    "aesthetics-lite0",
    "aesthetics-lite0-int8",
    "aesthetics-free",
    "aesthetics-free-int8",
)


def _flat(gray: int) -> RgbImage:
    return np.full((300, 400, 3), gray, np.uint8)


def _noise() -> RgbImage:
    return np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)


def _halftone() -> RgbImage:
    """A photograph as black dots on white, as a newspaper prints it."""
    photo = Image.open(EXAMPLES / "photos" / "cat.jpg").convert("L").resize((400, 300))
    rows_, columns = np.mgrid[:300, :400] * (2 * np.pi / 6)
    screen = 127 + 60 * (np.cos(rows_) + np.cos(columns))
    dots = (np.asarray(photo) > screen).astype(np.uint8) * 255
    return np.repeat(dots[..., None], 3, axis=2)


def _page() -> RgbImage:
    page = Image.new("RGB", (600, 800), (250, 250, 248))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(22)
    for line in range(28):
        draw.text((40, 30 + 26 * line), "the quick brown fox jumps over it all", "black", font=font)
    return np.asarray(page)


def _screenshot() -> RgbImage:
    """A chat: a bar above, bubbles left and right."""
    shot = Image.new("RGB", (450, 800), (236, 240, 244))
    draw, font = ImageDraw.Draw(shot), ImageFont.load_default(18)
    draw.rectangle((0, 0, 450, 64), fill=(32, 110, 160))
    draw.text((20, 20), "Family", "white", font=font)
    for number in range(8):
        left, top = (20, 150)[number % 2], 90 + 84 * number
        fill = ("white", (214, 245, 200))[number % 2]
        draw.rounded_rectangle((left, top, left + 270, top + 64), 14, fill=fill)
        draw.text((left + 14, top + 10), "are you coming at eight?", (30, 30, 30), font=font)
        draw.text((left + 200, top + 40), f"18:{10 + number}", (130, 130, 130), font=font)
    return np.asarray(shot)


def _test_chart() -> RgbImage:
    chart = np.zeros((300, 420, 3), np.uint8)
    for bar, color in enumerate(np.ndindex(2, 2, 2)):
        chart[:200, bar * 53 : bar * 53 + 53] = 192 * np.array(color)
    chart[200:] = np.linspace(0, 255, 420).astype(np.uint8)[None, :, None]
    return chart


MADE = {
    "noise": _noise(),
    "black": _flat(0),
    "white": _flat(255),
    "gray": _flat(128),
    "halftone": _halftone(),
    "page": _page(),
    "screenshot": _screenshot(),
    "chart": _test_chart(),
}


@pytest.mark.parametrize("model", MODELS)
def test_made_pictures_are_found_and_the_bundled_photographs_are_not(model: str) -> None:
    assessor = Assessor(model=model)
    made = assessor.assess_batch(list(MADE.values()))
    found = dict(zip(MADE, made, strict=True))
    assert [name for name, one in found.items() if one.is_photo] == []
    photos = assessor.assess_batch(PHOTOS)
    assert [path.name for path, one in zip(PHOTOS, photos, strict=True) if not one.is_photo] == []
    assert sum(one.verdict is not None and one.verdict.is_familiar for one in photos) >= 22


@pytest.mark.parametrize("model", MODELS)
def test_the_card_says_how_well_the_detector_does(model: str) -> None:
    figures = WeightsStore().card(model).metrics["photo_detector"]
    assert figures["photos"] == 1000
    assert figures["negatives"] >= 500
    assert figures["found"] >= 0.95
    assert figures["false_alarms"] <= 0.01


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """All made pictures, and three photographs."""
    folder = tmp_path / "album"
    make_folder(folder)
    for name, rgb in MADE.items():
        Image.fromarray(rgb).save(folder / f"{name}.png")
    for photo in PHOTOS[-3:]:
        (folder / photo.name).write_bytes(photo.read_bytes())
    return folder


def _shots(catalog: Catalog) -> dict[str, AlbumPhoto]:
    return {shot.photo.paths[0].stem: shot for shot in read_album_photos(catalog)}


def test_an_album_tags_them_and_never_picks_them(catalog: Catalog, mixed: Path) -> None:
    quick_scan(catalog, mixed)
    shots = _shots(catalog)
    assert {name for name, shot in shots.items() if not shot.is_photograph} == set(MADE)
    assert "not a photograph" in shots["page"].tags
    photos = {path.stem for path in PHOTOS[-3:]}
    picks = Ranking(list(shots.values())).best(PickCriteria(n=20))
    assert {pick.shot.photo.paths[0].stem for pick in picks} == photos
    for name, shot in shots.items():
        (row,), (tile,) = rows([SearchHit(shot, 1.0)]), describe_tiles([shot])
        told = (row["percentile"] is None, tile["percentile"] is None, shot.percentile is None)
        assert told == ((False,) * 3 if name in photos else (True,) * 3)


def test_the_report_counts_them_and_shows_no_percentile(catalog: Catalog, mixed: Path) -> None:
    quick_scan(catalog, mixed)
    made = make_report(catalog, title="Album")
    assert len(made.picks) == 3
    assert made.summary.not_photographs == len(MADE)
    assert len(made.summary.scores) == 3
    assert not {Path(tile.name).stem for tile in made.weakest} & set(MADE)
    assert f"{len(MADE)} pictures, never picked" in render_report(made)


def test_a_page_the_person_picked_is_picked_without_its_score(
    catalog: Catalog, mixed: Path
) -> None:
    quick_scan(catalog, mixed)
    content = _shots(catalog)["page"].photo.sha256
    catalog.decide(SetFlag(photos=(content,), flag="pick"))
    picks = Ranking(list(_shots(catalog).values())).best(PickCriteria(n=20))
    (page,) = (pick for pick in picks if not pick.shot.is_photograph)
    assert page.shot.photo.sha256 == content
    assert not any(isinstance(reason, ModelScore) for reason in page.reasons)
    made = make_report(catalog, title="Album")
    assert "not a photograph" in render_report(made)


def test_a_page_of_photographs_shows_them_last(mixed: Path) -> None:
    made = rank_photos(sorted(mixed.iterdir()), engines=Engines(), turning=False)
    shown = [tile.is_photograph for tile in made.picks]
    assert shown == [True] * 3 + [False] * len(MADE)
    assert render_report(made).count("not a photograph") == len(MADE)


def test_an_explanation_compares_it_with_nothing() -> None:
    found = Assessor().explain(MADE["page"])
    assert found.percentile is None
    assert found.sentence.startswith("This is not a photograph")
    assert all(one.percentile is None and one.usual is None for one in found.attributes)


def test_the_command_says_it(mixed: Path) -> None:
    done = CliRunner().invoke(cli, ["assess", str(mixed)], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    lines = [line for line in done.stdout.splitlines() if "not a photograph" in line]
    assert len(lines) == len(MADE)


def test_an_album_of_earlier_weights_is_judged_anew_and_keeps_every_decision(
    catalog: Catalog, mixed: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old-weights"
    shutil.copytree(WeightsStore().folder, old)
    card_path = old / "aesthetics-free.json"
    card = json.loads(card_path.read_text(encoding="utf-8"))
    del card["facts"]["photo_detector"], card["metrics"]["photo_detector"]
    card_path.write_text(json.dumps(card | {"version": "1.2.0"}), encoding="utf-8")
    write_checksums(old)
    quick_scan(catalog, mixed, setup=Setup(weights=old))
    before = _shots(catalog)
    assert all(shot.is_photograph for shot in before.values())
    photo, page = PHOTOS[-1].stem, "page"
    contents = {name: shot.photo.sha256 for name, shot in before.items()}
    catalog.decide(Rate(photos=(contents[photo],), stars=4))
    catalog.decide(SetFlag(photos=(contents[page],), flag="pick"))
    catalog.decide(SetTags(photos=(contents[photo],), add=("holiday",)))
    summary = quick_scan(catalog, mixed)
    assert summary.read == len(before)
    after = _shots(catalog)
    assert {name: shot.photo.sha256 for name, shot in after.items()} == contents
    assert {one.photo.judged.model for one in after.values() if one.photo.judged} == {
        WeightsStore().card("aesthetics-free").identifier
    }
    assert {name for name, shot in after.items() if not shot.is_photograph} == set(MADE)
    assert (after[photo].stars, "holiday" in after[photo].tags) == (4, True)
    assert after[page].flag == "pick"
    assert quick_scan(catalog, mixed).unchanged == len(before)
