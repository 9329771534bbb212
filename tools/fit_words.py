"""Fit the words to search by, and with --kinds the kinds of picture, for finished weights.

    python -m tools.fit_words --data DIR --cache CACHE --weights FOLDER --model NAME --version V

DIR holds `oasis/` and `biq/`; CACHE is that of `aesthetic_features`. Prints the figures. With
`--write` the network gets the output `word_logits` and its card the words, their thresholds and
the metric `words`; the other outputs stay as they are. `--kinds` adds `semantic_logits`, learnt
without PARA; where DIR holds `para/`, both are measured on its validation rows, too.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

from goodside.aesthetics.model import AestheticModel
from goodside.runtime import ModelCard, WeightsStore
from goodside.types import FloatArray, Json, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.export.card_figures import expected_scores, run_model
from goodside_train.aesthetics.export.reference import (
    attributes_by_semantic,
    reference_by_semantic,
)
from goodside_train.aesthetics.negatives.make import make_negatives
from goodside_train.aesthetics.words.bounds import WordFigures, measure_words
from goodside_train.aesthetics.words.fit_head import (
    WordHead,
    cross_fitted_logits,
    fit_word_head,
)
from goodside_train.aesthetics.words.graft import graft_heads
from goodside_train.aesthetics.words.material import read_word_material
from goodside_train.aesthetics.words.scene_kinds import KINDS, fit_kinds
from goodside_train.aesthetics.words.vocabulary import read_vocabulary
from goodside_train.export import DraftWeights, export_graph

SIZE_PX = 224
NEGATIVES, NEGATIVES_SEED = 507, 3
SOURCE = (
    " Words: a linear head on the finished network's features, from our own labels of BIQ2021's"
    " photographs, the names of OASIS' pictures, and ImageNet's classes by EfficientNet-Lite2 and"
    " Lite0 (Apache-2.0), folded."
)
KINDS_SOURCE = (
    " Kinds of picture: likewise, from our own labels; that nothing is learnt of the kind others "
    "was chosen on PARA's validation rows."
)


def main() -> None:
    """Parse the command line; fit, measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds oasis/ and biq/")
    parser.add_argument("--cache", type=Path, required=True, help="made by aesthetic_features")
    parser.add_argument("--weights", type=Path, required=True, help="folder of weights and cards")
    parser.add_argument("--model", required=True, help="their name")
    parser.add_argument("--imagenet", type=Path, help="ImageNet weights of EfficientNet-Lite0")
    parser.add_argument("--kinds", action="store_true", help="fit the kinds of picture as well")
    parser.add_argument("--version", help="of the weights, with --write")
    parser.add_argument("--write", action="store_true", help="write the network and its card")
    options = parser.parse_args()
    if options.write and not options.version:
        parser.error("--write wants --version")
    store = WeightsStore(options.weights)
    model = AestheticModel(store, options.model)

    def features(photos: RgbImage) -> FloatArray:
        return run_model(model, photos).embedding

    vocabulary = read_vocabulary()
    material = read_word_material(
        options.data, options.cache, vocabulary, features=features, imagenet=options.imagenet
    )
    count = material.measured
    logits = cross_fitted_logits(
        material.features, material.labels, material.chances, groups=material.groups
    )
    figures = measure_words(
        [word.label for word in vocabulary],
        logits[:count],
        material.labels[:count],
        groups=material.groups[:count],
    )
    shipped = np.array([figure.ships for figure in figures])
    every = fit_word_head(material.features, material.labels, material.chances)
    heads = {"word_logits": WordHead(every.weights[:, shipped], every.bias[shipped])}
    if options.kinds:
        heads["semantic_logits"] = fit_kinds(material.features[:count], material.kinds)
    chosen = [figure for figure in figures if figure.ships]
    card = _with_words(store.card(options.model), chosen, kinds=options.kinds)
    metrics = {"words": _summary(figures, photographs=count)}
    print(json.dumps(metrics, indent=1))
    if options.write:
        card = card.model_copy(
            update={"version": options.version, "metrics": card.metrics | metrics}
        )
        _write(card, heads, store=store, data=options.data, cache=options.cache)


