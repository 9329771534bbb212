"""Where a photograph was taken, from EXIF's GPS directory or XMP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PIL.ExifTags import GPS

from goodside.images.embedded.exif import float_value, text_value
from goodside.images.embedded.header import Tags
from goodside.images.xmp.names import EXIF
from goodside.images.xmp.values import Properties, first_text, number


def position_of(gps: Tags, spoken: Sequence[Properties]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, north and east positive; both or none."""
    latitude = _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), limit=90)
    longitude = _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), limit=180)
    if latitude is None or longitude is None:
        latitude = _xmp_degrees(first_text(spoken, (EXIF, "GPSLatitude")), limit=90)
        longitude = _xmp_degrees(first_text(spoken, (EXIF, "GPSLongitude")), limit=180)
    nowhere = latitude is None or longitude is None or (latitude == 0 and longitude == 0)
    return (None, None) if nowhere else (latitude, longitude)


def _degrees(value: Any, reference: Any, *, limit: float) -> float | None:
    if not isinstance(value, tuple) or not value:
        return None
    parts = [float_value(part) for part in value[:3]]
    if any(part is None for part in parts):
        return None
    total = sum((part or 0.0) / 60**place for place, part in enumerate(parts))
    return _signed(total, text_value(reference) or "", limit=limit)


def _xmp_degrees(said: str | None, *, limit: float) -> float | None:
    """XMP's spelling of a coordinate: `48,51.5N` or `48,51,30N`."""
    found = re.fullmatch(r"(\d+),(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?([NSEW])", said or "")
    if found is None:
        return None
    total = float(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
    return _signed(total, found[4], limit=limit)


def _signed(degrees: float, reference: str, *, limit: float) -> float | None:
    if not 0 <= degrees <= limit:
        return None
    return -degrees if reference[:1].upper() in ("S", "W") else degrees


def altitude_of(gps: Tags, spoken: Sequence[Properties]) -> float | None:
    """Metres above the sea."""
    height, below = float_value(gps.get(GPS.GPSAltitude)), gps.get(GPS.GPSAltitudeRef)
    if height is None:
        height = next(
            filter(None, (number(found, (EXIF, "GPSAltitude")) for found in spoken)), None
        )
        below = first_text(spoken, (EXIF, "GPSAltitudeRef"))
    if height is None:
        return None
    return -height if below in (1, b"\x01", "1") else height
