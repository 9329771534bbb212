"""A good photograph is judged better than its spoiled copy, in at least four pairs of five."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image

from goodside.aesthetics import Assessor
from goodside.types import RgbImage

ROOT = Path(__file__).parents[2]


def _degrade_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("degrade", ROOT / "tools" / "degrade.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoiled_pairs() -> list[tuple[str, RgbImage, RgbImage]]:
    """Name, bundled photograph and its copy, spoiled in one way, for each way and photograph."""
    spoil = _degrade_module()
    pairs: list[tuple[str, RgbImage, RgbImage]] = []
    for name in spoil.PAIR_NAMES:
        with Image.open(ROOT / "examples" / "photos" / f"{name}.jpg") as image:
            photo = np.asarray(image.convert("RGB"))
        pairs.extend(
            (f"{name} {kind}", photo, spoil.degrade(photo, kind, name=name))
            for kind in spoil.PAIR_KINDS
        )
    return pairs


def test_originals_lead_their_spoiled_copies() -> None:
    assessor, pairs = Assessor(), spoiled_pairs()
    better = assessor.assess_batch([pair[1] for pair in pairs])
    worse = assessor.assess_batch([pair[2] for pair in pairs])
    wrong = [
        pair[0]
        for pair, a, b in zip(pairs, better, worse, strict=True)
        if a.aesthetic.score <= b.aesthetic.score
    ]
    assert len(pairs) >= 32
    assert len(wrong) <= 0.2 * len(pairs), wrong
