"""What exported weights of several populations reach on what was kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from goodside.aesthetics.evaluation.metrics import plcc, srcc
from goodside.aesthetics.model import AestheticModel
from goodside.types import FloatArray, Json, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import SETS, RatedSet, read_set, read_set_images
from goodside_train.aesthetics.distillation.views import KINDS, make_view
from goodside_train.aesthetics.export.card_figures import expected_scores, run_model

_ORDER_PHOTOS = 200


def measure_parts(model: AestheticModel, *, data: Path, cache: Path, size_px: int) -> Json:
    """What weights reach on the parts kept apart, of every set that is there.

    Args:
        model: the weights.
        data: holds a folder for each set.
        cache: of the photographs.
        size_px: side of the photographs.

    Returns:
        `<set>_development` and `<set>_test`: `n`, and where the set has such ratings `srcc`,
        `plcc` (beauty) and `technical_srcc`; `made_pairs`: shares of photographs that score above
        their degraded copy, by kind, in beauty and in technical quality.
    """
    figures: Json = {}
    for name in SETS:
        if not (data / name / "labels.csv").is_file():
            continue
        for part in (Part.DEVELOPMENT, Part.TEST):
            rated = read_set(data, name, part)
            if not len(rated):
                continue
            photos = read_set_images(data, rated, size_px=size_px, cache=cache)
            figures[f"{name}_{part}"] = _agreement(model, rated, photos)
            if name == "biq" and part is Part.TEST:
                figures["made_pairs"] = _orders(model, np.asarray(photos[:_ORDER_PHOTOS]))
    return figures


def _agreement(model: AestheticModel, rated: RatedSet, photos: RgbImage) -> Json:
    outputs = run_model(model, photos)
    figures: Json = {"n": len(rated)}
    known = np.isfinite(rated.beauty)
    if known.sum() > 2:
        scores = expected_scores(outputs)[known]
        figures["srcc"] = round(srcc(scores, rated.beauty[known]), 4)
        figures["plcc"] = round(plcc(scores, rated.beauty[known]), 4)
    known = np.isfinite(rated.technical)
    if known.sum() > 2 and outputs.attributes.shape[1]:
        quality = outputs.attributes[known, -1]
        figures["technical_srcc"] = round(srcc(quality, rated.technical[known]), 4)
    return figures


def _orders(model: AestheticModel, photos: RgbImage) -> Json:
    def seen(pictures: RgbImage) -> tuple[FloatArray, FloatArray]:
        outputs = run_model(model, pictures)
        return expected_scores(outputs).astype(np.float32), outputs.attributes[:, -1]

    whole, orders = seen(photos), dict[str, dict[str, float]]()
    for view, kind in enumerate(KINDS):
        if not kind.startswith("degraded"):
            continue
        copies = np.stack(
            [
                make_view(photo, view=view, rng=np.random.default_rng((9, row, view)))
                for row, photo in enumerate(photos)
            ]
        )
        higher = [
            float((before > after).mean())
            for before, after in zip(whole, seen(copies), strict=True)
        ]
        orders[kind.removeprefix("degraded-")] = {
            "beauty": round(higher[0], 4),
            "technical": round(higher[1], 4),
        }
    return orders
