"""What the walk runs: every command and every public Python call, on small photographs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click
from PIL import Image, ImageEnhance, ImageOps

from tests.aesthetics.encoders.made import write_encoder
from tests.offline.walk import Job

_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLES = _ROOT / "examples"
_RECIPES = _ROOT / "configs"
_HEIC = _ROOT / "tests" / "images" / "data" / "upright.heic"
_LIKED = {"cat": 1, "raccoon": 1, "nuthatch": 1, "two-dogs": 1, "dragonfly": 1}
_OTHERS = {"coffee": 0, "fig": 0, "pagoda": 0, "sunset": 0, "dahlia": 0}
_SIDE_PX = 320


@dataclass(frozen=True)
class Places:
    """Folders of a walk: originals, which nothing may write to, and those where anything may.

    Attributes:
        photos, data: pictures, and training data.
        out: the working folder, where all results go.
        home, temporary: what `HOME` and `TMPDIR` say.
    """

    root: Path

    @property
    def photos(self) -> Path:
        return self.root / "photos"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        return self.root / "temporary"

    @property
    def own(self) -> Path:
        """Photographs that may get sidecars, below the working folder."""
        return self.out / "own"

    @property
    def people(self) -> Path:
        return self.data / "people"

    def make(self) -> Places:
        """Make the folders and the small photographs."""
        for folder in (self.photos, self.people, self.out, self.home, self.temporary):
            folder.mkdir(parents=True)
        for name in (*_LIKED, *_OTHERS):
            with Image.open(_EXAMPLES / "photos" / f"{name}.jpg") as photo:
                photo.thumbnail((_SIDE_PX, _SIDE_PX))
                photo.save(self.photos / f"{name}.jpg")
        with Image.open(_EXAMPLES / "photos" / "astronaut.jpg") as photo:
            photo.save(self.people / "ann.jpg")
            ImageOps.mirror(photo).save(self.people / "bo.jpg", quality=80)
        self.own.mkdir()
        with Image.open(self.photos / "fig.jpg") as photo:  # not a copy, which shares its sidecars
            mirrored = ImageOps.mirror(photo)
            mirrored.save(self.own / "fig.jpg")
            ImageEnhance.Brightness(mirrored).enhance(1.2).save(self.own / "fig-light.jpg")
        if find_spec("pi_heif"):
            shutil.copy(_HEIC, self.photos)
        return self

    @property
    def variables(self) -> dict[str, str]:
        """The environment of the walk, which lacks all that would switch telemetry off."""
        return {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": f"{_ROOT / 'src'}:{_ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "GOODSIDE_CATALOG": str(self.out / "album.db"),
            "GOODSIDE_MODELS_DIR": str(self.out / "models"),
        }


def plan_runtime(places: Places) -> list[list[Job]]:
    """What users run: jobs beside each other, see `tests.offline.walk`."""
    photos, people, data = places.photos, places.people, places.data
    ann, bo = people / "ann.jpg", people / "bo.jpg"
    own = places.own / "fig.jpg"
    write_encoder(data / "clip.onnx")
    rated = {f"{name}.jpg": liked for name, liked in (_LIKED | _OTHERS).items()}
    _table(data / "picks.csv", "image,pick", rated.items())
    _table(data / "labels.csv", "image,score", ((name, 2 + 2 * n) for name, n in rated.items()))
    _table(data / "pairs.csv", "a,b,same", [("ann.jpg", "bo.jpg", 1)])
    benchmark = data / "multipie"
    benchmark.mkdir()
    for camera in ("051", "041"):
        shutil.copy(ann, benchmark / f"201_01_01_{camera}_07.jpg")
    judging = [
        _job("assess", ["assess", photos], ["assess", own, "--explain", "explained", "--json"]),
        _job("taste", ["taste", "learn", data / "picks.csv", "--images", photos]),
        _job(
            "evaluate-aesthetics",
            ["evaluate", "aesthetics", "--images", photos, "--labels", data / "labels.csv",
             "--scores", "scores.csv"],
        ),
        _job("page", ["page", photos, ann, "--yaws", "-10:10:10", "--portrait", ann]),
        _job("leaks", ["leaks", photos, people]),
        _job(
            "model",
            ["model"],
            ["model", "show", "rotation-mesh", "--templates", "templates.png"],
            ["model", "aesthetics", "--relations", "relations.png"],
        ),
        _job(
            "own-encoder",
            ["model", "add", data / "clip.onnx", "--name", "own", "--license", "CC0-1.0"],
            ["train", "aesthetics", "--features", "--model", "own", "--out", "features",
             "--ratings", data / "labels.csv", "--images", photos],
            ["assess", photos, "--model", "own-heads"],
        ),
    ]  # fmt: skip
    turning = [
        _job("faces", ["faces", ann, bo, "--draw", "drawn"]),
        _job(
            "rotate",
            ["rotate", ann, "--sweep", "-10:10:10", "--size", "128", "-o", "turned"],
            ["rotate", ann, "--yaw", "10", "--paste", "-o", "pasted.jpg"],
            *([["rotate", ann, "--sweep", "0:10:10", "--size", "128", "-o", "turned.mp4"]]
              if find_spec("imageio_ffmpeg") else []),
        ),
        _job("portrait", ["portrait", ann, "--yaws", "-10:10:10", "-o", "sheet.jpg"]),
        _job(
            "evaluate-rotation",
            ["evaluate", "rotation", "--faces", people, "--limit", "1", "--yaws", "10",
             "--sheet", "faces.png"],
            ["evaluate", "verification", "--images", people, "--pairs", data / "pairs.csv"],
            ["evaluate", "multipie", benchmark, "--setting", "1"],
        ),
        _job("calls", [ann, data / "picks.csv", photos], program="calls"),
    ]  # fmt: skip
    album = [
        _job("scan", ["album", "scan", people, photos, own.parent, "--workers", "2"]),
        _job("people-update", ["album", "people", "update"]),
        _job("people", *(["album", "people", *words] for words in _about_people(ann, bo))),
        _job(
            "decisions", *(["album", *words] for words in _decisions(ann, photos / "cat.jpg", own))
        ),
        _job("results", *(["album", *words] for words in _results(ann, own))),
        _job("review", ["album", "review", people, "--workers", "1", "-o", "review.html"]),
    ]
    return [album, [*judging, *turning]]


def plan_training(places: Places, *, ratings: Path, heads: Path) -> list[list[Job]]:
    """Training, export and measuring of both engines, with recipes of few steps.

    Args:
        places: where results go.
        ratings: a folder of rated photographs.
        heads: a folder of portraits and views of heads.
    """
    for name in ("aesthetics", "rotation"):
        recipe = (_RECIPES / f"{name}-tiny.toml").read_text(encoding="utf-8")
        lines = [_shorter(line) for line in recipe.splitlines()]
        (places.data / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")
    aesthetics, rotation = (
        ["aesthetics", "--config", places.data / "aesthetics.toml"],
        ["rotation", "--config", places.data / "rotation.toml"],
    )
    version = ["--version", "0.0.1", "--weights"]
    steps: list[list[object]] = [
        ["train", *aesthetics, "--data", ratings, "--out", "judge"],
        ["export", *aesthetics, "--data", ratings, "--run", "judge", *version, "made", "--int8"],
        ["train", *rotation, "--data", heads, "--out", "turner"],
        ["export", *rotation, "--run", "turner", *version, "made"],
        ["evaluate", "aesthetics", "--data", ratings],
        ["evaluate", "rotation", "--data", heads / "photos", "--yaws", "10"],
    ]
    return [[_job("training", *steps, program="goodside_train")]]


def commands_of(group: click.Group) -> set[str]:
    """Names of all commands of a program, such as `album people name`."""
    return set(_leaves(group, ()))


def command_of(group: click.Group, words: Sequence[str]) -> str:
    """The command that the words call."""
    name: list[str] = []
    command: click.Command | None = group
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(click.Context(command), word)
        name.append(word)
    return " ".join(name)


def _leaves(group: click.Group, above: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, (*above, name))
        else:
            yield " ".join((*above, name))


def _about_people(ann: Path, bo: Path) -> list[list[object]]:
    first, second = f"{ann}#1", f"{bo}#1"
    return [
        ["list", "--all"],
        ["name", first, "Ann"],
        ["confirm", "Ann"],
        ["show", "Ann", "--sheet", "ann.jpg"],
        ["split", "Ann", second, "--as", "Bo"],
        ["merge", "Bo", "Ann"],
        ["not", "Ann", second],
        ["reject", second],
        ["hide", "Ann"],
        ["unhide", "Ann"],
        ["forget", "Ann", "--yes"],
    ]


def _decisions(photo: Path, other: Path, one_of_two: Path) -> list[list[object]]:
    return [
        ["pick", photo],
        ["reject", other],
        ["unmark", other],
        ["rate", "4", photo],
        ["tag", photo, "--add", "space"],
        ["keep", one_of_two],
        ["keep", one_of_two, "--again"],
        ["separate", one_of_two],
        ["undo"],
        ["journal", "--export", "journal.jsonl"],
        ["journal", "--import", "journal.jsonl", "--catalog", "other.db"],
    ]


def _results(photo: Path, own: Path) -> list[list[object]]:
    formats = ["csv", "jsonl", *(["parquet"] if find_spec("pyarrow") else [])]
    return [
        ["errors"],
        ["groups"],
        ["picks", "--to", "picked"],
        ["find", "--sort", "sharpness", "--ascending"],
        ["rate", "3", photo.parent],
        *(["find", "--like", photo, "--format", f, "--out", f"found.{f}"] for f in formats),
        ["report", "-o", "report.html"],
        ["sidecars", own],
        ["sidecars", own, "--read"],
        ["verify"],
        ["repair"],
        ["folders", photo.parent, "--exclude", "*.gif"],
        ["faces", "off", photo.parent],
    ]


def _job(name: str, *lines: Sequence[object], program: str = "goodside") -> Job:
    return Job(name=name, program=program, words=[[str(word) for word in line] for line in lines])


def _table(path: Path, heading: str, rows: object) -> None:
    lines = [",".join(map(str, row)) for row in rows]  # type: ignore[attr-defined]
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")


def _shorter(line: str) -> str:
    """A line of a recipe, with a few steps in place of many."""
    key = line.partition(" = ")[0]
    return f"{key} = 2" if key == "steps" or key.endswith("_every") else line
