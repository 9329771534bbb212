"""Face regions between the upright picture and the stored image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from goodside.images import read_photo
from goodside.images.xmp.edit import new_document
from goodside.images.xmp.regions import ImageFrame, Region, merge_faces, read_faces
from goodside.images.xmp.tree import Document, parse, serialise
from goodside.images.xmp.values import properties
from goodside.types import Box
from tests.images.made import encode

FRAME = ImageFrame(6000, 4000)
ANNA = Region(0.1, 0.2, 0.3, 0.6, "Anna")


def _listed(items: str, *, width: int = 6000, height: int = 4000) -> Document:
    return parse(
        f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
        xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
        xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"><rdf:Description rdf:about="">
        <mwg-rs:Regions rdf:parseType="Resource">
        <mwg-rs:AppliedToDimensions stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/>
        <mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
        </rdf:Description></rdf:RDF>""".encode()
    )


def _item(attributes: str, *, area: str = "x='0.2' y='0.4' w='0.2' h='0.4'") -> str:
    spelled = " ".join(f"stArea:{part}" for part in area.split())
    inside = f"<mwg-rs:Area {spelled}/>"
    return f"<rdf:li><rdf:Description {attributes}>{inside}</rdf:Description></rdf:li>"


def _boxes(faces: tuple[Region, ...]) -> list[tuple[float, ...]]:
    return [tuple(round(v, 6) for v in (f.left, f.top, f.right, f.bottom)) for f in faces]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_patch_on_the_stored_image_is_found_on_the_upright_one(orientation: int) -> None:
    """Pillow turns the pixels, we turn the region; they must agree."""
    stored = np.zeros((80, 120, 3), np.uint8)
    stored[8:24, 16:64] = 255
    exif = Image.Exif()
    exif[274] = orientation
    upright = read_photo(encode(stored, "PNG", exif=exif)).rgb
    rows, columns = np.nonzero(upright[:, :, 0] > 128)
    box = Box(columns.min() - 0.5, rows.min() - 0.5, columns.max() + 0.5, rows.max() + 0.5)
    height, width = upright.shape[:2]
    frame = ImageFrame.of_upright(width, height, orientation=orientation)
    assert (frame.width, frame.height) == (120, 80)
    seen = Region.of_box(box, width=width, height=height)
    on_stored = Region(16 / 120, 8 / 80, 64 / 120, 24 / 80)
    assert _boxes((frame.to_stored(seen),)) == _boxes((on_stored,))
    assert _boxes((frame.to_upright(on_stored),)) == _boxes((seen,))


@given(
    st.integers(1, 8),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.sampled_from([None, "Anna"]),
)
def test_there_and_back(orientation: int, edges: list[float], name: str | None) -> None:
    (left, right), (top, bottom) = sorted(edges[:2]), sorted(edges[2:])
    region = Region(left, top, right, bottom, name)
    frame = ImageFrame(3, 2, orientation)
    back = frame.to_upright(frame.to_stored(region))
    assert back.name == name
    assert np.allclose(
        (back.left, back.top, back.right, back.bottom), (left, top, right, bottom), atol=1e-12
    )


def test_boxes_are_cut_at_the_edges_and_come_back() -> None:
    box = Box(-10, 9.5, 49.5, 59.5)
    region = Region.of_box(box, width=200, height=100, name="Anna")
    assert region == Region(0.0, 0.1, 0.25, 0.6, "Anna")
    assert region.box(width=200, height=100) == Box(-0.5, 9.5, 49.5, 59.5)


def test_overlap() -> None:
    assert Region(0, 0, 0.5, 1).overlap(Region(0.25, 0, 0.75, 1)) == pytest.approx(1 / 3)
    assert ANNA.overlap(ANNA) == pytest.approx(1)
    assert ANNA.overlap(Region(0.5, 0.5, 0.9, 0.9)) == 0
    assert Region(0, 0, 0, 0).overlap(Region(0, 0, 0, 0)) == 0