def _with_words(card: ModelCard, figures: list[WordFigures], *, kinds: bool) -> ModelCard:
    """The card with the words, and the kinds if asked, among its facts."""
    facts: Json = {
        "word_labels": [figure.label for figure in figures],
        "word_thresholds": [round(figure.threshold, 4) for figure in figures],
    }
    if kinds:
        facts["semantic_labels"] = list(KINDS)
    source = card.source.replace(SOURCE, "").replace(KINDS_SOURCE, "") + SOURCE
    source += KINDS_SOURCE if kinds or KINDS_SOURCE in card.source else ""
    return card.model_copy(update={"facts": card.facts | facts, "source": source})


def _summary(figures: tuple[WordFigures, ...], *, photographs: int) -> Json:
    chosen = [figure for figure in figures if figure.ships]
    right, said = sum(one.right for one in chosen), sum(one.said for one in chosen)
    return {
        "photographs": photographs,
        "words": len(chosen),
        "precision": round(right / max(said, 1), 3),
        "recall": round(right / max(sum(one.shown for one in chosen), 1), 3),
        "by_word": {one.label: one.as_json() for one in chosen},
        "silent": {one.label: one.as_json() for one in figures if not one.ships},
    }


def _write(
    card: ModelCard,
    heads: dict[str, WordHead],
    *,
    store: WeightsStore,
    data: Path,
    cache: Path,
) -> None:
    """Graft the heads, measure what is new on the grafted network, and write both files."""
    folder = store.folder
    kept = folder / f".{card.name}-before.onnx"
    shutil.copyfile(folder / f"{card.name}.onnx", kept)

    def measure(draft: DraftWeights, card: ModelCard) -> ModelCard:
        return _measured(draft, card, data=data, cache=cache, kinds="semantic_logits" in heads)

    try:
        written = export_graph(
            lambda path: graft_heads(kept, path, heads=heads),
            card=card,
            folder=folder,
            measure=measure,
        )
    finally:
        kept.unlink()
    print(written.identifier, written.size_bytes, json.dumps(written.metrics.get("kinds")))


def _measured(
    draft: DraftWeights, card: ModelCard, *, data: Path, cache: Path, kinds: bool
) -> ModelCard:
    """The card with what the grafted network says of made pictures, and of PARA's kinds."""
    model = AestheticModel(draft, card.name)
    photos = cache / "photos"
    test = read_set(data, "biq", Part.TEST)
    seen = read_set_images(data, test, size_px=SIZE_PX, cache=photos)
    made, _ = make_negatives(seen, count=NEGATIVES, seed=NEGATIVES_SEED)
    outputs = run_model(model, made)
    talking = [bool(model.words(outputs, row)) for row in range(len(made))]
    words = card.metrics["words"] | {"made_pictures_with_words": round(float(np.mean(talking)), 4)}
    metrics, facts = card.metrics | {"words": words}, card.facts
    if kinds:
        metrics |= _kind_figures(model, data=data, cache=photos)
        facts |= _kind_reference(model, data=data, cache=photos)
    return card.model_copy(update={"metrics": metrics, "facts": facts})


def _kind_figures(model: AestheticModel, *, data: Path, cache: Path) -> Json:
    """Share of PARA's validation rows whose likeliest kind is the one people gave."""
    if not (data / "para" / "labels.csv").is_file():
        return {}
    rated = read_set(data, "para", Part.TEST)
    photos = read_set_images(data, rated, size_px=SIZE_PX, cache=cache)
    said = run_model(model, photos).semantic_logits.argmax(axis=1)
    right = [KINDS[kind] == truth for kind, truth in zip(said, rated.categories, strict=True)]
    return {"kinds": {"para_test": {"n": len(right), "top1": round(float(np.mean(right)), 4)}}}


def _kind_reference(model: AestheticModel, *, data: Path, cache: Path) -> Json:
    """What is usual for each kind, among the photographs the weights were trained on."""
    photos = np.concatenate(
        [
            read_set_images(data, read_set(data, name, Part.TRAIN), size_px=SIZE_PX, cache=cache)
            for name in ("oasis", "biq")
        ]
    )
    outputs = run_model(model, photos)
    chances = 1 / (1 + np.exp(-outputs.semantic_logits))
    facts: Json = {
        "reference_by_semantic": reference_by_semantic(expected_scores(outputs), chances, KINDS)
    }
    names = (*model.card.facts.get("attribute_labels", ()), "technical")
    if outputs.attributes.shape[1] == len(names):
        facts["attributes_by_semantic"] = attributes_by_semantic(
            outputs.attributes, chances, KINDS, names=names
        )
    return facts


if __name__ == "__main__":
    main()
