"""Whether words as the semantic task help quality, and which words go with it: a small experiment.

    python -m tools.words_and_quality --data DIR --cache CACHE

Frozen ImageNet features of EfficientNet-Lite2, one shared layer, and above it the task of high or
low technical quality (BIQ, above or below the median of the training part) beside none, the ten
kinds or the words as a multi-label task, with relationship learning. Rank correlation with BIQ's
test part; three seeds.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from goodside.aesthetics.evaluation.metrics import srcc
from goodside.types import FloatArray
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set
from goodside_train.aesthetics.losses.relations import best_omega, correlation, relation_penalty
from goodside_train.aesthetics.networks.efficientnet_lite import WIDTH
from goodside_train.aesthetics.words.photo_labels import read_photo_labels
from goodside_train.aesthetics.words.scene_kinds import KINDS
from goodside_train.aesthetics.words.vocabulary import read_vocabulary

_HIDDEN, _STEPS, _EVERY, _BATCH = 64, 400, 50, 256
_RATE, _DECAY, _RELATION, _DROPOUT = 1e-3, 1e-3, 1e-4, 0.3
_FEWEST = 25
"""How many training photographs have to show a word."""
SEEDS = (0, 1, 2)
WEIGHTS = (0.0, 0.3, 1.0)
"""Of the semantic task; 0 is the network without it."""


@dataclass(frozen=True, slots=True)
class _Rows:
    features: Tensor
    quality: FloatArray
    kinds: Tensor
    words: Tensor


def main() -> None:
    """Parse the command line, train every variant, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds biq/")
    parser.add_argument("--cache", type=Path, required=True, help="made by aesthetic_features")
    options = parser.parse_args()
    torch.set_num_threads(1)
    train, test = (_rows(options.data, options.cache, part) for part in (Part.TRAIN, Part.TEST))
    frequent = train.words.nan_to_num().sum(dim=0) >= _FEWEST
    labels = [word.label for word in read_vocabulary()]
    names = [label for label, kept in zip(labels, frequent.tolist(), strict=True) if kept]
    found: dict[str, list[float]] = {}
    relations = np.zeros(len(names))
    for weight in WEIGHTS:
        for semantics in ("kinds", "words") if weight else ("none",):
            for seed in SEEDS:
                target = train.kinds if semantics == "kinds" else train.words[:, frequent]
                agreement, related = _run(train, test, target, weight=weight, seed=seed)
                found.setdefault(f"{semantics} {weight:g}", []).append(round(agreement, 4))
                if semantics == "words" and weight == max(WEIGHTS):
                    relations += related / len(SEEDS)
    order = np.argsort(-relations)
    print(
        json.dumps(
            {
                "srcc": {name: [round(float(np.mean(one)), 4), one] for name, one in found.items()},
                "with_high_quality": {names[at]: round(float(relations[at]), 3) for at in order},
            },
            indent=1,
        )
    )


def _rows(data: Path, cache: Path, part: Part) -> _Rows:
    rated = read_set(data, "biq", part)
    outputs = np.load(cache / "features" / f"biq-{part}-lite2.npy", mmap_mode="r")
    labels = read_photo_labels(rated.names, read_vocabulary())
    kinds = np.stack([np.array(labels.kinds) == kind for kind in KINDS], axis=1)
    return _Rows(
        features=torch.from_numpy(outputs[:, :WIDTH].astype(np.float32)),
        quality=rated.technical,
        kinds=torch.from_numpy(kinds.astype(np.float32)),
        words=torch.from_numpy(labels.words),
    )


def _run(
    train: _Rows, test: _Rows, target: Tensor, *, weight: float, seed: int
) -> tuple[float, FloatArray]:
    """Rank correlation on the test part, and each semantic column's correlation with quality."""
    torch.manual_seed(seed)
    centre, spread = train.features.mean(dim=0), train.features.std(dim=0) + 0.02
    inputs = (train.features - centre) / spread
    high = torch.from_numpy((train.quality > np.median(train.quality)).astype(np.float32))
    shared = nn.Sequential(nn.Linear(WIDTH, _HIDDEN), nn.ReLU(), nn.Dropout(_DROPOUT))
    heads = nn.Linear(_HIDDEN, 1 + target.shape[1])
    parameters = [*shared.parameters(), *heads.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=_RATE, weight_decay=_DECAY)
    omega = torch.eye(1 + target.shape[1], dtype=torch.float64) / (1 + target.shape[1])
    known = target.isfinite()
    for step in range(_STEPS):
        rows = torch.randint(len(inputs), (_BATCH,))
        out = heads(shared(inputs[rows]))
        loss = nn.functional.binary_cross_entropy_with_logits(out[:, 0], high[rows])
        if weight:
            each = nn.functional.binary_cross_entropy_with_logits(
                out[:, 1:], target[rows].nan_to_num(), weight=known[rows].float(), reduction="sum"
            )
            loss = loss + weight * each / len(rows) / np.sqrt(target.shape[1])
            loss = loss + _RELATION * relation_penalty(heads.weight.T, omega)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        if weight and step % _EVERY == _EVERY - 1:
            omega = best_omega(heads.weight.T)
    shared.eval()
    with torch.inference_mode():
        said = heads(shared((test.features - centre) / spread))[:, 0].numpy()
    related: FloatArray = correlation(best_omega(heads.weight.T))[0, 1:].numpy()
    return float(srcc(said, test.quality)), related


if __name__ == "__main__":
    main()
