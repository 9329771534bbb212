"""What spoils a frame technically costs it points, as the shipped weights see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import open_catalog
from goodside.album.picks import Worth, compute_worth
from goodside.album.scan import scan
from tools.degrade import degrade

_EXAMPLES = Path(__file__).parents[3] / "examples" / "photos"
_PHOTOS = ("dahlia", "pagoda", "raccoon")
_FAULTS = ("noisy", "blurred", "compressed", "overexposed", "underexposed")


@pytest.fixture(scope="module")
def worths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Worth]:
    """By photograph and fault: `dahlia-noisy`, `dahlia-clean`."""
    home = tmp_path_factory.mktemp("faults")
    (home / "photos").mkdir()
    rng = np.random.default_rng(0)
    for name in _PHOTOS:
        with Image.open(_EXAMPLES / f"{name}.jpg") as image:
            rgb = np.asarray(image.convert("RGB"))
        frames = {"clean": rgb, "noisy": np.clip(rgb + rng.normal(0, 35, rgb.shape), 0, 255)}
        frames |= {fault: degrade(rgb, fault, name=name) for fault in _FAULTS[1:]}
        for kind, frame in frames.items():
            picture = Image.fromarray(frame.astype(np.uint8))
            picture.save(home / "photos" / f"{name}-{kind}.jpg", quality=95)
    with open_catalog(home / "album.db") as catalog:
        scan(catalog, [home / "photos"], faces=False, workers=0)
        shots = read_album_photos(catalog)
    return {shot.photo.paths[0].stem: compute_worth(shot) for shot in shots}


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_technical_fault_costs_points(worths: dict[str, Worth], fault: str) -> None:
    lost = [
        worths[f"{name}-clean"].technical - worths[f"{name}-{fault}"].technical for name in _PHOTOS
    ]
    assert np.mean(lost) > 0.05, lost
    assert sum(one > 0 for one in lost) >= 2, "not of one photograph alone"
    if fault != "noisy":  # which passes for sharpness too, more than these weights see it
        for name in _PHOTOS:
            assert worths[f"{name}-clean"].total > worths[f"{name}-{fault}"].total
