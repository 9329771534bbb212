"""Data sets of several layouts: who is read, at which angles, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from goodside.errors import SettingsError
from goodside.face import FaceFinder
from goodside.rotation.evaluation.multipie import Setting, read_multipie
from goodside.rotation.generator.templates import read_templates
from goodside.runtime import WeightsStore
from goodside_train.rotation.datasets.large_pose import large_pose, read_pose
from goodside_train.rotation.datasets.lists import listed_photos, rendered_heads
from goodside_train.rotation.datasets.multipie import multipie
from goodside_train.rotation.datasets.portraits import load_portrait
from goodside_train.rotation.datasets.recipe_datasets import open_datasets
from goodside_train.rotation.pairs.make_pairs import view_pairs
from goodside_train.rotation.recipe import RotationDataRecipe
from tests.rotation.made import PORTRAIT


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _write_pose(path: Path, pitch: float, yaw: float, roll: float, *, packed: bool = True) -> None:
    """A `.mat` file with `Pose_Para`, as 300W-LP has them."""
    numbers = np.array([[*np.radians([pitch, yaw, roll]), 100, 200, 0, 1e-3]], np.float32)
    others = {"pt2d": np.zeros((2, 68)), "roi": np.array([[1, 2, 3, 4]], np.int32)}
    savemat(path, {"Pose_Para": numbers, **others}, do_compression=packed)


# --- Multi-PIE -------------------------------------------------------------------------------

_PICTURES = [
    f"session{session}/multiview/{subject}/01/{camera[:2]}_{camera[2]}/"
    f"{subject}_{session}_{recording}_{camera}_{light}.png"
    for session in ("01", "03")
    for subject in ("001", "150", "151", "200", "201")
    for recording in ("01", "02")
    for camera in ("051", "041", "191")
    for light in ("07", "12")
]


@pytest.mark.parametrize(("setting", "subjects", "count"), [(1, 2, 8), (2, 4, 32)])
def test_a_setting_trains_on_its_own_subjects(
    tmp_path: Path, setting: Setting, subjects: int, count: int
) -> None:
    _touch(tmp_path, *_PICTURES)
    portraits = multipie(tmp_path, setting=setting).portraits
    assert len({portrait.identity for portrait in portraits}) == subjects
    assert len(portraits) == count  # neutral, at the head's height; camera 19_1 is above it
    assert {portrait.yaw_deg for portrait in portraits} == {0, 30}
    tested = read_multipie(tmp_path, setting=setting)
    trained = {portrait.path for portrait in portraits}
    assert not trained & {probe.path for probe in (*tested.gallery, *tested.probes)}


def test_a_folder_without_multipie_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Multi-PIE"):
        multipie(tmp_path, setting=1)


# --- 300W-LP and AFLW2000 --------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
def test_the_pose_of_a_file_is_in_radians_and_turned_to_our_sense(
    tmp_path: Path, packed: bool
) -> None:
    for number, pose in enumerate([(0, 30, 0), (10, 0, 0), (0, 0, 15)]):
        _touch(tmp_path, f"AFW/AFW_1_{number}.jpg", f"AFW_Flip/AFW_1_{number}.jpg")
        for part in ("AFW", "AFW_Flip"):
            _write_pose(tmp_path / part / f"AFW_1_{number}.mat", *pose, packed=packed)
    _touch(tmp_path, "AFW/other_0.jpg")  # without a pose
    portraits = large_pose(tmp_path).portraits
    poses = [(portrait.yaw_deg, portrait.pitch_deg, portrait.roll_deg) for portrait in portraits]
    np.testing.assert_allclose(
        np.array(poses, np.float64), [(-30, 0, 0), (0, -10, 0), (0, 0, 15)], atol=1e-4
    )
    assert {(portrait.identity, portrait.moment) for portrait in portraits} == {("AFW_1", "AFW_1")}


@pytest.mark.parametrize("content", [b"", b"text", b"MATLAB 5.0".ljust(126) + b"IM" + b"\x0e" * 20])
def test_a_mat_file_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mat"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="MATLAB") as caught:
        read_pose(path)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("found", [{"other": [1]}, {"Pose_Para": [1, 2]}, {"Pose_Para": "text"}])
def test_a_mat_file_without_a_pose_is_told(tmp_path: Path, found: dict[str, object]) -> None:
    savemat(tmp_path / "a.mat", found)
    with pytest.raises(SettingsError, match="no Pose_Para"):
        read_pose(tmp_path / "a.mat")


def test_a_missing_mat_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MATLAB"):
        read_pose(tmp_path / "none.mat")


def test_a_folder_without_poses_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="mat"):
        large_pose(tmp_path)


# --- lists -----------------------------------------------------------------------------------


def test_a_list_of_pairs_pairs_only_what_stands_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        "source,target,identity,yaw_deg,pitch_deg\na.png,b.png,ann,30,\na.png,c.png,ann,,\n"
    )
    portraits = listed_photos(path).portraits
    assert [portrait.path.name for portrait in portraits] == ["a.png", "b.png", "a.png", "c.png"]
    assert [portrait.moment for portrait in portraits] == ["0", "0", "1", "1"]
    assert [portrait.yaw_deg for portrait in portraits] == [None, 30, None, None]
    assert {portrait.identity for portrait in portraits} == {"ann"}


def test_a_list_of_views_gives_each_its_angle(tmp_path: Path) -> None:
    path = tmp_path / "views.csv"
    path.write_text("image,identity,yaw_deg,pitch_deg,light\na.png,ann,-15,5,day\n")
    for portrait in (*listed_photos(path).portraits, *rendered_heads(tmp_path).portraits):
        assert (portrait.identity, portrait.yaw_deg, portrait.pitch_deg) == ("ann", -15, 5)
        assert portrait.light == "day"


@pytest.mark.parametrize("text", [None, "image,yaw_deg\na,0\n", "source,target\na,b\n"])
def test_a_list_that_lacks_something_is_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "views.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SettingsError, match="list of photographs"):
        listed_photos(path)
    with pytest.raises(SettingsError, match="list of views"):
        rendered_heads(tmp_path)


# --- from names to pairs ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photographs of one person, the second mirrored and moved, in Multi-PIE's names."""
    folder = tmp_path_factory.mktemp("photos")
    portrait = Image.open(PORTRAIT).convert("RGB").resize((256, 256))
    portrait.save(folder / "001_01_01_050_07.png")
    moved = portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(0, translate=(12, 5))
    moved.save(folder / "001_01_01_051_07.png")
    portrait.save(folder / "001_01_01_051_12.png")
    return folder


