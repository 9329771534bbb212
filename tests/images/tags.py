"""Metadata as cameras and programs write them: EXIF, XMP, and all of EXIF at once."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from tests.images.made import gradient

SCENE = gradient(60, 40)
SUMMER = timezone(timedelta(hours=2))


def exif_block(
    main: dict[int, Any] | None = None,
    exif: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
) -> bytes:
    """An EXIF block with these tags of its directories."""
    block = Image.Exif()
    block.update(main or {})
    block.get_ifd(IFD.Exif).update(exif or {})
    block.get_ifd(IFD.GPSInfo).update(gps or {})
    return block.tobytes()


def ratio(above: int, below: int) -> IFDRational:
    """A rational number as EXIF keeps it."""
    return IFDRational(above, below)


def xmp_packet(attributes: str, inside: str = "") -> bytes:
    """An XMP packet whose one description has these attributes and holds `inside`."""
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
      xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
      xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
      xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:maker="urn:maker"
      xmlns:dc="http://purl.org/dc/elements/1.1/" {attributes}>{inside}</rdf:Description>
      </rdf:RDF></x:xmpmeta>""".encode()


MAIN: dict[int, Any] = {
    Base.Make: "Maker\x00",
    Base.Model: " Model 1 ",
    Base.Orientation: 6,
    0x4746: 3,
}
TAKEN: dict[int, Any] = {
    Base.DateTimeOriginal: "2026:05:04 13:14:15",
    Base.SubsecTimeOriginal: "67",
    Base.OffsetTimeOriginal: "+02:00",
    Base.LensModel: "50mm F1.8",
    Base.ExposureTime: ratio(1, 250),
    Base.FNumber: ratio(28, 10),
    Base.ISOSpeedRatings: 400,
    Base.ExposureBiasValue: ratio(-2, 3),
    Base.ExposureMode: 2,
    Base.FocalLength: ratio(50, 1),
}
PLACE: dict[int, Any] = {
    GPS.GPSLatitudeRef: "S",
    GPS.GPSLatitude: (ratio(33, 1), ratio(51, 1), ratio(36, 1)),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (ratio(151, 1), ratio(12, 1), ratio(0, 1)),
    GPS.GPSAltitudeRef: b"\x01",
    GPS.GPSAltitude: ratio(25, 2),
}
FULL = exif_block(MAIN, TAKEN, PLACE)
