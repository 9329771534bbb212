"""Photographs whose orientation stands beside them only, in a sidecar."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL.ExifTags import Base

from goodside.images.decoding.picture import UPRIGHT
from goodside.images.decoding.worker import read_photo_guarded
from goodside.images.embedded.header import read_header
from goodside.images.photo import Limits, Photo


def turn_photo(photo: Photo, orientation: int) -> Photo:
    """Make a photograph upright that lies as it is stored.

    Args:
        photo: decoded.
        orientation: EXIF's, 1-8.
    """
    if orientation not in UPRIGHT:
        return photo
    width, height = photo.width, photo.height
    if orientation >= 5:
        width, height = height, width
    pixels = photo.picture.transpose(UPRIGHT[orientation])
    return replace(photo, pixels=pixels, width=width, height=height)


def read_photo_as(
    path: str | Path, *, orientation: int, fit_px: int | None = None, limits: Limits | None = None
) -> Photo:
    """Read a photograph whose orientation is known; it counts where the file says none itself.

    Args:
        path: the photograph.
        orientation: EXIF's, 1-8, as a sidecar may say it.
        fit_px, limits: as for `read_photo_guarded`.

    Raises:
        ImageError: as for `read_photo_guarded`.
    """
    photo = read_photo_guarded(path, fit_px=fit_px, limits=limits)
    if orientation not in UPRIGHT or photo.format in ("RAW", "HEIC"):
        return photo
    header = read_header(path, limits=limits)
    return photo if Base.Orientation in header.main else turn_photo(photo, orientation)
