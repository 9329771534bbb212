"""Exporting a module: parity, history, and nothing changed when it goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from goodside.errors import SettingsError, WeightsError
from goodside.runtime import ModelCard, Preprocessing, WeightsStore, open_session
from goodside_train import export
from goodside_train.export import (
    NO_SHA256,
    DraftWeights,
    Measure,
    export_module,
    with_metrics,
    write_card,
)


class Twice(nn.Module):
    """Two outputs of one input."""

    def __init__(self, factor: float = 2.0) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 3)
        self.factor = factor

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.linear(x), x * self.factor


def _card(version: str = "1.0.0") -> ModelCard:
    return ModelCard(
        name="made",
        version=version,
        task="made",
        title="A made module",
        sha256=NO_SHA256,
        size_bytes=1,
        license="CC0-1.0",
        terms="none",
        source="this test",
        data="none",
        preprocessing=Preprocessing(width_px=2, height_px=2),
        metrics={"figure": 1},
    )


def _export(
    folder: Path, module: nn.Module, *, version: str = "1.0.0", measure: Measure | None = None
) -> ModelCard:
    return export_module(
        module,
        torch.ones(2, 4),
        card=_card(version),
        folder=folder,
        measure=measure,
        input_name="x",
        output_names=("straight", "twice"),
    )


def test_weights_and_card_fit_each_other(tmp_path: Path) -> None:
    card = _export(tmp_path, Twice())
    outputs = open_session("made", store=WeightsStore(tmp_path)).run(
        {"x": np.ones((5, 4), dtype=np.float32)}
    )
    assert outputs["straight"].shape == (5, 3)
    np.testing.assert_allclose(outputs["twice"], 2)
    assert card.metrics["parity_with_torch"] <= 1e-4
    assert card == WeightsStore(tmp_path).card("made")


def test_nothing_of_the_machine_is_in_the_file(tmp_path: Path) -> None:
    _export(tmp_path, Twice())
    assert str(Path(__file__).parent).encode() not in (tmp_path / "made.onnx").read_bytes()


def test_the_figures_of_earlier_versions_are_kept_beside_the_cards(tmp_path: Path) -> None:
    first, second = (
        _export(tmp_path, Twice(factor), version=version)
        for factor, version in ((2.0, "1.0.0"), (3.0, "1.1.0"))
    )
    _export(tmp_path, Twice(4.0), version="1.2.0")
    kept = (tmp_path / "history" / "made.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in kept] == [
        {"version": card.version, "metrics": card.metrics} for card in (first, second)
    ]
    assert WeightsStore(tmp_path).names() == ["made"]


def test_the_same_weights_again_have_no_history(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = Twice()
    for _ in range(2):
        _export(tmp_path, module)
    assert {path.name for path in tmp_path.iterdir()} == {"made.onnx", "made.json"}


def test_the_card_is_written_once_and_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def write(card: ModelCard, *, folder: Path) -> None:
        assert (folder / "made.onnx").exists()
        written.append((card.name, folder))
        write_card(card, folder=folder)

    monkeypatch.setattr(export, "write_card", write)
    _export(tmp_path, Twice())
    assert written == [("made", tmp_path)]


def test_a_draft_is_opened_before_its_card_is_written(tmp_path: Path) -> None:
    seen = []

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        made = open_session("made", store=draft).run({"x": np.ones((1, 4), np.float32)})
        seen.extend([draft.names(), list(made), sorted(p.name for p in draft.folder.iterdir())])
        with pytest.raises(WeightsError, match="no model other"):
            draft.card("other")
        return with_metrics(card, {"twice": float(made["twice"][0, 0])})

    card = _export(tmp_path, Twice(), measure=measure)
    assert seen == [["made"], ["straight", "twice"], ["made.onnx"]]
    assert card.metrics["twice"] == 2


def test_other_weights_under_the_same_version_are_refused(tmp_path: Path) -> None:
    _export(tmp_path, Twice())
    before = (tmp_path / "made.onnx").read_bytes()
    with pytest.raises(SettingsError, match="same version"):
        _export(tmp_path, Twice(3.0))
    assert (tmp_path / "made.onnx").read_bytes() == before
    assert json.loads((tmp_path / "made.json").read_text())["version"] == "1.0.0"


class Meeting(Twice):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[Tensor] = []

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self.met.append(x.clone())
        return super().forward(x)


def test_torch_and_the_runtime_are_compared_on_inputs_alone(tmp_path: Path) -> None:
    example = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]])
    module = Twice()
    export.write_onnx(
        module, example, tmp_path / "made.onnx", input_name="x", output_names=("a", "b")
    )
    card = export.with_sha256(_card("1.0.0"), tmp_path / "made.onnx")
    export.write_card(card, folder=tmp_path)
    meeting = Meeting()
    meeting.load_state_dict(module.state_dict())
    difference = export.parity(
        meeting, example, store=WeightsStore(tmp_path), name="made", input_name="x"
    )
    assert difference < 1e-5
    (met,) = meeting.met
    assert len(met) == len(example) + 1  # another batch than was exported with
    torch.testing.assert_close(met[:2], example)
    torch.testing.assert_close(met[2], example[0].flip(0))


def test_weights_that_differ_from_torch_are_not_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "parity", lambda *_, **__: 0.5)
    with pytest.raises(WeightsError, match=r"differ by 0\.5"):
        _export(tmp_path, Twice())
    assert list(tmp_path.iterdir()) == []
