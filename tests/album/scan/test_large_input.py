"""An encoder with a large input sees photographs at its size, not at that of the thumbnail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.aesthetics.model import AestheticModel
from goodside.album.scan.analyzer import Analyzer, Setup
from goodside.album.scan.job import Job
from goodside.album.scan.walk import UNREACHED
from goodside.types import RgbImage
from goodside_train.aesthetics.heads.card import HeadsCard
from goodside_train.aesthetics.heads.sources import open_rated
from goodside_train.aesthetics.heads.train import train_heads
from tests.aesthetics.encoders.made import MadeEncoder, write_encoder
from tests.aesthetics.encoders.test_add import add
from tests.train.aesthetics import made


def test_it_sees_fine_detail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from goodside.runtime import WeightsStore

    models = tmp_path / "models"
    add(write_encoder(tmp_path / "e.onnx", MadeEncoder(size_px=518)), models, preset="dinov2")
    made.make_own(tmp_path / "rated", count=12)
    train_heads(
        open_rated(data=tmp_path / "rated"),
        encoder="mine",
        store=WeightsStore(others=WeightsStore(models)),
        folder=models,
        about=HeadsCard("h"),
    )
    stripes = np.zeros((990, 990, 3), np.uint8)
    stripes[:, 1::4] = stripes[:, 2::4] = 255  # gone where pairs of pixels are taken together
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    seen: list[RgbImage] = []
    run = AestheticModel.run

    def noted(self: AestheticModel, batch: RgbImage) -> object:
        seen.append(batch)
        return run(self, batch)

    monkeypatch.setattr(AestheticModel, "run", noted)
    analyzer = Analyzer(Setup(models=models, judge="h"))
    done = analyzer.analyze(Job(tmp_path / "stripes.png", tmp_path, stamp=UNREACHED, faces=False))
    assert done.measured is not None
    assert done.measured.judged.model == "h 1.0.0"
    (batch,) = seen
    assert batch.shape == (1, 518, 518, 3)
    assert batch.std() > 10
