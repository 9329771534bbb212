"""Devices that recipes ask for."""

from __future__ import annotations

import pytest
import torch

from goodside.errors import SettingsError
from goodside_train.config import LoopRecipe
from goodside_train.device import Device, open_device


def test_the_processor_multiplies_in_the_precision_asked_for() -> None:
    device = open_device(LoopRecipe(steps=1, device="cpu", precision="bf16"))
    matrix = torch.ones(2, 2)
    with device.autocast():
        assert (matrix @ matrix).dtype == torch.bfloat16
    with Device(torch.device("cpu")).autocast():
        assert (matrix @ matrix).dtype == torch.float32


def test_auto_takes_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, kind in ((False, "cpu"), (True, "cuda")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert open_device(LoopRecipe(steps=1)).torch.type == kind


def test_a_graphics_card_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SettingsError, match="no CUDA device"):
        open_device(LoopRecipe(steps=1, device="cuda"))
