"""The contact sheet: one face at several angles, side by side, with what was measured below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.types import RgbImage, Turned

_PAPER, _INK, _QUIET = (250, 249, 246), (32, 32, 36), (128, 126, 120)
_GAP = 12


def contact_sheet(portrait: RgbImage, turned: Sequence[Turned], *, columns: int = 6) -> RgbImage:
    """Lay a photograph and its turned versions out on a sheet.

    Args:
        portrait: (S, S, 3) uint8 crop of the photograph, shown first.
        turned: pictures of one size, in the order to show.
        columns: pictures a row.

    Returns:
        (H, W, 3) uint8.
    """
    cell = turned[0].image.shape[0] if turned else len(portrait)
    big, small = ImageFont.load_default(cell / 14), ImageFont.load_default(cell / 18)
    label_height = int(cell / 14 * 1.4 + cell / 18 * 1.5)
    tiles = [(Image.fromarray(portrait).resize((cell, cell)), "photograph", "")]
    tiles += [(Image.fromarray(t.image), _asked(t), _measured(t)) for t in turned]
    columns = min(columns, len(tiles))
    rows = -(-len(tiles) // columns)
    step_x, step_y = cell + _GAP, cell + _GAP + label_height
    sheet = Image.new("RGB", (columns * step_x + _GAP, rows * step_y + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (tile, title, note) in enumerate(tiles):
        x, y = _GAP + index % columns * step_x, _GAP + index // columns * step_y
        sheet.paste(tile, (x, y))
        draw.text((x, y + cell + 4), title, fill=_INK, font=big)
        draw.text((x, y + cell + 4 + cell / 14 * 1.25), note, fill=_QUIET, font=small)
    return np.asarray(sheet)


def _asked(turned: Turned) -> str:
    pose = turned.requested
    text = f"yaw {pose.yaw_deg:+.0f}°"
    return text if abs(pose.roll_deg) < 0.5 else f"{text} roll {pose.roll_deg:+.0f}°"


def _measured(turned: Turned) -> str:
    if turned.measured is None or turned.identity is None:
        return "no face found in the result"
    return f"measured {turned.measured.yaw_deg:+.0f}°, identity {turned.identity:.2f}"
