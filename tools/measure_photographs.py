"""Writes what is usual of photographs: `goodside/images/features/usual.py`, from a folder of them.

python -m tools.measure_photographs FOLDER… > usual.py
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.images.features import measure_tones, measure_visual_features

_NAMES = (
    "colourfulness", "warmth", "warmth_spread", "focus_share", "subject_light", "background_blur",
    "symmetry", "brightness", "contrast",
)  # fmt: skip
_QUANTILES = 21
_HEAD = '''"""What is usual of photographs: quantiles of their figures, written by a tool.

`tools/measure_photographs.py` measured {count} photographs of BIQ2021 (from Unsplash) and OASIS.
"""

from __future__ import annotations

USUAL: dict[str, tuple[float, ...]] = {{'''


def main() -> None:
    """Measure every picture below the folders, and print the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    found: dict[str, list[float]] = {name: [] for name in _NAMES}
    count = 0
    for folder in parser.parse_args().folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in (".avif", ".jpg", ".jpeg", ".png", ".webp"):
                continue
            count += 1
            with Image.open(path) as picture:
                rgb = picture.convert("RGB")
            measured = asdict(measure_visual_features(rgb)) | asdict(measure_tones(rgb))
            for name, values in found.items():
                if measured[name] is not None:
                    values.append(measured[name])
    print(_HEAD.format(count=f"{count:,}"))
    for name, values in found.items():
        points = np.quantile(values, np.linspace(0, 1, _QUANTILES))
        print(f'    "{name}": (')
        for point in points:
            print(f"        {point:.3f},")
        print("    ),")
    print("}")
    print('"""Evenly spaced from 0 to 1, by the name of the figure."""')


if __name__ == "__main__":
    main()
