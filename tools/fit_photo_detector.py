"""Fit the detector of pictures that are no photographs for finished weights, and measure it.

    python -m tools.fit_photo_detector --data DIR --cache CACHE --weights FOLDER --model NAME

DIR holds `oasis/`, `biq/` and `para/`; CACHE is that of `aesthetic_features`. Fitted on training
parts of OASIS and BIQ, crops and degraded copies among them, and on 780 made pictures. The bounds
come from their development parts. The figures are of 1,000 photographs, BIQ's test and PARA's
development part, and of 507 made pictures of other seeds and photographs. With `--write` the card
gets the fact and the metric `photo_detector`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from goodside.aesthetics.model import AestheticModel
from goodside.aesthetics.photo_detector import FACT
from goodside.runtime import WeightsStore
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.distillation.views import KINDS, read_views
from goodside_train.aesthetics.export.card_figures import run_model
from goodside_train.aesthetics.negatives.fit_detector import (
    DetectorFeatures,
    detection_figures,
    fit_detector,
    without_colour,
)
from goodside_train.aesthetics.negatives.make import make_negatives
from goodside_train.export import write_card

SIZE_PX, VIEW_SEED = 224, 0
FIT_COUNT, TEST_COUNT = 780, 507
FIT_SEED, TEST_SEED = 1, 3


def main() -> None:
    """Parse the command line; print the figures, and write the card if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds oasis/, biq/ and para/")
    parser.add_argument("--cache", type=Path, required=True, help="made by aesthetic_features")
    parser.add_argument("--weights", type=Path, required=True, help="folder of weights and cards")
    parser.add_argument("--model", required=True, help="their name")
    parser.add_argument("--write", action="store_true", help="write fact and figures to the card")
    options = parser.parse_args()
    store = WeightsStore(options.weights)
    model = AestheticModel(store, options.model)
    pictures = _Pictures(options.data, options.cache)

    def features(photos: RgbImage) -> FloatArray:
        return run_model(model, photos).embedding

    train = pictures.photos(Part.TRAIN)
    small = train[:: max(1, len(train) // 750)]
    views = pictures.views()
    detector = fit_detector(
        DetectorFeatures(
            photos=features(np.concatenate([small, views, without_colour(small[::5])])),
            negatives=features(make_negatives(train, count=FIT_COUNT, seed=FIT_SEED)[0]),
            development=features(pictures.photos(Part.DEVELOPMENT)),
        )
    )
    held_out = pictures.kept_out()
    negatives, kinds = make_negatives(held_out, count=TEST_COUNT, seed=TEST_SEED)
    figures = detection_figures(
        detector, photos=features(held_out), negatives=features(negatives), kinds=kinds
    )
    print(json.dumps(figures, indent=2))
    if options.write:
        card = store.card(options.model)
        card = card.model_copy(
            update={
                "facts": card.facts | {FACT: detector.as_fact()},
                "metrics": card.metrics | {FACT: figures},
            }
        )
        write_card(card, folder=options.weights)


class _Pictures:
    def __init__(self, data: Path, cache: Path) -> None:
        self._data, self._cache = data, cache / "photos"

    def photos(self, part: Part) -> RgbImage:
        """Those of OASIS and BIQ."""
        return np.concatenate([self._part(name, part) for name in ("oasis", "biq")])

    def kept_out(self) -> RgbImage:
        """1,000 photographs: the test part of BIQ, and PARA's development part, untouched here."""
        parts = [self._part("biq", Part.TEST), self._part("para", Part.DEVELOPMENT)]
        return np.concatenate(parts)[:1000]

    def views(self) -> RgbImage:
        """Crops and degraded copies of OASIS' training part, every sixth."""
        photos = self._part("oasis", Part.TRAIN)
        file = self._cache / "oasis-train-views.npy"
        every = read_views(photos, seed=VIEW_SEED, cache=file)
        return np.asarray(every[:: len(KINDS) // 2])

    def _part(self, name: str, part: Part) -> RgbImage:
        rated = read_set(self._data, name, part)
        return read_set_images(self._data, rated, size_px=SIZE_PX, cache=self._cache)


if __name__ == "__main__":
    main()
