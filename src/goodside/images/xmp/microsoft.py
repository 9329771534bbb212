"""Faces as Windows Live Photo Gallery and digiKam write them: `MP:RegionInfo`.

Source: Microsoft, "People Tagging Overview" (Windows Imaging Component). Like those of the Metadata
Working Group, and as ExifTool and digiKam convert them, they lie on the stored image; they do not
tell its size, so that a cut cannot be noticed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from goodside.images.xmp.names import MICROSOFT_PEOPLE, MICROSOFT_REGION, MICROSOFT_REGIONS
from goodside.images.xmp.regions import ImageFrame, Region, UnplacedRegions
from goodside.images.xmp.values import Properties, text

_INFO, _LIST = (MICROSOFT_PEOPLE, "RegionInfo"), (MICROSOFT_REGIONS, "Regions")
_RECTANGLE, _NAME = (MICROSOFT_REGION, "Rectangle"), (MICROSOFT_REGION, "PersonDisplayName")


def read_microsoft_faces(found: Properties, *, frame: ImageFrame) -> tuple[Region, ...]:
    """Faces in a document's `MP:RegionInfo`, on the upright picture."""
    faces = (_rectangle(said, name) for said, name in _listed(found) if said is not None)
    return tuple(frame.to_upright(face) for face in faces if face is not None)


def misplaced_microsoft(found: Properties, *, frame: ImageFrame | None) -> UnplacedRegions | None:
    """People who are named in a region without a rectangle, or on a picture of unknown size.

    The first is how Photo Gallery says that somebody is in the picture, so it is no damage.
    """
    listed = _listed(found)
    lost = [
        (said, name)
        for said, name in listed
        if frame is None or said is None or _rectangle(said, name) is None
    ]
    if not lost:
        return None
    names = tuple(dict.fromkeys(name for _, name in lost if name))
    named = [said for said, _ in lost if said is not None]
    if not named:
        return UnplacedRegions(names, "")
    many = "1 face region is" if len(named) == 1 else f"{len(named)} face regions are"
    why = "the size of the picture is not known" if frame is None else "no rectangle on the picture"
    return UnplacedRegions(names, f"{many} not placed: {why}")


def _listed(found: Properties) -> list[tuple[str | None, str | None]]:
    """Rectangle and name of each region."""
    info = found.get(_INFO)
    listed = info.get(_LIST) if isinstance(info, Mapping) else None
    items = listed if isinstance(listed, tuple) else ()
    return [
        (text(item, _RECTANGLE), text(item, _NAME)) for item in items if isinstance(item, Mapping)
    ]


def _rectangle(said: str, name: str | None) -> Region | None:
    """`left, top, width, height` as shares; None where it is none."""
    try:
        left, top, width, height = (float(part) for part in said.split(","))
    except ValueError:
        return None
    if not all(map(math.isfinite, (left, top, width, height))):
        return None
    edges = (max(0.0, left), max(0.0, top), min(1.0, left + width), min(1.0, top + height))
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        return None
    return Region(*edges, name)
