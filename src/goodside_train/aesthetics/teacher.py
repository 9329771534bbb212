"""A teacher of semantic tags: a linear probe on the ImageNet trunk's frozen features.

Few photographs carry a semantic class, so fine-tuning on those alone forgets what the trunk knows.
The probe, fitted on the labelled training rows, tags every other row once, before training.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.losses import soft_cross_entropy
from goodside_train.aesthetics.networks import normalized
from goodside_train.device import Device

_CHUNK = 64


def frozen_features(
    trunk: nn.Module, images: RgbImage, *, device: Device, cache: Path | None = None
) -> FloatArray:
    """Features of every photograph.

    Args:
        trunk: (N, 3, H, W) -> (N, width).
        images: (N, H, W, 3) uint8.
        device: where to run.
        cache: an `.npy` file to write once and read from then on.

    Returns:
        (N, width) float32, rounded to half precision so that a cached run equals the first one.
    """
    if cache is not None and cache.exists():
        cached: FloatArray = np.load(cache).astype(np.float32)
        if len(cached) == len(images):
            return cached
    trunk = trunk.eval().to(device.torch)
    parts: list[FloatArray] = []
    with torch.inference_mode(), device.autocast():
        for start in range(0, len(images), _CHUNK):
            pixels = torch.from_numpy(np.ascontiguousarray(images[start : start + _CHUNK]))
            parts.append(trunk(normalized(pixels.to(device.torch))).float().cpu().numpy())
    features = np.concatenate(parts).astype(np.float16)
    if cache is not None:
        np.save(cache, features)
    return features.astype(np.float32)


def fit_probe(
    features: FloatArray,
    tags: FloatArray,
    *,
    known: NDArray[np.bool_],
    decay: float = 2e-2,
    steps: int = 300,
) -> FloatArray:
    """Tag every row by multinomial logistic regression fitted on the known ones.

    Args:
        features: (N, D).
        tags: (N, M), rows sum to 1 where known.
        known: (N,) rows to fit on.
        decay: weight of the squared norm of the coefficients.
        steps: upper limit on iterations of L-BFGS.

    Returns:
        (N, M) float32 probabilities, rows sum to 1.
    """
    centre, spread = features[known].mean(axis=0), features[known].std(axis=0) + 1e-3
    inputs = torch.from_numpy((features - centre) / spread)
    seen = torch.from_numpy(known)
    target = torch.from_numpy(tags[known].astype(np.float32))
    weight = torch.zeros(features.shape[1], tags.shape[1], requires_grad=True)
    bias = torch.zeros(tags.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> float:
        optimizer.zero_grad()
        loss = soft_cross_entropy(inputs[seen] @ weight + bias, target)
        loss = loss + decay * weight.square().sum()
        torch.autograd.backward(loss)
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        probabilities: FloatArray = (inputs @ weight + bias).softmax(dim=1).numpy()
    return probabilities