@pytest.mark.parametrize(
    ("width", "height", "orientation", "expected"),
    [
        (6000, 4000, 1, (0.1, 0.2, 0.3, 0.6)),
        (3000, 2000, 1, (0.1, 0.2, 0.3, 0.6)),  # the picture was made smaller since
        (6024, 4022, 1, (0.1, 0.2, 0.3, 0.6)),  # another raw decoder
        (6000, 4000, 6, (0.4, 0.1, 0.8, 0.3)),  # on the stored image
        (4000, 6000, 6, (0.1, 0.2, 0.3, 0.6)),  # on the upright picture
        (4000, 6000, 1, None),  # it was turned since, or cut
        (4000, 4000, 1, None),
        (4000, 4000, 6, None),
    ],
)
def test_the_size_they_were_made_on(
    width: int, height: int, orientation: int, expected: tuple[float, ...] | None
) -> None:
    found = properties(
        _listed(_item("mwg-rs:Name='A' mwg-rs:Type='Face'"), width=width, height=height)
    )
    faces = read_faces(found, frame=ImageFrame(6000, 4000, orientation))
    assert _boxes(faces) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("item", "count"),
    [
        (_item("mwg-rs:Type='Face'"), 1),
        (_item("mwg-rs:Name='Anna'"), 1),
        (_item(""), 0),
        (_item("mwg-rs:Type='Focus'"), 0),
        (_item("mwg-rs:Type='Pet' mwg-rs:Name='Rex'"), 0),
        (_item("mwg-rs:Type='Face'", area="x='1' y='1' w='1' h='1' unit='normalized'"), 1),
        (_item("mwg-rs:Type='Face'", area="x='20' y='40' w='9' h='9' unit='pixel'"), 0),
        (_item("mwg-rs:Type='Face'", area="x='0.5' y='0.5' d='0.1'"), 0),
        (_item("mwg-rs:Type='Face'", area="x='0.5' y='0.5' w='0' h='0.1'"), 0),
        (_item("mwg-rs:Type='Face'", area="x='nan' y='0.5' w='1' h='0.1'"), 0),
        (_item("mwg-rs:Type='Face'", area="x='5' y='5' w='1' h='1'"), 0),
        ("<rdf:li>text</rdf:li><rdf:li/>", 0),
    ],
)
def test_what_counts_as_a_face(item: str, count: int) -> None:
    faces = read_faces(properties(_listed(item)), frame=FRAME)
    assert len(faces) == count
    assert all(0 <= face.left < face.right <= 1 for face in faces)


def test_written_faces_are_replaced_and_taken_back() -> None:
    document = new_document()
    before = serialise(document)
    assert merge_faces(document, [ANNA, Region(0.5, 0.5, 0.6, 0.6)], frame=FRAME) is None
    assert len(read_faces(properties(document), frame=FRAME)) == 2
    assert read_faces(properties(document), frame=FRAME, others_only=True) == ()
    merge_faces(document, [Region(0.1, 0.2, 0.3, 0.6, "Berta")], frame=FRAME)
    assert [face.name for face in read_faces(properties(document), frame=FRAME)] == ["Berta"]
    merge_faces(document, [], frame=FRAME)
    assert serialise(document) == before


@pytest.mark.parametrize(
    ("theirs", "ours", "names"),
    [
        ("Anna", "Anna", ["Anna"]),
        ("Anna", "Berta", ["Anna"]),
        ("Anna", None, ["Anna"]),
        (None, None, [None]),
        (None, "Anna", [None, "Anna"]),
    ],
)
def test_a_face_that_another_program_has_marked(
    theirs: str | None, ours: str | None, names: list[str | None]
) -> None:
    named = "" if theirs is None else f" mwg-rs:Name='{theirs}'"
    document = _listed(_item(f"mwg-rs:Type='Face'{named}"))
    merge_faces(document, [Region(0.11, 0.21, 0.3, 0.6, ours)], frame=FRAME)
    assert [face.name for face in read_faces(properties(document), frame=FRAME)] == names


def test_a_region_that_somebody_renamed_is_theirs() -> None:
    document = new_document()
    merge_faces(document, [ANNA], frame=FRAME)
    renamed = parse(serialise(document).replace(b'mwg-rs:Name="Anna"', b'mwg-rs:Name="Hanna"'))
    others = read_faces(properties(renamed), frame=FRAME, others_only=True)
    assert [face.name for face in others] == ["Hanna"]
    merge_faces(renamed, [ANNA], frame=FRAME)
    assert [face.name for face in read_faces(properties(renamed), frame=FRAME)] == ["Hanna"]


@pytest.mark.parametrize(
    "document",
    [
        _listed(_item("mwg-rs:Type='Focus'"), width=4000, height=4000),
        parse(serialise(_listed("")).replace(b"<rdf:Bag/>", b"")),
    ],
    ids=["another shape", "no list"],
)
def test_lists_that_are_left_alone(document: Document) -> None:
    before = serialise(document)
    assert merge_faces(document, [ANNA], frame=FRAME)
    assert serialise(document) == before


def test_faces_of_ours_go_when_the_picture_was_cut_since() -> None:
    document = _listed(_item("mwg-rs:Type='Focus'"))
    merge_faces(document, [ANNA], frame=FRAME)
    assert len(read_faces(properties(document), frame=FRAME)) == 1
    assert merge_faces(document, [ANNA], frame=ImageFrame(4000, 4000))
    assert read_faces(properties(document), frame=FRAME) == ()
    alone = new_document()
    merge_faces(alone, [ANNA], frame=FRAME)
    merge_faces(alone, [ANNA], frame=ImageFrame(4000, 4000))
    assert _boxes(read_faces(properties(alone), frame=ImageFrame(4000, 4000))) == [
        (0.1, 0.2, 0.3, 0.6)
    ]
