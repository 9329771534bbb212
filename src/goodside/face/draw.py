"""Shows what was found: boxes, mesh and pose drawn on the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from goodside.face.pose import rotation_matrix
from goodside.types import Face, RgbImage

_BOX = (255, 255, 255, 230)
_DOT = (120, 230, 200, 170)
_SHADE = (20, 24, 28, 190)
# The head's own axes: to the picture's right, down, and the way the face looks.
_AXES = (
    ((1.0, 0.0, 0.0), (235, 90, 80, 255)),
    ((0.0, 1.0, 0.0), (95, 200, 105, 255)),
    ((0.0, 0.0, -1.0), (85, 150, 255, 255)),
)


def draw_faces(rgb: RgbImage, faces: Sequence[Face], *, mesh: bool = True) -> RgbImage:
    """Draw faces on a copy of their picture.

    Args:
        rgb: (H, W, 3) uint8.
        faces: found in it; each box is numbered in this order from 0.
        mesh: whether to draw the 468 landmarks too.

    Returns:
        (H, W, 3) uint8.
    """
    overlay = Image.new("RGBA", (rgb.shape[1], rgb.shape[0]))
    pen = ImageDraw.Draw(overlay)
    for number, face in enumerate(faces):
        size = max(face.box.width, face.box.height)
        width = max(1, round(size / 90))
        if mesh:
            radius = max(0.5, size / 260)
            for x, y in face.landmarks[:, :2].tolist():
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_DOT)
        box = (face.box.left, face.box.top, face.box.right, face.box.bottom)
        pen.rounded_rectangle(box, radius=size / 14, outline=_BOX, width=width)
        _draw_axes(pen, face, length=0.45 * size, width=2 * width)
        _draw_label(pen, face, number=number, size=size)
    picture = Image.fromarray(rgb).convert("RGBA")
    return np.asarray(Image.alpha_composite(picture, overlay).convert("RGB"))


def _draw_axes(pen: ImageDraw.ImageDraw, face: Face, *, length: float, width: int) -> None:
    """The three axes from the nose tip, the farthest first."""
    pose = face.pose
    matrix = rotation_matrix(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    start = face.points[2].astype(float)
    ends = [(matrix @ np.array(axis), color) for axis, color in _AXES]
    for way, color in sorted(ends, key=lambda item: -float(item[0][2])):
        end = start + length * way[:2]
        pen.line((*start.tolist(), *end.tolist()), fill=color, width=width)


def _draw_label(pen: ImageDraw.ImageDraw, face: Face, *, number: int, size: float) -> None:
    pose = face.pose
    text = f"{number}   yaw {pose.yaw_deg:+.0f}°  pitch {pose.pitch_deg:+.0f}°"
    font = ImageFont.load_default(size=max(9.0, size / 13))
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    pad = (bottom - top) * 0.4
    x = (face.box.left + face.box.right - (right - left)) / 2
    y = face.box.bottom + 2 * pad
    area = (x - 2 * pad, y - pad, x + right - left + 2 * pad, y + bottom - top + pad)
    pen.rounded_rectangle(area, radius=2 * pad, fill=_SHADE)
    pen.text((x - left, y - top), text, font=font, fill=(255, 255, 255, 255))
