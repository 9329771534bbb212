"""How often a covered face is refused, and a bare one by mistake, on covers painted over portraits.

    python -m benchmarks.covered_faces --faces DIR --limit 90 --sheet covers.png

People are split in two by their file's name: `goodside.rotation.limits.UNCOVERED_SCORE` was chosen
on the first half, so the rates of the second are the ones to quote. Covers: sunglasses, a mask,
both, a hand and a large hand in the face's own skin colour, a plain patch, a strip over one side;
and a small patch of 2 to 8 % of the face, which counts as bare. What is hidden is measured on the
face's oval.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from goodside.face import FaceFinder
from goodside.images import find_photos, read_photo
from goodside.rotation.limits import UNCOVERED_SCORE, UNCOVERED_WITHIN_DEG
from goodside.types import FloatArray, RgbImage

_OVAL = [
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
]
_MASK = [117, 6, 346, *_OVAL[8:29]]
_EYES = ((33, 133), (362, 263))
_SKIN = [50, 280, 5, 101, 330]
COVERS = (
    "none",
    "small patch",
    "sunglasses",
    "mask",
    "both",
    "hand",
    "large hand",
    "patch",
    "side",
)
_SHARES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 1.0)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one painted picture."""

    half: int
    cover: str
    hidden: float
    found: bool
    refused: bool


def main() -> None:
    """Parse the command line, paint, look, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, required=True, help="folder of portraits")
    parser.add_argument("--limit", type=int, default=90, help="how many, evenly from the folder")
    parser.add_argument("--sheet", type=Path, help="picture of some of the covers")
    options = parser.parse_args()
    photos = list(find_photos([options.faces]))
    photos = photos[:: max(1, len(photos) // options.limit)][: options.limit]
    tiles: list[RgbImage] = []
    looks = list(look_at(photos, tiles=tiles))
    if options.sheet is not None:
        rows = [np.concatenate(tiles[at : at + len(COVERS)], axis=1) for at in range(0, 63, 9)]
        Image.fromarray(np.concatenate(rows)).save(options.sheet)
    print(table(looks))


def look_at(photos: list[Path], *, tiles: list[RgbImage]) -> Iterator[Look]:
    """Paint every cover over every near-frontal face; `tiles` takes the first pictures."""
    finder = FaceFinder()
    for number, path in enumerate(photos):
        rgb = read_photo(path).rgb
        found = finder.find(rgb)
        if len(found) != 1 or abs(found[0].pose.yaw_deg) > UNCOVERED_WITHIN_DEG:
            continue
        points = found[0].landmarks[:, :2]
        half = zlib.crc32(path.name.encode()) % 2
        for index, cover in enumerate(COVERS):
            rng = np.random.default_rng([number, index])
            picture, hidden = paint(rgb, points, cover=cover, rng=rng)
            if len(tiles) < 7 * len(COVERS):
                tiles.append(np.asarray(Image.fromarray(picture).resize((128, 128))))
            again = finder.find(picture)
            refused = bool(again) and again[0].mesh_score < UNCOVERED_SCORE
            yield Look(half, cover, hidden, bool(again), refused)


def paint(
    rgb: RgbImage, points: FloatArray, *, cover: str, rng: np.random.Generator
) -> tuple[RgbImage, float]:
    """(H, W, 3) uint8 with the cover, and the share of the face's oval that it hides."""
    size = (rgb.shape[1], rgb.shape[0])
    shape = Image.new("L", size)
    draw = ImageDraw.Draw(shape)
    oval = points[_OVAL]
    middle, extent = oval.mean(axis=0), np.ptp(oval, axis=0)
    colour = rng.uniform(10, 245, 3)
    if cover in ("sunglasses", "both"):
        colour = rng.uniform(8, 45, 3)
        for eye in _EYES:
            place, reach = points[list(eye)].mean(axis=0), extent[0] * np.array([0.21, 0.15])
            draw.ellipse([*(place - reach), *(place + reach)], fill=255)
        draw.line([tuple(points[133]), tuple(points[362])], fill=255, width=int(0.04 * extent[0]))
    if cover in ("mask", "both"):
        draw.polygon([tuple(points[at]) for at in _MASK], fill=255)
    if cover.endswith("hand"):
        skin = points[_SKIN].round().astype(int).clip(0, np.array(size) - 1)
        colour = np.median(rgb[skin[:, 1], skin[:, 0]], axis=0) * rng.uniform(0.75, 1.1)
        _hand(draw, middle, span=extent[0] * (0.62 if "large" in cover else 0.42), rng=rng)
    if cover.endswith("patch"):
        share = rng.uniform(0.02, 0.08) if "small" in cover else rng.uniform(0.15, 0.75)
        reach = extent * np.sqrt(share) / 2
        place = middle + rng.uniform(-0.3, 0.3, 2) * extent
        draw.rectangle([*(place - reach), *(place + reach)], fill=255)
    if cover == "side":
        edge = middle[0] + rng.uniform(-0.1, 0.1) * extent[0]
        draw.rectangle([0, 0, edge, size[1]] if rng.random() < 0.5 else [edge, 0, *size], fill=255)
    inside = Image.new("L", size)
    ImageDraw.Draw(inside).polygon([tuple(point) for point in oval], fill=255)
    hidden = (np.asarray(shape) > 0)[np.asarray(inside) > 0].mean()
    return _laid(rgb, shape, colour=colour, rng=rng), float(hidden)


