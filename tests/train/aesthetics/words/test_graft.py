"""Grafting: the new output is the head's, every other one stays as it was to the bit."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import goodside.weights
from goodside.errors import WeightsError
from goodside.runtime import import_onnxruntime
from goodside_train.aesthetics.words.fit_head import WordHead
from goodside_train.aesthetics.words.graft import graft_heads

WEIGHTS = Path(goodside.weights.__file__).parent


def _head(width: int, *, seed: int, words: int = 3) -> WordHead:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(width, words)).astype(np.float32)
    return WordHead(weights, rng.normal(size=words).astype(np.float32))


def _run(path: Path, image: np.ndarray) -> dict[str, np.ndarray]:
    session = import_onnxruntime().InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {"image": image}), strict=True))


@pytest.mark.parametrize("name", ["aesthetics-lite0", "aesthetics-lite0-int8"])
def test_the_other_outputs_stay_as_they_were(name: str, tmp_path: Path) -> None:
    source, target = WEIGHTS / f"{name}.onnx", tmp_path / "grafted.onnx"
    image = np.random.default_rng(0).normal(size=(2, 3, 192, 192)).astype(np.float32)
    before = _run(source, image)
    head = _head(before["embedding"].shape[1], seed=1)
    graft_heads(source, target, heads={"word_logits": head})
    after = _run(target, image)
    assert after["word_logits"] == pytest.approx(head.logits(before["embedding"]), abs=1e-3)
    for output, values in before.items():
        if output != "word_logits":
            assert np.array_equal(after[output], values), output
    assert target.stat().st_size - source.stat().st_size < 100_000


def test_a_head_is_replaced_by_a_later_one(tmp_path: Path) -> None:
    path = tmp_path / "lite0.onnx"
    shutil.copyfile(WEIGHTS / "aesthetics-lite0-int8.onnx", path)
    image = np.random.default_rng(0).normal(size=(1, 3, 192, 192)).astype(np.float32)
    for seed, words in ((1, 3), (2, 5)):
        head = _head(1280, seed=seed, words=words)
        graft_heads(path, path, heads={"word_logits": head})
    outputs = _run(path, image)
    assert outputs["word_logits"] == pytest.approx(head.logits(outputs["embedding"]), abs=1e-3)
    graph = onnx.load(path).graph
    assert [output.name for output in graph.output].count("word_logits") == 1


def test_an_output_of_the_networks_own_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="semantic_logits of its own"):
        graft_heads(
            WEIGHTS / "aesthetics-lite0-int8.onnx",
            tmp_path / "x.onnx",
            heads={"semantic_logits": _head(1280, seed=0)},
        )
    assert not (tmp_path / "x.onnx").exists()


def test_a_network_without_an_embedding(tmp_path: Path) -> None:
    side = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", side[:1], side[1:])
    path = tmp_path / "bare.onnx"
    onnx.save(helper.make_model(graph), path)
    with pytest.raises(WeightsError, match="no output embedding"):
        graft_heads(path, path, heads={"word_logits": _head(4, seed=0)})
