"""Faces as regions of the Metadata Working Group, in the frame that its guideline means.

The guideline (Guidelines for Handling Image Metadata 2.0, 5.9) has regions lie on the image as it
is stored, before EXIF orientation is applied; goodside's boxes lie on the upright picture.
`ImageFrame` takes one to the other. Why, and what other programs do, stands in docs/decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from goodside.images.xmp.edit import append, drop, find, home, remove
from goodside.images.xmp.names import GOODSIDE, MWG_RS, PREFIXES, RDF, ST_AREA, ST_DIM
from goodside.images.xmp.tree import Document, Element, clean
from goodside.images.xmp.values import (
    CONTAINERS,
    DESCRIPTION,
    Properties,
    Value,
    number,
    text,
    value_of,
)
from goodside.types import Box

REGIONS = (MWG_RS, "Regions")
_LIST = (MWG_RS, "RegionList")
_DIMENSIONS = (MWG_RS, "AppliedToDimensions")
_EXTENSIONS = (MWG_RS, "Extensions")
_AREA, _NAME, _TYPE = (MWG_RS, "Area"), (MWG_RS, "Name"), (MWG_RS, "Type")
_OURS = (GOODSIDE, "Face")
"""In a region's extensions: the name under which we wrote it, so that we know it again."""
_PERSON = (GOODSIDE, "Person")
"""Beside it: the key of the person whom somebody confirmed the face to be."""

_ASPECT_TOLERANCE = 0.02  # raw decoders differ by a few rows and columns
_OTHER_SHAPE = "regions of another program were made on another shape; faces were not added"
_SAME_FACE = 0.5  # intersection over union


@dataclass(frozen=True, slots=True)
class Region:
    """A face on the upright picture.

    Attributes:
        left, top, right, bottom: edges as shares of the picture's width and height, 0-1.
        name: the person's, or None.
        person: key of the person whom somebody confirmed it to be; in regions of ours only.
    """

    left: float
    top: float
    right: float
    bottom: float
    name: str | None = None
    person: str | None = None

    @classmethod
    def of_box(
        cls,
        box: Box,
        *,
        width: int,
        height: int,
        name: str | None = None,
        person: str | None = None,
    ) -> Region:
        """A box in pixels of an upright picture of that size, cut at the picture's edges."""
        left, right = ((x + 0.5) / width for x in (box.left, box.right))
        top, bottom = ((y + 0.5) / height for y in (box.top, box.bottom))
        return cls(_unit(left), _unit(top), _unit(right), _unit(bottom), name, person)

    def box(self, *, width: int, height: int) -> Box:
        """The region in pixels of an upright picture of that size."""
        return Box(
            self.left * width - 0.5,
            self.top * height - 0.5,
            self.right * width - 0.5,
            self.bottom * height - 0.5,
        )

    def overlap(self, other: Region) -> float:
        """Intersection over union, 0-1."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        both = max(0.0, wide) * max(0.0, high)
        either = self._area + other._area - both
        return both / either if either > 0 else 0.0

    @property
    def _area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True)
class ImageFrame:
    """The image as it is stored: its size in pixels, and the EXIF orientation (1-8) to show it."""

    width: int
    height: int
    orientation: int = 1

    @classmethod
    def of_upright(cls, width: int, height: int, *, orientation: int) -> ImageFrame:
        """The frame of a picture that has this size once it is upright."""
        size = (height, width) if orientation >= 5 else (width, height)
        return cls(*size, orientation)

    def to_upright(self, region: Region) -> Region:
        """A region of the stored image, on the upright picture."""
        return _turned(region, self.orientation)

    def to_stored(self, region: Region) -> Region:
        """A region of the upright picture, on the stored image."""
        return _turned(region, {6: 8, 8: 6}.get(self.orientation, self.orientation))

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height once it is upright."""
        size = (self.width, self.height)
        return size[::-1] if self.orientation >= 5 else size

    def fits(self, width: float, height: float) -> bool:
        """Whether a size has this frame's shape."""
        return abs(width * self.height / (height * self.width) - 1) <= _ASPECT_TOLERANCE


def read_faces(
    found: Properties, *, frame: ImageFrame, others_only: bool = False
) -> tuple[Region, ...]:
    """Faces in a document's regions, on the upright picture.

    Regions tell the size of the image they were made on. Where that has the shape of the upright
    picture and not of the stored image, the program that wrote them turned the picture first, and
    they are taken as they are; where it has neither shape, the picture was cut since, and they
    count as absent: `misplaced` says so.
    """
    fields = _fields(found.get(REGIONS))
    stored = _is_stored(fields, frame)
    if stored is None:
        return ()
    faces = (_face(item) for item in _listed(fields) if not (others_only and _is_ours(item)))
    return tuple(frame.to_upright(face) if stored else face for face in faces if face is not None)


