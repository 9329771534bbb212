"""Heads from rated photographs: what they reach, what their card says, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from goodside.aesthetics import Assessor
from goodside.aesthetics.encoders.heads import read_heads
from goodside.errors import OutputError, SettingsError, WeightsError
from goodside.runtime import ModelCard, WeightsStore
from goodside_train.aesthetics.heads import features
from goodside_train.aesthetics.heads.card import HeadsCard
from goodside_train.aesthetics.heads.sources import open_rated
from goodside_train.aesthetics.heads.train import train_heads
from tests.aesthetics.encoders.made import FEATURES, MadeEncoder, write_encoder
from tests.aesthetics.encoders.test_add import add
from tests.train.aesthetics import made

_COLOURS = ("red", "green", "blue")


@pytest.fixture
def store(tmp_path: Path) -> WeightsStore:
    """The shipped weights, and a made encoder called `mine`."""
    add(write_encoder(tmp_path / "e.onnx"), tmp_path / "models")
    return WeightsStore(others=WeightsStore(tmp_path / "models"))


def _table(folder: Path, *, count: int, split: bool = False, labelled: bool = True) -> Path:
    """Photographs rated 1-5 by their brightness, with the strongest colour as their label."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(count):
        level, colour = float(rng.uniform()), number % 3
        rgb = np.clip(made.photo(number, level=level) * 0.7, 0, 255).astype(np.uint8)
        rgb[..., colour] = np.minimum(rgb[..., colour].astype(int) + 70, 255)
        made.save(folder / f"{number}.jpg", rgb)
        row = {"image": f"{number}.jpg", "score": round(1 + 4 * level, 2)}
        if labelled:
            row |= {"semantic": _COLOURS[colour] if number % 5 else ""}
            row |= {"technical": round(10 * level, 1) if number % 4 else ""}
        if split:
            row |= {"split": ("train", "train", "validation", "test")[number % 4]}
        rows.append(row)
    made.write_csv(folder / "ratings.csv", rows)
    return folder / "ratings.csv"


def _train(store: WeightsStore, table: Path, **options: object) -> ModelCard:
    folder = table.parent.parent / "models"
    return train_heads(
        open_rated(table=table),
        encoder=str(options.pop("encoder", "mine")),
        store=store,
        folder=folder,
        about=HeadsCard(str(options.pop("name", "mine-heads"))),
        **options,  # type: ignore[arg-type]
    )


def test_heads_judge_as_people_did(store: WeightsStore, tmp_path: Path) -> None:
    card = _train(store, _table(tmp_path / "photos", count=90))
    figures = card.metrics["cross_validated"]
    assert card.metrics["photographs_learnt_from"] == figures["n"] == 90
    assert figures["srcc"] > 0.9
    assert figures["accuracy"] > 0.8 > figures["majority"]
    assert figures["semantic_top1"] > 0.8
    assert figures["mae"] < 1
    assert card == WeightsStore(tmp_path / "models").card("mine-heads")
    assert card.facts["semantic_labels"] == sorted(_COLOURS)
    quantiles = card.facts["reference_quantiles"]
    assert quantiles == sorted(quantiles)
    assert len(quantiles) == 101
    assessor = Assessor(store=store, model="mine-heads")
    dark, bright = (assessor.assess(made.photo(500, level=level)) for level in (0.02, 0.98))
    assert bright.aesthetic.score > dark.aesthetic.score + 2
    assert bright.aesthetic.percentile > 80
    assert dark.aesthetic.percentile < 20
    assert bright.aesthetic.high_quality > 0.8
    assert dark.aesthetic.high_quality < 0.2
    assert bright.technical is not None
    assert dark.technical is not None
    assert bright.technical > dark.technical + 2
    assert {tag.label for tag in bright.semantics} == set(_COLOURS)
    assert bright.model == "mine-heads 1.0.0"
    assert assessor.explain(made.photo(500)).attributes


