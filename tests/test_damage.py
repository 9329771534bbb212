"""A damaged file of the models is noticed before it is used: one error, one exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import goodside
from goodside.cli import main
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore, renew_checksums, write_checksums
from goodside.runtime.checksums import LIST, read_checksums

_SHIPPED = WeightsStore().folder
_FILES = sorted(
    path.relative_to(_SHIPPED).as_posix()
    for path in _SHIPPED.rglob("*")
    if path.is_file() and path.suffix not in (".py", ".pyc", ".jsonl")  # history is no weight
)
_PHOTO = Path(__file__).parents[1] / "examples" / "photos" / "astronaut.jpg"
_REFERENCE = "reference/good_side.json"
_USES = {
    "aesthetics-lite0-int8": ["assess", "--model", "aesthetics-lite0-int8"],
    "aesthetics-lite0": ["assess", "--model", "aesthetics-lite0"],
    "aesthetics-free-int8": ["assess", "--model", "aesthetics-free-int8"],
    "aesthetics-free": ["assess"],
    "person-matte": ["rotate", "--yaw", "20"],
    "rotation-capg": ["rotate", "--yaw", "20", "--model", "rotation-capg"],
    "rotation-flow": ["rotate", "--yaw", "20", "--model", "rotation-flow"],
    "rotation-mesh": ["rotate", "--yaw", "20"],
    "rotation-templates": ["rotate", "--yaw", "20", "--model", "rotation-capg"],
    "face-mobilefacenet": ["rotate", "--yaw", "20"],
    "eye_template": ["album", "scan", "--workers", "1", "--catalog", "catalog.db"],
}
"""By the beginning of a file's name, a command that uses it; `faces` uses the others."""
_FACES = Path(__file__).parents[1] / "examples" / "faces"


def _copy(folder: Path, *, damaged: str) -> Path:
    """The shipped weights in another folder, one byte of one file changed."""
    shutil.copytree(_SHIPPED, folder, copy_function=os.symlink)
    path = folder / damaged
    path.unlink()
    content = bytearray((_SHIPPED / damaged).read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def _command(name: str) -> list[str]:
    uses = (words for start, words in _USES.items() if name.startswith(start))
    return next(uses, ["faces"])


@pytest.mark.parametrize("name", [name for name in _FILES if name not in (_REFERENCE, LIST)])
def test_one_changed_byte_ends_the_command(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = _copy(tmp_path / "weights", damaged=name)
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(path.parent))
    monkeypatch.chdir(tmp_path)
    words = _command(name)
    place = _FACES if words[0] == "album" else _PHOTO
    monkeypatch.setattr(sys, "argv", ["goodside", *words, str(place)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    assert f"goodside: {path}: the " in printed.err
    assert "is corrupt" in printed.err or "are corrupt" in printed.err
    assert "reinstall goodside" in printed.err


def test_the_good_sides_reference_is_checked_in_the_package(tmp_path: Path) -> None:
    package = Path(goodside.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__", "*.onnx")
    shutil.copytree(package, tmp_path / "goodside", ignore=ignored)
    for network in _SHIPPED.glob("*.onnx"):
        (tmp_path / "goodside" / "weights" / network.name).symlink_to(network)
    reference = tmp_path / "goodside" / "weights" / _REFERENCE
    reference.write_text(reference.read_text(encoding="utf-8").replace("7", "8", 1))
    done = subprocess.run(
        [sys.executable, "-m", "goodside", "portrait", str(_PHOTO)],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"{reference}: the data file is corrupt" in done.stderr


def test_portrait_and_explanations_end_with_the_same_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    explained = ["assess", "--explain", str(tmp_path / "explained")]
    for damaged, words in (("face-mesh", ["portrait"]), ("aesthetics-free", explained)):
        path = _copy(tmp_path / damaged, damaged=f"{damaged}.onnx")
        monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(path.parent))
        monkeypatch.setattr(sys, "argv", ["goodside", *words, str(_PHOTO)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        assert f"{path}: the weights are corrupt" in capsys.readouterr().err


def test_a_damaged_list_is_noticed(tmp_path: Path) -> None:
    path = _copy(tmp_path / "weights", damaged=LIST)
    whole = (_SHIPPED / LIST).read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    card = Path(lines[-2].split()[1]).stem
    for text, said in (
        (whole[:-3], "cut short"),
        ("".join(lines[:-2]), "not in SHA256SUMS"),
        (whole.replace(lines[-2][:8], "01234567"), "is corrupt"),
        ("\0" + whole, "is no checksum"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(WeightsError, match=said):
            WeightsStore(path.parent).card(card)


def test_the_shipped_list_names_every_file_and_is_right() -> None:
    listed = read_checksums(_SHIPPED)
    assert listed is not None
    others = {name for name in _FILES if not name.endswith(".onnx") and name != LIST}
    assert set(listed) == others
    store = WeightsStore()
    remedy = "a file was changed on purpose: python -m tools.list_checksums src/goodside/weights"
    for name in others:
        assert store.data(name).is_file(), remedy


def test_a_file_is_read_once_for_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mesh.npz").write_bytes(b"mesh")
    write_checksums(tmp_path)
    WeightsStore(tmp_path).data("mesh.npz")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda *_, **__: pytest.fail("it is read again"))
        WeightsStore(tmp_path).data("mesh.npz")
    (tmp_path / "mesh.npz").write_bytes(b"meshes")
    with pytest.raises(WeightsError, match="corrupt"):
        WeightsStore(tmp_path).data("mesh.npz")


def test_a_list_has_to_name_what_is_used_and_to_be_whole(tmp_path: Path) -> None:
    (tmp_path / "mesh.npz").write_bytes(b"mesh")
    write_checksums(tmp_path)
    (tmp_path / "new.npz").write_bytes(b"new")
    with pytest.raises(WeightsError, match="not in SHA256SUMS"):
        WeightsStore(tmp_path).data("new.npz")
    renew_checksums(tmp_path / "new.npz", folder=tmp_path)
    assert WeightsStore(tmp_path).data("new.npz").is_file()
    (tmp_path / LIST).write_text("0a1b  mesh.npz\n")
    with pytest.raises(WeightsError, match="line 1 is no checksum"):
        WeightsStore(tmp_path).data("mesh.npz")


def test_renewing_blesses_no_other_file(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("{}")
    renew_checksums(tmp_path / "a.json", folder=tmp_path)
    assert read_checksums(tmp_path) is None  # a folder without a list stays so
    write_checksums(tmp_path)
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text("[]")
    renew_checksums(tmp_path / "a.json", folder=tmp_path)
    assert WeightsStore(tmp_path).data("a.json").is_file()
    with pytest.raises(WeightsError, match="corrupt"):
        WeightsStore(tmp_path).data("b.json")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(60)])
def test_a_mesh_that_no_list_vouches_for_has_to_be_one(content: bytes, tmp_path: Path) -> None:
    from goodside.face import load_canonical

    (tmp_path / "canonical_mesh.npz").write_bytes(content)
    with pytest.raises(WeightsError, match="canonical mesh cannot be read"):
        load_canonical(WeightsStore(tmp_path))
    np.savez(tmp_path / "canonical_mesh.npz", vertices=np.zeros(3))
    with pytest.raises(WeightsError, match="canonical mesh cannot be read"):
        load_canonical(WeightsStore(tmp_path))
