"""Sidecars in the manner of other programs, and small readers that share nothing with ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from goodside.images.xmp.content import Scores, SidecarContent
from goodside.images.xmp.regions import ImageFrame, Region

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NAMES = {
    "rating": "{http://ns.adobe.com/xap/1.0/}Rating",
    "subject": "{http://purl.org/dc/elements/1.1/}subject",
    "hierarchy": "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject",
    "regions": "{http://www.metadataworkinggroup.com/schemas/regions/}Regions",
}
_RS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
_AREA = "{http://ns.adobe.com/xmp/sType/Area#}"
_DIM = "{http://ns.adobe.com/xap/1.0/sType/Dimensions#}"
_OURS = "{https://goodside.invalid/xmp/1.0/}"

FRAME = ImageFrame(6000, 4000)
CONTENT = SidecarContent(
    rating=4,
    tags=("Animal|Cat", "blue & <sky>"),
    faces=(Region(0.1, 0.2, 0.3, 0.5, 'Änna "A" & <B>'), Region(0.5, 0.5, 0.6, 0.75)),
    scores=Scores(6.531, 83.2, "made 1.0", (("sharpness", 0.81), ("colour_harmony", -2.5))),
)
LIGHTROOM = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
    xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
   xmp:Rating="3"
   xmp:Label="Red"
   tiff:Orientation="6"
   crs:Exposure2012="+0.35"
   crs:Note="two&#xA;lines&#x9;and a tab">
   <dc:subject>
    <rdf:Bag>
     <rdf:li>Familie</rdf:li>
     <rdf:li>Anna</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <lr:hierarchicalSubject>
    <rdf:Bag>
     <rdf:li>Familie|Anna</rdf:li>
    </rdf:Bag>
   </lr:hierarchicalSubject>
   <crs:ToneCurvePV2012>
    <rdf:Seq>
     <rdf:li>0, 0</rdf:li>
     <rdf:li>255, 255</rdf:li>
    </rdf:Seq>
   </crs:ToneCurvePV2012>
   <mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions stDim:w="6000" stDim:h="4000" stDim:unit="pixel"/>
    <mwg-rs:RegionList>
     <rdf:Bag>
      <rdf:li>
       <rdf:Description mwg-rs:Rotation="-1.57" mwg-rs:Name="Anna" mwg-rs:Type="Face">
       <mwg-rs:Area stArea:h="0.2" stArea:w="0.1" stArea:x="0.3" stArea:y="0.4"/>
       </rdf:Description>
      </rdf:li>
     </rdf:Bag>
    </mwg-rs:RegionList>
   </mwg-rs:Regions>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()

DIGIKAM = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
    xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
   digiKam:PickLabel="3"
   MicrosoftPhoto:Rating="75">
   <digiKam:TagsList>
    <rdf:Seq>
     <rdf:li>People/Bert</rdf:li>
    </rdf:Seq>
   </digiKam:TagsList>
   <mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions rdf:parseType="Resource">
     <stDim:w>6000</stDim:w>
     <stDim:h>4000</stDim:h>
     <stDim:unit>pixel</stDim:unit>
    </mwg-rs:AppliedToDimensions>
    <mwg-rs:RegionList>
     <rdf:Bag>
      <rdf:li rdf:parseType="Resource">
       <mwg-rs:Name>Bert</mwg-rs:Name>
       <mwg-rs:Type>Face</mwg-rs:Type>
       <mwg-rs:Area rdf:parseType="Resource">
        <stArea:x>0.75</stArea:x>
        <stArea:y>0.5</stArea:y>
        <stArea:w>0.125</stArea:w>
        <stArea:h>0.25</stArea:h>
        <stArea:unit>normalized</stArea:unit>
       </mwg-rs:Area>
      </rdf:li>
      <rdf:li rdf:parseType="Resource">
       <mwg-rs:Type>Focus</mwg-rs:Type>
       <mwg-rs:Area rdf:parseType="Resource">
        <stArea:x>0.5</stArea:x>
        <stArea:y>0.5</stArea:y>
        <stArea:w>0.1</stArea:w>
        <stArea:h>0.1</stArea:h>
        <stArea:unit>normalized</stArea:unit>
       </mwg-rs:Area>
      </rdf:li>
     </rdf:Bag>
    </mwg-rs:RegionList>
   </mwg-rs:Regions>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""

DARKTABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:darktable="http://darktable.sf.net/"
   xmp:Rating="0"
   xmpMM:DerivedFrom="IMG_1.CR2"
   darktable:xmp_version="5"
   darktable:history_end="2">
   <!-- kept -->
   <darktable:history>
    <rdf:Seq>
     <rdf:li
      darktable:num="0"
      darktable:operation="exposure"
      darktable:enabled="1"
      darktable:params="gz02eJxjYGBgY"/>
     <rdf:li
      darktable:num="1"
      darktable:operation="filmicrgb"
      darktable:enabled="1"
      darktable:params="00000000"/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""

CAPTURE_ONE = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xap="http://ns.adobe.com/xap/1.0/">
   <xap:Rating>5</xap:Rating>
   <xap:Label>Green</xap:Label>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:subject>single</dc:subject>
   <dc:title>
    <rdf:Alt><rdf:li xml:lang="x-default">A &lt;title&gt; &amp; more</rdf:li></rdf:Alt>
   </dc:title>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""

SIDECARS = {
    "Lightroom": LIGHTROOM,
    "digiKam": DIGIKAM,
    "darktable": DARKTABLE,
    "Capture One": CAPTURE_ONE,
}


@dataclass(frozen=True)
class Seen:
    """What an independent reader finds; regions as (name, x, y, w, h) on the stored image."""

    rating: int | None
    subject: list[str]
    hierarchy: list[str]
    size: tuple[int, int] | None
    regions: list[tuple[str, float, float, float, float]]


def everything(data: bytes) -> dict[str, Any]:
    """All top-level properties but ours, in one shape whichever the spelling."""
    root = ElementTree.fromstring(data.strip())
    found: dict[str, Any] = {}
    for node in root.iter(f"{_RDF}RDF"):
        for description in node:
            found |= _body(description)
    return {name: value for name, value in found.items() if not name.startswith(_OURS)}


def read_with_elementtree(path: Path) -> Seen:
    found = everything(path.read_bytes())
    regions = found.get(_NAMES["regions"], {})
    size = regions.get(f"{_RS}AppliedToDimensions")
    listed = [
        (
            region.get(f"{_RS}Name", ""),
            *(float(region[f"{_RS}Area"][f"{_AREA}{key}"]) for key in "xywh"),
        )
        for region in regions.get(f"{_RS}RegionList", [])
        if region[f"{_RS}Type"] == "Face"
    ]
    rating = found.get(_NAMES["rating"])
    return Seen(
        None if rating is None else int(rating),
        _items(found.get(_NAMES["subject"])),
        _items(found.get(_NAMES["hierarchy"])),
        None if size is None else (int(size[f"{_DIM}w"]), int(size[f"{_DIM}h"])),
        listed,
    )


def read_with_exiftool(path: Path) -> Seen:
    command = ["exiftool", "-j", "-struct", "-G1", "-a", "-n", "-XMP:all", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    said = json.loads(done.stdout)[0]
    info = said.get("XMP-mwg-rs:RegionInfo", {})
    size = info.get("AppliedToDimensions")
    return Seen(
        said.get("XMP-xmp:Rating"),
        [str(tag) for tag in _items(said.get("XMP-dc:Subject"))],
        [str(tag) for tag in _items(said.get("XMP-lr:HierarchicalSubject"))],
        None if size is None else (size["W"], size["H"]),
        [
            (region.get("Name", ""), *(region["Area"][key] for key in "XYWH"))
            for region in info.get("RegionList", [])
            if region["Type"] == "Face"
        ],
    )


READERS: dict[str, Callable[[Path], Seen]] = {"elementtree": read_with_elementtree}
if shutil.which("exiftool"):
    READERS["exiftool"] = read_with_exiftool


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _body(element: ElementTree.Element) -> dict[str, Any]:
    attributes = {
        name: value
        for name, value in element.attrib.items()
        if not name.startswith((_RDF, "{http://www.w3.org/XML"))
    }
    return attributes | {child.tag: _value(child) for child in element}


def _value(element: ElementTree.Element) -> Any:
    first = next(iter(element), None)
    if first is None:
        return _body(element) or (element.text or "").strip()
    if first.tag in (f"{_RDF}Bag", f"{_RDF}Seq", f"{_RDF}Alt"):
        return [_value(item) for item in first]
    return _body(first if first.tag == f"{_RDF}Description" else element)