def test_likeness_is_measured_from_the_photographs_middle(
    store: WeightsStore, tmp_path: Path
) -> None:
    _train(store, _table(tmp_path / "photos", count=30))
    shots = [made.photo(seed, level=0.5) for seed in range(6)]
    raw = Assessor(store=store, model="mine").embed(shots)
    seen = Assessor(store=store, model="mine-heads").embed(shots)
    raw /= np.linalg.norm(raw, axis=1, keepdims=True)
    path = WeightsStore(tmp_path / "models").path("mine-heads")
    np.testing.assert_allclose(seen, raw - read_heads(path, features=FEATURES).centre, atol=1e-6)


def test_rows_for_validation_and_test_are_not_learnt_from(
    store: WeightsStore, tmp_path: Path
) -> None:
    table = _table(tmp_path / "photos", count=48, split=True)
    card = _train(store, table)
    assert card.metrics["photographs_learnt_from"] == 24
    assert card.metrics["validation"]["n"] == 12
    assert "cross_validated" not in card.metrics
    first = WeightsStore(tmp_path / "models").path("mine-heads").read_bytes()
    rows = table.read_text(encoding="utf-8").splitlines()
    spoilt = [
        ",".join([*row.split(",")[:1], "1", *row.split(",")[2:]])
        if row.endswith(("validation", "test"))
        else row
        for row in rows
    ]
    table.write_text("\n".join(spoilt) + "\n", encoding="utf-8")
    _train(store, table, overwrite=True)
    assert WeightsStore(tmp_path / "models").path("mine-heads").read_bytes() == first


def test_a_table_of_scores_alone_gives_a_score_alone(store: WeightsStore, tmp_path: Path) -> None:
    _train(store, _table(tmp_path / "photos", count=24, labelled=False))
    found = Assessor(store=store, model="mine-heads").assess(made.photo(1))
    assert (found.semantics, found.technical, found.words, found.verdict) == ((), None, (), None)


@pytest.mark.parametrize(
    ("layout", "make", "labels"),
    [
        ("ava", made.make_ava, 3),
        ("para", made.make_official, 10),
        ("photonet", made.make_photonet, 0),
    ],
)
def test_the_layouts_of_data_sets(
    layout: str, make: Callable[[Path], None], labels: int, store: WeightsStore, tmp_path: Path
) -> None:
    make(tmp_path / "data")
    rated = open_rated(data=tmp_path / "data")
    assert rated.layout == layout
    assert rated.test_count == {"ava": 10, "para": 8, "photonet": 0}[layout]
    card = train_heads(
        rated, encoder="mine", store=store, folder=tmp_path / "models", about=HeadsCard("h")
    )
    assert len(card.facts["semantic_labels"]) == labels
    assert card.metrics["cross_validated"]["srcc"] > 0.6
    assert (card.facts["high_from"] == 5) is (layout == "ava")


def test_shards_are_read_in_their_own_shape(
    store: WeightsStore, tmp_path: Path, para_folder: Path
) -> None:
    rated = open_rated(data=para_folder)
    card = train_heads(
        rated, encoder="mine", store=store, folder=tmp_path / "models", about=HeadsCard("h")
    )
    count = card.metrics["photographs_learnt_from"]
    assert count == int((~rated.labels.validation).sum())
    assert len(card.facts["attribute_labels"]) == 8
    assert isinstance(rated.sources[0](), bytes)


def test_features_are_computed_once(
    store: WeightsStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "PORTION", 8)
    table = _table(tmp_path / "photos", count=20)
    first = _train(store, table, cache=tmp_path / "run")
    kept = sorted((tmp_path / "run").iterdir())
    assert len(kept) == 3
    kept[2].write_bytes(b"cut short")

    seen: list[int] = []
    embed = Assessor.embed

    def counted(self: Assessor, sources: list[object]) -> object:
        seen.append(len(sources))
        return embed(self, sources)  # type: ignore[arg-type]

    monkeypatch.setattr(Assessor, "embed", counted)
    again = _train(store, table, cache=tmp_path / "run", overwrite=True)
    assert sum(seen) == 4  # of the portion that cannot be read
    assert again.sha256 == first.sha256


