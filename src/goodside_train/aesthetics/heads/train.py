"""Heads for an encoder from rated photographs: features, fit, figures, weights."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor, measure
from goodside.aesthetics.encoders.add import check_model_name
from goodside.aesthetics.encoders.heads import EncoderHeads
from goodside.aesthetics.model import AestheticModel
from goodside.aesthetics.scores import BINS
from goodside.errors import SettingsError
from goodside.images import Limits, check_output
from goodside.runtime import ModelCard, WeightsStore
from goodside.types import Assessment, FloatArray, Json
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.photos import with_near_duplicates
from goodside_train.aesthetics.evaluate import validation_truth
from goodside_train.aesthetics.heads.card import (
    HeadsCard,
    draft_card,
    reference_facts,
    write_heads,
)
from goodside_train.aesthetics.heads.features import EncodedPhotos, encode_photos
from goodside_train.aesthetics.heads.fit import FEWEST, HeadKinds, fit_heads
from goodside_train.aesthetics.heads.sources import RatedSources

FEWEST_HELD_OUT = 50
"""Photographs for validation from which they are enough to measure on; else folds are."""

_FOLDS = 5
_Rows = NDArray[np.int64]


def train_heads(
    rated: RatedSources,
    *,
    encoder: str,
    store: WeightsStore,
    folder: Path,
    about: HeadsCard,
    limits: Limits | None = None,
    threads: int = 1,
    cache: Path | None = None,
    overwrite: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> ModelCard:
    """Learn heads and write them as weights that assess, `NAME.npz` and `NAME.json`.

    The figures in the card are those of photographs that the heads did not learn from: the ones for
    validation, or, where these are fewer than `FEWEST_HELD_OUT` and the data set does not name them
    itself, all in five parts, each judged by heads learnt from the other four.

    Args:
        rated: photographs with their ratings.
        encoder: its name.
        store: where it lies.
        folder: receives the weights.
        about: name, version and the like.
        limits: on a photograph.
        threads: ONNX Runtime threads.
        cache: folder for the features, see `encode_photos`.
        overwrite: replace weights of this name.
        on_progress: called with the number of photographs seen.

    Raises:
        SettingsError: there are too few ratings, or all are alike; or the model is no encoder, or
            the name is taken.
        WeightsError: the encoder is missing or corrupt.
        OutputError: weights of this name are there and `overwrite` is off, or the system refuses.
    """
    base = store.card(encoder)
    if base.encoder is None:
        raise SettingsError(
            f"{encoder} is no encoder: heads on features are for those of goodside model add",
            remedy="name one with --model, or train a whole network with --config",
        )
    check_model_name(about.name, folder=folder, known=store)
    for suffix in (".json", ".npz"):
        check_output(folder / f"{about.name}{suffix}", overwrite=overwrite)
    if encoder == about.name:
        raise SettingsError("the heads would replace their encoder", remedy="choose another name")
    assessor = Assessor(store=store, model=encoder, threads=threads, limits=limits)
    seen = encode_photos(
        rated.sources,
        names=rated.labels.names,
        assessor=assessor,
        limits=limits or Limits(),
        cache=cache,
        on_progress=on_progress,
    )
    labels = rated.labels.take(seen.rows)
    _check(labels)
    card = draft_card(base, labels, about=about, rated=rated)
    held_out = with_near_duplicates(labels.validation, seen.prints)
    if held_out.sum() < FEWEST_HELD_OUT and not rated.says_validation:
        return _finish(card, seen, labels, store=store, folder=folder, held_out=None)
    return _finish(card, seen, labels, store=store, folder=folder, held_out=held_out)


def _check(labels: Labels) -> None:
    if len(labels) < FEWEST:
        raise SettingsError(
            f"{len(labels)} rated photographs are too few to learn heads from",
            remedy=f"rate at least {FEWEST}; some hundred are better",
        )
    if np.ptp(labels.score) == 0:
        raise SettingsError(
            f"all photographs are rated {labels.score[0]:g}: nothing is preferred to anything",
            remedy="rate photographs you like and photographs you do not",
        )


def _finish(
    card: ModelCard,
    seen: EncodedPhotos,
    labels: Labels,
    *,
    store: WeightsStore,
    folder: Path,
    held_out: NDArray[np.bool_] | None,
) -> ModelCard:
    """Fit, measure and write; by folds where no rows are held out."""
    kinds = HeadKinds.of(labels)
    chosen = np.ones(len(labels), dtype=np.bool_) if held_out is None else ~held_out
    trained, kept = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    _check(labels.take(trained))
    fitted = fit_heads(seen.features[trained], labels.take(trained), kinds=kinds)
    said = fitted.heads.outputs(seen.features)
    unseen = said["distribution"].astype(np.float64) @ BINS
    unseen[trained] = fitted.left_out_score
    facts = card.facts | reference_facts(card, said, scores=unseen)
    card = card.model_copy(update={"facts": facts})
    if held_out is None:
        name, parts = "cross_validated", _fold_heads(seen, labels, kinds=kinds)
    else:
        name, parts = "validation", [(kept, fitted.heads)] if len(kept) else []
    figures: Json = {"photographs_learnt_from": len(trained)}
    if parts:
        figures[name] = _measured(card, parts, seen.features, labels, store=store)
    card = card.model_copy(update={"metrics": figures})
    return write_heads(card, fitted.heads, folder=folder)


def _fold_heads(
    seen: EncodedPhotos, labels: Labels, *, kinds: HeadKinds
) -> list[tuple[_Rows, EncoderHeads]]:
    """Heads for each fifth of the photographs, learnt from the others; copies stay together."""
    fold = np.full(len(labels), -1)
    order = np.random.default_rng(0).permutation(len(labels))
    for turn, row in enumerate(order):
        if fold[row] < 0:
            chosen = np.zeros(len(labels), dtype=np.bool_)
            chosen[row] = True
            alike = with_near_duplicates(chosen, seen.prints) & (fold < 0)
            fold[alike] = turn % _FOLDS
    found = []
    for part in range(_FOLDS):
        rows, others = np.flatnonzero(fold == part), np.flatnonzero(fold != part)
        if len(rows) and len(others) > 1:
            found.append(
                (rows, fit_heads(seen.features[others], labels.take(others), kinds=kinds).heads)
            )
    return found


def _measured(
    card: ModelCard,
    parts: list[tuple[_Rows, EncoderHeads]],
    features: FloatArray,
    labels: Labels,
    *,
    store: WeightsStore,
) -> Json:
    """Figures of heads on rows each, judged as at run time."""
    with tempfile.TemporaryDirectory(prefix="goodside-heads-") as name:
        draft = write_heads(card, parts[0][1], folder=Path(name))
        model = AestheticModel(WeightsStore(Path(name), others=store), draft.name)
    assessments: list[Assessment] = []
    for rows, heads in parts:
        outputs = model.read(dict(heads.outputs(features[rows])))
        assessments += [
            Assessment(
                width=card.preprocessing.width_px,
                height=card.preprocessing.height_px,
                aesthetic=model.aesthetic(outputs, place),
                semantics=model.tags(outputs, place),
                model=card.identifier,
            )
            for place in range(len(rows))
        ]
    every = np.concatenate([rows for rows, _ in parts])
    return measure(assessments, validation_truth(labels, every)).as_json()
