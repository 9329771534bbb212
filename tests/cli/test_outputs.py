"""Nothing that a command writes replaces an original, whatever is asked.

Every option that takes a path is found in the commands themselves: a new one has to be told here to
be read or written.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    Assigned,
    append,
    list_faces,
    list_photos,
    open_catalog,
    put_assignments,
    put_faces,
)
from goodside.album.catalog.decisions import NamePerson
from goodside.cli import cli
from goodside.errors import OutputError
from tests.aesthetics.made import write_weights
from tests.album.catalog.made import NOW, found, key
from tests.album.scan.made import photo, quick_scan

_CONFIGS = Path(__file__).parents[2] / "configs"
_RECIPE = "{configs}/{task}-tiny.toml"

WRITTEN = {
    "assess --explain": "assess {other}",
    "taste learn --out": "taste learn {labels} --images {folder}",
    "faces --draw": "faces {other}",
    "rotate --out": "rotate {other} --yaw 10",
    "portrait --out": "portrait {other}",
    "page --out": "page {folder} --no-portrait",
    "album review --out": "album review {folder} --no-faces --workers 1",
    "album report --out": "album report {folder}",
    "album picks --to": "album picks",
    "album find --out": "album find --format csv",
    "album sidecars --sidecar-dir": "album sidecars",
    "album people show --sheet": "album people show Ann",
    "album journal --export": "album journal",
    "evaluate aesthetics --scores": (
        "evaluate aesthetics --images {folder} --labels {labels} --weights {weights} --model made"
    ),
    "evaluate rotation --sheet": "evaluate rotation --faces {folder}",
    "model show --templates": "model show rotation",
    "model show --relations": "model show aesthetics",
    "train aesthetics --weights": (
        "train aesthetics --features --model own --ratings {labels} --images {folder}"
    ),
    "train aesthetics --out": f"train aesthetics --config {_RECIPE} --data {{folder}}",
    "train rotation --out": f"train rotation --config {_RECIPE} --data {{folder}}",
    "train rotation --pairs": f"train rotation --config {_RECIPE} --data {{folder}} --out {{new}}",
    "export aesthetics --weights": (
        f"export aesthetics --config {_RECIPE} --run {{folder}} --data {{folder}} --version 1.0.0"
    ),
    "export rotation --weights": (
        f"export rotation --config {_RECIPE} --run {{folder}} --version 1.0.0"
    ),
}
"""Options that name something to write, with a call that would write it."""

READ = """
assess paths, assess --taste, taste learn ratings, taste learn --images, faces paths, rotate paths,
portrait photo, page paths, page --portrait, page --credits, album review folders,
album review --credits, album review --portrait, album scan folders, album faces folders,
album folders folders,
album report folders, album report --credits, album report --portrait, album find --like,
album sidecars photos, album pick photos, album reject photos, album unmark photos,
album rate photos, album tag photos, album keep photos, album separate photos,
album journal --import, evaluate aesthetics --images,
evaluate aesthetics --labels, evaluate aesthetics --weights, evaluate multipie folder,
evaluate rotation --faces, evaluate rotation --views, evaluate rotation --labels,
evaluate rotation --weights,
evaluate verification --images, evaluate verification --pairs, leaks train, leaks test,
leaks --labels, train aesthetics --config, train aesthetics --data, train aesthetics --peers,
train aesthetics --start, train aesthetics --ratings, train aesthetics --images, model add file,
train rotation --config, train rotation --data, train rotation --start,
serve folders, serve --password-file, serve --token-file, serve --root,
export aesthetics --config, export aesthetics --run, export aesthetics --data,
export rotation --config, export rotation --run, export rotation --pairs
""".replace("\n", " ").split(", ")
"""Options and arguments that name something to read."""


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")


def _takes_path(parameter: click.Parameter) -> bool:
    hint = (parameter.metavar or "").upper()
    return isinstance(parameter.type, click.Path | click.File) or any(
        word in hint for word in ("FILE", "DIR", "PATH")
    )


def _taken() -> Iterator[str]:
    """Every option and argument that takes a path, but for `--catalog`, which has its own test."""
    for name, command in _commands(cli):
        for parameter in command.params:
            if _takes_path(parameter) and parameter.name != "album":
                option = max(parameter.opts, key=len)
                yield f"{name} {option}"


def test_every_option_that_takes_a_path_is_known() -> None:
    told = {*WRITTEN, *(entry.strip() for entry in READ)}
    assert set(_taken()) == told


def _album(home: Path) -> Path:
    """A scanned album of three photographs, and one person in it."""
    folder = home / "album"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    with open_catalog(home / "catalog.db") as catalog:
        quick_scan(catalog, folder)
        with catalog.write() as session:
            first, *_ = list_photos(session)
            put_faces(session, first.id, [found(seed=1)], by="1", forgotten=())
            (face,) = list_faces(session)
            put_assignments(session, [Assigned(face.id, key(face.id), 0.9, confirmed=True)])
            append(session, NamePerson(person=key(face.id), name="Ann", faces=(face.ref,)), at=NOW)
    (home / "labels.csv").write_text("image,score\n0.jpg,1\n1.jpg,3\n2.jpg,5\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds an album that no test changes."""
    home = tmp_path_factory.mktemp("home")
    _album(home)
    return home


