"""From files to what a page shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest

from goodside.aesthetics import Assessor
from goodside.album import Credit, Shot, failure, large_picture, short_names, take_shots
from goodside.errors import ImageError, NoFace, UnreadableImage
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, size in (("3.jpg", (900, 600)), ("7.jpg", (300, 2000))):
        (tmp_path / name).write_bytes(encode(textured(*size), "JPEG"))
    (tmp_path / "5.jpg").write_bytes(b"no picture any more")
    (tmp_path / "empty.jpg").touch()
    return tmp_path


def test_each_photograph_gives_a_shot_or_its_error(folder: Path) -> None:
    photos = [folder / name for name in ("3.jpg", "empty.jpg", "5.jpg", "7.jpg")]
    known = {"7.jpg": Credit("Seven", "Ann", "CC0-1.0", "stretched")}
    taken = list(take_shots(photos, assessor=cast("Assessor", _Judge()), credit_of=known))
    assert [photo for photo, _ in taken] == photos
    first, empty, broken, last = (result for _, result in taken)
    assert isinstance(first, Shot)
    assert (first.name, first.picture.width, first.picture.height) == ("3.jpg", 640, 427)
    assert first.credit is None
    assert first.assessment == assessment(3)
    assert isinstance(empty, UnreadableImage)
    assert isinstance(broken, UnreadableImage)
    assert isinstance(last, Shot)
    assert (last.picture.width, last.picture.height) == (96, 640)
    assert last.credit == known["7.jpg"]


def test_the_best_comes_large(folder: Path) -> None:
    picture = large_picture(folder / "3.jpg")
    assert (picture.width, picture.height) == (900, 600)
    with pytest.raises(UnreadableImage):
        large_picture(folder / "empty.jpg")


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


def test_a_failure_tells_reason_and_remedy_but_no_path() -> None:
    told = failure("x.jpg", NoFace("no face was found", path="/home/ann/x.jpg", remedy="go nearer"))
    assert (told.name, told.reason) == ("x.jpg", "no face was found (go nearer)")
