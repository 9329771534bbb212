"""Face regions of all programs, on the pixels: a bright patch is painted where the face is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import Base

from goodside.errors import SidecarError
from goodside.images import read_photo
from goodside.images.metadata.photo_metadata import PhotoMetadata, read_metadata
from goodside.images.orientation import read_photo_as, turn_photo
from goodside.images.sidecars.picasa import read_picasa
from goodside.images.xmp.regions import Region
from tests.fuzz import fuzzed
from tests.images.made import encode
from tests.images.tags import exif_block, xmp_packet

_WIDE, _HIGH = 120, 80
_LEFT, _TOP, _RIGHT, _BOTTOM = 12, 16, 36, 48
"""The patch, in pixels of the stored image."""
_SHARES = (_LEFT / _WIDE, _TOP / _HIGH, _RIGHT / _WIDE, _BOTTOM / _HIGH)


def _picture() -> Image.Image:
    pixels = np.full((_HIGH, _WIDE, 3), 40, np.uint8)
    pixels[_TOP:_BOTTOM, _LEFT:_RIGHT] = 250
    return Image.fromarray(pixels)


def _photo(path: Path, *, orientation: int, xmp: bytes | None = None) -> None:
    extra = {} if xmp is None else {"xmp": xmp}
    block = exif_block({Base.Orientation: orientation})
    path.write_bytes(encode(_picture(), "JPEG", quality=95, exif=block, **extra))


def _mwg(width: int, height: int, shares: tuple[float, float, float, float] = _SHARES) -> bytes:
    left, top, right, bottom = shares
    return xmp_packet(
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"',
        f"""<mwg-rs:Regions rdf:parseType="Resource">
        <mwg-rs:AppliedToDimensions stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/>
        <mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Anna"
         mwg-rs:Type="Face"><mwg-rs:Area stArea:x="{(left + right) / 2}"
         stArea:y="{(top + bottom) / 2}" stArea:w="{right - left}" stArea:h="{bottom - top}"
         stArea:unit="normalized"/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>
        </mwg-rs:Regions>""",
    )


def _microsoft(rectangle: str | None = None) -> bytes:
    left, top, right, bottom = _SHARES
    said = rectangle or f"{left}, {top}, {right - left}, {bottom - top}"
    return xmp_packet(
        'xmlns:MP="http://ns.microsoft.com/photo/1.2/" '
        'xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" '
        'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"',
        f"""<MP:RegionInfo><rdf:Description><MPRI:Regions><rdf:Bag><rdf:li><rdf:Description
        MPReg:Rectangle="{said}" MPReg:PersonDisplayName="Anna"/></rdf:li></rdf:Bag>
        </MPRI:Regions></rdf:Description></MP:RegionInfo>""",
    )


def _picasa(shares: tuple[float, float, float, float] = _SHARES) -> str:
    digits = "".join(f"{round(share * 65535):04x}" for share in shares).lstrip("0")
    return (
        "[Picasa]\nname=Holiday\n[Contacts2]\n8e62398ebda8c1a5=Anna;;\n"
        f"[a.jpg]\nrotate=rotate(0)\nfaces=rect64({digits}),8e62398ebda8c1a5;"
        "rect64(f0f0),ffffffffffffffff\nkeywords=sea,sun\nstar=yes\n"
    )


def _is_on_the_patch(facts: PhotoMetadata, path: Path) -> None:
    (face,) = facts.faces
    assert face.name == "Anna"
    rgb = read_photo_as(path, orientation=facts.orientation).rgb
    bright = rgb[..., 1] > 150
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    high, wide = bright.shape
    edges = (columns[0] / wide, rows[0] / high, (columns[-1] + 1) / wide, (rows[-1] + 1) / high)
    assert (face.left, face.top, face.right, face.bottom) == pytest.approx(edges, abs=0.02)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("program", ["mwg", "mwg smaller", "microsoft", "picasa"])
@pytest.mark.parametrize("place", ["embedded", "beside"])
def test_a_face_is_where_it_is(program: str, place: str, orientation: int, tmp_path: Path) -> None:
    path, ini = tmp_path / "a.jpg", tmp_path / ".picasa.ini"
    ini.write_text(_picasa())
    packet = {
        "mwg": _mwg(_WIDE, _HIGH),
        "mwg smaller": _mwg(_WIDE * 10, _HIGH * 10),
        "microsoft": _microsoft(),
        "picasa": xmp_packet(""),
    }[program]
    _photo(path, orientation=orientation, xmp=packet if place == "embedded" else None)
    (tmp_path / "a.jpg.xmp").write_bytes(packet)
    beside = [tmp_path / "a.jpg.xmp"] if place == "beside" else []
    facts = read_metadata(path, sidecars=[*beside, *([ini] if program == "picasa" else [])])
    _is_on_the_patch(facts, path)
    assert facts.notes == ()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", ["mwg", "microsoft"])
def test_regions_that_exiftool_wrote(kind: str, orientation: int, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    _photo(path, orientation=orientation)
    left, top, right, bottom = _SHARES
    said = {
        "mwg": f"-RegionInfo={{AppliedToDimensions={{W={_WIDE},H={_HIGH},Unit=pixel}},RegionList="
        f"[{{Area={{X={(left + right) / 2},Y={(top + bottom) / 2},W={right - left},"
        f"H={bottom - top},Unit=normalized}},Name=Anna,Type=Face}}]}}",
        "microsoft": f"-RegionInfoMP={{Regions=[{{PersonDisplayName=Anna,Rectangle="
        f"{left}|, {top}|, {right - left}|, {bottom - top}}}]}}",
    }[kind]
    subprocess.run(
        ["exiftool", "-q", "-overwrite_original", said, str(path)], check=True, timeout=60
    )
    _is_on_the_patch(read_metadata(path), path)


def test_one_face_marked_twice_is_one_face(tmp_path: Path) -> None:
    path, ini = tmp_path / "a.jpg", tmp_path / "Picasa.ini"
    _photo(path, orientation=6, xmp=_microsoft())
    ini.write_text(_picasa())
    (tmp_path / "a.xmp").write_bytes(_mwg(_WIDE, _HIGH))
    assert len(read_metadata(path, sidecars=[tmp_path / "a.xmp", ini]).faces) == 1


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (_mwg(_HIGH, _HIGH), "made on 80 x 80 pixels, and the picture of 120 x 80 was cut"),
        (_mwg(_HIGH, _WIDE), "cut or turned since"),
        (_mwg(_WIDE, _HIGH, (1.5, 1.5, 1.7, 1.7)), "no rectangle"),
        (_microsoft("left, top"), "no rectangle"),
        (_microsoft("nan, 0, 1, 1"), "no rectangle"),
        (_microsoft("0.5, 0.5, -1, 0.5"), "no rectangle"),
    ],
)
def test_what_cannot_be_placed_is_told(packet: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    _photo(path, orientation=1, xmp=packet)
    facts = read_metadata(path)
    assert (facts.faces, facts.people) == ((), ("Anna",))
    (note,) = facts.notes
    assert note.startswith("1 face region is not placed: ")
    assert reason in note


def test_people_without_a_rectangle_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    left, top, right, bottom = _SHARES
    rectangle = f'MPReg:Rectangle="{left}, {top}, {right - left}, {bottom - top}"'.encode()
    _photo(path, orientation=1, xmp=_microsoft().replace(rectangle, b""))
    facts = read_metadata(path)
    assert (facts.faces, facts.people, facts.notes) == ((), ("Anna",), ())


def test_regions_of_raw_files_need_their_size(tmp_path: Path) -> None:
    path, beside = tmp_path / "a.nef", tmp_path / "a.xmp"
    path.write_bytes(b"MM\x00*" + exif_block({Base.Orientation: 6})[10:])
    beside.write_bytes(_mwg(6000, 4000))
    assert read_metadata(path, sidecars=[beside]).notes == (
        "1 face region is not placed: the size of the picture is not known",
    )
    (face,) = read_metadata(path, sidecars=[beside], upright_size=(4000, 6000)).faces
    assert face.left == pytest.approx(1 - _SHARES[3])
    (tmp_path / ".picasa.ini").write_text(_picasa().replace("a.jpg", "A.NEF"))
    ini = tmp_path / ".picasa.ini"
    (face,) = read_metadata(path, sidecars=[ini], upright_size=(4000, 6000)).faces
    assert face.left == pytest.approx(_SHARES[0], abs=1e-4)  # Picasa turns raw files itself


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_orientation_that_stands_in_a_sidecar_only(orientation: int, tmp_path: Path) -> None:
    path, beside = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    path.write_bytes(encode(_picture(), "JPEG", quality=95))
    packet = _mwg(_WIDE, _HIGH).replace(b"<mwg-rs:Regions ", b"<mwg-rs:Regions ", 1)
    beside.write_bytes(
        packet.replace(b'rdf:about=""', b'rdf:about="" tiff:Orientation="%d"' % orientation)
    )
    facts = read_metadata(path, sidecars=[beside])
    assert (facts.orientation, facts.turned_beside) == (orientation, orientation > 1)
    _is_on_the_patch(facts, path)
    turned = turn_photo(read_photo(path), orientation)
    _photo(path, orientation=orientation)
    said = read_photo(path)
    assert (turned.width, turned.height) == (said.width, said.height)
    assert np.abs(turned.rgb.astype(int) - said.rgb).max() < 8
    assert not read_metadata(path, sidecars=[beside]).turned_beside
    assert read_photo_as(path, orientation=3).rgb.shape == said.rgb.shape


@pytest.mark.parametrize("said", ["0", "9", "six", "-1"])
def test_an_orientation_that_is_none(said: str, tmp_path: Path) -> None:
    path, beside = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    path.write_bytes(encode(_picture(), "JPEG"))
    beside.write_bytes(xmp_packet(f'tiff:Orientation="{said}"'))
    facts = read_metadata(path, sidecars=[beside])
    assert (facts.orientation, facts.turned_beside) == (1, False)


def test_picasa_in_all_its_spellings(tmp_path: Path) -> None:
    path = tmp_path / ".picasa.ini"
    path.write_bytes(
        b"\xef\xbb\xbf[Contacts]\r\naa=me_lh,bb\r\n[Contacts2]\r\ncc=J\xc3\xb6rg;;\r\n"
        b"[IMG 1.JPG]\r\nfaces=rect64(40000000800080),CC;rect64(zz),cc;rect64(1),aa\r\n"
        b"caption=By the sea\r\nkeywords=sea, sun ,\r\nbroken line\r\n[]\r\n=x\r\n"
    )
    entry = read_picasa(path)["img 1.jpg"]
    assert entry.faces == (Region(0x40 / 65535, 0, 0x80 / 65535, 0x80 / 65535, "Jörg"),)
    assert (entry.keywords, entry.description) == (("sea", "sun"), "By the sea")
    path.write_bytes(b"")
    assert read_picasa(path) == {}
    path.write_bytes(b"no sections")
    with pytest.raises(SidecarError, match="Picasa"):
        read_picasa(path)


_lines = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["[a.jpg]", "[Contacts2]", "aa=Ann;;", "faces=", "keywords=a,b", "caption=c"]),
    st.builds(
        "faces=rect64({}),{}".format,
        st.text("0123456789abcdefABCDEF", max_size=18),
        st.text("0123456789abcdef", max_size=18),
    ),
)


@fuzzed(60)
@given(lines=st.lists(_lines, max_size=12), junk=st.binary(max_size=12))
def test_any_picasa_file_is_read_or_refused(lines: list[str], junk: bytes, tmp_path: Path) -> None:
    path = tmp_path / ".picasa.ini"
    path.write_bytes("\n".join(lines).encode("utf-8", "replace") + junk)
    try:
        entries = read_picasa(path)
    except SidecarError:
        return
    for entry in entries.values():
        assert all(0 <= one.left < one.right <= 1 for one in entry.faces)
        assert all(0 <= one.top < one.bottom <= 1 for one in entry.faces)