@pytest.fixture
def place(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_weights: Path
) -> dict[str, str | Path]:
    """What calls need."""
    monkeypatch.setenv("GOODSIDE_CATALOG", str(home / "catalog.db"))
    monkeypatch.chdir(tmp_path)
    return {
        "folder": home / "album",
        "other": home / "album" / "1.jpg",
        "labels": home / "labels.csv",
        "weights": made_weights,
        "new": tmp_path / "new",
        "configs": _CONFIGS,
    }


@pytest.fixture(scope="module")
def made_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_weights(folder)
    return folder


def _run(words: list[str]) -> tuple[int, str]:
    """Exit code and what stands on standard error, as of the program."""
    result: Result = CliRunner().invoke(cli, words)
    if isinstance(result.exception, OutputError):
        return 2, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


def _call(entry: str, place: dict[str, str | Path], target: Path) -> list[str]:
    name, option = entry.rsplit(" ", 1)
    call = WRITTEN[entry].format(**place, task=name.split()[-1]).split(" ")
    command = dict(_commands(cli))[name]
    overwrite = any("--overwrite" in parameter.opts for parameter in command.params)
    return [*call, option, str(target), *(["--overwrite"] if overwrite else [])]


def _aim(way: str, original: Path) -> Path:
    """Another name of a photograph: itself, a link to it, a hard link, or a name without suffix."""
    if way == "itself":
        return original
    target = original.with_name("link.jpg")
    if way == "link":
        target.symlink_to(original)
    else:
        os.link(original, target)
    return target


@pytest.mark.parametrize("way", ["itself", "link", "hard link"])
@pytest.mark.parametrize("entry", WRITTEN)
def test_no_option_replaces_a_photograph(
    entry: str, way: str, place: dict[str, str | Path], tmp_path: Path
) -> None:
    if way != "itself" and entry.startswith(("train", "export")):
        pytest.skip("folders only: told apart before anything else")
    original = tmp_path / "original.jpg"
    original.write_bytes(photo(9))
    before = original.read_bytes()
    target = _aim(way, original)
    code, said = _run(_call(entry, place, target))
    assert code in (1, 2), (code, said)
    assert said
    assert original.read_bytes() == target.read_bytes() == before
    assert target.is_symlink() == (way == "link")


@pytest.mark.parametrize(
    "entry",
    ["page --out", "album report --out", "album find --out", "album journal --export"],
)
@pytest.mark.parametrize("name", ["raw.CR2", "film.mov", "other.xmp", "notes", "new.db"])
def test_other_originals_stay_too(
    entry: str, name: str, place: dict[str, str | Path], tmp_path: Path
) -> None:
    target = tmp_path / name
    content = {
        "raw.CR2": b"II*\x00\x10\x00\x00\x00CR\x02\x00",
        "film.mov": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
        "other.xmp": b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
        "notes": photo(3),
        "new.db": (Path(place["folder"]).parent / "catalog.db").read_bytes(),
    }[name]
    target.write_bytes(content)
    code, said = _run(_call(entry, place, target))
    assert code == 2
    assert "this would replace" in said
    assert target.read_bytes() == content