def read_confirmed(found: Properties, *, frame: ImageFrame) -> tuple[Region, ...]:
    """Faces of ours that somebody confirmed to be a person, on the upright picture."""
    faces = read_faces(found, frame=frame)
    return tuple(face for face in faces if face.person is not None)


@dataclass(frozen=True, slots=True)
class UnplacedRegions:
    """Regions of other programs that have no place on the picture.

    Attributes:
        names: of the people in them.
        reason: why, in one sentence.
    """

    names: tuple[str, ...]
    reason: str


def misplaced(found: Properties, *, frame: ImageFrame | None) -> UnplacedRegions | None:
    """The regions of other programs in a document that `read_faces` cannot place, or None."""
    fields = _fields(found.get(REGIONS))
    items = [item for item in _listed(fields) if not _is_ours(item)]
    faces = [(_face(item), text(_fields(item), _NAME), _is_face(item)) for item in items]
    size = _size(fields)
    if frame is not None and _is_stored(fields, frame) is None and size is not None:
        lost = [name for face, name, _ in faces if face is not None]
        wide, high = frame.upright_size
        reason = (
            f"made on {size[0]:g} x {size[1]:g} pixels, and the picture of {wide} x {high} was cut "
            "or turned since"
        )
    elif frame is None and any(face is not None for face, _, _ in faces):
        lost = [name for face, name, _ in faces if face is not None]
        reason = "the size of the picture is not known"
    else:
        lost = [name for face, name, is_face in faces if face is None and is_face]
        reason = "no rectangle on the picture is given"
    if not lost:
        return None
    names = tuple(dict.fromkeys(name for name in lost if name))
    return UnplacedRegions(names, f"{_count(len(lost))} not placed: {reason}")


def merge_faces(document: Document, faces: Sequence[Region], *, frame: ImageFrame) -> str | None:
    """Put faces in place of those that we wrote before; regions of others stay.

    A face that another program has marked is not written again, unless we know its name and the
    other program does not.

    Returns:
        Why nothing was written, or None.
    """
    wanted = [face for face in faces if face.right > face.left and face.bottom > face.top]
    element = find(document, REGIONS)
    if element is None:
        if wanted:
            items = [_item(face, frame) for face in wanted]
            append(document, home(document), _regions(items, frame))
        return None
    listed = _body(element).child(_LIST)
    container = None if listed is None else _container(listed)
    if container is None:
        return "regions of an unknown form were left as they are"
    fields = _fields(value_of(element))
    ours = [item for item in container.elements if _is_ours(value_of(item))]
    theirs = [item for item in container.elements if item not in ours]
    fits = _is_stored(fields, frame) is True
    known = [frame.to_upright(face) for face in _faces(theirs)]
    items = [_item(face, frame) for face in wanted if not _is_marked(face, known)]
    note = None
    if theirs and not fits:
        items, note = [], _OTHER_SHAPE if wanted else None
    if (fits or theirs) and [value_of(item) for item in items] == [value_of(item) for item in ours]:
        return note
    for item in ours:
        remove(container, item)
    if theirs:
        for item in items:
            append(document, container, item)
        return note
    drop(document, REGIONS)
    if items:
        append(document, home(document), _regions(items, frame))
    return None


def _is_marked(face: Region, known: Sequence[Region]) -> bool:
    """Whether another program shows this face already, and knows no less about it."""
    return any(
        face.overlap(other) > _SAME_FACE and (other.name or not face.name) for other in known
    )


def _turned(region: Region, orientation: int) -> Region:
    """What becomes of a rectangle when a stored image of that orientation is shown upright."""
    corners = [(region.left, region.top), (region.right, region.bottom)]
    turned = [_turned_point(x, y, orientation) for x, y in corners]
    (x1, y1), (x2, y2) = turned
    return replace(region, left=min(x1, x2), top=min(y1, y2), right=max(x1, x2), bottom=max(y1, y2))


def _turned_point(x: float, y: float, orientation: int) -> tuple[float, float]:
    """Where a point of the stored image stands on the upright one (EXIF, tag 0x0112)."""
    return {
        2: (1 - x, y),
        3: (1 - x, 1 - y),
        4: (x, 1 - y),
        5: (y, x),
        6: (1 - y, x),
        7: (1 - y, 1 - x),
        8: (y, 1 - x),
    }.get(orientation, (x, y))


