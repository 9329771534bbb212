"""An encoder at run time: batches, tokens, and what to say where it has no opinion."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from goodside.aesthetics import Assessor, Taste, learn_taste
from goodside.aesthetics.encoders.encoder import Encoder
from goodside.aesthetics.model import AestheticModel
from goodside.aesthetics.ratings import Ratings
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from goodside.types import RgbImage
from tests.aesthetics.encoders.made import FEATURES, MadeEncoder, write_encoder
from tests.aesthetics.encoders.test_add import add

_PHOTOS = Path(__file__).parents[3] / "examples" / "photos"


def pictures(count: int, *, size_px: int = 32, seed: int = 3) -> RgbImage:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, size_px, size_px, 3)).astype(np.uint8)


def store_of(folder: Path, made: MadeEncoder, **options: Any) -> WeightsStore:
    """A store with the shipped weights and a made encoder called `mine`."""
    file = write_encoder(folder / "source" / f"{options.pop('stem', 'e')}.onnx", made)
    add(file, folder / "models", **options)
    return WeightsStore(others=WeightsStore(folder / "models"))


def _by_hand(file: Path, inputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The tokens of a made encoder, (N, T, D), in numpy."""
    weights = {
        one.name: numpy_helper.to_array(one) for one in onnx.load(str(file)).graph.initializer
    }
    patch = weights["patch"].astype(np.float64)
    side = inputs.shape[2] // 16
    cut = inputs.reshape(len(inputs), 3, side, 16, side, 16).transpose(0, 2, 4, 1, 3, 5)
    flat = cut.reshape(len(inputs), side * side, -1)
    mixed = np.tanh(flat @ patch.reshape(len(patch), -1).T) @ weights["mix"]
    middle = mixed.mean(axis=1, keepdims=True)
    return np.concatenate([middle + weights["class"], mixed], axis=1)


@pytest.mark.parametrize("pooling", ["first", "mean"])
def test_tokens_are_pooled_as_the_card_says(pooling: str, tmp_path: Path) -> None:
    made = MadeEncoder(outputs=("last_hidden_state",))
    store = store_of(tmp_path, made, preset="dinov2", pooling=pooling)
    encoder = Encoder(store, "mine")
    inputs = encoder.card.preprocessing.normalize(pictures(3))
    tokens = _by_hand(store.path("mine"), inputs.astype(np.float64))
    wanted = tokens[:, 0] if pooling == "first" else tokens.mean(axis=1)
    np.testing.assert_allclose(encoder.embed(inputs), wanted, atol=1e-4)


