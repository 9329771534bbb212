"""`goodside album keep`, `separate`, `people hide` and `unhide`, and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from goodside.album.catalog import (
    FaceRef,
    FileStamp,
    Group,
    NamePerson,
    add_folder,
    list_groups,
    list_photos,
    open_catalog,
    put_file,
    put_groups,
)
from goodside.cli import cli
from goodside.errors import CatalogError, OutOfRange
from tests.album.catalog.made import NOW, fresh, key, sha

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Four photographs: 1 to 3 are a burst, 3 and 4 near-duplicates, all of them one scene."""
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "catalog.db"))
    monkeypatch.chdir(tmp_path)
    with fresh(tmp_path / "catalog.db") as catalog, catalog.write() as session:
        folder = add_folder(session, tmp_path, at=NOW)
        for number in range(1, 6):
            path = tmp_path / f"{number}.jpg"
            path.write_bytes(bytes([number]))
            put_file(
                session,
                path,
                folder_id=folder,
                stamp=FileStamp(1, number, 3),
                sha256=sha(number),
                at=NOW,
            )
        ids = {photo.paths[0].name: photo.id for photo in list_photos(session)}
        one, two, three, four = (ids[f"{number}.jpg"] for number in range(1, 5))
        put_groups(session, "burst", [Group("burst", (one, two, three))])
        put_groups(session, "near_duplicate", [Group("near_duplicate", (three, four))])
        put_groups(session, "scene", [Group("scene", (one, two, three, four))])

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["album", *arguments], catch_exceptions=False)

    return invoke


def _journal(run: Run) -> list[str]:
    return [line.split(maxsplit=3)[3] for line in run("journal").output.splitlines()]


def _kept(folder: Path) -> dict[str, bool]:
    with open_catalog(folder / "catalog.db") as catalog:
        kept = catalog.decisions().kept
        return {str(number): sha(number) in kept for number in range(1, 6)}


def _groups(folder: Path, kind: str) -> list[int]:
    with open_catalog(folder / "catalog.db") as catalog, catalog.read() as session:
        return [len(group.photo_ids) for group in list_groups(session, kind=kind)]


def test_keep_one_or_several_and_let_goodside_choose_again(run: Run, tmp_path: Path) -> None:
    assert run("keep", "2.jpg").output == "noted as 1; goodside album undo takes it back\n"
    assert [number for number, kept in _kept(tmp_path).items() if kept] == ["2"]
    run("keep", "1.jpg", "3.jpg")
    assert [number for number, kept in _kept(tmp_path).items() if kept] == ["1", "3"]
    run("keep", "1.jpg", "--again")
    assert not any(_kept(tmp_path).values())
    assert _journal(run) == [
        "keep 2.jpg of its group",
        "keep 1.jpg, 3.jpg of its group",
        "keep what goodside chooses of 1.jpg, 2.jpg, 3.jpg",
    ]
    run("undo", "--count", "2")
    assert [number for number, kept in _kept(tmp_path).items() if kept] == ["2"]


def test_keep_is_about_the_groups_of_one_kind_or_of_all_series(run: Run, tmp_path: Path) -> None:
    def others() -> set[str]:
        with open_catalog(tmp_path / "catalog.db") as catalog, catalog.read() as session:
            from goodside.album.catalog import entries

            return set(getattr(entries(session)[-1].decision, "others", ()))

    run("keep", "3.jpg")
    assert others() == {sha(1), sha(2), sha(4)}
    run("keep", "3.jpg", "--kind", "near_duplicate")
    assert others() == {sha(4)}
    run("keep", "1.jpg", "--kind", "scene")
    assert others() == {sha(2), sha(3), sha(4)}


def test_separate_and_join_again(run: Run, tmp_path: Path) -> None:
    assert _groups(tmp_path, "burst") == [3]
    run("separate", "1.jpg")
    assert _groups(tmp_path, "burst") == [2]
    assert _groups(tmp_path, "scene") == [4]
    assert _journal(run) == ["separate 1.jpg from 2.jpg, 3.jpg"]
    assert run("undo").output.rstrip().endswith("separate 1.jpg from 2.jpg, 3.jpg")
    assert _groups(tmp_path, "burst") == [3]


@pytest.mark.parametrize("command", ["keep", "separate"])
def test_photographs_in_no_group(run: Run, command: str) -> None:
    with pytest.raises(OutOfRange, match="in no group"):
        run(command, "5.jpg")
    with pytest.raises(CatalogError):
        run(command, "nowhere.jpg")
    with pytest.raises(OutOfRange, match="in no group"):
        run(command, "1.jpg", "2.jpg", "3.jpg", "4.jpg")
    assert _journal(run) == []


def test_hide_and_unhide_somebody(run: Run, tmp_path: Path) -> None:
    with open_catalog(tmp_path / "catalog.db") as catalog:
        face = FaceRef(photo=sha(1), box=(0, 0, 10, 10))
        catalog.decide(NamePerson(person=key(1), name="Anna", faces=(face,)))

    def hidden() -> bool:
        with open_catalog(tmp_path / "catalog.db") as catalog:
            return key(1) in catalog.decisions().hidden

    run("people", "hide", "Anna")
    assert hidden()
    run("people", "unhide", "Anna")
    assert not hidden()
    run("undo")
    assert hidden()
    assert _journal(run)[1:] == ["hide Anna", "show Anna  (undone)", "undo 3"]
