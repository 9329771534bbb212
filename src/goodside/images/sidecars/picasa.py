"""What Picasa says of the photographs of a folder in its `.picasa.ini`.

The file has a section a photograph, `[IMG_1.JPG]`, with `faces=rect64(HEX),CONTACT;...`,
`keywords=` and `caption=`, and one of contacts, `CONTACT=Name;;`. A rectangle is four numbers of 16
bits: left, top, right, bottom, as shares of 65535; zeros in front are left out. They lie on the
stored image; of camera raw files, which Picasa turns itself, on the upright one (source:
ExifTool's `picasa_faces.config`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goodside.errors import SidecarError
from goodside.images.sidecars.sidecar_bytes import read_sidecar_bytes
from goodside.images.xmp.other_programs import line_of, merge_keywords, text_of
from goodside.images.xmp.regions import ImageFrame, Region
from goodside.images.xmp.tree import MAX_BYTES

PICASA_NAMES = frozenset({".picasa.ini", "picasa.ini"})
"""In lower case; the second is what Picasa wrote before version 3."""

_FACE = re.compile(r"rect64\(([0-9a-f]{1,16})\),([0-9a-f]{1,16})", re.IGNORECASE)
_MOST = 65535


@dataclass(frozen=True, slots=True)
class PicasaEntry:
    """What Picasa says of one photograph.

    Attributes:
        faces: as it wrote them, see `place`.
        keywords, description: likewise; Picasa puts those of JPEG files into the file itself.
    """

    faces: tuple[Region, ...] = ()
    keywords: tuple[str, ...] = ()
    description: str | None = None

    def place(self, frame: ImageFrame, *, is_raw: bool) -> tuple[Region, ...]:
        """The faces on the upright picture."""
        return self.faces if is_raw else tuple(map(frame.to_upright, self.faces))


def is_picasa(path: Path) -> bool:
    """Whether a file is called as Picasa's are."""
    return path.name.lower() in PICASA_NAMES


def read_picasa(path: Path) -> Mapping[str, PicasaEntry]:
    """Read a folder's file: what is said of each photograph, by its name in lower case.

    Lines of no known form are passed over, as Picasa adds new ones with each version.

    Raises:
        SidecarError: it cannot be read, is too large, or holds no section.
    """
    data = read_sidecar_bytes(path)
    if len(data) > MAX_BYTES:
        raise SidecarError(
            f"it has more than {MAX_BYTES / 1e6:g} MB",
            path=path,
            remedy="repair it, or move it out of the way",
        )
    sections = _sections(data)
    if not sections and data.strip():
        raise SidecarError("it is no file of Picasa's", path=path, remedy="move it out of the way")
    contacts = {
        key.lower(): name
        for section in ("contacts", "contacts2")
        for key, said in sections.get(section, {}).items()
        if (name := line_of(said.split(";")[0])) and "_lh," not in name
    }
    return {name: _entry(fields, contacts) for name, fields in sections.items()}


def _sections(data: bytes) -> dict[str, dict[str, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    found: dict[str, dict[str, str]] = {}
    fields: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            fields = found.setdefault(line[1:-1].strip().lower(), {})
        elif "=" in line:
            key, said = line.split("=", 1)
            fields.setdefault(key.strip().lower(), said.strip())
    return found


def _entry(fields: Mapping[str, str], contacts: Mapping[str, str]) -> PicasaEntry:
    faces = []
    for rectangle, contact in _FACE.findall(fields.get("faces", "")):
        bits = int(rectangle, 16)
        left, top, right, bottom = ((bits >> shift & _MOST) / _MOST for shift in (48, 32, 16, 0))
        if left < right and top < bottom:
            faces.append(Region(left, top, right, bottom, contacts.get(contact.lower())))
    return PicasaEntry(
        faces=tuple(faces),
        keywords=merge_keywords((), fields.get("keywords", "").split(",")),
        description=text_of(fields.get("caption")),
    )
