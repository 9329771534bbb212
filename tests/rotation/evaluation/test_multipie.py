"""The Multi-PIE layout, made: which pictures count, who is the gallery, rank-1 by yaw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.errors import NoFace, SettingsError
from goodside.rotation.evaluation.likeness import Likeness, Likenesses
from goodside.rotation.evaluation.multipie import (
    YAW_OF_CAMERA,
    Setting,
    evaluate_multipie,
    read_multipie,
)
from goodside.rotation.evaluation.report import to_json

SUBJECTS = (150, 151, 200, 201, 250)


def _picture(  # noqa: PLR0917
    root: Path, subject: int, session: str, recording: str, camera: str, light: str
) -> None:
    folder = root / f"session{session}" / "multiview" / f"{subject:03d}" / recording
    folder = folder / f"{camera[:2]}_{camera[2]}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{subject:03d}_{session}_{recording}_{camera}_{light}.png").touch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five people; the last one comes first in session 2."""
    for subject in SUBJECTS:
        for session in ("01", "02", "04") if subject != 250 else ("02", "04"):
            for camera in ("051", "041", "240", "191"):
                for light in ("00", "07"):
                    _picture(tmp_path, subject, session, "01", camera, light)
            _picture(tmp_path, subject, session, "02", "051", "07")  # not neutral
        _picture(tmp_path, subject, "04", "03", "041", "07")  # neutral in session 4 alone
    (tmp_path / "readme.txt").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("setting", "gallery", "probes"),
    [
        (1, {"151": "01", "200": "01", "201": "01"}, 3 * (3 * 2 - 1)),
        (2, {"201": "01", "250": "02"}, (3 * 6 + 1 - 1) + (2 * 6 + 1 - 1)),
    ],
)
def test_each_setting_has_its_people_gallery_and_probes(
    folder: Path, setting: Setting, gallery: dict[str, str], probes: int
) -> None:
    benchmark = read_multipie(folder, setting=setting)
    assert {probe.subject: probe.session for probe in benchmark.gallery} == gallery
    assert all((p.yaw_deg, p.light) == (0, "07") for p in benchmark.gallery)
    assert len(benchmark.probes) == probes
    assert {p.yaw_deg for p in benchmark.probes} == {0, 30, 90}
    assert not set(benchmark.gallery) & set(benchmark.probes)


def test_the_cameras_stand_fifteen_degrees_apart() -> None:
    assert sorted(YAW_OF_CAMERA.values()) == list(range(-90, 91, 15))


def test_a_folder_without_the_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no gallery picture of setting 1.*session01"):
        read_multipie(tmp_path, setting=1)


def test_rank_one_by_yaw_with_the_lost_apart(folder: Path) -> None:
    people = {"151": 0, "200": 1, "201": 2}

    def read(path: Path) -> Likenesses:
        subject, _, _, camera, light = path.stem.split("_")
        if (subject, camera, light) == ("200", "240", "00"):
            raise NoFace("no face was found", path=path)
        right = np.eye(4, dtype=np.float32)[people[subject]]
        wrong = np.eye(4, dtype=np.float32)[(people[subject] + 1) % 3]
        yaw = YAW_OF_CAMERA[camera]
        plain = wrong if yaw == 90 and subject == "151" else right
        return Likenesses(Likeness(yaw, plain, wrong if yaw else right, right))

    report = to_json(evaluate_multipie(read_multipie(folder, setting=1), read=read))
    assert (report["people"], report["probes"], report["failures"]) == (3, 15, [])
    assert report["rows"] == [
        {"yaw": 0, "n": 3, "lost": 0, "plain": 1, "rotated": 1, "fused": 1},
        {"yaw": 30, "n": 6, "lost": 0, "plain": 1, "rotated": 0, "fused": 1},
        {"yaw": 90, "n": 5, "lost": 1, "plain": 0.6, "rotated": 0, "fused": 1},
    ]


def test_people_without_a_gallery_face_are_out(folder: Path) -> None:
    def read(path: Path) -> Likenesses:
        if path.name == "201_01_01_051_07.png":
            raise NoFace("no face was found", path=path)
        vector = np.ones(1, np.float32)
        return Likenesses(Likeness(0, vector, vector, vector))

    report = to_json(evaluate_multipie(read_multipie(folder, setting=1), read=read))
    assert report["people"] == 2
    assert [Path(path).name for path in report["failures"]] == ["201_01_01_051_07.png"]
    assert report["probes"] == 10
