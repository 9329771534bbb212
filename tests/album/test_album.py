"""An album as calls: what `goodside album` does, without the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.album.album import Album
from goodside.album.catalog import DamagedRow
from goodside.album.progress import StageProgress
from goodside.album.scan import ScanSummary
from goodside.errors import CatalogError, OutOfRange, OutputError
from tests.album.scan.made import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photographs of which two are the same picture."""
    folder = tmp_path / "walk"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    (folder / "again.jpg").write_bytes(photo(0, comment=b"a copy"))
    return folder


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "new" / "catalog.db")


def test_a_review_is_a_scan_and_a_written_report(
    album: Album, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "album.html"
    scans: list[ScanSummary] = []
    stages: list[StageProgress] = []
    done = album.review(
        [str(folder)],
        out=out,
        title="A <walk>",
        faces=False,
        workers=0,
        on_progress=stages.append,
        on_scanned=scans.append,
    )
    assert scans == [done.scanned]
    assert (done.scanned.read, done.scanned.failed) == (4, ())
    assert done.report is not None
    assert done.report.summary.photos == 4
    assert "<h1>A &lt;walk&gt;</h1>" in out.read_text(encoding="utf-8")
    assert stages[0] == StageProgress("scanning")
    assert StageProgress("scanning", 4, 4) in stages
    assert stages[-1].stage == "grouping"


def test_what_stands_in_the_way_is_said_before_the_scan(
    album: Album, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "album.html"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="did not make"):
        album.review([folder], out=out, faces=False, workers=0)
    assert not album.path.exists()


def test_a_scan_that_is_stopped_groups_nothing_and_makes_no_report(
    album: Album, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "album.html"
    stages: list[StageProgress] = []
    done = album.review(
        [folder], out=out, faces=False, workers=0, on_progress=stages.append, stop=lambda: True
    )
    assert (done.scanned.stopped, done.report, out.exists()) == (True, None, False)
    assert {at.stage for at in stages} == {"scanning"}
    assert album.groups() == []


def test_groups_and_picks_say_which_files_they_mean(album: Album, folder: Path) -> None:
    album.scan([folder], faces=False, workers=0)
    (group,) = album.groups("near_duplicate")
    assert {shot.photo.paths[0].name for shot in group.shots} == {"0.jpg", "again.jpg"}
    assert group.best is not None
    assert {one.path for one in album.picks()} >= {group.best.shot.photo.paths[0]}
    assert [relation.kind for relation in group.relations] == ["copy"]
    assert album.groups("burst") == []
    picked = album.picks(2)
    assert len(picked) == 2
    assert all(one.path.parent == folder and one.along == () for one in picked)
    with pytest.raises(OutOfRange, match="Nobody"):
        album.picks(people=["Nobody"])
    with pytest.raises(OutOfRange, match="unheard"):
        album.picks(tags=["unheard of"])


def test_folders_go_and_patterns_stay(album: Album, folder: Path) -> None:
    with pytest.raises(OutOfRange, match="folders"):
        album.scan(exclude=["*.png"])
    album.scan([folder], exclude=["again.*"], faces=False, workers=0)
    assert album.report().summary.photos == 3
    assert album.scan(faces=False, workers=0).unchanged == 3
    assert album.remove_folders([folder]) == {folder: 3}
    assert (album.report().summary.photos, album.people()) == (0, [])


def test_reading_makes_no_catalog(album: Album) -> None:
    for read in (album.picks, album.groups, album.people, album.report, album.regroup, album.scan):
        with pytest.raises(CatalogError, match="there is no catalog"):
            read()
    assert not album.path.parent.exists()


def test_the_environment_names_the_catalog(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSIDE_CATALOG", str(tmp_path / "mine.db"))
    assert Album().path == tmp_path / "mine.db"
    Album().scan([folder], faces=False, workers=0)
    assert len(Album(str(tmp_path / "mine.db")).picks(9)) == 3


def test_it_stays_open_within_its_block_only(album: Album, folder: Path) -> None:
    with album:
        album.scan([folder], faces=False, workers=0)
        with album.opened() as one, album.opened() as other:
            assert one is other
    with album.opened() as one, album.opened() as other:
        assert one is not other


def test_damage_is_remembered(album: Album, folder: Path) -> None:
    album.scan([folder], faces=False, workers=0)
    row = DamagedRow("photo", "7", "why")
    with album.opened() as catalog:
        catalog.damaged["photo", "7"] = row
    assert list(album.damaged.values()) == [row]


def test_what_did_not_change_is_not_grouped_again(
    album: Album, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album.scan([folder], faces=False, workers=0)
    monkeypatch.setattr("goodside.album.grouping.regroup", None)
    stages: list[StageProgress] = []
    done = album.scan([folder], faces=False, workers=0, on_progress=stages.append)
    assert (done.unchanged, {at.stage for at in stages}) == (4, {"scanning"})
