"""Make the two HEIC files beside this script.

Run once by hand: it needs pillow-heif (`pip install pillow-heif`), whose wheel carries a GPL
encoder and is therefore no dependency of the project; what it writes is ours.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

HERE = Path(__file__).parent
_WIDTH, _HEIGHT = 64, 40


def main() -> None:
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    channels = [x * 255 // (_WIDTH - 1), y * 255 // (_HEIGHT - 1), np.full_like(x, 128)]
    rgb = np.stack(channels, -1).astype(np.uint8)
    rgb[4:12, 4:20] = (250, 20, 20)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = pillow_heif.from_bytes("RGB", (_WIDTH, _HEIGHT), rgb.tobytes())
    upright.save(HERE / "upright.heic", quality=80)
    turned = pillow_heif.from_bytes("RGB", (_WIDTH, _HEIGHT), rgb.tobytes())
    turned.info["exif"] = exif.tobytes()
    turned.save(HERE / "turned.heic", quality=80, exif=exif.tobytes())


if __name__ == "__main__":
    main()
