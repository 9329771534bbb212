"""The vocabularies that are read and written: namespace URIs and the prefixes for them."""

from __future__ import annotations

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
X = "adobe:ns:meta/"
XMP = "http://ns.adobe.com/xap/1.0/"
DC = "http://purl.org/dc/elements/1.1/"
LR = "http://ns.adobe.com/lightroom/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
AUX = "http://ns.adobe.com/exif/1.0/aux/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
MICROSOFT = "http://ns.microsoft.com/photo/1.0/"
MICROSOFT_BARE = "http://ns.microsoft.com/photo/1.0"
"""The same as ExifTool writes it, without the slash at its end."""
MICROSOFT_PEOPLE = "http://ns.microsoft.com/photo/1.2/"
MICROSOFT_REGIONS = "http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
MICROSOFT_REGION = "http://ns.microsoft.com/photo/1.2/t/Region#"
DIGIKAM = "http://www.digikam.org/ns/1.0/"
DARKTABLE = "http://darktable.sf.net/"
DYNAMIC_MEDIA = "http://ns.adobe.com/xmp/1.0/DynamicMedia/"
PHOTO_MECHANIC = "http://ns.camerabits.com/photomechanic/1.0/"
MEDIA_PRO = "http://ns.iview-multimedia.com/mediapro/1.0/"
IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
MWG_RS = "http://www.metadataworkinggroup.com/schemas/regions/"
ST_AREA = "http://ns.adobe.com/xmp/sType/Area#"
ST_DIM = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
GOODSIDE = "https://goodside.invalid/xmp/1.0/"
"""Our own. A name and no address: `.invalid` can never belong to anybody (RFC 2606)."""

PREFIXES = {
    RDF: "rdf",
    X: "x",
    XMP: "xmp",
    DC: "dc",
    LR: "lr",
    MWG_RS: "mwg-rs",
    ST_AREA: "stArea",
    ST_DIM: "stDim",
    EXIF: "exif",
    PHOTOSHOP: "photoshop",
    MICROSOFT_PEOPLE: "MP",
    DIGIKAM: "digiKam",
    IPTC_EXT: "Iptc4xmpExt",
    GOODSIDE: "goodside",
}
"""What an element of ours is written with where the document has declared nothing."""
