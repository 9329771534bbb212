"""Folders that people may name: below the roots, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.errors import OutOfRange
from goodside.web.roots import Roots, usable_roots


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """`pictures` with two years in it, beside `secret`, to which a link leads."""
    for name in ("pictures/2023", "pictures/2024/june", "pictures/.hidden", "secret/letters"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "pictures" / "note.txt").write_text("a file")
    (tmp_path / "pictures" / "way-out").symlink_to(tmp_path / "secret")
    (tmp_path / "pictures" / "2025").symlink_to(tmp_path / "pictures" / "2024")
    return tmp_path


@pytest.fixture
def roots(place: Path) -> Roots:
    return usable_roots([place / "pictures"])


@pytest.mark.parametrize("typed", ["", "/2024", "/2024/", "/2023/../2024", "/2025", "/new/one"])
def test_below_a_root(roots: Roots, place: Path, typed: str) -> None:
    folder = roots.check(f"  {place}/pictures{typed} ", must_exist=False)
    assert folder.is_absolute()
    assert ".." not in folder.parts


@pytest.mark.parametrize(
    "typed",
    [
        "/",
        "{place}",
        "{place}/secret",
        "{place}/secret/letters",
        "{place}/secret/there-is-none",
        "{place}/pictures/../secret",
        "{place}/pictures/way-out",
        "{place}/pictures/way-out/letters",
        "{place}/pictures-of-others",
        "/etc",
        "/proc/self",
    ],
)
def test_outside_in_the_same_words(roots: Roots, place: Path, typed: str) -> None:
    with pytest.raises(OutOfRange) as caught:
        roots.check(typed.format(place=place), must_exist=True)
    assert caught.value.message == "this folder may not be used here"
    assert caught.value.path is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no folder is named"),
        ("pictures", "is no whole path"),
        ("../pictures", "is no whole path"),
        ("/a\0b", "no folder is named"),
        ("/" + 5000 * "a", "no folder is named"),
        ("{place}/pictures/note.txt", "this is a file"),
        ("{place}/pictures/none", "there is no such folder"),
    ],
)
def test_what_is_wrong_is_said(roots: Roots, place: Path, typed: str, said: str) -> None:
    with pytest.raises(OutOfRange, match=said):
        roots.check(typed.format(place=place), must_exist=True)


def test_without_roots_nothing_may_be_named(place: Path) -> None:
    with pytest.raises(OutOfRange, match="no folder may be chosen"):
        Roots(()).check(str(place), must_exist=True)
    assert Roots(()).suggest("") == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("{root}", ["", "2023", "2024", "2025"]),
        ("{root}/", ["2023", "2024", "2025"]),
        ("{root}/202", ["2023", "2024", "2025"]),
        ("{root}/2024/", ["2024/june"]),
        ("{root}/2024/J", ["2024/june"]),
        ("{root}/none/x", []),
        ("{root}/way-out/", []),
        ("{root}/.h", []),
    ],
)
def test_suggestions(roots: Roots, place: Path, typed: str, names: list[str]) -> None:
    root = place / "pictures"
    assert roots.suggest(typed.format(root=root)) == [root / name for name in names]


def test_nothing_is_listed_beyond(roots: Roots, place: Path) -> None:
    root = [place / "pictures"]
    assert roots.suggest("") == root
    assert roots.suggest("/") == root
    assert roots.suggest(str(place)) == root
    assert roots.suggest(f"{place}/secret/") == []
    assert roots.suggest("/etc/") == []
    assert roots.suggest("nowhere") == []


def test_many_folders_are_cut(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}").mkdir()
    assert len(usable_roots([tmp_path]).suggest(f"{tmp_path}/")) == 20
