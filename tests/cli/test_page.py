"""`goodside page` on photographs, failures and files that are in the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.cli import cli
from goodside.errors import OutputError
from tests.images.made import encode, textured

_PORTRAIT = Path(__file__).parents[2] / "examples" / "faces" / "astronaut.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "walk"
    photos.mkdir()
    for index, size in enumerate(((320, 240), (240, 320))):
        (photos / f"photo{index}.jpg").write_bytes(encode(textured(*size, seed=index), "JPEG"))
    return photos


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["page", *map(str, arguments)])


def test_it_ranks_a_folder_and_says_where_the_page_is(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "page.html"
    result = _run(folder, "--no-portrait", "--title", "A <walk>", "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"2 photographs ranked\n{out}: open it in a browser, {out.as_uri()}\n"
    html = out.read_text(encoding="utf-8")
    assert "<h1>A &lt;walk&gt;</h1>" in html
    assert sorted(re.findall(r'alt="(photo\d\.jpg)', html)) == ["photo0.jpg", "photo1.jpg"]
    assert "commercial" in html


def test_failures_are_told_and_shown_and_the_others_ranked(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.jpg").touch()
    out = tmp_path / "page.html"
    result = _run(folder, folder / "missing.jpg", "--no-portrait", "-o", out)
    assert result.exit_code == 1
    assert "empty.jpg: the file is empty" in result.stderr
    assert "missing.jpg: no such file" in result.stderr
    html = out.read_text(encoding="utf-8")
    assert "<dt>empty.jpg</dt>" in html
    assert "<dt>missing.jpg</dt>" in html
    assert html.count('alt="photo') == 2


def test_credits_stand_under_the_photographs(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "CREDITS.md"
    table.write_text("| file | author |\n|---|---|\n| photo1.jpg | Ann Ample |\n", encoding="utf-8")
    out = tmp_path / "page.html"
    assert _run(folder, "--no-portrait", "--credits", table, "-o", out).exit_code == 0
    assert out.read_text(encoding="utf-8").count("Ann Ample") == 2


def test_a_page_is_replaced_but_no_other_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    for _ in range(2):
        assert _run(folder, "--no-portrait", "-o", out).exit_code == 0
    out.write_text("mine", encoding="utf-8")
    result = _run(folder, "--no-portrait", "-o", out)
    assert isinstance(result.exception, OutputError)
    assert out.read_text(encoding="utf-8") == "mine"
    assert _run(folder, "--no-portrait", "--overwrite", "-o", out).exit_code == 0
    assert "<h1>" in out.read_text(encoding="utf-8")


def test_a_face_is_turned_and_the_page_marks_it(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    result = _run(folder, "--portrait", _PORTRAIT, "--yaws", "-30:30:30", "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "a face turned to 3 angles" in result.stdout
    html = out.read_text(encoding="utf-8")
    assert html.count('alt="Synthetic picture: ') == 3
    assert len(re.findall(r"likeness [01]\.\d\d", html)) == 3
    assert "rotation-mesh" in html


def test_without_a_portrait_the_largest_frontal_face_is_found(folder: Path, tmp_path: Path) -> None:
    (folder / "ann.jpg").write_bytes(_PORTRAIT.read_bytes())
    out = tmp_path / "page.html"
    result = _run(folder, "--yaws", "0:0:1", "-o", out)
    assert result.exit_code == 0
    assert 'alt="The face in the photograph ann.jpg"' in out.read_text(encoding="utf-8")


def test_photographs_without_faces_make_a_page_without_one(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert _run(folder, "-o", out).exit_code == 0
    assert "One face, turned" not in out.read_text(encoding="utf-8")


def test_a_portrait_without_a_face_fails_alone(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    result = _run(folder, "--portrait", folder / "photo0.jpg", "-o", out)
    assert result.exit_code == 1
    assert "photo0.jpg: no face was found" in result.stderr
    assert out.read_text(encoding="utf-8").count('alt="photo') == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (lambda folder: [folder, "--portrait", "a.jpg", "--no-portrait"], "not both"),
        (lambda folder: [folder / "nothing"], "there is no photograph"),
        (lambda folder: [folder, "--yaws", "0:10"], "FIRST:LAST:STEP"),
        (lambda folder: [], "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_two(
    arguments: Callable[[Path], list[str | Path]], told: str, folder: Path
) -> None:
    (folder / "nothing").mkdir()
    result = _run(*arguments(folder))
    assert result.exit_code == 2
    assert told in result.stderr