@pytest.mark.parametrize("across_lights", [False, True])
def test_photographs_make_pairs_each_in_its_own_frame(photos: Path, across_lights: bool) -> None:
    recipe = RotationDataRecipe(
        photos=(),
        heads="",
        multipie=".",
        view_pairs=6,
        held_out_share=0,
        across_lights=across_lights,
    )
    dataset = open_datasets(photos, recipe)[0]
    (pairs,) = view_pairs(
        dataset,
        recipe=recipe,
        templates=read_templates(WeightsStore().data("rotation-templates.npz")),
        size_px=32,
        held_out=False,
    )
    assert len(pairs) == 6
    assert pairs.photo.all()
    assert pairs.true.all()
    eyes = pairs.true_points[:, :2].mean(axis=1)
    assert (np.abs(eyes - (0.5, 0.42)) < 0.08).all()  # wherever the face stood in its photograph
    assert len(np.unique(pairs.target.mean(axis=(1, 2, 3)).round(1))) == 2 + across_lights


def test_the_face_tells_the_side_that_a_custom_leaves_open(photos: Path) -> None:
    (portrait,) = (s for s in multipie(photos, setting=1).portraits if s.yaw_deg == 15)
    view = load_portrait(portrait, rendered=False, finder=FaceFinder())
    assert view.face is not None
    assert abs(view.pose.yaw_deg) == 15
    assert np.sign(view.pose.yaw_deg) == np.sign(view.face.pose.yaw_deg)
