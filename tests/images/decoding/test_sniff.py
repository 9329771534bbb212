"""Formats by name: those that are read, and those that are only recognised."""

from __future__ import annotations

import pytest

from goodside.errors import UnreadableImage
from goodside.images import read_photo
from goodside.images.decoding.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES, name_unread
from goodside.images.decoding.unsupported import UNREAD_SUFFIXES
from tests.images.made import encode, gradient


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\x0a\xfa\x7f", "JPEG XL"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xff\x4f\xff\x51\x00\x2f", "JPEG 2000"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "SVG"),
        (b'<?xml version="1.0"?>\n<svg>', "SVG"),
        (b"\x00\x00\x00\x20ftypisom", "video"),
        (b"P6\n4 4\n255\n", "Netpbm"),
        (b"\x76\x2f\x31\x01\x02", "OpenEXR"),
    ],
)
def test_recognised_by_its_bytes(head: bytes, name: str) -> None:
    assert name_unread(head + bytes(32)) == name
    with pytest.raises(UnreadableImage) as caught:
        read_photo(head + bytes(64), name="photo.jpg")
    assert name.lower() in caught.value.message.lower()


def test_the_suffix_counts_where_the_bytes_leave_it_open() -> None:
    assert name_unread(b"\x00\x01\x02", suffix=".TGA") == "Targa"
    assert name_unread(b"\x00\x01\x02") is None
    assert name_unread(encode(gradient(8, 8), "PNG"), suffix=".svg") is None


def test_no_suffix_is_both_read_and_unread() -> None:
    assert not UNREAD_SUFFIXES.keys() & (PHOTO_SUFFIXES | RAW_SUFFIXES)
    assert all(suffix == suffix.lower() for suffix in UNREAD_SUFFIXES)
