"""From files to what a report of them, ranked, shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest

from goodside.aesthetics import Assessor
from goodside.album.report import Credit, ReportFailure, rank_photos
from goodside.album.report.names import short_names
from goodside.engines import Engines
from goodside.errors import GoodsideError, ImageError, NoFace, UnreadableImage
from goodside.types import Assessment
from tests.album.made import assessment
from tests.images.made import encode, textured


class _Judge:
    """Stands for the assessor: gives a score for each good name, an error for the others."""

    def assess_each(self, photos: Iterable[Path]) -> Iterator[Assessment | ImageError]:
        for photo in photos:
            if photo.stem.isdigit():
                yield assessment(float(photo.stem))
            else:
                yield UnreadableImage("the file is empty", path=photo)


class _MadeEngines(Engines):
    def assessor(self, **_: object) -> Assessor:
        return cast("Assessor", _Judge())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, size in (("3.jpg", (900, 600)), ("7.jpg", (300, 2000))):
        (tmp_path / name).write_bytes(encode(textured(*size), "JPEG"))
    (tmp_path / "5.jpg").write_bytes(b"no picture any more")
    (tmp_path / "empty.jpg").touch()
    return tmp_path


def test_all_that_can_be_judged_are_ranked_and_the_best_comes_large(folder: Path) -> None:
    photos = [folder / name for name in ("3.jpg", "empty.jpg", "5.jpg", "7.jpg")]
    known = {"7.jpg": Credit("Seven", "Ann", "CC0-1.0", "stretched")}
    failed: list[tuple[Path, GoodsideError]] = []
    told: list[tuple[str, int, int]] = []
    report = rank_photos(
        photos,
        engines=_MadeEngines(),
        turning=False,
        credit_of=known,
        on_progress=lambda at: told.append((at.stage, at.done, at.total)),
        on_error=lambda photo, error: failed.append((photo, error)),
    )
    assert (report.ranked, report.summary.photos, report.turned) == (True, 2, None)
    best, other = report.picks
    assert (best.name, best.credit, best.size_px) == ("7.jpg", known["7.jpg"], (1200, 800))
    assert (best.picture.width, best.picture.height) == (240, 1600)
    assert (other.name, other.credit) == ("3.jpg", None)
    assert (other.picture.width, other.picture.height) == (640, 427)
    assert other.judged is not None
    assert other.judged.aesthetic == assessment(3).aesthetic
    assert other.tags == ("portrait", "plant")
    assert [(photo.name, type(error)) for photo, error in failed] == [
        ("empty.jpg", UnreadableImage),
        ("5.jpg", UnreadableImage),
    ]
    assert [one.name for one in report.failures] == ["empty.jpg", "5.jpg"]
    assert told == [("judging photographs", done, 4) for done in range(5)]


def test_equal_scores_keep_their_order(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "5.jpg").write_bytes(encode(textured(40, 30), "JPEG"))
    photos = [tmp_path / name / "5.jpg" for name in ("c", "a", "b")]
    report = rank_photos(photos, engines=_MadeEngines(), turning=False)
    assert [one.name for one in report.picks] == ["c/5.jpg", "a/5.jpg", "b/5.jpg"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([], []),
        (["a/x.jpg"], ["x.jpg"]),
        (["a/x.jpg", "a/y.jpg"], ["x.jpg", "y.jpg"]),
        (["a/x.jpg", "b/x.jpg"], ["a/x.jpg", "b/x.jpg"]),
        (["a/x.jpg", "a/deep/x.jpg"], ["x.jpg", "deep/x.jpg"]),
        (["a/x.jpg", "/y.jpg"], None),
    ],
)
def test_names_leave_out_the_folder_that_all_share(
    given: list[str], shown: list[str] | None
) -> None:
    names = short_names([Path(name) for name in given])
    if shown is None:
        assert len(set(names.values())) == len(given)
    else:
        assert list(names.values()) == shown


def test_a_failure_gives_reason_and_remedy_but_no_path() -> None:
    error = NoFace("no face was found", path="/home/ann/x.jpg", remedy="go nearer")
    row = ReportFailure.of("x.jpg", error)
    assert (row.name, row.reason) == ("x.jpg", "no face was found (go nearer)")
