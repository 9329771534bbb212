"""The pictures that a network with several populations learns from, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import BINS
from goodside.runtime import WeightsStore
from goodside.types import FloatArray, RgbImage
from goodside_train.aesthetics.datasets.kept_apart import Part, oasis_theme
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.para_shards import read_labels
from goodside_train.aesthetics.datasets.rated_sets import RatedSet, read_set, read_set_images
from goodside_train.aesthetics.distillation.feature_cache import (
    FeatureNetwork,
    frozen_session,
    frozen_trunk,
    read_features,
)
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES
from goodside_train.aesthetics.distillation.teachers import principal_components
from goodside_train.aesthetics.distillation.views import KINDS, read_views
from goodside_train.aesthetics.networks import efficientnet_lite as lite
from goodside_train.aesthetics.populations.recipe import NIMA, PopulationsRecipe
from goodside_train.aesthetics.populations.targets import Target, population_target
from goodside_train.device import Device

VIEW_SEED = 0
_VIEWS = "-views"
_PARA = f"para-{Part.TRAIN}"


@dataclass(frozen=True, slots=True)
class Examples:
    """N pictures: the photographs of every set, each set's views after its photographs.

    Attributes:
        stores: arrays (K, S, S, 3) uint8 that hold the pictures.
        place: (N, 2) which store, and which row of it.
        photos: rows of the whole photographs, by set.
        views: (V,) rows of the views that a teacher looked at.
        first_view: (N,) row of a photograph's first view; the others follow. -1 without views.
        original: (N,) row of the photograph that a view was made of; its own for a photograph.
        degraded: (N,) bool, a degraded copy.
        beauty: a target for each population of raters; technical: of observers.
        peers: (N, 64) float32 for each teacher; NaN where it has not looked.
        imagenet: (N, 1000) float16 logits of the teacher's classes; NaN where it has not looked.
        detailed: PARA's labels, of the rows `photos["para"]`; None without PARA.
    """

    stores: tuple[RgbImage, ...]
    place: NDArray[np.int64]
    photos: dict[str, NDArray[np.int64]]
    views: NDArray[np.int64]
    first_view: NDArray[np.int64]
    original: NDArray[np.int64]
    degraded: NDArray[np.bool_]
    beauty: dict[str, Target]
    technical: dict[str, Target]
    peers: dict[str, FloatArray]
    imagenet: NDArray[np.float16]
    detailed: Labels | None

    def __len__(self) -> int:
        return len(self.place)

    def picture(self, row: int) -> RgbImage:
        """One picture, (S, S, 3) uint8."""
        store, index = self.place[row]
        return np.asarray(self.stores[store][index])


def open_teachers(
    recipe: PopulationsRecipe, *, peers: Path, device: Device
) -> tuple[FeatureNetwork, ...]:
    """The recipe's teachers: NIMA first, the other peers, the ImageNet trunk last.

    Raises:
        WeightsError: the weights of one are missing.
    """
    store = WeightsStore(peers)
    names = (NIMA, *(name for name in recipe.peers if name != NIMA))
    outputs = {NIMA: ("distribution", "embedding")}
    networks = [
        frozen_session(store, name, names=outputs.get(name, ("embedding",))) for name in names
    ]
    return (*networks, frozen_trunk(recipe.trunk, device=device))


def read_examples(
    recipe: PopulationsRecipe,
    *,
    data: Path,
    cache: Path,
    teachers: tuple[FeatureNetwork, ...],
    size_px: int,
) -> Examples:
    """Read the training parts of the recipe's sets, and what the teachers say of them.

    Args:
        recipe: sets, teachers and trust.
        data: holds a folder for each set.
        cache: receives photographs, views and the teachers' outputs, each made once.
        teachers: see `open_teachers`.
        size_px: side of the photographs.

    Raises:
        SettingsError: a set is incomplete.
    """
    sets = {name: read_set(data, name, Part.TRAIN) for name in recipe.sets}
    photographs = {
        name: read_set_images(data, rated, size_px=size_px, cache=cache / "photos")
        for name, rated in sets.items()
    }
    viewed = [name for name in recipe.sets if name != "para" and recipe.views + recipe.pairs]
    views = {
        name: read_views(
            photographs[name], seed=VIEW_SEED, cache=cache / "photos" / f"{name}-train-views.npy"
        )
        for name in viewed
    }
    layout = _Layout.of(photographs, views)
    folder = cache / "features"
    said = {}
    for teacher in teachers:
        parts: list[NDArray[np.float16]] = []
        for file, store in zip(layout.files, layout.stores, strict=True):
            if file.endswith(_VIEWS) and not _looks(recipe, teacher.name, file=file):
                parts.append(np.full((len(store), parts[0].shape[1]), np.nan, np.float16))
            elif file == _PARA and 0 < recipe.looked < len(store):
                parts.append(_looked(teacher, store, count=recipe.looked, folder=folder))
            else:
                kept = folder / f"{file}-{teacher.name}.npy"
                parts.append(read_features(teacher, store, cache=kept))
        said[teacher.name] = np.concatenate(parts)
    detailed = _read_detailed(data, sets["para"].names) if recipe.detailed else None
    return _examples(recipe, sets, layout, said, detailed=detailed)


def _read_detailed(data: Path, names: tuple[str, ...]) -> Labels:
    labels = read_labels(data / "para")
    place = {name: row for row, name in enumerate(labels.names)}
    return labels.take(np.array([place[name] for name in names]))


def _looked(
    teacher: FeatureNetwork, store: RgbImage, *, count: int, folder: Path
) -> NDArray[np.float16]:
    """What a teacher says of so many photographs of PARA, the same for every teacher; else NaN."""
    rows = np.sort(np.random.default_rng(0).permutation(len(store))[:count])
    kept = folder / f"{_PARA}-{count}-{teacher.name}.npy"
    said = read_features(teacher, np.asarray(store[rows]), cache=kept)
    every = np.full((len(store), said.shape[1]), np.nan, np.float16)
    every[rows] = said
    return every


def _looks(recipe: PopulationsRecipe, teacher: str, *, file: str) -> bool:
    """Whether a teacher looks at the views of a set."""
    return teacher in recipe.view_teachers and file.split("-", maxsplit=1)[0] in recipe.viewed


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which pictures follow which: photographs of every set, then the views of every set."""

    names: tuple[str, ...]
    files: tuple[str, ...]
    stores: tuple[RgbImage, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, photos: dict[str, RgbImage], views: dict[str, RgbImage]) -> _Layout:
        files = [f"{name}-{Part.TRAIN}" for name in photos]
        files += [f"{name}-{Part.TRAIN}{_VIEWS}" for name in views]
        stores = (*photos.values(), *views.values())
        starts = np.cumsum([0, *map(len, stores)])
        return cls((*photos, *views), tuple(files), stores, tuple(map(int, starts)))


