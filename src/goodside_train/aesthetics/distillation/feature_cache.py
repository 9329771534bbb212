"""What a frozen network says about many photographs: computed once, a few at a time.

A computation that was stopped goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from goodside.images import atomic_write
from goodside.runtime import Session, WeightsStore
from goodside.types import RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.networks.efficientnet_lite import (
    EfficientNetLite,
    load_imagenet_weights,
)
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.device import Device

_CHUNK = 16


@dataclass(frozen=True, slots=True)
class FeatureNetwork:
    """A network that others learn from.

    Attributes:
        name: for the cache's file.
        outputs: (B, S, S, 3) uint8 in, (B, D) out.
    """

    name: str
    outputs: Callable[[RgbImage], NDArray[np.float32]]


def frozen_trunk(variant: str, *, device: Device) -> FeatureNetwork:
    """EfficientNet-Lite with its ImageNet weights: 1280 features, 1000 logits, lower statistics."""
    trunk = EfficientNetLite(variant)
    classifier = load_imagenet_weights(trunk).to(device.torch)
    trunk.eval().to(device.torch).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def outputs(photos: RgbImage) -> NDArray[np.float32]:
        with torch.inference_mode(), device.autocast():
            pixels = torch.from_numpy(np.array(photos)).to(device.torch)
            features, lower = trunk(normalized(pixels))
            said = [features, classifier(features), lower]
        return torch.cat([part.float() for part in said], dim=1).cpu().numpy()

    return FeatureNetwork(variant, outputs)


def frozen_session(store: WeightsStore, model: str, *, names: tuple[str, ...]) -> FeatureNetwork:
    """An exported network; several of its outputs side by side.

    Args:
        store: holds the weights.
        model: their name.
        names: of the outputs.
    """
    session = Session(store, model)
    wanted = session.card.preprocessing

    def outputs(photos: RgbImage) -> NDArray[np.float32]:
        batch = np.stack([scaled(np.asarray(photo), size_px=wanted.width_px) for photo in photos])
        said = session.run({"image": wanted.normalize(batch)})
        return np.concatenate([said[name] for name in names], axis=1)

    return FeatureNetwork(model, outputs)


def read_features(
    network: FeatureNetwork, images: RgbImage, *, cache: Path, mirror: bool = False
) -> NDArray[np.float16]:
    """Outputs of a network for all photographs, from the cache as far as they are there.

    Args:
        network: the teacher.
        images: (N, S, S, 3) uint8.
        cache: an `.npy` file; one with the suffix `.rows` beside it says how many rows are done.
        mirror: look at the mirror images.

    Returns:
        (N, D) float16.
    """
    progress = cache.with_suffix(".rows")
    done = int(progress.read_text(encoding="ascii")) if progress.exists() else 0
    kept: np.memmap[Any, np.dtype[np.float16]] | None = None
    if cache.exists() and done:
        kept = np.load(cache, mmap_mode="r+")
        if len(kept) != len(images):
            kept, done = None, 0
    while done < len(images):
        photos = images[done : done + _CHUNK]
        said = network.outputs(photos[:, :, ::-1] if mirror else photos)
        if kept is None:
            cache.parent.mkdir(parents=True, exist_ok=True)
            shape = (len(images), said.shape[1])
            kept = np.lib.format.open_memmap(cache, mode="w+", dtype=np.float16, shape=shape)
        kept[done : done + len(said)] = said
        done += len(said)
        kept.flush()
        with atomic_write(progress, overwrite=True) as stream:
            stream.write(str(done).encode("ascii"))
    if kept is None:
        return np.zeros((0, 0), np.float16)
    return kept
