"""Whatever the bytes: a photograph or one of our errors, and nothing else.

Long forms: see `tests.fuzz`.
"""

from __future__ import annotations

import struct
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodside.errors import GoodsideError
from goodside.images import Limits, read_photo
from goodside.images.decoding.sniff import describe, sniff
from goodside.images.metadata.photo_metadata import read_metadata
from tests.fuzz import fuzzed
from tests.images.dng import make_dng
from tests.images.icc import rgb_profile
from tests.images.made import encode, gradient, textured

_SMALL = Limits(max_megapixels=2.0, max_megabytes=5.0)
_SCENE = textured(48, 40)
_SEEDS = {
    "jpeg": encode(_SCENE, "JPEG", icc_profile=rgb_profile()),
    "progressive": encode(_SCENE, "JPEG", progressive=True),
    "bigtiff": encode(_SCENE, "TIFF", big_tiff=True),
    "png": encode(_SCENE, "PNG", icc_profile=rgb_profile()),
    "webp": encode(_SCENE, "WEBP"),
    "avif": encode(_SCENE, "AVIF", speed=10),
    "tiff": encode(_SCENE, "TIFF", compression="tiff_lzw"),
    "gif": encode(_SCENE, "GIF"),
    "bmp": encode(_SCENE, "BMP"),
    "heic": (Path(__file__).parent / "data" / "upright.heic").read_bytes(),
    "dng": make_dng(gradient(48, 40)),
}
_STARTS = sorted({data[:12] for data in _SEEDS.values()})
_quick = fuzzed(40)


def _survives(data: bytes, *, fit_px: int | None) -> None:
    if data:
        read_metadata("photo", data=data, limits=_SMALL)
    try:
        photo = read_photo(data, fit_px=fit_px, limits=_SMALL)
    except GoodsideError:
        return
    assert photo.rgb.dtype == np.uint8
    assert photo.rgb.ndim == 3
    assert photo.rgb.size > 0


@_quick
@given(start=st.sampled_from([b"", *_STARTS]), rest=st.binary(max_size=300))
def test_random_bytes(start: bytes, rest: bytes) -> None:
    _survives(start + rest, fit_px=None)


@pytest.mark.parametrize("name", sorted(_SEEDS))
@_quick
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
    keep=st.floats(0.05, 1),
    fit_px=st.sampled_from([None, 7]),
)
def test_corrupted_files(
    name: str, changes: list[tuple[float, int]], keep: float, fit_px: int | None
) -> None:
    data = bytearray(_SEEDS[name])
    for place, value in changes:
        # most of what matters stands at the start, so squeeze the places toward it
        data[int(place**2 * len(data))] = value
    _survives(bytes(data[: int(keep * len(data)) + 1]), fit_px=fit_px)


_ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(
            [0x10F, 0x112, 0x8769, 0x8825, 0x9003, 0x829A, 0x4746, 2, 4, 330, 700, 37500]
        ),
        st.integers(0, 18),
        st.one_of(st.integers(0, 9), st.integers(0, 2**32 - 1)),
        st.one_of(st.integers(0, 200), st.integers(0, 2**32 - 1)),
    ),
    max_size=12,
)


@_quick
@given(entries=_ENTRIES, order=st.sampled_from("<>"), rest=st.binary(max_size=120))
def test_exif(entries: list[tuple[int, int, int, int]], order: str, rest: bytes) -> None:
    head = struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, 8)
    table = b"".join(struct.pack(f"{order}HHII", *entry) for entry in sorted(entries))
    block = head + struct.pack(f"{order}H", len(entries)) + table + bytes(4) + rest
    for data in (
        encode(_SCENE, "JPEG", exif=b"Exif\x00\x00" + block),
        encode(_SCENE, "PNG", exif=block),
        encode(_SCENE, "WEBP", exif=block),
        block,
    ):
        _survives(data, fit_px=7)
        read_metadata("photo", data=data, limits=_SMALL)


_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {}/></rdf:RDF></x:xmpmeta>'
)


@_quick
@given(
    properties=st.dictionaries(
        st.sampled_from(
            "xmp:Rating xmp:Label xmp:CreateDate exif:GPSLatitude exif:GPSAltitude "
            "exif:ExposureTime exif:FNumber exif:DateTimeOriginal tiff:Orientation".split()
        ),
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
            st.from_regex(r"-?[0-9]{1,6}[/.,:]?[0-9]{0,6}[NSEW]?", fullmatch=True),
        ),
    ),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
)
def test_xmp(properties: dict[str, str], places: list[tuple[float, int]]) -> None:
    told = " ".join(f"{name}={quoteattr(value)}" for name, value in properties.items())
    packet = bytearray(_XMP.format(told).encode())
    for place, value in places:
        packet[int(place * len(packet))] = value
    for kind in ("JPEG", "WEBP"):
        data = encode(_SCENE, kind, xmp=bytes(packet))
        read_metadata("photo", data=data, limits=_SMALL)


@given(head=st.binary(max_size=64), suffix=st.sampled_from(["", ".jpg", ".NEF"]))
def test_sniffing_any_bytes(head: bytes, suffix: str) -> None:
    assert sniff(head, suffix=suffix) in {
        None, "JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP", "HEIC", "RAW",
    }  # fmt: skip
    assert describe(head)
