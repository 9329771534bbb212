"""What all formats have in common, and how much of each part a photograph may have."""

from __future__ import annotations

from dataclasses import dataclass

from goodside.errors import ImageTooLarge

MAX_SCANS = 100
"""Of a progressive JPEG; encoders write 10 or so, and each costs a pass over the whole picture."""
MAX_PARTS = 100_000
"""Segments, chunks, boxes or blocks; a PNG file of 500 MB has some 60,000 chunks."""
MAX_METADATA_BYTES = 32_000_000
"""All that is neither pixels nor needed to decode them."""
MAX_EXIF_BYTES = 4_000_000
MAX_FILLING_BYTES = 1_000_000
"""What stands between the parts of a JPEG's header and means nothing."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's parts, as far as its format has been looked into.

    Attributes:
        size: width and height of the picture; None: only a decoder can tell.
        decoder_bytes: what the decoder needs for itself beside the picture it gives.
    """

    size: tuple[int, int] | None = None
    decoder_bytes: int = 0


def check_count(count: int, what: str, *, most: int = MAX_PARTS) -> None:
    """Refuse a file with too many of its parts.

    Raises:
        ImageTooLarge: there are more than `most`.
    """
    if count > most:
        raise ImageTooLarge(
            f"the file has more than {most:,} {what}", remedy="save a plain copy of it"
        )


def check_bytes(size_bytes: int, what: str, *, most: int = MAX_METADATA_BYTES) -> None:
    """Refuse a file with too many bytes of one kind.

    Raises:
        ImageTooLarge: there are more than `most`.
    """
    if size_bytes > most:
        raise ImageTooLarge(
            f"the file has more than {most / 1e6:g} MB of {what}",
            remedy="save a plain copy of it, without its metadata",
        )
