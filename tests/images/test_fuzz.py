"""Whatever the bytes: a photograph or one of our errors, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodside.errors import GoodsideError
from goodside.images import Limits, read_photo
from goodside.images.sniff import describe, sniff
from tests.images.dng import make_dng
from tests.images.icc import rgb_profile
from tests.images.made import encode, gradient, textured

_SMALL = Limits(max_megapixels=2.0, max_megabytes=5.0)
_SCENE = textured(48, 40)
_SEEDS = {
    "jpeg": encode(_SCENE, "JPEG", icc_profile=rgb_profile()),
    "png": encode(_SCENE, "PNG", icc_profile=rgb_profile()),
    "webp": encode(_SCENE, "WEBP"),
    "avif": encode(_SCENE, "AVIF", speed=10),
    "tiff": encode(_SCENE, "TIFF", compression="tiff_lzw"),
    "gif": encode(_SCENE, "GIF"),
    "bmp": encode(_SCENE, "BMP"),
    "heic": (Path(__file__).parent / "data" / "upright.heic").read_bytes(),
    "dng": make_dng(gradient(48, 40)),
}
_STARTS = sorted({data[:12] for data in _SEEDS.values()})
_quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def _survives(data: bytes, *, fit_px: int | None) -> None:
    try:
        photo = read_photo(data, fit_px=fit_px, limits=_SMALL)
    except GoodsideError:
        return
    assert photo.rgb.dtype == np.uint8
    assert photo.rgb.ndim == 3
    assert photo.rgb.size > 0


@_quick
@given(start=st.sampled_from([b"", *_STARTS]), rest=st.binary(max_size=300))
def test_random_bytes(start: bytes, rest: bytes) -> None:
    _survives(start + rest, fit_px=None)


@pytest.mark.parametrize("name", sorted(_SEEDS))
@_quick
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
    keep=st.floats(0.05, 1),
    fit_px=st.sampled_from([None, 7]),
)
def test_corrupted_files(
    name: str, changes: list[tuple[float, int]], keep: float, fit_px: int | None
) -> None:
    data = bytearray(_SEEDS[name])
    for place, value in changes:
        # most of what matters stands at the start, so squeeze the places toward it
        data[int(place**2 * len(data))] = value
    _survives(bytes(data[: int(keep * len(data)) + 1]), fit_px=fit_px)


@given(head=st.binary(max_size=64), suffix=st.sampled_from(["", ".jpg", ".NEF"]))
def test_sniffing_any_bytes(head: bytes, suffix: str) -> None:
    assert sniff(head, suffix=suffix) in {
        None, "JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP", "HEIC", "RAW",
    }  # fmt: skip
    assert describe(head)
