"""A model that takes another's name leaves none of its files, and touches no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.runtime import ModelCard, WeightsStore, write_checksums
from goodside.runtime.checksums import read_checksums
from goodside_train.aesthetics.heads.card import HeadsCard
from goodside_train.aesthetics.heads.sources import open_rated
from goodside_train.aesthetics.heads.train import train_heads
from tests.aesthetics.encoders.made import MadeEncoder, write_encoder
from tests.aesthetics.encoders.test_add import add
from tests.train.aesthetics import made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def _in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def _heads(folder: Path, *, encoder: str, name: str, photos: Path) -> ModelCard:
    rows = []
    for number in range(12):
        made.save(photos / f"{number}.jpg", made.photo(number, level=number / 12))
        rows.append({"image": f"{number}.jpg", "score": 1 + number})
    made.write_csv(photos / "ratings.csv", rows)
    return train_heads(
        open_rated(table=photos / "ratings.csv"),
        encoder=encoder,
        store=WeightsStore(others=WeightsStore(folder)),
        folder=folder,
        about=HeadsCard(name),
        overwrite=True,
    )


def test_an_encoder_in_one_file_after_one_with_tensors(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a" / "parts").mkdir(parents=True)
    add(write_encoder(tmp_path / "a" / "model.onnx", tensors="parts/model.data"), folder)
    assert _in(folder) == {"mine.json", "mine/model.onnx", "mine/parts/model.data"}
    add(write_encoder(tmp_path / "b.onnx"), folder, overwrite=True)
    assert _in(folder) == {"mine.json", "mine.onnx"}
    assert not (folder / "mine").exists()
    assert WeightsStore(folder).path("mine") == folder / "mine.onnx"


def test_other_tensors_replace_the_first(tmp_path: Path, folder: Path) -> None:
    first = write_encoder(tmp_path / "a" / "model.onnx", tensors="old.data")
    add(first, folder)
    (folder / "mine" / "notes.txt").write_text("of its user", encoding="utf-8")
    second = write_encoder(
        tmp_path / "b" / "model.onnx", MadeEncoder(features=48), tensors="new.data"
    )
    add(second, folder, overwrite=True)
    assert _in(folder) == {"mine.json", "mine/model.onnx", "mine/new.data", "mine/notes.txt"}
    assert WeightsStore(folder).path("mine") == folder / "mine" / "model.onnx"


def test_heads_after_an_encoder_and_an_encoder_after_heads(tmp_path: Path, folder: Path) -> None:
    add(write_encoder(tmp_path / "e.onnx"), folder, name="eyes")
    add(write_encoder(tmp_path / "a" / "model.onnx", tensors="model.data"), folder)
    write_checksums(folder)
    _heads(folder, encoder="eyes", name="mine", photos=tmp_path / "photos")
    assert _in(folder) == {"SHA256SUMS", "eyes.json", "eyes.onnx", "mine.json", "mine.npz"}
    assert set(read_checksums(folder) or ()) == {"eyes.json", "mine.json", "mine.npz"}
    add(write_encoder(tmp_path / "b.onnx"), folder, overwrite=True)
    assert _in(folder) == {"SHA256SUMS", "eyes.json", "eyes.onnx", "mine.json", "mine.onnx"}
    assert set(read_checksums(folder) or ()) == {"eyes.json", "mine.json"}


def test_the_same_again_changes_nothing(tmp_path: Path, folder: Path) -> None:
    file = write_encoder(tmp_path / "a" / "model.onnx", tensors="model.data")
    card = add(file, folder).card
    before = _in(folder)
    assert add(file, folder, overwrite=True).card == card
    assert _in(folder) == before


def test_files_that_a_card_names_elsewhere_stay(tmp_path: Path, folder: Path) -> None:
    """A card written by hand may read another model's file."""
    add(write_encoder(tmp_path / "e.onnx"), folder, name="eyes")
    card = WeightsStore(folder).card("eyes")
    assert card.encoder is not None
    by_hand = card.model_copy(
        update={"name": "mine", "encoder": card.encoder.model_copy(update={"file": "eyes.onnx"})}
    )
    (folder / "mine.json").write_text(by_hand.model_dump_json(), encoding="utf-8")
    add(write_encoder(tmp_path / "b.onnx"), folder, overwrite=True)
    assert _in(folder) == {"eyes.json", "eyes.onnx", "mine.json", "mine.onnx"}


def test_a_damaged_card_is_replaced_all_the_same(tmp_path: Path, folder: Path) -> None:
    add(write_encoder(tmp_path / "a" / "model.onnx", tensors="model.data"), folder)
    (folder / "mine.json").write_text("{", encoding="utf-8")
    add(write_encoder(tmp_path / "b.onnx"), folder, overwrite=True)
    assert WeightsStore(folder).path("mine") == folder / "mine.onnx"