def test_photographs_that_cannot_be_read_are_left_out(
    store: WeightsStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = _table(tmp_path / "photos", count=20)
    (tmp_path / "photos" / "3.jpg").unlink()
    (tmp_path / "photos" / "4.jpg").write_bytes(b"no picture")
    card = _train(store, table)
    assert card.metrics["photographs_learnt_from"] == 18
    assert "2 of 20 photographs are left out" in caplog.text


@pytest.mark.parametrize(
    ("count", "options", "reason"),
    [
        (6, {}, "6 rated photographs are too few.*at least 10"),
        (12, {"encoder": "aesthetics-lite0"}, "no encoder.*goodside model add"),
        (12, {"name": "face-mesh"}, "called face-mesh already"),
        (12, {"name": "mine"}, "would replace their encoder"),
    ],
)
def test_what_is_refused(
    count: int, options: dict[str, object], reason: str, store: WeightsStore, tmp_path: Path
) -> None:
    if options.get("name") == "mine":
        options["overwrite"] = True
    with pytest.raises(SettingsError, match=reason):
        _train(store, _table(tmp_path / "photos", count=count), **options)
    assert not (tmp_path / "models" / "mine-heads.npz").exists()


def test_equal_ratings_are_refused(store: WeightsStore, tmp_path: Path) -> None:
    table = _table(tmp_path / "photos", count=12)
    rows = [row.split(",") for row in table.read_text(encoding="utf-8").splitlines()]
    rows[1:] = [[row[0], "3", *row[2:]] for row in rows[1:]]
    table.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="all photographs are rated"):
        _train(store, table)


def test_heads_are_replaced_only_when_asked(store: WeightsStore, tmp_path: Path) -> None:
    table = _table(tmp_path / "photos", count=12)
    _train(store, table)
    with pytest.raises(OutputError, match="exists"):
        _train(store, table)


def test_heads_whose_encoder_changed_or_went_are_refused(
    store: WeightsStore, tmp_path: Path
) -> None:
    _train(store, _table(tmp_path / "photos", count=12))
    add(
        write_encoder(tmp_path / "e.onnx", MadeEncoder(half=True)),
        tmp_path / "models",
        overwrite=True,
    )
    with pytest.raises(WeightsError, match="learnt on another encoder called mine"):
        Assessor(store=store, model="mine-heads")
    (tmp_path / "models" / "mine.json").unlink()
    with pytest.raises(WeightsError, match="there is no model mine"):
        Assessor(store=store, model="mine-heads")


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "nan"])
def test_damaged_heads_are_found(damage: str, store: WeightsStore, tmp_path: Path) -> None:
    _train(store, _table(tmp_path / "photos", count=12))
    path = tmp_path / "models" / "mine-heads.npz"
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    else:
        with np.load(path) as kept:
            arrays = {name: kept[name] for name in kept.files}
        arrays["score_bias"] = np.array([np.nan if damage == "nan" else 1], np.float32)
        if damage == "other":
            arrays["centre"] = arrays["centre"][:-1]
        np.savez(path, **arrays)
        card = tmp_path / "models" / "mine-heads.json"
        record = json.loads(card.read_text(encoding="utf-8"))
        import hashlib

        record["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        card.write_text(json.dumps(record), encoding="utf-8")
    reason = {
        "missing": "weights are missing",
        "cut": "corrupt",
        "other": "for another encoder",
        "nan": "not finite",
    }[damage]
    with pytest.raises(WeightsError, match=rf"{reason}.*train aesthetics --features"):
        Assessor(store=store, model="mine-heads").assess(made.photo(1))
