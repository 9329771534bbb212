"""Rendered heads of known pose: `views.csv` and RGBA pictures, put on plain backgrounds.

The folder holds `views.csv` with the columns image, identity, yaw_deg, pitch_deg, light.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.types import RgbImage


@dataclass(frozen=True)
class View:
    """One picture.

    Attributes:
        rgb: (H, W, 3) uint8.
        cover: (H, W) uint8, 255 where the head hides the background.
        identity: whose head.
        yaw_deg, pitch_deg: its true angles.
        light: which of the lights.
    """

    rgb: RgbImage
    cover: NDArray[np.uint8]
    identity: str
    yaw_deg: int
    pitch_deg: int
    light: int


def read_views(folder: Path, *, seed: int = 0) -> Iterator[View]:
    """Yield every view, on a vertical gradient between two random middle tones."""
    rng = np.random.default_rng(seed)
    with (folder / "views.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        head = Image.open(folder / row["image"]).convert("RGBA")
        above, below = rng.uniform(60, 200, (2, 3))
        share = np.linspace(0, 1, head.height)[:, None, None]
        tones = (above * (1 - share) + below * share).round().astype(np.uint8)
        picture = Image.fromarray(np.repeat(tones, head.width, axis=1))
        picture.paste(head, (0, 0), head)
        yield View(
            rgb=np.asarray(picture),
            cover=np.asarray(head.getchannel("A")),
            identity=row["identity"],
            yaw_deg=int(row["yaw_deg"]),
            pitch_deg=int(row["pitch_deg"]),
            light=int(row["light"]),
        )


def split_identities(views: list[View]) -> tuple[set[str], set[str]]:
    """Every other identity in alphabetical order: to fit on, and to report on."""
    names = sorted({view.identity for view in views})
    return set(names[::2]), set(names[1::2])
