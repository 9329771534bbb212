"""Cards, the weights store and sessions: what they promise, and how they fail."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from goodside.engines import Engines
from goodside.errors import WeightsError
from goodside.runtime import (
    Preprocessing,
    WeightsStore,
    default_models_folder,
    open_session,
    read_card,
)

NAME = "face-mobilefacenet"
SHIPPED = WeightsStore().folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for suffix in (".onnx", ".json"):
        shutil.copy(SHIPPED / f"{NAME}{suffix}", tmp_path)
    return tmp_path


def _pixels(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    rng = np.random.default_rng(5)
    return rng.uniform(-1, 1, (count, 112, 112, 3)).astype(np.float32)


def test_every_shipped_model_is_the_one_its_card_means() -> None:
    store = WeightsStore()
    assert {"aesthetics-lite0", "face-mesh", "rotation-mesh"} <= set(store.names())
    for name in store.names():
        assert store.path(name).stat().st_size == store.card(name).size_bytes


def test_a_session_runs_any_batch_from_several_threads() -> None:
    session = open_session(NAME)
    assert session.run({"pixels": _pixels(0)})["embedding"].shape == (0, 192)
    alone = session.run({"pixels": _pixels(1)})["embedding"]
    found: list[float] = []

    def run() -> None:
        found.append(float(np.abs(session.run({"pixels": _pixels(1)})["embedding"] - alone).max()))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [0.0] * 4


def test_one_flipped_bit_is_found(folder: Path) -> None:
    path = folder / f"{NAME}.onnx"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="corrupt") as caught:
        open_session(NAME, store=WeightsStore(folder)).run({"pixels": _pixels(1)})
    assert caught.value.path == str(path)
    assert "reinstall" in str(caught.value)


@pytest.mark.parametrize("lost", [".onnx", ".json"])
def test_a_missing_file_is_named(folder: Path, lost: str) -> None:
    (folder / f"{NAME}{lost}").unlink()
    with pytest.raises(WeightsError, match="missing") as caught:
        open_session(NAME, store=WeightsStore(folder)).run({"pixels": _pixels(1)})
    assert caught.value.path == str(folder / f"{NAME}{lost}")
    assert caught.value.remedy


def test_a_file_that_matches_its_card_but_is_no_network_says_so(folder: Path) -> None:
    import hashlib

    path, card = folder / f"{NAME}.onnx", folder / f"{NAME}.json"
    path.write_bytes(b"not a network")
    record = json.loads(card.read_text())
    record |= {"sha256": hashlib.sha256(b"not a network").hexdigest(), "size_bytes": 13}
    card.write_text(json.dumps(record))
    with pytest.raises(WeightsError, match="cannot load"):
        open_session(NAME, store=WeightsStore(folder)).run({"pixels": _pixels(1)})


def test_missing_data_is_named(folder: Path) -> None:
    with pytest.raises(WeightsError, match="data file"):
        WeightsStore(folder).data("rotation-templates.npz")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"name": "x", "surplus": 1}', "\x00"])
def test_a_damaged_card_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "card.json"
    path.write_text(text)
    with pytest.raises(WeightsError) as caught:
        read_card(path)
    assert caught.value.path == str(path)


def test_an_unknown_provider_falls_back_to_the_cpu() -> None:
    session = open_session(NAME, providers=["CUDAExecutionProvider", "CPUExecutionProvider"])
    assert session.run({"pixels": _pixels(2)})["embedding"].shape == (2, 192)


@pytest.mark.parametrize(("layout", "shape"), [("NCHW", (1, 3, 2, 4)), ("NHWC", (1, 2, 4, 3))])
def test_pixels_become_the_input_the_card_says(layout: str, shape: tuple[int, ...]) -> None:
    card = Preprocessing.model_validate(
        {"width_px": 4, "height_px": 2, "layout": layout, "mean": (0, 127, 255), "std": (1, 2, 5)}
    )
    batch = np.full((1, 2, 4, 3), 255, np.uint8)
    made = card.normalize(batch)
    assert made.shape == shape
    assert made.dtype == np.float32
    channels = made.transpose(0, 3, 1, 2) if layout == "NHWC" else made
    np.testing.assert_array_equal(channels[0, :, 0, 0], [255, 64, 0])


def test_pixels_of_another_size_are_refused() -> None:
    card = Preprocessing(width_px=4, height_px=2)
    with pytest.raises(ValueError, match=r"expected \(N, 2, 4, 3\)"):
        card.normalize(np.zeros((1, 4, 2, 3), np.uint8))


def test_models_of_ones_own_are_found_after_the_shipped_ones(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for suffix in (".onnx", ".json"):
        shutil.copy(folder / f"{NAME}{suffix}", own / f"mine{suffix}")
        shutil.copy(folder / f"{NAME}{suffix}", own)
    card = json.loads((own / "mine.json").read_text(encoding="utf-8"))
    (own / "mine.json").write_text(json.dumps(card | {"name": "mine"}), encoding="utf-8")
    (own / f"{NAME}.onnx").write_bytes(b"another one")  # of a shipped name: never looked at
    store = WeightsStore(others=WeightsStore(own))
    assert set(store.names()) == {"mine", *WeightsStore().names()}
    assert store.path("mine") == own / "mine.onnx"
    assert store.path(NAME) == SHIPPED / f"{NAME}.onnx"
    holder = store.holder("mine")
    assert holder is not None
    assert holder.folder == own
    assert store.holder("nobody") is None
    with pytest.raises(WeightsError, match=r"no model nobody.*mine") as caught:
        store.card("nobody")
    assert caught.value.path == str(SHIPPED / "nobody.json")


def test_a_missing_folder_of_models_is_an_empty_one(tmp_path: Path) -> None:
    store = WeightsStore(others=WeightsStore(tmp_path / "none"))
    assert store.names() == WeightsStore().names()


def test_where_ones_own_models_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GOODSIDE_MODELS_DIR", str(tmp_path))
    assert Engines().models_folder == tmp_path
    monkeypatch.delenv("GOODSIDE_MODELS_DIR")
    assert Engines().models_folder == default_models_folder()
    assert default_models_folder().parts[-2:] == ("goodside", "models")


@pytest.mark.parametrize("name", ["../cards/mine", "a/b", "a\\b", "c:mine", "", "a\0b"])
def test_a_name_that_is_a_path_is_no_model(name: str, folder: Path) -> None:
    (folder / "a").mkdir()
    for place in (folder / "a" / "b.json", folder.parent / "cards" / "mine.json"):
        place.parent.mkdir(exist_ok=True)
        shutil.copy(folder / f"{NAME}.json", place)
    with pytest.raises(WeightsError, match="there is no model"):
        WeightsStore(folder).path(name)


@pytest.mark.parametrize("field", ["mean", "std"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_pixels_are_scaled_by_finite_numbers(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        Preprocessing.model_validate({"width_px": 8, "height_px": 8, field: (value, 1.0, 1.0)})


def test_pixels_are_not_divided_by_nothing() -> None:
    with pytest.raises(ValueError, match="std"):
        Preprocessing(width_px=8, height_px=8, std=(0.0, 1.0, 1.0))
