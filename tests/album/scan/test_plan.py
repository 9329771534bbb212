from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodside.album.catalog import FileRecord, FileStamp
from goodside.album.scan.analyzer import Versions
from goodside.album.scan.plan import Plan, make_plan
from goodside.album.scan.walk import FoundFile, Walked
from goodside.errors import UnreadableImage
from tests.album.scan.made import found

ALBUM = Path("/album")
NOW = Versions(figures="1", judge="judge 1", faces="1")


def record(file: FoundFile, number: int, **changes: Any) -> FileRecord:
    """The file as an earlier scan left it, with everything done."""
    known = FileRecord(
        id=number,
        path=file.path,
        role="photo",
        main_id=None,
        photo_id=number,
        sha256=f"{number:064x}",
        first_sha256=f"{number:064x}",
        stamp=file.stamp,
        missing_since=None,
        attempts=0,
        measured_by=NOW.figures,
        judged_by=NOW.judge,
        faces_by=NOW.faces,
    )
    return replace(known, **changes)


def plan(files: list[FoundFile], records: list[FileRecord], **options: Any) -> Plan:
    given: dict[str, Any] = {"looks_for_faces": lambda _: True, "folders": [ALBUM]} | options
    walked = Walked(tuple(files), given.pop("unreadable", ()))
    return make_plan(walked, records, versions=NOW, **given)


A, B, C = (found(f"{name}.jpg", stamp=number) for number, name in enumerate("abc", start=1))


def test_new_files_are_read() -> None:
    made = plan([A, B], [])
    assert [job.path for job in made.jobs] == [A.path, B.path]
    assert all(job.figures and job.faces for job in made.jobs)


def test_unchanged_files_are_not() -> None:
    made = plan([A, B], [record(A, 1), record(B, 2)])
    assert (made.jobs, made.known, made.missing, made.unchanged) == ((), (), (), 2)


def test_a_changed_file_is_read_again() -> None:
    made = plan([A], [record(A, 1, stamp=FileStamp(1, 2, 3))])
    assert [(job.path, job.figures) for job in made.jobs] == [(A.path, True)]


def test_what_other_versions_computed_is_due() -> None:
    cases: list[tuple[dict[str, Any], tuple[bool, bool]]] = [
        ({"measured_by": "0"}, (True, False)),
        ({"judged_by": "judge 0"}, (True, False)),
        ({"faces_by": None}, (False, True)),
        ({"measured_by": None, "judged_by": None, "faces_by": None}, (True, True)),
    ]
    for changes, wanted in cases:
        (job,) = plan([A], [record(A, 1, **changes)]).jobs
        assert (job.figures, job.faces) == wanted


def test_no_faces_where_they_are_off() -> None:
    options = {"looks_for_faces": lambda path: path != A.path}
    jobs = plan([A, B], [], **options).jobs
    assert [job.faces for job in jobs] == [False, True]
    assert plan([A], [record(A, 1, faces_by=None)], **options).unchanged == 1


def test_a_renamed_file_is_known_by_its_stamp() -> None:
    old = record(replace(A, path=ALBUM / "old.jpg"), 7)
    made = plan([A], [old])
    assert made.jobs == ()
    assert made.known == ((A, old.sha256),)
    assert made.missing == (7,)


def test_files_that_exchanged_their_names_are_known() -> None:
    made = plan([A, B], [record(A, 1, stamp=B.stamp), record(B, 2, stamp=A.stamp)])
    assert made.jobs == ()
    assert dict(made.known) == {A: f"{2:064x}", B: f"{1:064x}"}


def test_a_hard_link_beside_its_file_is_no_rename() -> None:
    link = replace(B, stamp=A.stamp)
    made = plan([A, link], [record(A, 1)])
    assert [job.path for job in made.jobs] == [B.path]
    assert made.jobs[0].finished == {f"{1:064x}"}


def test_a_file_that_is_back_is_known() -> None:
    made = plan([A], [record(A, 1, missing_since=datetime.now(UTC))])
    assert (made.jobs, made.known) == ((), ((A, f"{1:064x}"),))


def test_files_that_are_gone() -> None:
    elsewhere = record(replace(C, path=Path("/album2/c.jpg")), 3)
    gone = record(C, 4, missing_since=datetime.now(UTC))
    assert plan([A], [record(A, 1), record(B, 2), elsewhere, gone]).missing == (2,)


