"""A photograph with what grouping compares, and the distances between two of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from goodside.album.catalog import PhotoRecord
from goodside.images.similarity.phash import luminance
from goodside.types import FloatArray

_EARTH_M = 6_371_000.0
_THUMB = 16

THUMB_SIZE = _THUMB**2


@dataclass(frozen=True, slots=True)
class ComparablePhoto:
    """A photograph with what grouping compares.

    Attributes:
        photo: as the catalog knows it.
        vector: (D,) unit length, features of the aesthetic network; None: not assessed, or not
            looked up.
        luma: (H, W) float32 luminance of a small version, 0-255; None: no thumbnail, or likewise.
    """

    photo: PhotoRecord
    vector: FloatArray | None = None
    luma: FloatArray | None = None

    def thumb(self) -> NDArray[np.uint8] | None:
        """(256,) luminance of 16 x 16 cells, as `take_prints` makes it; None without `luma`."""
        if self.luma is None:
            return None
        gray = np.repeat(self.luma[..., None].round().astype(np.uint8), 3, axis=2)
        return luminance(gray, side_px=_THUMB).round().astype(np.uint8).ravel()

    def seconds_to(self, other: ComparablePhoto) -> float:
        """From this capture to a later one; infinite where a time is unknown.

        Compared are instants, so that cameras set to different time zones go together.
        """
        here, there = _instant(self.photo), _instant(other.photo)
        return math.inf if here is None or there is None else (there - here).total_seconds()

    def metres_to(self, other: ComparablePhoto) -> float:
        """Distance on the ground (haversine); 0 where a place is unknown."""
        a, b = self.photo.facts, other.photo.facts
        places = (a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg)
        if any(place is None for place in places):
            return 0.0
        lat_a, lon_a, lat_b, lon_b = (math.radians(place) for place in places if place is not None)
        across = math.sin((lon_b - lon_a) / 2) ** 2 * math.cos(lat_a) * math.cos(lat_b)
        chord = math.sin((lat_b - lat_a) / 2) ** 2 + across
        return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(chord)))

    def hamming_distance(self, other: ComparablePhoto) -> int:
        """Bits in which the fingerprints differ, 0-64; 64 where one is missing."""
        here, there = self.photo.facts.phash, other.photo.facts.phash
        return 64 if here is None or there is None else (here ^ there).bit_count()

    def similarity(self, other: ComparablePhoto) -> float:
        """Cosine of the features; 0 where one is missing."""
        if self.vector is None or other.vector is None:
            return 0.0
        return float(self.vector @ other.vector)

    def same_camera(self, other: ComparablePhoto) -> bool:
        """Whether one camera took both; an unknown camera is taken for the same."""
        here, there = self.photo.facts.camera, other.photo.facts.camera
        return here is None or there is None or here == there

    def same_size(self, other: ComparablePhoto) -> bool:
        """Whether both have equally many pixels to each side, upright or lying."""
        here, there = self.photo.facts, other.photo.facts
        return {here.width, here.height} == {there.width, there.height}

    @property
    def exposure_ev(self) -> float | None:
        """How much more light than usual the settings let in, in stops; None: unknown.

        The exposure compensation where the camera noted one, else the light that shutter, aperture
        and sensitivity amount to, from a zero of its own.
        """
        facts = self.photo.facts
        if facts.bias_ev:
            return facts.bias_ev
        if not facts.exposure_s or not facts.f_number or not facts.iso:
            return facts.bias_ev
        return math.log2(facts.exposure_s * facts.iso / facts.f_number**2)


def _instant(photo: PhotoRecord) -> datetime | None:
    """The catalog's instant, else that of the photograph's own clock and offset."""
    taken = photo.facts.taken
    if photo.instant is not None or taken is None:
        return photo.instant
    return taken.replace(tzinfo=UTC) if taken.tzinfo is None else taken.astimezone(UTC)