def _examples(
    recipe: PopulationsRecipe,
    sets: dict[str, RatedSet],
    layout: _Layout,
    said: dict[str, NDArray[np.float16]],
    *,
    detailed: Labels | None,
) -> Examples:
    count = layout.starts[-1]
    place = np.empty((count, 2), np.int64)
    original, degraded = np.arange(count), np.zeros(count, np.bool_)
    first_view = np.full(count, -1, np.int64)
    photos: dict[str, NDArray[np.int64]] = {}
    views: list[NDArray[np.int64]] = []
    groups = np.array([""] * count, dtype=object)
    kinds = np.array([kind.startswith("degraded") for kind in KINDS])
    for index, (name, start) in enumerate(zip(layout.names, layout.starts, strict=False)):
        rows = np.arange(start, layout.starts[index + 1])
        place[rows] = np.stack([np.full(len(rows), index), np.arange(len(rows))], axis=1)
        if name not in photos:
            photos[name] = rows
            groups[rows] = [oasis_theme(n) if name == "oasis" else n for n in sets[name].names]
            continue
        views += [rows] if name in recipe.viewed else []
        first_view[photos[name]] = rows[:: len(KINDS)]
        original[rows] = photos[name][np.arange(len(rows)) // len(KINDS)]
        degraded[rows] = np.tile(kinds, len(rows) // len(KINDS))
    features = np.concatenate([_features(name, each) for name, each in said.items()], axis=1)

    def target(values: dict[str, FloatArray]) -> Target:
        rated = np.full(count, np.nan, np.float32)
        for name, own in values.items():
            rated[photos[name]] = own
        return population_target(rated, features, groups=groups.tolist(), trust=recipe.loss.trust)

    raters = [name for name in recipe.raters if name != "ava"]
    beauty = {name: target({name: sets[name].beauty}) for name in raters}
    scores = said[NIMA][:, : len(BINS)].astype(np.float32) @ BINS.astype(np.float32)
    beauty["ava"] = _ava(scores, whole=np.concatenate(list(photos.values())))
    return Examples(
        stores=layout.stores,
        place=place,
        photos=photos,
        views=np.concatenate(views) if views else np.empty(0, np.int64),
        first_view=first_view,
        original=original,
        degraded=degraded,
        beauty=beauty,
        technical={name: target({name: sets[name].technical}) for name in recipe.observers},
        peers={name: _axes(_features(name, each)) for name, each in said.items()},
        imagenet=said[recipe.trunk][:, lite.WIDTH : lite.WIDTH + lite.CLASSES],
        detailed=detailed,
    )


def _features(name: str, outputs: NDArray[np.float16]) -> FloatArray:
    """The pooled features among a teacher's outputs."""
    if name == NIMA:
        return outputs[:, len(BINS) :].astype(np.float32)
    if name.startswith("lite"):
        return outputs[:, : lite.WIDTH].astype(np.float32)
    return outputs.astype(np.float32)


def _axes(features: FloatArray) -> FloatArray:
    """Principal axes, (N, 64); NaN where the teacher has not looked."""
    looked = np.isfinite(features[:, 0])
    axes = np.full((len(features), PEER_AXES), np.nan, np.float32)
    axes[looked] = principal_components(features[looked], axes=PEER_AXES)
    return axes


def _ava(scores: FloatArray, *, whole: NDArray[np.int64]) -> Target:
    """NIMA's scores, standardised over whole photographs, wherever it has looked."""
    looked = np.isfinite(scores)
    usual = scores[whole][looked[whole]]
    own = (scores - usual.mean()) / max(float(usual.std()), 1e-6)
    own = np.where(looked, np.clip(own, -3, 3), 0)
    return Target(own.astype(np.float32), looked.astype(np.float32))