def _hand(
    draw: ImageDraw.ImageDraw, middle: FloatArray, *, span: float, rng: np.random.Generator
) -> None:
    """A palm and four fingers, `span` pixels wide, from below or from a side."""
    angle = rng.uniform(-0.7, 0.7) + rng.choice([0, np.pi / 2, -np.pi / 2])
    up = np.array([np.sin(angle), -np.cos(angle)])
    across = np.array([up[1], -up[0]])
    palm = middle + rng.uniform(-0.5, 0.5, 2) * span
    turns = np.linspace(0, 2 * np.pi, 24)
    rim = [palm + span * (0.55 * np.sin(t) * up + 0.48 * np.cos(t) * across) for t in turns]
    draw.polygon([tuple(point) for point in rim], fill=255)
    for finger in (-0.36, -0.12, 0.12, 0.36):
        root = palm + span * (0.35 * up + finger * across)
        tip = root + span * rng.uniform(0.5, 0.75) * up
        draw.line([tuple(root), tuple(tip)], fill=255, width=int(0.21 * span))
        reach = 0.105 * span
        draw.ellipse([*(tip - reach), *(tip + reach)], fill=255)


def _laid(
    rgb: RgbImage, shape: Image.Image, *, colour: FloatArray, rng: np.random.Generator
) -> RgbImage:
    """The cover over the picture, with folds, grain and a shadow around it."""
    coarse = rng.normal(0, 12, (rgb.shape[0] // 50 + 2, rgb.shape[1] // 50 + 2)).astype(np.float32)
    folds = np.asarray(Image.fromarray(coarse).resize(shape.size, Image.Resampling.BICUBIC))
    cloth = colour + folds[..., None] + rng.normal(0, 2, rgb.shape)
    edge, shadow = (
        np.asarray(shape.filter(ImageFilter.GaussianBlur(radius)), np.float32)[..., None] / 255
        for radius in (1.2, 9)
    )
    mixed = rgb * (1 - 0.4 * shadow) * (1 - edge) + cloth * edge
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def table(looks: list[Look]) -> str:
    """Markdown: rates by cover and by the share hidden, each half of the people apart."""
    lines = []
    for half, name in ((0, "half that the threshold was chosen on"), (1, "other half")):
        mine = [look for look in looks if look.half == half]
        lines += [f"\n{name}: {sum(look.cover == 'none' for look in mine)} people\n"]
        lines += [
            "| | pictures | hidden | refused as covered | no face found |",
            "|---|" + "--:|" * 4,
        ]
        lines += [_row(cover, [one for one in mine if one.cover == cover]) for cover in COVERS]
        for low, high in pairwise(_SHARES):
            some = [one for one in mine if low <= one.hidden < high and one.hidden > 0]
            lines += [_row(f"{low:.0%} to {high:.0%} hidden", some)] if some else []
    return "\n".join(lines)


def _row(name: str, looks: list[Look]) -> str:
    shares = (np.mean([getattr(one, key) for one in looks]) for key in ("hidden", "refused"))
    lost = np.mean([not one.found for one in looks])
    return f"| {name} | {len(looks)} | " + " | ".join(f"{v:.0%}" for v in (*shares, lost)) + " |"


if __name__ == "__main__":
    main()