@pytest.mark.parametrize("batch", [None, 1, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_any_number_of_pictures_goes_through_any_batch(
    batch: int | None, count: int, tmp_path: Path
) -> None:
    model = AestheticModel(store_of(tmp_path, MadeEncoder(batch=batch)), "mine")
    batched = model.embed(pictures(count))
    assert batched.shape == (count, FEATURES)
    assert batched.dtype == np.float32
    for row in range(count):
        alone = model.embed(pictures(count)[row : row + 1])[0]
        np.testing.assert_allclose(batched[row], alone, atol=1e-5)


@pytest.mark.parametrize("coarse", [MadeEncoder(half=True), MadeEncoder(int8=True)])
def test_half_precision_and_eight_bits_are_near_full_precision(
    coarse: MadeEncoder, tmp_path: Path
) -> None:
    exact = AestheticModel(store_of(tmp_path / "a", MadeEncoder()), "mine").embed(pictures(4))
    near = AestheticModel(store_of(tmp_path / "b", coarse), "mine").embed(pictures(4))
    assert near.dtype == np.float32
    for one, two in zip(exact, near, strict=True):
        assert one @ two / np.linalg.norm(one) / np.linalg.norm(two) > 0.999


def test_a_picture_whose_numbers_overflow_is_an_error_and_no_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Encoder(store_of(tmp_path, MadeEncoder()), "mine")
    monkeypatch.setattr(
        encoder._session, "run", lambda _: {"image_embeds": np.full((1, FEATURES), np.inf)}
    )
    with pytest.raises(WeightsError, match=r"not finite.*float32"):
        encoder.embed(np.zeros((1, 3, 32, 32), np.float32))


def test_another_network_under_its_card_is_found(tmp_path: Path) -> None:
    store = store_of(tmp_path, MadeEncoder())
    shutil.copy(
        write_encoder(tmp_path / "other.onnx", MadeEncoder(features=64)),
        tmp_path / "models" / "mine.onnx",
    )
    with pytest.raises(WeightsError, match=r"corrupt.*goodside model add"):
        Encoder(store, "mine").embed(np.zeros((1, 3, 32, 32), np.float32))
    (tmp_path / "models" / "mine.onnx").unlink()
    with pytest.raises(WeightsError, match=r"weights are missing.*goodside model add"):
        Encoder(store, "mine").load()


def test_without_heads_it_has_no_opinion_and_says_what_to_do(tmp_path: Path) -> None:
    assessor = Assessor(store=store_of(tmp_path, MadeEncoder()), model="mine")
    photo = _PHOTOS / "cat.jpg"
    said = (
        r"mine is an encoder without heads.*train aesthetics --features --model mine.*taste learn"
    )
    for judge in (
        lambda: assessor.assess(photo),
        lambda: assessor.assess_batch([photo]),
        lambda: list(assessor.assess_each([photo])),
        lambda: assessor.explain(photo),
    ):
        with pytest.raises(WeightsError, match=said):
            judge()
    assert assessor.embed([photo]).shape == (1, FEATURES)
    assert assessor.network_ms() > 0


def _brightness(count: int = 40) -> tuple[list[RgbImage], Ratings]:
    """Pictures whose rating is their brightness."""
    rng = np.random.default_rng(8)
    levels = rng.uniform(0, 1, count)
    shots = [(rng.integers(0, 56, (40, 40, 3)) + 200 * level).astype(np.uint8) for level in levels]
    ratings = Ratings(
        "scores", tuple(Path(f"{n}.png") for n in range(count)), levels, np.zeros((0, 2), np.int64)
    )
    return shots, ratings


def test_a_taste_is_its_opinion(tmp_path: Path) -> None:
    from PIL import Image

    store = store_of(tmp_path, MadeEncoder())
    shots, ratings = _brightness()
    for path, rgb in zip(ratings.paths, shots, strict=True):
        Image.fromarray(rgb).save(tmp_path / path)
    rated = Ratings(
        ratings.kind, tuple(tmp_path / path for path in ratings.paths), ratings.score, ratings.pairs
    )
    taste = learn_taste(rated, assessor=Assessor(store=store, model="mine"))
    assert taste.agreement.taste > 0.8
    assert taste.agreement.general == 0
    judge = Assessor(store=store, model="mine", taste=taste)
    dark, bright = (judge.assess(np.full((40, 40, 3), grey, np.uint8)) for grey in (20, 235))
    assert bright.taste is not None
    assert dark.taste is not None
    assert bright.taste - dark.taste > 2  # points: as far as scores of a scale go
    assert bright.aesthetic.score == pytest.approx(bright.taste, abs=0.01)
    assert bright.aesthetic.high_quality > 0.5 > dark.aesthetic.high_quality
    assert sum(bright.aesthetic.distribution) == pytest.approx(1)
    assert bright.semantics == ()
    assert bright.verdict is None
    explained = judge.explain(np.full((40, 40, 3), 235, np.uint8))
    assert explained.assessment.taste == pytest.approx(bright.taste)


def test_a_taste_of_another_encoder_is_refused(tmp_path: Path) -> None:
    first = store_of(tmp_path / "a", MadeEncoder())
    second = store_of(tmp_path / "b", MadeEncoder(features=64))
    shots, ratings = _brightness(12)
    traits = list(Assessor(store=first, model="mine").traits_each(shots))
    assert not any(one.has_score for one in traits)  # type: ignore[union-attr]
    from goodside.aesthetics.learn import fit_taste
    from goodside.aesthetics.taste import Traits

    seen = [one for one in traits if isinstance(one, Traits)]
    joined = Traits(
        np.concatenate([one.score for one in seen]),
        np.concatenate([one.embedding for one in seen]),
        np.concatenate([one.tags for one in seen]),
        has_score=False,
    )
    taste = fit_taste(ratings, joined, model="mine", sha256=first.card("mine").fingerprint)
    taste.write(tmp_path / "taste.json")
    with pytest.raises(WeightsError, match="learnt on mine"):
        Assessor(store=second, model="mine", taste=Taste.read(tmp_path / "taste.json"))
