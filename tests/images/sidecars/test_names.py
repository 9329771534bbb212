"""Where sidecars stand, and whose a shared one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.errors import OutputError, SidecarError
from goodside.images.sidecars.names import SidecarStyle, find_sidecars, sidecar_paths


def _fill(folder: Path, names: str) -> None:
    for name in names.split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("photo", "style", "names"),
    [
        ("IMG_1.JPG", "adobe", ["IMG_1.xmp"]),
        ("IMG_1.JPG", "ext", ["IMG_1.JPG.xmp"]),
        ("IMG_1.JPG", "both", ["IMG_1.JPG.xmp", "IMG_1.xmp"]),
        ("a.b.jpg", "both", ["a.b.jpg.xmp", "a.b.xmp"]),
        ("scan", "both", ["scan.xmp"]),
        ("Größe 1.jpg", "adobe", ["Größe 1.xmp"]),
    ],
)
def test_names(photo: str, style: SidecarStyle, names: list[str], tmp_path: Path) -> None:
    (tmp_path / photo).touch()
    paths = sidecar_paths(tmp_path / photo, style=style)
    assert paths == tuple(tmp_path / name for name in names)


def test_a_folder_of_their_own_mirrors_the_tree(tmp_path: Path) -> None:
    root, folder = tmp_path / "photos", tmp_path / "sidecars"
    _fill(root, "2026/may/a.jpg")
    (path,) = sidecar_paths(root / "2026/may/a.jpg", style="ext", folder=folder, root=root)
    assert path == folder / "2026/may/a.jpg.xmp"
    with pytest.raises(OutputError, match="not in") as caught:
        sidecar_paths(root / "2026/may/a.jpg", style="ext", folder=folder, root=tmp_path / "b")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("photo", "beside", "shared"),
    [
        ("IMG_1.JPG", "IMG_1.CR2", True),
        ("IMG_1.CR2", "IMG_1.JPG", True),
        ("IMG_1.cr3", "IMG_1.HIF", True),
        ("IMG_1.JPG", "IMG_10.JPG IMG_1.txt IMG_1.mov", True),
        ("IMG_1.JPG", "IMG_1.PNG", False),
        ("IMG_1.JPG", "IMG_1.heic", False),
        ("IMG_1.CR2", "IMG_1.TIF", False),
        ("IMG_1.CR2", "IMG_1.DNG", False),
        ("IMG_1.TIF", "IMG_1.CR2 IMG_1.JPG", False),
    ],
)
def test_pictures_of_one_name(photo: str, beside: str, shared: bool, tmp_path: Path) -> None:
    _fill(tmp_path, f"{photo} {beside} IMG_1.xmp {photo}.xmp")
    own, common = tmp_path / f"{photo}.xmp", tmp_path / "IMG_1.xmp"
    assert sidecar_paths(tmp_path / photo, style="ext") == (own,)
    assert find_sidecars(tmp_path / photo) == ((own, common) if shared else (own,))
    if shared:
        assert sidecar_paths(tmp_path / photo, style="adobe") == (common,)
        return
    with pytest.raises(SidecarError, match="would stand for") as caught:
        sidecar_paths(tmp_path / photo, style="adobe")
    assert "'ext'" in str(caught.value)


def test_sidecars_that_are_there_keep_their_spelling(tmp_path: Path) -> None:
    _fill(tmp_path, "a.jpg a.XMP a.jpg.XMP")
    both = (tmp_path / "a.jpg.XMP", tmp_path / "a.XMP")
    assert find_sidecars(tmp_path / "a.jpg") == both
    assert sidecar_paths(tmp_path / "a.jpg", style="both") == both


def test_none(tmp_path: Path) -> None:
    _fill(tmp_path, "a.jpg")
    assert find_sidecars(tmp_path / "a.jpg") == ()
    assert find_sidecars(tmp_path / "a.jpg", folder=tmp_path / "no", root=tmp_path) == ()
