from __future__ import annotations

import pytest

from goodside.album.scan.companions import find_mains, sidecars_of
from goodside.album.scan.walk import FoundFile, Kind
from tests.album.scan.made import found

pytestmark = pytest.mark.both_databases

_KINDS: dict[str, Kind] = {"xmp": "sidecar", "cr3": "raw", "dng": "raw"}


def _files(names: str) -> list[FoundFile]:
    return [found(name, kind=_KINDS.get(name[-3:].lower(), "photo")) for name in names.split()]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("1.jpg 2.jpg", {}),
        ("1.CR3 1.JPG", {"1.CR3": "1.JPG"}),
        ("img.cr3 IMG.heic img.jpg", {"img.cr3": "img.jpg"}),
        ("1.cr3 1.dng", {}),
        ("1.cr3 1.png", {}),
        ("1.jpg 1.jpg.xmp", {"1.jpg.xmp": "1.jpg"}),
        ("1.JPG 1.XMP", {"1.XMP": "1.JPG"}),
        ("1.cr3 1.jpg 1.xmp", {"1.cr3": "1.jpg", "1.xmp": "1.jpg"}),
        ("1.cr3 1.jpg 1.cr3.xmp", {"1.cr3": "1.jpg", "1.cr3.xmp": "1.cr3"}),
        ("1.jpg 1.png 1.xmp", {}),
        ("1.xmp 2.jpg.xmp", {}),
    ],
)
def test_what_belongs_to_what(names: str, expected: dict[str, str]) -> None:
    mains = find_mains(_files(names))
    assert {path.name: main.name for path, main in mains.items()} == expected


def test_only_within_a_folder() -> None:
    files = [found("1.cr3", kind="raw", folder="/a"), found("1.jpg", folder="/b")]
    assert find_mains(files) == {}


def test_the_sidecars_of_a_picture_the_more_telling_first() -> None:
    mains = find_mains(_files("1.jpg 1.xmp 1.jpg.xmp 1.cr3"))
    assert {
        main.name: [path.name for path in paths] for main, paths in sidecars_of(mains).items()
    } == {"1.jpg": ["1.jpg.xmp", "1.xmp"]}
