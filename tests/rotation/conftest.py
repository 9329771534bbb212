from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.face import FaceFinder
from goodside.rotation import HeadMesh, Rotator, Templates
from goodside.runtime import WeightsStore
from goodside.types import Face, RgbImage
from tests.rotation.made import PORTRAIT, made_head, made_templates, write_store


@pytest.fixture(scope="session")
def photograph() -> RgbImage:
    """(512, 512, 3) a bundled portrait, nearly frontal."""
    return np.asarray(Image.open(PORTRAIT).convert("RGB"))


@pytest.fixture(scope="session")
def face(photograph: RgbImage) -> Face:
    return FaceFinder().find(photograph)[0]


@pytest.fixture(scope="session")
def head() -> HeadMesh:
    return made_head()


@pytest.fixture(scope="session")
def templates() -> Templates:
    return made_templates()


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("weights") / "store")


@pytest.fixture(scope="session")
def rotator(store_folder: Path) -> Rotator:
    return Rotator(store=WeightsStore(store_folder))