def test_nothing_is_gone_that_lies_where_we_could_not_look() -> None:
    locked = ALBUM / "locked"
    inside = record(replace(B, path=locked / "b.jpg"), 2)
    folder = record(replace(B, path=locked), 3, role="folder")
    unreadable = ((locked, ALBUM, UnreadableImage("no")),)
    assert plan([A], [inside, folder], unreadable=unreadable).missing == ()
    assert plan([A], [inside, folder]).missing == (2, 3)


def test_the_scanned_folder_itself_can_be_read_again() -> None:
    whole = record(replace(B, path=ALBUM), 3, role="folder")
    assert plan([A], [whole]).missing == (3,)


def test_failures_wait_for_a_retry_or_a_change() -> None:
    failed = record(A, 1, attempts=2, photo_id=None, sha256=None)
    assert (plan([A], [failed]).passed_over, plan([A], [failed]).jobs) == (1, ())
    assert len(plan([A], [failed], retry=True).jobs) == 1
    changed = replace(A, stamp=FileStamp(9, 9, 9))
    assert len(plan([changed], [failed]).jobs) == 1


def test_the_raw_file_of_a_pair_is_identified_only() -> None:
    raw = found("a.cr3", kind="raw", stamp=9)
    jobs = {job.path: job for job in plan([A, raw], []).jobs}
    assert (jobs[raw.path].figures, jobs[raw.path].faces) == (False, False)
    assert (jobs[A.path].figures, jobs[A.path].faces) == (True, True)
    known = record(raw, 9, measured_by=None, judged_by=None, faces_by=None)
    assert plan([A, raw], [record(A, 1), known]).unchanged == 2
    (job,) = plan([raw], [record(A, 1), known]).jobs
    assert (job.path, job.figures) == (raw.path, True)


def test_sidecars_go_with_their_photograph() -> None:
    sidecar = found("a.xmp", kind="sidecar", stamp=5)
    made = plan([A, sidecar], [])
    assert made.jobs[0].sidecars == (sidecar.path,)
    assert made.sidecars == (sidecar,)
    assert made.mains == {sidecar.path: A.path}
    known = record(sidecar, 5, role="sidecar", photo_id=None, sha256=None)
    assert plan([A, sidecar], [record(A, 1), known]).sidecars == ()


def test_ties_that_the_catalog_does_not_know() -> None:
    sidecar = found("a.xmp", kind="sidecar", stamp=5)
    known = record(sidecar, 5, role="sidecar", photo_id=None, sha256=None)
    assert plan([A], [record(A, 1)]).tied
    assert not plan([A], []).tied
    assert not plan([A], [record(A, 1, main_id=5)]).tied
    assert not plan([A, sidecar], [record(A, 1), known]).tied
    assert plan([A, sidecar], [record(A, 1), replace(known, main_id=1)]).tied


def test_copies_of_one_content_are_computed_once() -> None:
    one, two = (record(file, 1, id=number, faces_by=None) for number, file in enumerate((A, B)))
    assert len(plan([A, B], [one, two]).jobs) == 1


def test_a_copy_is_recognised_by_its_content() -> None:
    copy = replace(B, stamp=FileStamp(A.stamp.size, 77, 77))
    (job,) = plan([A, copy], [record(A, 1)]).jobs
    assert job.finished == {f"{1:064x}"}
    (job,) = plan([A, copy], [record(A, 1, measured_by=None), record(C, 3)]).jobs[-1:]
    assert job.finished == frozenset()


@pytest.mark.parametrize(
    ("failure", "attempts", "again"),
    [
        ("OutOfMemory", 9, True),
        ("WorkerError", 1, True),
        ("WorkerError", 2, True),
        ("WorkerError", 3, False),
        ("WeightsError", 9, True),
        ("ImageTooLarge", 1, False),
        ("ImageTimeout", 1, False),
        ("UnsupportedImage", 1, False),
    ],
)
def test_what_failed_for_a_reason_of_ours_is_tried_again(
    failure: str, attempts: int, again: bool
) -> None:
    failed = record(A, 1, photo_id=None, sha256=None, attempts=attempts, failure=failure)
    made = plan([A], [failed])
    assert (len(made.jobs), made.passed_over) == ((1, 0) if again else (0, 1))
    assert len(plan([A], [failed], retry=True).jobs) == 1
