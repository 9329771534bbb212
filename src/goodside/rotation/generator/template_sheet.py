"""The angle templates as a picture: the target face image and landmarks of each angle."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.rotation.generator.templates import Templates
from goodside.types import RgbImage

_PAPER, _INK, _SPOT, _RING = (250, 249, 246), (32, 32, 36), (255, 255, 255), (176, 64, 16)
_GAP = 10


def template_sheet(templates: Templates, *, cell_px: int = 160, columns: int = 7) -> RgbImage:
    """Lay the mean faces out by yaw, with their mean landmarks on them and the angle below.

    Args:
        templates: what to show.
        cell_px: side of a face.
        columns: faces a row.

    Returns:
        (H, W, 3) uint8.
    """
    font = ImageFont.load_default(cell_px / 10)
    line_px = int(cell_px / 10 * 1.7)
    count = len(templates.yaw_deg)
    columns = min(columns, count)
    rows = -(-count // columns)
    step_x, step_y = cell_px + _GAP, cell_px + _GAP + line_px
    sheet = Image.new("RGB", (columns * step_x + _GAP, rows * step_y + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (yaw, image, points) in enumerate(
        zip(templates.yaw_deg, templates.images, templates.points, strict=True)
    ):
        x, y = _GAP + index % columns * step_x, _GAP + index // columns * step_y
        face = Image.fromarray(image).resize((cell_px, cell_px), Image.Resampling.BICUBIC)
        sheet.paste(face, (x, y))
        radius = cell_px / 45
        for across, down in points * cell_px:
            spot = (x + across - radius, y + down - radius, x + across + radius, y + down + radius)
            draw.ellipse(spot, fill=_SPOT, outline=_RING, width=max(1, round(radius / 2)))
        draw.text((x, y + cell_px + line_px / 8), f"yaw {yaw:+.0f}°", fill=_INK, font=font)
    return np.asarray(sheet)