def _is_stored(fields: Properties, frame: ImageFrame) -> bool | None:
    """Whether regions lie on the stored image; False: on the upright one; None: on neither."""
    size = _size(fields)
    if size is None or frame.fits(*size):
        return True
    return False if frame.orientation >= 5 and frame.fits(*size[::-1]) else None


def _size(fields: Properties) -> tuple[float, float] | None:
    """Width and height of the image that regions were made on."""
    size = _fields(fields.get(_DIMENSIONS))
    width, height = number(size, (ST_DIM, "w")), number(size, (ST_DIM, "h"))
    return (width, height) if width and height and width > 0 and height > 0 else None


def _listed(fields: Properties) -> tuple[Value, ...]:
    listed = fields.get(_LIST)
    return listed if isinstance(listed, tuple) else ()


def _is_face(item: Value) -> bool:
    fields = _fields(item)
    kind = text(fields, _TYPE)
    return kind == "Face" or (kind is None and text(fields, _NAME) is not None)


def _count(regions: int) -> str:
    return "1 face region is" if regions == 1 else f"{regions} face regions are"


def _faces(items: Sequence[Element]) -> list[Region]:
    found = (_face(value_of(item)) for item in items)
    return [face for face in found if face is not None]


def _face(item: Value) -> Region | None:
    """A listed region, in its own frame; None where it is no face or has no rectangle."""
    fields = _fields(item)
    area = _fields(fields.get(_AREA))
    if not _is_face(item):
        return None
    x, y, width, height = (number(area, (ST_AREA, key)) for key in "xywh")
    if x is None or y is None or not width or not height:
        return None
    if text(area, (ST_AREA, "unit")) not in ("normalized", None):
        return None
    edges = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    left, top, right, bottom = map(_unit, edges)
    if not (left < right and top < bottom):
        return None
    person = text(_fields(fields.get(_EXTENSIONS)), _PERSON) if _is_ours(item) else None
    return Region(left, top, right, bottom, text(fields, _NAME), person)


def _is_ours(item: Value) -> bool:
    """Whether we wrote a region and nobody has renamed it since."""
    fields = _fields(item)
    extensions = _fields(fields.get(_EXTENSIONS))
    return _OURS in extensions and extensions[_OURS] == (text(fields, _NAME) or "")


def _fields(value: Value | None) -> Properties:
    """A structure's fields; none for anything else."""
    return value if isinstance(value, Mapping) else {}


def _regions(items: list[Element], frame: ImageFrame) -> Element:
    size = {"w": f"{frame.width}", "h": f"{frame.height}", "unit": "pixel"}
    dimensions = Element(_DIMENSIONS, {(ST_DIM, key): value for key, value in size.items()})
    bag = Element(CONTAINERS[0], children=[*items])
    return Element(
        REGIONS,
        {(RDF, "parseType"): "Resource"},
        [dimensions, Element(_LIST, children=[bag])],
        {PREFIXES[uri]: uri for uri in (MWG_RS, ST_AREA, ST_DIM)},
    )


def _item(face: Region, frame: ImageFrame) -> Element:
    stored = frame.to_stored(face)
    area = {
        "x": _figure((stored.left + stored.right) / 2),
        "y": _figure((stored.top + stored.bottom) / 2),
        "w": _figure(stored.right - stored.left),
        "h": _figure(stored.bottom - stored.top),
        "unit": "normalized",
    }
    name = clean(face.name or "").strip()
    said = {_NAME: name, _TYPE: "Face"} if name else {_TYPE: "Face"}
    inside = [
        Element(_AREA, {(ST_AREA, key): value for key, value in area.items()}),
        Element(_EXTENSIONS, {_OURS: name} | ({_PERSON: face.person} if face.person else {})),
    ]
    return Element((RDF, "li"), children=[Element(DESCRIPTION, said, [*inside])])


def _body(element: Element) -> Element:
    """Where a structure's fields stand: the property itself, or the description inside it."""
    return element.child(DESCRIPTION) or element


def _container(element: Element) -> Element | None:
    return next((node for node in element.elements if node.name in CONTAINERS), None)


def _unit(share: float) -> float:
    return min(1.0, max(0.0, share))


def _figure(share: float) -> str:
    return f"{share:.6f}".rstrip("0").rstrip(".")
