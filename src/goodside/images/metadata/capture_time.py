"""When a photograph was taken: EXIF's and XMP's many dates, in the order of their worth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL.ExifTags import GPS, Base

from goodside.images.embedded.exif import float_value, text_value
from goodside.images.embedded.header import Header, Tags
from goodside.images.xmp.names import EXIF, PHOTOSHOP, XMP
from goodside.images.xmp.values import Properties, first_text

_STAMP = re.compile(
    r"(\d{4})[:-](\d{2})[:-](\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?\s*\x00*$"
)
_QUARTER, _SLACK = timedelta(minutes=15), timedelta(minutes=2)
_FARTHEST_ZONE = timedelta(hours=14)
_OFFSET = re.compile(r"(Z)|([+-])(\d{2}):?(\d{2})")


def taken_at_of(
    header: Header, *, beside: Sequence[Properties], inside: Sequence[Properties]
) -> tuple[datetime | None, str | None]:
    """The first of the known properties that holds a believable time, and its name."""
    exif, main = header.exif, header.main
    zone = exif.get(Base.OffsetTime)
    xmp = (
        ("exif:DateTimeOriginal", (EXIF, "DateTimeOriginal")),
        ("photoshop:DateCreated", (PHOTOSHOP, "DateCreated")),
    )
    said = [(f"sidecar {name}", first_text(beside, key)) for name, key in xmp]
    said += [
        ("EXIF DateTimeOriginal", _stamp(exif, Base.DateTimeOriginal, zone)),
        ("EXIF DateTimeDigitized", _stamp(exif, Base.DateTimeDigitized, zone)),
    ]
    said += [(f"XMP {name}", first_text(inside, key)) for name, key in xmp]
    said += [
        ("XMP xmp:CreateDate", first_text([*beside, *inside], (XMP, "CreateDate"))),
        ("EXIF GPSDateStamp", _satellite_time(header.gps)),
        ("EXIF DateTime", _stamp(main, Base.DateTime, zone)),
    ]
    times = ((_time(stamp), name) for name, stamp in said if stamp)
    time, source = next(((time, name) for time, name in times if time is not None), (None, None))
    if time is not None and time.tzinfo is None:
        time = time.replace(tzinfo=_zone_by_satellite(time, header.gps))
    return time, source


def _zone_by_satellite(clock: datetime, gps: Tags) -> timezone | None:
    """The camera's time zone, from its clock and the satellites' time, which is UTC.

    Zones differ by whole quarters of an hour; a clock that is more than two minutes off from every
    such zone tells none.
    """
    said = _satellite_time(gps)
    instant = None if said is None else _time(said)
    if instant is None:
        return None
    difference = clock.replace(tzinfo=UTC) - instant
    zone = round(difference / _QUARTER) * _QUARTER
    is_zone = abs(zone) <= _FARTHEST_ZONE and abs(difference - zone) <= _SLACK
    return timezone(zone) if is_zone else None


_COMPANIONS = {
    Base.DateTimeOriginal: (Base.SubsecTimeOriginal, Base.OffsetTimeOriginal),
    Base.DateTimeDigitized: (Base.SubsecTimeDigitized, Base.OffsetTimeDigitized),
    Base.DateTime: (Base.SubsecTime, Base.OffsetTime),
}


def _stamp(tags: Tags, tag: Base, zone: Any) -> str | None:
    """EXIF's date and time with the fraction and time zone that stand in tags of their own."""
    said = text_value(tags.get(tag))
    if said is None:
        return None
    fraction_tag, zone_tag = _COMPANIONS[tag]
    fraction = re.match(r"\d+", text_value(tags.get(fraction_tag)) or "")
    zone = _OFFSET.fullmatch(text_value(tags.get(zone_tag)) or text_value(zone) or "")
    return said[:19] + (f".{fraction[0]}" if fraction else "") + (zone[0] if zone else "")


def _satellite_time(gps: Tags) -> str | None:
    date, clock = text_value(gps.get(GPS.GPSDateStamp)), gps.get(GPS.GPSTimeStamp)
    if date is None or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    parts = [float_value(part) for part in clock]
    if None in parts:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts)
    return f"{date[:10]} {hours:02}:{minutes:02}:{seconds:02}Z"


def _time(stamp: str) -> datetime | None:
    """A date and time in EXIF's or XMP's spelling; None for one that no clock has shown."""
    found = _STAMP.match(stamp.strip())
    if found is None:
        return None
    *parts, fraction, zone = found.groups(default="")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in parts)
        micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
        time = datetime(year, month, day, hour, minute, second, micros, _zone(zone))
    except ValueError:
        return None
    return time if time.year > 1970 else None  # a clock that was never set


def _zone(said: str) -> timezone | None:
    found = _OFFSET.fullmatch(said)
    if found is None:
        return None
    if found[1]:
        return UTC
    minutes = int(found[3]) * 60 + int(found[4])
    return timezone(timedelta(minutes=-minutes if found[2] == "-" else minutes))
