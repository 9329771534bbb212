"""What others wrote is noticed, table by table."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.album.catalog import ChangeWatch, SetFlag, open_catalog, undo
from goodside.album.catalog.running_journal import RunningJournal
from goodside.errors import CatalogError
from tests.album.browse.made import MadePhoto, put_album
from tests.album.catalog.made import NOW, fresh, sha
from tests.postgres.places import place


@pytest.mark.both_databases
def test_each_table_that_was_changed_counts(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with fresh(path) as catalog, open_catalog(place(path)) as other:
        watch = catalog.watch_changes()
        first = watch.look()
        assert watch.look() == first
        other.decide(SetFlag(photos=(sha(0),), flag="pick"), at=NOW)
        second = watch.look()
        assert {name for name in second if first[name] != second[name]} == {"journal"}
        put_album(catalog, [MadePhoto(0, ("0.jpg",), score=5.0)])
        third = watch.look()
        changed = {name for name in third if second[name] != third[name]}
        assert {"photo", "file", "assessment", "thumbnail"} <= changed
        assert changed.isdisjoint({"journal", "photo_group", "face"})
        watch.close()


def test_another_file_in_its_place_is_noticed_and_a_missing_one_told(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    fresh(path).close()
    watch = ChangeWatch(path)
    before = watch.look()
    fresh(tmp_path / "new.db").close()
    (tmp_path / "new.db").replace(path)
    assert watch.look() != before
    path.unlink()
    with pytest.raises(CatalogError):
        watch.look()
    watch.close()


@pytest.mark.both_databases
def test_a_journal_is_carried_on_through_undos(tmp_path: Path) -> None:
    with fresh(tmp_path / "catalog.db") as catalog:
        running = RunningJournal()
        for number in range(3):
            catalog.decide(SetFlag(photos=(sha(number),), flag="pick"), at=NOW)
            with catalog.read() as session:
                assert running.update(session)
                assert not running.update(session)
            assert running.decisions == catalog.decisions()
        undo(catalog, at=NOW)
        with catalog.read() as session:
            running.update(session)
        assert running.decisions == catalog.decisions()
        assert [entry.undone for entry in running.entries] == [False, False, True, False]
