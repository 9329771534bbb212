"""What the network looked at in a photograph, kept for a while as it takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from goodside.aesthetics.explanation.explain import CAVEAT, Explanation
from goodside.aesthetics.explanation.explanation_sheet import tinted
from goodside.album.catalog import PhotoRecord
from goodside.album.thumbnail import shrink
from goodside.engines import Engines
from goodside.images import read_photo_guarded, resize
from goodside.types import RgbImage
from goodside.web.size_limited_cache import SizeLimitedCache

SIDE_PX: Final = 1200
_LEAST_SCALE_POINTS = 0.3
_KEPT_BYTES = 24_000_000
_QUALITY = 86


@dataclass(frozen=True, slots=True)
class HeatMap:
    """An explanation with its picture.

    Attributes:
        explanation: sentence, kind and attributes.
        jpeg: the photograph in gray under the map.
        width, height: of the picture, px.
        scale_points: the effect that has the full colour.
        caveat: what the map is not.
    """

    explanation: Explanation
    jpeg: bytes
    width: int
    height: int
    scale_points: float
    caveat: str = CAVEAT


_heat_maps: SizeLimitedCache[str, HeatMap] = SizeLimitedCache(
    _KEPT_BYTES, size_of=lambda one: len(one.jpeg)
)


def explain_photo(photo: PhotoRecord, *, engines: Engines) -> HeatMap:
    """Measure what moves a photograph's score; some 120 runs of the network unless it is kept.

    Args:
        photo: of the album.
        engines: judge it.

    Raises:
        ImageError: its file cannot be read any more.
        WeightsError: the network is missing or corrupt.
    """
    return _heat_maps.get(photo.sha256, lambda: _explained(photo, engines))


def _explained(photo: PhotoRecord, engines: Engines) -> HeatMap:
    path = next((path for path in photo.paths if path.is_file()), photo.paths[0])
    read = read_photo_guarded(path, fit_px=SIDE_PX, limits=engines.limits)
    explanation = engines.assessor().explain(read.rgb)
    points = explanation.effect.points
    scale = max(_LEAST_SCALE_POINTS, float(np.abs(points).max()))
    picture = shrink(
        tinted(_fitted(read.rgb), points, scale=scale),
        side_px=SIDE_PX,
        quality=_QUALITY,
        tight=False,
    )
    return HeatMap(explanation, picture.jpeg, picture.width, picture.height, scale)


def _fitted(rgb: RgbImage) -> RgbImage:
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE_PX / max(height, width))
    return resize(
        rgb, width_px=max(1, round(scale * width)), height_px=max(1, round(scale * height))
    )
