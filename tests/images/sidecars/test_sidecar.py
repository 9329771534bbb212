"""Sidecars written, merged and read back: by us, by a reader of the test's own, by exiftool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from goodside.errors import OutOfRange
from goodside.images.sidecars.sidecar import merge_sidecar, read_sidecar, write_sidecar
from goodside.images.xmp.content import Scores, SidecarContent
from goodside.images.xmp.regions import ImageFrame, Region
from tests.images.made import encode, gradient
from tests.images.sidecar_samples import (
    CAPTURE_ONE,
    CONTENT,
    DARKTABLE,
    DIGIKAM,
    FRAME,
    LIGHTROOM,
    READERS,
    SIDECARS,
    Seen,
    everything,
)

_TOUCHED = ("}Rating", "}subject", "}hierarchicalSubject", "}Regions")

_known = st.sampled_from(["Anna", "Familie", "single", "Animal|Cat", "Cat", "Familie|Anna"])
_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12) | _known
_shares = st.floats(0, 0.5).map(lambda share: round(share, 3))
_regions = st.builds(
    lambda x, y, w, h, name: Region(x, y, x + w, y + h, name),
    _shares,
    _shares,
    st.floats(0.01, 0.4),
    st.floats(0.01, 0.4),
    st.none() | _words,
)
_contents = st.builds(
    SidecarContent,
    rating=st.none() | st.integers(-1, 5),
    tags=st.none() | st.lists(_words, max_size=5).map(tuple),
    faces=st.none() | st.lists(_regions, max_size=3).map(tuple),
    scores=st.none()
    | st.builds(
        Scores,
        st.floats(1, 10),
        st.floats(0, 100),
        _words,
        st.dictionaries(_words, st.floats(-9, 9), max_size=2).map(lambda d: tuple(d.items())),
    ),
)
_existing = st.sampled_from([None, *SIDECARS.values()])
_frames = st.sampled_from(
    [ImageFrame(6000, 4000), ImageFrame(6000, 4000, 6), ImageFrame(5000, 5000, 3)]
)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _array(data: bytes, name: str) -> list[str]:
    """An array by its local name; empty where it is absent."""
    found = (value for key, value in everything(data).items() if key.endswith("}" + name))
    return _listed(next(found, []))


def _see(data: bytes, tmp_path: Path, *, reader: str = "elementtree") -> Seen:
    path = tmp_path / "seen.xmp"
    path.write_bytes(data)
    return READERS[reader](path)


@settings(max_examples=60, deadline=None)
@given(_existing, _contents, _contents, _frames)
def test_merging_again_changes_nothing_and_foreign_content_survives(
    existing: bytes | None, first: SidecarContent, second: SidecarContent, frame: ImageFrame
) -> None:
    once = merge_sidecar(existing, first, frame=frame).data
    assert merge_sidecar(once, first, frame=frame).data == once
    data = merge_sidecar(once, second, frame=frame).data
    assert merge_sidecar(data, second, frame=frame).data == data
    if existing is None:
        return
    before, after = everything(existing), everything(data)
    for name, value in before.items():
        if not name.endswith(_TOUCHED) or (name.endswith("Rating") and value not in ("0", "")):
            assert after[name] == value
        elif name.endswith("Regions"):
            (listed,) = (key for key in value if key.endswith("RegionList"))
            assert after[name][listed][: len(value[listed])] == value[listed]
        elif name.endswith("ubject"):
            assert _listed(after[name])[: len(_listed(value))] == _listed(value)


@settings(max_examples=40, deadline=None)
@given(_existing, st.lists(_words, max_size=5), st.lists(_words, max_size=5))
def test_only_the_present_tags_of_ours_remain(
    existing: bytes | None, former: list[str], present: list[str]
) -> None:
    data = merge_sidecar(existing, SidecarContent(tags=tuple(former))).data
    data = merge_sidecar(data, SidecarContent(tags=tuple(present))).data
    direct = merge_sidecar(existing, SidecarContent(tags=tuple(present))).data
    for name in ("subject", "hierarchicalSubject"):
        assert sorted(_array(data, name)) == sorted(_array(direct, name))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_face_is_where_it_is_under_every_orientation(
    orientation: int, reader: str, tmp_path: Path
) -> None:
    """A white patch is painted on the stored pixels; what we read upright is written there."""
    from goodside.images import read_photo
    from goodside.images.metadata.photo_metadata import read_metadata

    stored = np.zeros((80, 120, 3), np.uint8)
    stored[8:24, 16:64] = 255
    exif = Image.Exif()
    exif[274] = orientation
    photo = tmp_path / "a.png"
    photo.write_bytes(encode(stored, "PNG", exif=exif))
    upright = read_photo(photo).rgb[:, :, 0] > 128
    rows, columns = np.nonzero(upright)
    height, width = upright.shape
    face = Region(
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
        "Anna",
    )
    frame = read_metadata(photo).frame
    content = SidecarContent(rating=4, tags=("Animal|Cat", "sky"), faces=(face,))
    (written,) = write_sidecar(photo, content, frame=frame)
    seen = READERS[reader](written.path)
    assert (seen.rating, seen.subject, seen.hierarchy) == (4, ["Cat", "sky"], ["Animal|Cat", "sky"])
    assert seen.size == (120, 80)
    ((name, *area),) = seen.regions
    assert name == "Anna"
    assert area == pytest.approx([40 / 120, 16 / 80, 48 / 120, 16 / 80], abs=1e-6)
    back = read_sidecar(written.path, frame=frame)
    assert back.faces is not None
    (read,) = back.faces
    assert (read.left, read.top, read.right, read.bottom) == pytest.approx(
        (face.left, face.top, face.right, face.bottom), abs=1e-5
    )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", SIDECARS)
def test_merged_with_other_programs(name: str, reader: str, tmp_path: Path) -> None:
    before = _see(SIDECARS[name], tmp_path, reader=reader)
    after = _see(merge_sidecar(SIDECARS[name], CONTENT, frame=FRAME).data, tmp_path, reader=reader)
    kept = {"Lightroom": 3, "digiKam": None, "darktable": 4, "Capture One": 5}[name]
    assert after.rating == kept
    for part in ("subject", "hierarchy", "regions"):
        theirs, now = getattr(before, part), getattr(after, part)
        assert now[: len(theirs)] == theirs
        assert len(now) == len(theirs) + 2


@pytest.mark.parametrize("reader", READERS)
def test_every_character_comes_through(reader: str, tmp_path: Path) -> None:
    tags = ("a,b;c", "<&>\"'", "日本語", "\U0001f600", "Ünï|cödé", "with  blanks")
    data = merge_sidecar(None, CONTENT, frame=FRAME).data
    seen = _see(merge_sidecar(data, SidecarContent(tags=tags)).data, tmp_path, reader=reader)
    assert seen.hierarchy == list(tags)
    names = [region[0] for region in seen.regions]
    assert names == ['Änna "A" & <B>', ""]


def test_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    path.write_bytes(merge_sidecar(None, CONTENT, frame=FRAME).data)
    assert read_sidecar(path, frame=FRAME).scores == CONTENT.scores
    assert read_sidecar(path) == SidecarContent(4, CONTENT.tags, None, CONTENT.scores)
    assert read_sidecar(path, frame=FRAME, others_only=True) == SidecarContent(None, (), (), None)


@pytest.mark.parametrize(
    ("data", "rating", "tags", "faces"),
    [
        (LIGHTROOM, 3, ("Familie|Anna",), [("Anna", 0.25, 0.3, 0.35, 0.5)]),
        (DIGIKAM, 4, ("People|Bert",), [("Bert", 0.6875, 0.375, 0.8125, 0.625)]),
        (DARKTABLE, 0, (), []),
        (CAPTURE_ONE, 5, ("single",), []),
    ],
    ids=SIDECARS,
)
def test_other_programs_are_read(
    data: bytes,
    rating: int,
    tags: tuple[str, ...],
    faces: list[tuple[str, float, float, float, float]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xmp"
    for content in (data, merge_sidecar(data, CONTENT, frame=FRAME).data):
        path.write_bytes(content)
        seen = read_sidecar(path, frame=FRAME, others_only=True)
        ours = content != data and rating == 0  # a rating of 0 is none, so ours took its place
        assert seen.rating == (None if ours else rating)
        assert seen.tags == tags
        assert [
            (f.name, *(round(v, 6) for v in (f.left, f.top, f.right, f.bottom)))
            for f in seen.faces or ()
        ] == faces


@pytest.mark.parametrize(
    ("there", "asked", "after", "noted"),
    [
        ("", 4, 4, False),
        ('xmp:Rating="0"', 4, 4, False),
        ('xmp:Rating="2"', 4, 2, True),
        ('xmp:Rating="-1"', 4, -1, True),
        ('xmp:Rating="4"', 4, 4, False),
        ('xmp:Rating="nonsense"', 4, 4, False),
        ('m:Rating="50"', 4, 3, True),
        ('xmp:Rating="2" g:RatingWritten="2"', 4, 4, False),
        ('xmp:Rating="3" g:RatingWritten="2"', 4, 3, True),
        ('xmp:Rating="2"', None, 2, False),
    ],
)
def test_ratings(there: str, asked: int | None, after: int, noted: bool, tmp_path: Path) -> None:
    existing = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:g="https://goodside.invalid/xmp/1.0/"
        xmlns:m="http://ns.microsoft.com/photo/1.0/">
        <rdf:Description rdf:about="" {there}/></rdf:RDF>""".encode()
    merged = merge_sidecar(existing, SidecarContent(rating=asked))
    assert bool(merged.notes) == noted
    (tmp_path / "a.xmp").write_bytes(merged.data)
    assert read_sidecar(tmp_path / "a.xmp").rating == after