_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
_META = f'<m:xmpmeta xmlns:m="adobe:ns:meta/">{_RDF}</m:xmpmeta>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bare", _RDF.encode()),
        ("prefix", _META.encode()),
        ("wide", _META.encode("utf-16")),
        ("late.xmp", f"<!--{'c' * 5000}-->{_META}".encode()),
        ("late.svg", f"<!--{'c' * 5000}--><svg/>".encode()),
        ("layers", b"gimp xcf v011\x00"),
        ("light", b"v/1\x01\x02\x00\x00\x00"),
        ("sky", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n"),
        ("gray", b"P5\n2 2\n255\n\x00\x01\x02\x03"),
        ("old.tga", bytes([0, 0, 2, *bytes(9), 1, 0, 1, 0, 24, 0, 1, 2, 3])),
    ],
)
def test_sidecars_of_any_form_and_pictures_that_are_not_read_stay(
    name: str, content: bytes, place: dict[str, str | Path], tmp_path: Path
) -> None:
    target = tmp_path / name
    target.write_bytes(content)
    code, said = _run(_call("album journal --export", place, target))
    assert code == 2
    assert "this would replace" in said
    assert target.read_bytes() == content


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("assess --explain", "1-explained.jpg"),
        ("assess --explain", "1-explained.json"),
        ("faces --draw", "1-faces.jpg"),
        ("rotate --out", "1-yaw+010.jpg"),
    ],
)
def test_no_photograph_in_a_folder_is_replaced(
    entry: str, name: str, place: dict[str, str | Path], tmp_path: Path
) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir()
    target.write_bytes(photo(9))
    code, said = _run(_call(entry, place, target.parent))
    assert code == 1
    assert "this would replace a photograph" in said
    assert target.read_bytes() == photo(9)


@pytest.mark.parametrize(
    "entry", [name for name in WRITTEN if not name.startswith(("train", "export"))]
)
def test_nothing_is_written_to_a_device_or_a_folder_in_its_place(
    entry: str, place: dict[str, str | Path], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    code, said = _run(_call(entry, place, pipe))
    assert code in (1, 2), said
    assert pipe.is_fifo()


@pytest.mark.parametrize("command", ["errors", "scan", "verify", "journal", "find"])
@pytest.mark.parametrize("content", [photo(9), b"\xff\xd8\xff\xe0"])
def test_no_photograph_becomes_a_catalog(
    command: str, content: bytes, place: dict[str, str | Path], tmp_path: Path
) -> None:
    original = tmp_path / "original.jpg"
    original.write_bytes(content)
    words = [command, *([str(place["folder"]), "--no-faces"] if command == "scan" else [])]
    result = CliRunner().invoke(cli, ["album", *words, "--catalog", str(original)])
    assert result.exit_code != 0
    assert original.read_bytes() == content
    assert sorted(path.name for path in tmp_path.glob("original*")) == ["original.jpg"]


def test_what_goodside_made_is_replaced_when_asked(
    place: dict[str, str | Path], tmp_path: Path
) -> None:
    for entry in ("album people show --sheet", "faces --draw", "model show --templates"):
        target = tmp_path / f"{len(entry)}.jpg"
        for _ in range(2):
            assert _run(_call(entry, place, target))[0] == 0
        (copy := tmp_path / f"{len(entry)}-copy.jpg").symlink_to(target)
        assert _run(_call(entry, place, copy))[0] == 0
        assert not copy.is_symlink()  # replaced, not followed


def test_a_picture_that_another_program_edited_is_an_original_again(
    place: dict[str, str | Path], tmp_path: Path
) -> None:
    from PIL import Image

    target = tmp_path / "sheet.jpg"
    assert _run(_call("album people show --sheet", place, target))[0] == 0
    with Image.open(target) as image:
        image.load()
        exif = image.getexif()
        exif[0x0131] = "GIMP 3.0"
        image.save(target, exif=exif)
    assert _run(_call("album people show --sheet", place, target))[0] == 2


@pytest.mark.parametrize("gone", ["unplugged", "empty"])
def test_a_report_is_not_replaced_by_an_empty_one(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    out, folder = tmp_path / "album.html", _album(tmp_path)
    assert _run(["album", "report", str(folder), "-o", str(out)])[0] == 0
    good = out.read_bytes()
    words = ["album", "report", str(tmp_path / "empty")]
    if gone == "unplugged":
        for path in folder.iterdir():
            path.unlink()
        assert _run(["album", "scan", str(folder), "--no-faces", "--workers", "1"])[0] == 1
        assert _run(["album", "report", str(folder), "-o", str(tmp_path / "still.html")])[0] == 0
    for overwrite in ([], ["--overwrite"]):
        code, said = _run([*words, "-o", str(out), *overwrite])
        assert code == 2, said
        assert "no photograph" in said
    assert out.read_bytes() == good


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_permissions_of_what_is_replaced_stay(place: dict[str, str | Path], tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    assert _run(_call("album find --out", place, target))[0] == 0
    assert target.stat().st_mode & 0o777 == 0o640
    shutil.copy(target, tmp_path / "journal")
    assert _run(_call("album journal --export", place, tmp_path / "journal"))[0] == 0
    assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o600
