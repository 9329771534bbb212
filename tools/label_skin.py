"""Label portraits with the tone of their skin, for the figures by group of `goodside evaluate`.

    python tools/label_skin.py FACES > labels.csv
    goodside evaluate rotation --faces FACES --labels labels.csv

The tone is the individual typology angle, atan((L* - 50) / b*) in CIELAB, the median over both
cheeks: light above 41 degrees, dark below 10, between in between (Chardon et al., 1991, has six
classes; these are their pairs). Light and camera move it as much as skin does, so it says how a
picture looks, not who somebody is. Files named female-… or male-… get that as `presentation`; age
is not told, for nothing measures it here.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.errors import GoodsideError
from goodside.face import FaceFinder
from goodside.images import find_photos, read_photo
from goodside.types import Face, RgbImage

_CHEEKS = (50, 280)  # mesh landmarks in the middle of the cheeks
_LIGHT_DEG, _DARK_DEG = 41.0, 10.0
_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)  # of linear sRGB, IEC 61966-2-1
_WHITE = _TO_XYZ.sum(axis=1)


def main() -> None:
    """Read the portraits of a folder, write a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faces", type=Path)
    finder, writer = FaceFinder(), csv.writer(sys.stdout)
    writer.writerow(["image", "skin", "presentation"])
    for path in find_photos([parser.parse_args().faces]):
        try:
            rgb = read_photo(path).rgb
        except GoodsideError as error:
            print(error, file=sys.stderr)
            continue
        faces = finder.find(rgb)
        if faces:
            kind = path.stem.split("-")[0]
            presentation = kind if kind in ("female", "male") else "not told"
            writer.writerow([path.name, tone(typology_angle(rgb, faces[0])), presentation])


def tone(angle_deg: float) -> str:
    """The group of an individual typology angle."""
    if angle_deg > _LIGHT_DEG:
        return "light"
    return "dark" if angle_deg < _DARK_DEG else "between"


def typology_angle(rgb: RgbImage, face: Face) -> float:
    """Degrees: the median over square patches of both cheeks, a tenth of the face wide."""
    reach = max(1, round(face.box.width / 20))
    patches = []
    for place in _CHEEKS:
        x, y = face.landmarks[place, :2].round().astype(int)
        cut = rgb[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        patches.append(cut.reshape(-1, 3))
    lightness, yellow = _lab(np.concatenate(patches))
    return float(np.degrees(np.median(np.arctan2(lightness - 50, yellow))))


def _lab(pixels: RgbImage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """L* and b* of (N, 3) uint8 sRGB pixels (CIE 1976, white D65)."""
    shares = pixels / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[:, 1] - 16, 200 * (f[:, 1] - f[:, 2])


if __name__ == "__main__":
    main()
