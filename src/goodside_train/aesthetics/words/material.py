"""What a head of words is fitted and measured on: features, labels, and what teachers say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.errors import SettingsError
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.negatives.make import make_negatives
from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.networks.efficientnet_lite import (
    EfficientNetLite,
    load_imagenet_weights,
)
from goodside_train.aesthetics.words.fit_head import near_duplicates
from goodside_train.aesthetics.words.photo_labels import read_oasis_labels, read_photo_labels
from goodside_train.aesthetics.words.vocabulary import SearchWord, fold_chances

_SIZE_PX = 224
_TEACHER, _TRUNK = "lite2", "lite0"
_MADE, _MADE_SEED = 390, 1
_OF_PHOTOGRAPHS = ("meme", "halftone", "one bit")
"""Made pictures that show a photograph: nobody knows which words hold of them."""

Features = Callable[[RgbImage], FloatArray]


@dataclass(frozen=True, slots=True)
class WordMaterial:
    """N pictures: first the photographs to measure on, then those that are only learnt from.

    Attributes:
        measured: how many of them to measure on.
        features: (N, D).
        labels: (N, W), 1 and 0, NaN where nobody knows.
        chances: (N, W) teachers' chances of the words, NaN where they know no such word.
        groups: (N,) near-duplicates share a number.
        kinds: of the measured photographs.
    """

    measured: int
    features: FloatArray
    labels: FloatArray
    chances: FloatArray
    groups: NDArray[np.intp]
    kinds: tuple[str, ...]


def read_word_material(
    data: Path,
    cache: Path,
    vocabulary: Sequence[SearchWord],
    *,
    features: Features,
    imagenet: Path | None = None,
) -> WordMaterial:
    """Read photographs, labels and teachers' outputs, and run the network on the photographs.

    BIQ's photographs are measured on. OASIS' and made pictures, which show nothing, are learnt
    from.

    Args:
        data: holds `oasis/` and `biq/`.
        cache: of `tools.aesthetic_features`: photographs, and outputs of EfficientNet-Lite2.
        vocabulary: W words.
        features: of the network, (N, S, S, 3) uint8 -> (N, D).
        imagenet: the ImageNet weights of the trunk that the network began from, whose classifier is
            a second teacher; None for Lite2 alone.

    Raises:
        SettingsError: the data or the teacher's outputs are incomplete.
        WeightsError: the ImageNet weights cannot be read.
    """
    photos, names, logits = {}, {}, {}
    for name in ("biq", "oasis"):
        rated = [read_set(data, name, part) for part in Part]
        names[name] = [image for one in rated for image in one.names]
        photos[name] = np.concatenate(
            [read_set_images(data, one, size_px=_SIZE_PX, cache=cache / "photos") for one in rated]
        )
        logits[name] = np.concatenate(
            [_teacher_logits(cache, name, one.part, count=len(one)) for one in rated]
        )
    made, drawn = make_negatives(photos["biq"], count=_MADE, seed=_MADE_SEED)
    seen = features(np.concatenate([photos["biq"], photos["oasis"], made]))
    seen_photos = len(names["biq"]) + len(names["oasis"])
    chances = _mean_chances(
        vocabulary,
        seen[:seen_photos],
        logits=np.concatenate([logits["biq"], logits["oasis"]]),
        imagenet=imagenet,
    )
    labels = read_photo_labels(names["biq"], vocabulary)
    nothing = np.where(np.isin(drawn, _OF_PHOTOGRAPHS), np.nan, 0.0).astype(np.float32)
    groups = near_duplicates(photos["biq"])
    alone = np.arange(len(groups), len(seen))
    return WordMaterial(
        measured=len(names["biq"]),
        features=seen,
        labels=np.concatenate(
            [
                labels.words,
                read_oasis_labels(names["oasis"], vocabulary).words,
                np.repeat(nothing[:, None], len(vocabulary), axis=1),
            ]
        ),
        chances=np.concatenate([chances, np.tile(chances.min(axis=0), (len(made), 1))]),
        groups=np.concatenate([groups, alone]),
        kinds=labels.kinds,
    )


def _teacher_logits(cache: Path, name: str, part: Part, *, count: int) -> NDArray[np.floating[Any]]:
    """ImageNet's logits of the teacher for one part, (N, 1000)."""
    file = cache / "features" / f"{name}-{part}-{_TEACHER}.npy"
    try:
        outputs = np.load(file, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise SettingsError(
            "the teacher's outputs are not here", path=file, remedy="run tools.aesthetic_features"
        ) from error
    if len(outputs) != count:
        raise SettingsError(f"{len(outputs)} rows, {count} photographs", path=file)
    logits: NDArray[np.floating[Any]] = outputs[:, lite.WIDTH : lite.WIDTH + lite.CLASSES]
    return logits.astype(np.float32)


def _mean_chances(
    vocabulary: Sequence[SearchWord],
    features: FloatArray,
    *,
    logits: NDArray[np.floating[Any]],
    imagenet: Path | None,
) -> FloatArray:
    """The teachers' chances; of two, the geometric mean of their odds."""
    chances = fold_chances(vocabulary, logits)
    if imagenet is None:
        return chances
    classifier = load_imagenet_weights(EfficientNetLite(_TRUNK), path=imagenet)
    weight = classifier.weight.detach().numpy()
    second = fold_chances(vocabulary, features @ weight.T + classifier.bias.detach().numpy())
    odds = (_odds(chances) + _odds(second)) / 2
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def _odds(chances: FloatArray) -> NDArray[np.float64]:
    sure = np.clip(chances.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.log(sure / (1 - sure))
