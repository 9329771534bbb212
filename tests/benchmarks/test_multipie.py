"""The Multi-PIE protocol in one go, on a tree made of rendered heads."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.multipie import SHIPPED, make_tree, run_protocol, table
from goodside.rotation.evaluation.multipie import YAW_OF_CAMERA, MultipieReport, read_multipie
from goodside_train.config import read_recipe
from goodside_train.rotation.datasets.multipie import multipie
from goodside_train.rotation.recipe import RotationRecipe
from tests.train.rotation.made import TINY, write_data

FIELDS = ("image", "identity", "yaw_deg", "pitch_deg", "light")


def _write_views(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    with (folder / "views.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(FIELDS)
        writer.writerows(rows)
    return folder


def test_a_made_tree_has_all_cameras_and_both_kinds_of_subjects(tmp_path: Path) -> None:
    rows: list[tuple[str, str, int, int, str]] = []
    for identity in ("ann", "bo", "cy"):
        for yaw in (*YAW_OF_CAMERA.values(), 7):  # no camera stands at 7 degrees
            lights = ("day", "night")
            rows += [(f"{identity}{yaw}{one}.png", identity, yaw, 0, one) for one in lights]
        rows.append((f"{identity}-up.png", identity, 0, -15, "day"))
    half = np.dstack([np.full((8, 8, 3), 250, np.uint8), np.zeros((8, 8), np.uint8)])
    for row in rows:
        Image.fromarray(half).save(tmp_path / row[0])
    tree = tmp_path / "tree"
    make_tree(_write_views(tmp_path, rows), tree, setting=1)
    benchmark = read_multipie(tree, setting=1)
    assert [probe.subject for probe in benchmark.gallery] == ["151"]
    assert {probe.yaw_deg for probe in benchmark.probes} == set(YAW_OF_CAMERA.values())
    assert len(benchmark.probes) == 2 * 13 - 1
    trained = multipie(tree, setting=1)
    assert {one.identity for one in trained.portraits} == {"multipie-001", "multipie-002"}
    assert len(trained.portraits) == 2 * 2 * 13
    picture = tree / "session01" / "multiview" / "151" / "01" / "04_1" / "151_01_01_041_07.png"
    with Image.open(picture) as image:
        assert image.getpixel((4, 4)) == (128, 128, 128)  # grey where nothing was rendered


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MultipieReport]:
    """Four heads, the fourth a lighter one; two are trained on and two are recognised."""
    folder = tmp_path_factory.mktemp("multipie")
    heads = write_data(folder) / "heads"
    with (heads / "views.csv").open(newline="", encoding="utf-8") as stream:
        rows = [[row[name] for name in FIELDS] for row in csv.DictReader(stream)]
    for image, *others in [row for row in rows if row[1] == "head-red"]:
        name = image.replace("red", "white")
        rgba = np.asarray(Image.open(heads / image)).copy()
        rgba[..., :3] = 128 + rgba[..., :3] // 2
        Image.fromarray(rgba).save(heads / name)
        rows.append([name, "head-white", *others[1:]])
    _write_views(heads, rows)
    tree = folder / "tree"
    make_tree(heads, tree, setting=1)
    recipe = read_recipe(TINY, RotationRecipe)
    return run_protocol(tree, recipe, out=folder / "out", setting=1, file=TINY)


def test_the_protocol_runs_from_training_to_recognition(
    reports: dict[str, MultipieReport],
) -> None:
    assert list(reports) == ["trained", *SHIPPED]
    for report in reports.values():
        assert report.people == 2
        assert [row.yaw_deg for row in report.rows] == [-30, 30]
        for row in report.rows:
            assert row.count + row.lost == 2
            assert row.plain is not None
            assert row.rotated is not None
            assert {row.plain, row.rotated} <= {0.0, 0.5, 1.0}
    plain = [[row.plain for row in report.rows] for report in reports.values()]
    assert plain[0] == plain[1] == plain[2]  # the photographs are the same for all


def test_the_table_has_a_column_a_model(reports: dict[str, MultipieReport]) -> None:
    lines = table(reports).splitlines()
    assert (
        lines[0] == "| yaw | n | no face | photograph | trained | rotation-capg | rotation-mesh |"
    )
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["-30", "+30"]
