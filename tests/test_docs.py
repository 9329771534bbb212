"""The documentation against the code: names are complete, blocks run, links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import goodside
from goodside import errors
from goodside.cli import cli
from goodside.settings import Settings

_ROOT = Path(__file__).resolve().parents[1]
_REFERENCE = _ROOT / "docs" / "reference"
_RUN = ("README.md", "docs/tutorial.md", "docs/reference/python.md", "docs/taste.md")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?")
_TOLERANCE = 0.06  # points, degrees / 10 and cosines may differ a little between processors
_PAGES = sorted(
    path
    for path in (*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md"), *_ROOT.glob("tools/*.md"))
)
_FOLDERS = ("src", "tests", "tools", "configs", "docs", "examples", "requirements", ".ci")
_SUFFIXES = {".py", ".md", ".toml", ".html", ".css", ".json", ".in", ".txt", ""}
_TEXTS = [
    *_PAGES,
    *(_ROOT / name for name in ("Makefile", "NOTICE", "pyproject.toml")),
    *sorted(
        path
        for folder in _FOLDERS
        for path in (_ROOT / folder).rglob("*")
        if path.suffix in _SUFFIXES and path.is_file() and "__pycache__" not in path.parts
    ),
]


def _commands(group: click.Group, prefix: str = "goodside") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix} {name}")


def _section(text: str, heading: str) -> str:
    """What stands under a second-level heading, up to the next."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/reference/cli.md has no section '{heading}'"
    return found[1]


def test_every_command_and_option_is_in_the_reference() -> None:
    text = (_REFERENCE / "cli.md").read_text(encoding="utf-8")
    for option in cli.params:
        assert all(f"`{name}`" in text for name in option.opts)
    for name, command in _commands(cli):
        section = _section(text, " ".join(name.split()[:2]))
        assert f"`{name}" in section, f"{name} is not described"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for option_name in parameter.opts:
                    known = re.search(rf"`{re.escape(option_name)}[` ]", section)
                    assert known, f"{name} {option_name} is not described"


def test_every_option_in_the_reference_exists() -> None:
    text = (_REFERENCE / "cli.md").read_text(encoding="utf-8")
    for heading in re.findall(r"^## (goodside \w+)$", text, re.MULTILINE):
        options = {
            name
            for full, command in _commands(cli)
            if full.startswith(heading)
            for parameter in command.params
            for name in parameter.opts
        }
        described = re.findall(r"^\| (`-.*?) \|", _section(text, heading), re.MULTILINE)
        for cell in described:
            for name in re.findall(r"`(--?[\w-]+)", cell):
                assert name in options, f"{heading} has no option {name}"


def test_every_setting_is_in_the_reference() -> None:
    text = (_REFERENCE / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(GOODSIDE_\w+)` \|", text, re.MULTILINE))
    assert named == {f"GOODSIDE_{field}".upper() for field in Settings.model_fields}
    unset = {
        "weights_dir": "the package's own",
        "catalog": "`goodside/catalog.db` in the data folder",
    }
    for name, field in Settings.model_fields.items():
        default = unset[name] if field.default is None else f"{field.default:g}"
        assert f"| `GOODSIDE_{name.upper()}` | {default} |" in text


def test_every_error_is_in_the_reference() -> None:
    text = (_REFERENCE / "errors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.GoodsideError)
    }
    assert named == classes - {"GoodsideError"}


def test_every_public_name_is_in_the_reference() -> None:
    text = (_REFERENCE / "python.md").read_text(encoding="utf-8")
    for name in goodside.__all__:
        assert re.search(rf"`{name}[`(]", text), f"{name} is not described"


def _blocks(page: str) -> list[tuple[str, str]]:
    return _BLOCK.findall((_ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", _RUN)
def test_its_blocks_run_and_print_what_it_says(page: str, tmp_path: Path) -> None:
    """bash and python blocks run in their order; a text block is the output of the one before."""
    shutil.copytree(_ROOT / "examples", tmp_path / "examples")
    tools = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": tools, "COLUMNS": "100"}
    ran, printed = 0, ""
    for language, code in _blocks(page):
        if language == "text":
            _compare(printed, code)
        if language not in ("bash", "python"):
            continue
        runner = ["bash", "-euc"] if language == "bash" else [sys.executable, "-c"]
        done = subprocess.run(
            [*runner, code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        ran, printed = ran + 1, done.stdout
    assert ran >= 2


def _compare(printed: str, shown: str) -> None:
    """Same words in the same order, and figures that agree to what another processor may change."""
    lines = [line.rstrip() for line in printed.splitlines() if line.strip()]
    wanted = [line.rstrip() for line in shown.splitlines() if line.strip()]
    if "…" in wanted:
        at = wanted.index("…")
        lines = lines[:at] + lines[len(lines) - (len(wanted) - at - 1) :]
        wanted.remove("…")
    assert len(lines) == len(wanted), printed
    for line, want in zip(lines, wanted, strict=True):
        assert _NUMBER.sub("0", line).split() == _NUMBER.sub("0", want).split(), printed
        for got, said in zip(_NUMBER.findall(line), _NUMBER.findall(want), strict=True):
            one, two = (float(value.replace("−", "-")) for value in (got, said))
            slack = _TOLERANCE if "." in said else 1.5
            assert abs(one - two) <= slack, f"{line!r} instead of {want!r}"


def test_the_readme_is_short() -> None:
    assert len((_ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {
                re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings
            }
            assert anchor in anchors, f"{page.name} links to {target}"


def test_pictures_in_the_docs_are_shown_somewhere_and_small() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in _PAGES)
    for picture in (_ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name}" in shown, picture.name
        assert picture.stat().st_size < 500_000, picture.name


@pytest.mark.parametrize(
    "banned",
    [
        r"/wo" r"rk/",
        r"/ho" r"me/(?!ann/)\w",
        r"/op" r"t/",
        r"\bissue #?\d",
        r"\b(?:see|fixes|closes) #\d",
    ],
)
def test_nothing_names_a_machine_or_an_issue(banned: str) -> None:
    found = [
        f"{path.relative_to(_ROOT)}: {line.strip()[:90]}"
        for path in _TEXTS
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if re.search(banned, line)
    ]
    assert found == []
