"""`GOODSIDE_WEIGHTS_DIR` holds for every command and call that uses a network or its card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import goodside
from goodside import calls
from goodside.album.catalog import open_catalog
from goodside.cli import cli
from goodside.engines import Engines
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from goodside.settings import Settings
from tests.album.scan.made import photo, quick_scan

_ROOT = Path(__file__).parents[1]
_FACE = _ROOT / "examples" / "faces" / "astronaut.jpg"

_COMMANDS = {
    "assess": "assess {photo}",
    "assess --explain": "assess {photo} --explain why",
    "taste learn": "taste learn {labels} --images {album}",
    "faces": "faces {photo}",
    "rotate": "rotate {face} --yaw 10",
    "portrait": "portrait {face}",
    "page": "page {photo}",
    "album scan": "album scan {album} --workers 1",
    "album review": "album review {album} --workers 1",
    "album report": "album report",
    "album report --portrait": "album report --portrait {face}",
    "album find --like": "album find --like {photo}",
    "album people update": "album people update",
    "album people --evidence": "album people --evidence",
    "evaluate aesthetics": "evaluate aesthetics --images {album} --labels {labels}",
    "evaluate rotation": "evaluate rotation --faces {face} --yaws 10",
    "evaluate verification": "evaluate verification --images {faces} --pairs {pairs}",
    "evaluate multipie": "evaluate multipie {multipie} --setting 1",
    "model": "model rotation",
}
"""Calls of every command that uses weights."""

_CALLS: dict[str, Callable[[Path], object]] = {
    "assess": lambda _: goodside.assess(_FACE),
    "faces": lambda _: goodside.faces(_FACE),
    "rotate": lambda _: goodside.rotate(_FACE, yaw_deg=10, size_px=64),
    "portrait": lambda _: goodside.portrait(_FACE),
    "Album.scan": lambda place: goodside.Album(place / "new.db").scan([place / "album"], workers=0),
    "Album.review": lambda place: goodside.Album(place / "new.db").review(
        [place / "album"], workers=0
    ),
    "Album.report": lambda place: goodside.Album(place / "catalog.db").report(),
    "Album.update_people": lambda place: goodside.Album(place / "catalog.db").update_people(),
    "Album.evidence": lambda place: goodside.Album(place / "catalog.db").evidence(),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scanned album, and whatever else the commands need."""
    album, people = tmp_path / "album", tmp_path / "faces"
    for folder in (album, people, tmp_path / "multipie"):
        folder.mkdir()
    for number in range(3):
        (album / f"{number}.jpg").write_bytes(photo(number))
    for name in ("faces/a.jpg", "faces/b.jpg", "multipie/201_01_01_051_07.jpg"):
        shutil.copy(_FACE, tmp_path / name)
    shutil.copy(_FACE, tmp_path / "multipie" / "201_01_01_041_07.jpg")
    with open_catalog(tmp_path / "catalog.db") as catalog:
        quick_scan(catalog, album)
    rows = [f"{number}.jpg,{number + 1}" for number in range(3)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,score", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "pairs.csv").write_text("a,b,same\na.jpg,b.jpg,1\n", encoding="utf-8")
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    calls.forget()
    yield
    calls.forget()


def _words(command: str, place: Path) -> list[str]:
    return _COMMANDS[command].format(
        album=place / "album",
        photo=place / "album" / "0.jpg",
        face=_FACE,
        faces=place / "faces",
        labels=place / "labels.csv",
        pairs=place / "pairs.csv",
        multipie=place / "multipie",
    ).split(" ")  # fmt: skip


@pytest.fixture
def wrong(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of weights without any."""
    folder = place / "no-weights"
    folder.mkdir()
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(folder))
    return folder


@pytest.mark.parametrize("command", [name for name in _COMMANDS if name != "model"])
def test_a_command_uses_no_other_weights(command: str, place: Path, wrong: Path) -> None:
    done = CliRunner().invoke(cli, _words(command, place))
    assert isinstance(done.exception, WeightsError), done.output
    assert str(wrong) in str(done.exception)


def test_there_are_no_models_in_an_empty_folder(place: Path, wrong: Path) -> None:
    assert CliRunner().invoke(cli, ["model"]).output == ""
    assert CliRunner().invoke(cli, _words("model", place)).exit_code == 2


@pytest.mark.parametrize("call", _CALLS)
def test_a_call_uses_no_other_weights(call: str, place: Path, wrong: Path) -> None:
    with pytest.raises(WeightsError, match=wrong.name):
        _CALLS[call](place)


@pytest.mark.parametrize(
    "command",
    ["page", "evaluate rotation", "evaluate verification", "evaluate multipie"],
)
def test_every_network_of_a_command_is_from_that_folder(
    command: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = WeightsStore().folder
    copy = place / "weights"
    copy.mkdir()
    for path in shipped.iterdir():
        if path.is_file():
            (copy / path.name).symlink_to(path)
        else:
            (copy / path.name).symlink_to(path, target_is_directory=True)
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(copy))
    opened: list[Path] = []
    find = WeightsStore.path

    def noted(store: WeightsStore, name: str) -> Path:
        opened.append(store.folder)
        return find(store, name)

    monkeypatch.setattr(WeightsStore, "path", noted)
    done = CliRunner().invoke(cli, _words(command, place))
    assert done.exit_code == 0, done.output
    assert set(opened) == {copy}


def test_settings_passed_in_count_before_the_environment(place: Path, wrong: Path) -> None:
    engines = Engines(Settings(weights_dir=WeightsStore().folder))
    assert goodside.Album(place / "catalog.db", engines=engines).report().summary.photos == 3