@pytest.mark.parametrize("rating", [-2, 6])
def test_no_such_rating(rating: int) -> None:
    with pytest.raises(OutOfRange):
        merge_sidecar(None, SidecarContent(rating=rating))


def test_faces_need_a_frame() -> None:
    with pytest.raises(ValueError, match="frame"):
        merge_sidecar(None, CONTENT)


def test_a_tag_that_somebody_took_out_stays_out(tmp_path: Path) -> None:
    data = merge_sidecar(None, SidecarContent(tags=("Cat", "sky"))).data
    edited = data.replace(b"<rdf:li>Cat</rdf:li>", b"", 1)
    again = merge_sidecar(edited, SidecarContent(tags=("Cat", "sky", "new"))).data
    assert _see(again, tmp_path).subject == ["sky", "new"]


def test_a_tag_that_was_there_never_becomes_ours(tmp_path: Path) -> None:
    data = merge_sidecar(LIGHTROOM, SidecarContent(tags=("Anna",))).data
    data = merge_sidecar(data, SidecarContent(tags=())).data
    assert _see(data, tmp_path).subject == ["Familie", "Anna"]


def test_new_scores_replace_the_old(tmp_path: Path) -> None:
    data = merge_sidecar(None, CONTENT, frame=FRAME).data
    scores = Scores(2.0, 1.5, "made 2.0")
    (tmp_path / "a.xmp").write_bytes(merge_sidecar(data, SidecarContent(scores=scores)).data)
    assert read_sidecar(tmp_path / "a.xmp").scores == scores


def test_a_sidecar_that_says_all_this_is_not_even_laid_out_anew(tmp_path: Path) -> None:
    photo, path = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    photo.write_bytes(encode(gradient(9, 9), "JPEG"))
    path.write_bytes(LIGHTROOM)
    for tag in ("Anna", "Familie|Anna"):
        (written,) = write_sidecar(photo, SidecarContent(3, (tag,), ()), frame=FRAME)
        assert not written.changed
    assert path.read_bytes() == LIGHTROOM


def test_no_sidecar_is_made_to_say_nothing(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(encode(gradient(9, 9), "JPEG", xmp=LIGHTROOM))
    (written,) = write_sidecar(photo, SidecarContent(tags=(), faces=()), frame=FRAME)
    assert not written.changed
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]
