"""How many faces found in folders of photographs may found a person, with a sheet to look at.

    python -m tools.measure_founders FOLDER [FOLDER ...] --sheet founders.png

Of photographs without people every such face is a mistake; of portraits, one a photograph should be
left. Where photographs are named by `--names FILE` (a name a line), only those are looked at.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from goodside.album.people import ClusteringCriteria
from goodside.face import Crop, FaceFinder
from goodside.images import find_photos
from goodside.types import Face, RgbImage

_TILE_PX, _COLUMNS, _MIN_FACE = 120, 10, 1 / 24
_ROOMY = ClusteringCriteria(min_size_px=0.0)


def main() -> None:
    """Look, count, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--names", type=Path)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    wanted = None if options.names is None else set(options.names.read_text("utf-8").split())
    finder = FaceFinder(min_face=_MIN_FACE)
    tiles: list[tuple[RgbImage, Face]] = []
    for folder in options.folders:
        found: list[Face] = []
        photos = 0
        for path in sorted(find_photos([folder])):
            if wanted is not None and path.name not in wanted:
                continue
            photos += 1
            rgb = np.asarray(Image.open(path).convert("RGB"))
            for face in finder.find(rgb):
                found.append(face)
                tiles.append((_cut(rgb, face), face))
        before = sum(_may_found(face, replace(_ROOMY, min_quality=0.0)) for face in found)
        after = sum(_may_found(face, _ROOMY) for face in found)
        print(
            f"{folder}: {photos} photographs, {len(found)} faces; may found a person: "
            f"{before} without quality, {after} with it"
        )
    if options.sheet is not None and tiles:
        _draw(sorted(tiles, key=lambda tile: -tile[1].quality)).save(options.sheet)


def _may_found(face: Face, criteria: ClusteringCriteria) -> bool:
    """As `ClusteringCriteria.is_good` says of a face in a catalog, whatever its size."""
    return (
        abs(face.pose.yaw_deg) <= criteria.max_yaw_deg
        and face.sharpness >= criteria.min_sharpness
        and face.score * face.mesh_score >= criteria.min_score
        and face.quality >= criteria.min_quality
    )


def _cut(rgb: RgbImage, face: Face) -> RgbImage:
    box = face.box
    side = 1.6 * max(box.width, box.height)
    around = Crop((box.left + box.right) / 2, (box.top + box.bottom) / 2, side)
    return around.cut(rgb, size_px=_TILE_PX)


def _draw(tiles: list[tuple[RgbImage, Face]]) -> Image.Image:
    rows = -(-len(tiles) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _TILE_PX, rows * (_TILE_PX + 12)), "white")
    draw = ImageDraw.Draw(sheet)
    for at, (tile, face) in enumerate(tiles):
        x, y = at % _COLUMNS * _TILE_PX, at // _COLUMNS * (_TILE_PX + 12)
        sheet.paste(Image.fromarray(tile), (x, y))
        draw.text((x + 2, y + _TILE_PX), f"{face.quality:.2f}", fill="black")
    return sheet


if __name__ == "__main__":
    main()
