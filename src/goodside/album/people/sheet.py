"""The contact sheet of a person: crops of their faces, the surest first."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.album.catalog import FaceRecord
from goodside.album.people.people import Person
from goodside.types import RgbImage

_PAPER, _INK, _QUIET = (250, 249, 246), (32, 32, 36), (128, 126, 120)
_CELL, _GAP, _LABEL, _TITLE, _COLUMNS = 160, 12, 40, 44, 6


def draw_people_sheet(
    person: Person, *, crops: Mapping[int, bytes], captions: Mapping[int, str]
) -> RgbImage:
    """Lay a person's faces out.

    Args:
        person: who.
        crops: by face's row number, picture files; faces without one are left blank.
        captions: by face's row number, what stands below it beside the measurements.

    Returns:
        (H, W, 3) uint8.
    """
    columns = min(_COLUMNS, max(2, len(person.faces)))
    rows = -(-len(person.faces) // columns)
    step_x, step_y = _CELL + _GAP, _CELL + _GAP + _LABEL
    size = (columns * step_x + _GAP, _TITLE + rows * step_y + _GAP)
    sheet = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(sheet)
    title, small = ImageFont.load_default(20), ImageFont.load_default(12)
    count = "1 face" if len(person.faces) == 1 else f"{len(person.faces)} faces"
    draw.text((_GAP, _GAP), f"{person.label}: {count}", fill=_INK, font=title)
    for index, face in enumerate(person.faces):
        x = _GAP + index % columns * step_x
        y = _TITLE + index // columns * step_y
        if face.id in crops:
            with Image.open(BytesIO(crops[face.id])) as crop:
                sheet.paste(crop.convert("RGB").resize((_CELL, _CELL)), (x, y))
        else:
            draw.rectangle((x, y, x + _CELL - 1, y + _CELL - 1), outline=_QUIET)
        draw.text((x, y + _CELL + 3), _short(captions.get(face.id, "")), fill=_INK, font=small)
        draw.text((x, y + _CELL + 19), face_caption(face), fill=_QUIET, font=small)
    return np.asarray(sheet)


def face_caption(face: FaceRecord) -> str:
    """What is known of a face, in a few words."""
    sure = "confirmed" if face.confirmed else f"alike {face.similarity or 0:.2f}"
    return f"{sure}, yaw {face.pose.yaw_deg:+.0f}°"


def _short(text: str, *, length: int = 24) -> str:
    return text if len(text) <= length else f"…{text[1 - length :]}"
