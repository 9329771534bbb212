"""Decode the photographs of several data sets once, and keep what frozen networks say of them.

    python -m tools.aesthetic_features --data DIR --peers PEERS --out CACHE

DIR holds `oasis/`, `biq/` and `para/`. CACHE receives `photos/SET-PART-224.npy`,
`photos/SET-train-views.npy` and `features/SET-PART-NETWORK.npy`. What is there is not made again,
so the command goes on after it was stopped. The smallest and most wanted come first.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from goodside.runtime import WeightsStore
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part
from goodside_train.aesthetics.datasets.rated_sets import read_set, read_set_images
from goodside_train.aesthetics.distillation.feature_cache import (
    FeatureNetwork,
    frozen_session,
    frozen_trunk,
    read_features,
)
from goodside_train.aesthetics.distillation.views import read_views
from goodside_train.device import Device

SIZE_PX = 224
SEED = 0
_OASIS = [("oasis", part) for part in Part]
_BIQ = [("biq", part) for part in Part]
_PARA = [("para", Part.DEVELOPMENT), ("para", Part.TEST)]


def main() -> None:
    """Parse the command line and work through the parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds oasis/, biq/ and para/")
    parser.add_argument("--peers", type=Path, required=True, help="weights of NIMA and open_nsfw")
    parser.add_argument("--out", type=Path, required=True, help="receives photographs and features")
    options = parser.parse_args()
    torch.set_num_threads(1)
    device = Device(torch.device("cpu"), bf16=True)
    peers, own = WeightsStore(options.peers), WeightsStore()
    teachers = [
        frozen_session(peers, "nima-mobilenet", names=("distribution", "embedding")),
        frozen_session(peers, "open-nsfw", names=("embedding",)),
        frozen_trunk("lite2", device=device),
    ]
    others = [
        frozen_trunk("lite0", device=device),
        frozen_session(own, "aesthetics-lite0", names=("distribution", "embedding")),
    ]
    run = _Runner(options.data, options.out)
    for name, part in [*_OASIS, *_PARA]:
        run.features(name, part, [*teachers, *others], mirror=False)
    for name, part in _BIQ:
        run.features(name, part, teachers, mirror=False)
    for teacher in teachers:
        for name in ("oasis", "biq"):
            run.view_features(name, [teacher])
    for name, part in _BIQ:
        run.features(name, part, others, mirror=False)
    for name, part in [*_OASIS, *_BIQ]:
        run.features(name, part, teachers, mirror=True)
    run.features("para", Part.TRAIN, teachers, mirror=False)


class _Runner:
    def __init__(self, data: Path, out: Path) -> None:
        self._data, self._out = data, out

    def photos(self, name: str, part: Part) -> RgbImage:
        rated = read_set(self._data, name, part)
        cache = self._out / "photos"
        return read_set_images(self._data, rated, size_px=SIZE_PX, cache=cache)

    def features(
        self, name: str, part: Part, networks: list[FeatureNetwork], *, mirror: bool
    ) -> None:
        photos = self.photos(name, part)
        end = "-mirrored" if mirror else ""
        for network in networks:
            self._keep(f"{name}-{part}-{network.name}{end}", network, photos, mirror=mirror)

    def view_features(self, name: str, networks: list[FeatureNetwork]) -> None:
        photos = self.photos(name, Part.TRAIN)
        file = self._out / "photos" / f"{name}-train-views.npy"
        views = read_views(photos, seed=SEED, cache=file)
        for network in networks:
            self._keep(f"{name}-train-views-{network.name}", network, views, mirror=False)

    def _keep(self, file: str, network: FeatureNetwork, photos: RgbImage, *, mirror: bool) -> None:
        start = time.perf_counter()
        cache = self._out / "features" / f"{file}.npy"
        kept = read_features(network, photos, cache=cache, mirror=mirror)
        spent_s = time.perf_counter() - start
        finite = bool(np.isfinite(kept).all())
        print(f"{file} {kept.shape} finite={finite} {spent_s:.0f} s", flush=True)


if __name__ == "__main__":
    main()
