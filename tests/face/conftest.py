from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.face import Embedder, FaceFinder
from goodside.types import Face, RgbImage

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name: str) -> RgbImage:
    return np.asarray(Image.open(EXAMPLES / name).convert("RGB"))


@pytest.fixture(scope="session")
def astronaut() -> RgbImage:
    return load("faces/astronaut.jpg")


@pytest.fixture(scope="session")
def finder() -> FaceFinder:
    return FaceFinder()


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="session")
def face(finder: FaceFinder, astronaut: RgbImage) -> Face:
    found = finder.find(astronaut)
    assert len(found) == 1
    return found[0]
