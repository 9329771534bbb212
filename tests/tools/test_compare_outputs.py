"""Two recordings are the same, or what differs is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from tools.outputs.compare import compare
from tools.outputs.record import Recording
from tools.outputs.session import plan_session

_BEGAN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).timestamp()
_MADE = Recording(
    root="/tmp/made-a",
    package="/code/goodside",
    version="0.1.0",
    began=_BEGAN,
    ended=_BEGAN + 100,
    inputs={"cat.jpg": "5f"},
    steps=["look"],
)
_SAID = {"path": "/tmp/made-a/cat.jpg", "score": 6.5, "seconds": 1.25, "tags": ["cat", "animal"]}


def _record(folder: Path, recording: Recording = _MADE) -> Path:
    """A recording of one step: JSON, a line of text, a picture, and a page that embeds one."""
    step = folder / "look"
    (step / "files" / "out").mkdir(parents=True)
    (step / "stdout").write_text(json.dumps(_SAID) + "\n")
    (step / "stderr").write_text("goodside: read in 1.5 s\n")
    (step / "files" / "out" / "page.html").write_text("<p>Cat</p><p>made 2026-03-01</p>")
    Image.new("RGB", (8, 6), (10, 20, 30)).save(step / "files" / "out" / "cat.png")
    told = {"words": ["goodside", "look"], "exit": 0, "files": ["new 0644 out/cat.png"]}
    (step / "step.json").write_text(json.dumps(told))
    (folder / "recording.json").write_text(json.dumps(asdict(recording)))
    return folder


def _differences(before: Path, after: Path) -> list[str]:
    shown: list[str] = []
    code = compare(before, after, most=12, show=shown.append)
    assert code == (0 if shown[-1].startswith("the same: ") else 1)
    return shown[:-1]


def test_the_same_run_twice(tmp_path: Path) -> None:
    before, after = _record(tmp_path / "before"), _record(tmp_path / "after")
    assert _differences(before, after) == []


def test_what_is_not_compared(tmp_path: Path) -> None:
    # another folder, day, duration, version
    before = _record(tmp_path / "before")
    later = replace(_MADE, root="/tmp/made-b", version="0.2.0", began=_BEGAN + 86_400)
    after = _record(tmp_path / "after", replace(later, ended=_BEGAN + 86_500))
    said = json.dumps({**_SAID, "path": "/tmp/made-b/cat.jpg", "seconds": 7})
    (after / "look" / "stdout").write_text(said)
    (after / "look" / "stderr").write_text("goodside: read in 12.5 s\n")
    (after / "look/files/out/page.html").write_text("<p>Cat</p><p>made 2026-03-02</p>")
    assert _differences(before, after) == []


def _alter_pixel(step: Path) -> None:
    picture = Image.open(step / "files/out/cat.png")
    picture.putpixel((3, 2), (10, 25, 30))
    picture.save(step / "files/out/cat.png")


def _alter_json(step: Path) -> None:
    (step / "stdout").write_text(json.dumps({**_SAID, "score": 6.501, "tags": ["cat"]}))


def _rename_field(step: Path) -> None:
    said = {("rating" if key == "score" else key): value for key, value in _SAID.items()}
    (step / "stdout").write_text(json.dumps(said))


def _alter_page(step: Path) -> None:
    (step / "files/out/page.html").write_text("<p>Dog</p><p>made 2026-03-01</p>")


def _alter_photographs_moment(step: Path) -> None:
    (step / "files/out/page.html").write_text("<p>Cat</p><p>made 2024-03-01</p>")


def _lose_file(step: Path) -> None:
    (step / "files/out/cat.png").unlink()
    told = json.loads((step / "step.json").read_text())
    (step / "step.json").write_text(json.dumps({**told, "files": []}))


def _fail(step: Path) -> None:
    told = json.loads((step / "step.json").read_text())
    (step / "step.json").write_text(json.dumps({**told, "exit": 2}))


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        (_alter_pixel, ["frame 0: 1 of 48 pixels differ, by 5 at most", "x 3, y 2"]),
        (_alter_json, [".score: 6.5 -> 6.501", ".tags: 2 -> 1 entries"]),
        (_rename_field, [".score: missing after, was 6.5", ".rating: new, is 6.5"]),
        (_alter_page, ["-<p>Cat</p>", "+<p>Dog</p>"]),
        (_alter_photographs_moment, ["-<p>made {day}</p>", "+<p>made 2024-03-01</p>"]),
        (_lose_file, ["before only: new 0644 out/cat.png"]),
        (_fail, ["0 -> 2"]),
        (shutil.rmtree, ["missing after: look"]),
    ],
)
def test_what_differs_is_named(
    alter: Callable[[Path], object], expected: list[str], tmp_path: Path
) -> None:
    before, after = _record(tmp_path / "before"), _record(tmp_path / "after")
    alter(after / "look")
    if not (after / "look").exists():
        told = asdict(replace(_MADE, steps=[]))
        (after / "recording.json").write_text(json.dumps(told))
    shown = "\n".join(_differences(before, after))
    for words in expected:
        assert words in shown


def test_random_ids_are_numbered_and_their_sense_is_kept(tmp_path: Path) -> None:
    before, after = _record(tmp_path / "before"), _record(tmp_path / "after")
    for folder, one, two in ((before, "a" * 32, "b" * 32), (after, "c" * 32, "d" * 32)):
        lines = [{"uid": one}, {"uid": two, "entry": one, "kind": "undo"}]
        (folder / "look" / "stdout").write_text("\n".join(map(json.dumps, lines)))
    assert _differences(before, after) == []
    lines = [{"uid": "c" * 32}, {"uid": "d" * 32, "entry": "d" * 32, "kind": "undo"}]
    (after / "look" / "stdout").write_text("\n".join(map(json.dumps, lines)))
    assert '    [1].entry: "{id 1}" -> "{id 2}"' in _differences(before, after)


def test_the_session_names_each_step_once() -> None:
    steps = plan_session()
    assert len({step.name for step in steps}) == len(steps) > 100
