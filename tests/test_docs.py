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
_RUN = (
    "README.md",
    "docs/tutorial.md",
    "docs/how-to/album.md",
    "docs/how-to/taste.md",
    "docs/reference/python.md",
)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?")
_TOLERANCE = 0.06  # points, degrees / 10 and cosines may differ a little between processors
_PAGES = sorted(
    (
        *_ROOT.glob("*.md"),
        *(
            page
            for folder in ("docs", "benchmarks", "tools", "examples")
            for page in (_ROOT / folder).rglob("*.md")
        ),
    )
)
_FOLDERS = (
    "src", "tests", "tools", "benchmarks", "configs", "docs", "examples", "requirements", ".ci",
    ".github",
)  # fmt: skip
_SUFFIXES = {".py", ".md", ".toml", ".yml", ".html", ".css", ".json", ".in", ".txt", ""}
_METHODS = ("docs/explanation/method-aesthetics.md", "docs/explanation/method-rotation.md")
_PRIVATE = {
    "a path of somebody's machine": r"(?<![\w.~])/(?:home|opt|root|work|Users)/(?!ann/)\w",
    "the number of an issue": r"\bissue #?\d|\b(?:see|fixes|closes) #\d",
}
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
        "models_dir": "`goodside/models` in the data folder",
        "aesthetics_model": "the shipped float32 weights",
        "catalog": "`goodside/catalog.db` in the data folder",
        "user": "the system's user",
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
    environment = {**os.environ, "PATH": tools, "COLUMNS": "100", "HOME": str(tmp_path)}
    for variable in ("GOODSIDE_CATALOG", "GOODSIDE_MODELS_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        environment.pop(variable, None)
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
    for at, line in enumerate(wanted):
        if line.strip() == "…":  # any number of lines
            lines = [*lines[:at], "…", *lines[len(lines) - (len(wanted) - at - 1) :]]
            wanted[at] = "…"
    assert len(lines) == len(wanted), printed
    for line, want in zip(lines, wanted, strict=True):
        if "…/" in want:  # any folder before a name
            name = re.escape(want.partition("…/")[2])
            line = re.sub(rf"(?<=\s)/\S*/(?={name})", "…/", line)  # noqa: PLW2901
        assert _NUMBER.sub("0", line).split() == _NUMBER.sub("0", want).split(), printed
        for got, said in zip(_NUMBER.findall(line), _NUMBER.findall(want), strict=True):
            one, two = (float(value.replace("−", "-")) for value in (got, said))
            slack = _TOLERANCE if "." in said else 1.5
            assert abs(one - two) <= slack, f"{line!r} instead of {want!r}"


def test_the_readme_is_short() -> None:
    assert len((_ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target in _links(page):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{page.name} links to {target}"


def test_every_page_of_the_docs_is_reached_from_the_index() -> None:
    """In any number of steps; a link to a folder leads to every page in it."""
    reached, ahead = set[Path](), [_ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in _links(page):
            linked = (page.parent / target.partition("#")[0]).resolve()
            ahead += linked.glob("*.md") if linked.is_dir() else [linked]
            ahead = [one for one in ahead if one.suffix == ".md"]
    assert {page for page in _PAGES if "docs" in page.relative_to(_ROOT).parts} <= reached


def test_the_index_leads_to_all_four_kinds() -> None:
    index = _ROOT / "docs" / "index.md"
    headings = re.findall(r"^## (.*)$", index.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Tutorial", "How to", "Reference", "Explanation"]
    kinds = {target.split("/")[0] for target in _links(index)}
    assert kinds >= {"tutorial.md", "how-to", "reference", "explanation"}


def test_sources_name_pages_that_exist() -> None:
    for path in _TEXTS:
        for page in re.findall(r"docs/[\w./-]+\.md", path.read_text(errors="replace")):
            assert (_ROOT / page).exists(), f"{path.relative_to(_ROOT)} names {page}"


def _links(page: Path) -> list[str]:
    """Relative links of a page, without those in blocks of code."""
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [one for one in found if not one.startswith(("http://", "https://", "mailto:"))]


def _anchors(page: Path) -> set[str]:
    """The anchors that hosts give to headings: of equal ones, the second gets -1."""
    counts = dict[str, int]()
    anchors = set[str]()
    for heading in re.findall(r"^#+ (.*)$", _BLOCK.sub("", page.read_text("utf-8")), re.MULTILINE):
        name = re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        anchors.add(f"{name}-{counts[name]}" if name in counts else name)
        counts[name] = counts.get(name, 0) + 1
    return anchors


@pytest.mark.parametrize("page", _METHODS)
def test_code_and_tests_that_a_method_page_names_exist(page: str) -> None:
    sources = "\n".join(path.read_text() for path in (_ROOT / "src").rglob("*.py"))
    tests = "\n".join(path.read_text() for path in (_ROOT / "tests").rglob("*.py"))
    folders = ("tests", "configs", "src")
    files = {path.name for folder in folders for path in (_ROOT / folder).rglob("*.*")}
    rows = re.findall(r"^\|.*\|$", (_ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    names = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert len(names) > 30
    for name in names:
        if name.endswith((".py", ".toml")):
            assert Path(name).name in files, name
        elif name.startswith("test_"):
            assert f"def {name}(" in tests, name
        elif re.fullmatch(r"[\w.]+", name):
            last = name.rpartition(".")[2]
            assert re.search(rf"\b(?:def|class) {last}\b|\b{last}: ", sources), name


def test_functions_that_the_catalogs_page_names_exist() -> None:
    from goodside.album import catalog

    text = (_REFERENCE / "catalog.md").read_text(encoding="utf-8")
    table = text[text.index("## From Python") : text.index("## Versions")]
    for name in re.findall(r"`(\w+)(?:\(catalog, …\)|\(path, …\)|\(catalog\))?`", table):
        assert hasattr(catalog, name) or name in ("put", "write"), name
    for name in re.findall(r"`Catalog\.(\w+)", table):
        assert hasattr(catalog.Catalog, name), name


def test_pictures_in_the_docs_are_shown_somewhere_and_small() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in _PAGES)
    for picture in (_ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{picture.name}" in shown, picture.name
        assert picture.stat().st_size < 500_000, picture.name


@pytest.mark.parametrize("banned", _PRIVATE.values(), ids=list(_PRIVATE))
def test_nothing_names_a_machine_or_an_issue(banned: str) -> None:
    found = [
        f"{path.relative_to(_ROOT)}: {line.strip()[:90]}"
        for path in _TEXTS
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if re.search(banned, line)
    ]
    assert found == []
