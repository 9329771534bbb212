"""Teachers: a frozen ImageNet trunk, and an aesthetic model of somebody else's.

Few photographs carry a semantic class, so fine-tuning on those alone forgets what the trunk knows.
A linear probe on the ImageNet teacher's features, fitted on the labelled training rows, tags every
other row once, before training; the teacher's classes and the peer's features are tasks beside.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from goodside.aesthetics.scores import BINS
from goodside.errors import SettingsError, WeightsError
from goodside.images import atomic_write
from goodside.runtime import Session, WeightsStore
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES, TeacherOutputs
from goodside_train.aesthetics.losses.functional import soft_cross_entropy
from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.networks.efficientnet_lite import (
    EfficientNetLite,
    load_imagenet_weights,
)
from goodside_train.aesthetics.networks.trunks import normalized
from goodside_train.aesthetics.recipe import TeacherRecipe
from goodside_train.device import Device

_CHUNK = 64


def check_teachers(recipe: TeacherRecipe, *, peers: Path | None, cache: Path) -> None:
    """Look for the weights that `run_teachers` will want, so that a run without them ends at once.

    Args:
        recipe, peers, cache: as for `run_teachers`.

    Raises:
        WeightsError: some are missing.
    """
    if recipe.trunk and not (cache / f"{recipe.trunk}.npy").exists():
        lite.installed_imagenet_weights(recipe.trunk)
    store = WeightsStore(peers)
    for name in (recipe.tagger, recipe.peer):
        if name and name not in store.names():
            raise WeightsError(
                f"the weights of the teacher {name} are not here",
                path=store.folder,
                remedy="name their folder with --peers; benchmarks/peers/nima.py makes NIMA's",
            )


def run_teachers(
    recipe: TeacherRecipe,
    images: RgbImage,
    labels: Labels,
    *,
    device: Device,
    peers: Path | None,
    cache: Path,
) -> TeacherOutputs:
    """Everything the recipe's teachers say about the photographs.

    Args:
        recipe: which teachers.
        images: (N, H, W, 3) uint8.
        labels: of the same rows; the validation rows' tags are not looked at.
        device: where to run them.
        peers: folder of weights that holds the peer and the tagger.
        cache: folder for their outputs, which are computed once.

    Raises:
        WeightsError: a teacher's weights are missing.
        SettingsError: the tagger knows other tags than the labels.
    """
    store = WeightsStore(peers)

    def said(model: str, output: str) -> FloatArray:
        file = cache / f"{model}-{output}.npy"
        return _cached(
            file, lambda: _outputs(store, model, images, name=output), count=len(images)
        ).astype(np.float32)

    tags = imagenet = peer = peer_scores = None
    if trunk := recipe.trunk:
        seen = _cached(
            cache / f"{trunk}.npy",
            lambda: _imagenet_outputs(trunk, images, device=device),
            count=len(images),
        )
        features, imagenet = seen[:, : -lite.CLASSES], seen[:, -lite.CLASSES :]
        known = known_rows(labels.tags) & ~labels.validation
        if recipe.tag_weight and known.any():
            tags = tags_by_linear_probe(features.astype(np.float32), labels.tags, known=known)
    if tagger := recipe.tagger:
        if tuple(store.card(tagger).facts.get("semantic_labels", ())) != labels.tag_names:
            raise SettingsError(
                f"the tagger {tagger} knows other tags than the data",
                remedy="name one in the recipe that was trained on these tags, or none",
            )
        probable = (1 / (1 + np.exp(-said(tagger, "semantic_logits")))).astype(np.float32)
        tags = probable if tags is None else np.mean([tags, probable], axis=0)
    if recipe.peer:
        peer = principal_components(said(recipe.peer, "embedding"), axes=PEER_AXES)
        if recipe.score_weight:
            peer_scores = (said(recipe.peer, "distribution") @ BINS).astype(np.float32)
    return TeacherOutputs(tags=tags, imagenet=imagenet, peer=peer, peer_scores=peer_scores)


def tags_by_linear_probe(
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


def principal_components(features: FloatArray, *, axes: int) -> FloatArray:
    """Coordinates along the axes of largest variance, each divided by its spread.

    Args:
        features: (N, D).
        axes: how many to keep, at most D.

    Returns:
        (N, axes) float32 of mean 0 and standard deviation 1.
    """
    centred = features - features.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = np.argsort(-values)[:axes]
    spread = np.sqrt(np.maximum(values[kept], 1e-9))
    turned: FloatArray = (centred @ vectors[:, kept] / spread).astype(np.float32)
    return turned


def _imagenet_outputs(variant: str, images: RgbImage, *, device: Device) -> NDArray[np.float16]:
    """(N, 1280 + 1000): features of the frozen trunk, and logits of its classes."""
    trunk = EfficientNetLite(variant)
    classifier = load_imagenet_weights(trunk).to(device.torch)
    trunk.eval().to(device.torch)
    parts = []
    with torch.inference_mode(), device.autocast():
        for start in range(0, len(images), _CHUNK):
            pixels = torch.from_numpy(np.array(images[start : start + _CHUNK]))
            features, _ = trunk(normalized(pixels.to(device.torch)))
            said = torch.cat([features, classifier(features)], dim=1)
            parts.append(said.half().cpu().numpy())
    outputs: NDArray[np.float16] = np.concatenate(parts)
    return outputs


def _outputs(
    store: WeightsStore, model: str, images: RgbImage, *, name: str
) -> NDArray[np.float16]:
    """(N, D): one output of another aesthetic model, at its own input size."""
    session = Session(store, model, threads=2)
    wanted = session.card.preprocessing
    parts = []
    for start in range(0, len(images), _CHUNK):
        batch = [
            scaled(np.asarray(photo), size_px=wanted.width_px)
            for photo in images[start : start + _CHUNK]
        ]
        outputs = session.run({"image": wanted.normalize(np.stack(batch))})
        parts.append(outputs[name].astype(np.float16))
    return np.concatenate(parts)


def _cached(
    path: Path, compute: Callable[[], NDArray[np.float16]], *, count: int
) -> NDArray[np.float16]:
    """Read what was computed before, or compute and write it."""
    if path.exists():
        kept: NDArray[np.float16] = np.load(path)
        if len(kept) == count:
            return kept
    fresh = compute()
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path, overwrite=True) as stream:
        np.save(stream, fresh)
    return fresh
