"""`add_encoder`: every shape of encoder that people have, and every one that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodside.aesthetics.encoders.add import AddedEncoder, EncoderTerms, add_encoder
from goodside.aesthetics.encoders.presets import PRESETS, family_in
from goodside.aesthetics.encoders.tensor_files import tensor_files
from goodside.errors import GoodsideError, OutputError, SettingsError, WeightsError
from goodside.runtime import WeightsStore, read_card
from tests.aesthetics.encoders.made import FEATURES, MadeEncoder, Trick, write_encoder

TERMS = EncoderTerms("MIT", terms="any use", source="these tests", data="nothing")


def add(file: Path, folder: Path, *, preset: str = "clip", **options: Any) -> AddedEncoder:
    known = WeightsStore(others=WeightsStore(folder))
    return add_encoder(
        file, name=options.pop("name", "mine"), preset=preset, terms=options.pop("terms", TERMS),
        folder=folder, known=known, **options,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.mark.parametrize(
    ("made", "preset", "wanted"),
    [
        (MadeEncoder(), "clip", ("image_embeds", "none", None, "float32")),
        (MadeEncoder(batch=1), "clip", ("image_embeds", "none", 1, "float32")),
        (MadeEncoder(batch=4), "clip", ("image_embeds", "none", 4, "float32")),
        (MadeEncoder(half=True), "clip", ("image_embeds", "none", None, "float16")),
        (
            MadeEncoder(outputs=("last_hidden_state", "pooler_output"), class_token=False),
            "siglip",
            ("pooler_output", "none", None, "float32"),
        ),
        (
            MadeEncoder(outputs=("last_hidden_state",), class_token=False),
            "siglip",
            ("last_hidden_state", "mean", None, "float32"),
        ),
        (
            MadeEncoder(outputs=("last_hidden_state",)),
            "dinov2",
            ("last_hidden_state", "first", None, "float32"),
        ),
        (
            MadeEncoder(outputs=("last_hidden_state",), batch=1, half=True),
            "dinov2",
            ("last_hidden_state", "first", 1, "float16"),
        ),
        (MadeEncoder(outputs=("whatever",)), "clip", ("whatever", "none", None, "float32")),
    ],
)
def test_the_card_says_what_the_file_says(
    made: MadeEncoder, preset: str, wanted: tuple[object, ...], tmp_path: Path, folder: Path
) -> None:
    added = add(write_encoder(tmp_path / "encoder.onnx", made), folder, preset=preset)
    card = WeightsStore(folder).card("mine")
    assert card == added.card == read_card(folder / "mine.json")
    assert added.warnings == ()
    graph = card.encoder
    assert graph is not None
    assert (graph.output, graph.pooling, graph.batch, graph.dtype) == wanted
    assert (graph.input, graph.features) == ("pixel_values", FEATURES)
    assert (card.task, card.license, card.terms) == ("encoder", "MIT", "any use")
    pixels, family = card.preprocessing, PRESETS[preset]
    assert (pixels.width_px, pixels.height_px, pixels.layout) == (32, 32, "NCHW")
    assert (pixels.mean, pixels.std, pixels.fit) == (family.mean, family.std, family.fit)
    assert (
        WeightsStore(folder).path("mine").read_bytes() == (tmp_path / "encoder.onnx").read_bytes()
    )


@pytest.mark.parametrize("size_px", [224, 256, 384, 518])
def test_a_graph_of_any_size_gets_the_one_asked_for(
    size_px: int, tmp_path: Path, folder: Path
) -> None:
    file = write_encoder(tmp_path / "e.onnx", MadeEncoder(size_px=None, outputs=("pooler_output",)))
    chosen = None if size_px == PRESETS["dinov2"].size_px else size_px
    card = add(file, folder, preset="dinov2", size_px=chosen, fit="pad").card
    assert (card.preprocessing.width_px, card.preprocessing.fit) == (size_px, "pad")


def test_tensors_beside_the_file_go_with_it(tmp_path: Path, folder: Path) -> None:
    for name, seeded in (("one", 64), ("two", 48)):
        file = write_encoder(
            tmp_path / name / "model.onnx", MadeEncoder(features=seeded), tensors="model.onnx_data"
        )
        assert tensor_files(file) == ("model.onnx_data",)
        add(file, folder, name=name)
    store = WeightsStore(folder)
    for name in ("one", "two"):  # of the same name, and not in each other's way
        assert store.path(name) == folder / name / "model.onnx"
    graph = store.card("one").encoder
    assert graph is not None
    assert list(graph.tensor_files) == ["model.onnx_data"]
    assert store.card("one").fingerprint != store.card("one").sha256
    (folder / "two" / "model.onnx_data").write_bytes(b"other")
    with pytest.raises(WeightsError, match="tensors are corrupt"):
        store.path("two")
    (folder / "one" / "model.onnx_data").unlink()
    with pytest.raises(WeightsError, match=r"is missing.*goodside model add"):
        store.path("one")


def test_a_missing_file_of_tensors_is_named(tmp_path: Path, folder: Path) -> None:
    file = write_encoder(tmp_path / "model.onnx", tensors="model.onnx_data")
    (tmp_path / "model.onnx_data").unlink()
    with pytest.raises(WeightsError, match=r"model\.onnx_data.*is missing.*beside the ONNX file"):
        add(file, folder)
    assert not folder.exists()


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/../../b", "c:\\x"])
def test_tensors_elsewhere_are_refused(location: str, tmp_path: Path, folder: Path) -> None:
    import onnx

    file = write_encoder(tmp_path / "model.onnx", tensors="model.onnx_data")
    network = onnx.load(str(file), load_external_data=False)
    for tensor in network.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = location
    file.write_bytes(network.SerializeToString())
    with pytest.raises(WeightsError, match="outside of its folder"):
        add(file, folder)


@pytest.mark.parametrize(
    ("trick", "reason"),
    [
        ("nan", "not finite.*name another output"),
        ("constant", "same for different pictures"),
        ("rank", r"shape \(2, 512, 2, 2\).*neither an embedding"),
        ("two-inputs", "2 inputs: pixel_values, input_ids.*image encoder alone"),
        ("bytes", r"takes tensor\(uint8\)"),
    ],
)
def test_what_is_no_encoder_says_why(
    trick: Trick, reason: str, tmp_path: Path, folder: Path
) -> None:
    file = write_encoder(tmp_path / "e.onnx", MadeEncoder(trick=trick))
    with pytest.raises(WeightsError, match=reason) as caught:
        add(file, folder)
    assert caught.value.path == str(file)
    assert not folder.exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a network", b"\x3a\xff\xff\xff\xff\x0f", b"\xff" * 40, bytes(64)]
)
def test_a_file_that_is_no_network(content: bytes, tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "e.onnx"
    file.write_bytes(content)
    with pytest.raises(WeightsError, match=r"cannot (be read|load)"):
        add(file, folder)


def test_a_file_too_large_for_a_network_is_not_searched(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "e.onnx"
    with file.open("wb") as stream:  # of nothing but holes: it takes no room
        stream.write(b"\x08\x08")
        stream.truncate((1 << 31) + 2)
    with pytest.raises(WeightsError, match=r"e\.onnx.*it is no ONNX file"):
        add(file, folder)


def test_a_single_number_is_no_embedding(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(WeightsError, match=r"single number.*--output"):
        add(write_encoder(tmp_path / "e.onnx", MadeEncoder(features=1)), folder)


def test_a_missing_file_is_named(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.onnx.*cannot be read"):
        add(tmp_path / "gone.onnx", folder)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("aesthetics-lite0", "called aesthetics-lite0 already"),
        ("My Clip", "no model can be called"),
        ("../mine", "no model can be called"),
        ("", "no model can be called"),
    ],
)
def test_names_that_are_taken_or_none(name: str, reason: str, tmp_path: Path, folder: Path) -> None:
    with pytest.raises(SettingsError, match=reason):
        add(write_encoder(tmp_path / "e.onnx"), folder, name=name)


def test_a_model_is_replaced_only_when_asked(tmp_path: Path, folder: Path) -> None:
    file = write_encoder(tmp_path / "e.onnx")
    before = add(file, folder).card
    write_encoder(file, MadeEncoder(features=64))
    with pytest.raises(OutputError, match="exists"):
        add(file, folder)
    assert WeightsStore(folder).path("mine").stat().st_size == before.size_bytes
    assert add(file, folder, overwrite=True).card.encoder is not None
    assert WeightsStore(folder).path("mine").stat().st_size < before.size_bytes


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"preset": "vgg"}, "no preset vgg.*clip, siglip, dinov2"),
        ({"output": "logits"}, "no output logits.*image_embeds"),
        ({"size_px": 64}, "input is 32 x 32 px, not 64"),
    ],
)
def test_options_that_do_not_fit(
    options: dict[str, Any], reason: str, tmp_path: Path, folder: Path
) -> None:
    with pytest.raises(GoodsideError, match=reason):
        add(write_encoder(tmp_path / "e.onnx"), folder, **options)


@pytest.mark.parametrize(
    ("file", "made", "given"),
    [
        ("e", MadeEncoder(outputs=("last_hidden_state",)), ("siglip", "5 tokens are no square")),
        (
            "e",
            MadeEncoder(outputs=("last_hidden_state",), class_token=False),
            ("dinov2", "4 tokens are a square of patches without a class token"),
        ),
        ("siglip-base", MadeEncoder(), ("clip", "speaks of siglip")),
        ("vit_b_clip", MadeEncoder(outputs=("pooler_output",)), ("dinov2", "speaks of clip")),
    ],
)
def test_a_preset_of_another_family_is_doubted(
    file: str, made: MadeEncoder, given: tuple[str, str], tmp_path: Path, folder: Path
) -> None:
    preset, doubt = given
    added = add(write_encoder(tmp_path / f"{file}.onnx", made), folder, preset=preset)
    assert [doubt in warning for warning in added.warnings] == [True]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("siglip-so400m-patch14-384", "siglip"),
        ("models--openai--clip-vit-base-patch32", "clip"),
        ("dinov2-small", "dinov2"),
        ("dinov3-vits16", "dinov2"),
        ("model.onnx", None),
    ],
)
def test_the_family_is_told_from_a_name(name: str, family: str | None) -> None:
    assert family_in(name) == family


def test_means_are_those_of_the_families() -> None:
    """As the authors' own preprocessing gives them, on the 0-1 scale."""
    for name, mean, std in (
        ("clip", (0.4815, 0.4578, 0.4082), (0.2686, 0.2613, 0.2758)),
        ("siglip", (0.5,) * 3, (0.5,) * 3),
        ("dinov2", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ):
        preset = PRESETS[name]
        np.testing.assert_allclose(np.array(preset.mean) / 255, mean, atol=1e-4)
        np.testing.assert_allclose(np.array(preset.std) / 255, std, atol=1e-4)


def test_cards_of_other_weights_do_not_speak_of_encoders(tmp_path: Path, folder: Path) -> None:
    shipped = WeightsStore().card("aesthetics-lite0")
    assert not {"encoder", "heads_on"} & shipped.model_dump().keys()
    add(write_encoder(tmp_path / "e.onnx"), folder)
    record = json.loads((folder / "mine.json").read_text(encoding="utf-8"))
    record["encoder"]["file"] = "../elsewhere.onnx"
    (folder / "mine.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(WeightsError, match="below the card's folder"):
        WeightsStore(folder).card("mine")
