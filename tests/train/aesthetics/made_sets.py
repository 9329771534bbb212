"""Made folders of several rated data sets, and teachers that need no weights."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.types import RgbImage
from goodside_train.aesthetics.datasets import para_shards as para
from goodside_train.aesthetics.distillation.feature_cache import FeatureNetwork
from goodside_train.aesthetics.networks import efficientnet_lite as lite
from tests.train.aesthetics.made import photo, write_csv

THEMES = ("acorns", "bear", "bird", "bridge", "candle", "cat", "dog", "lake", "party", "sunset")
"""Some for training, some for development, some for the test."""


def write_sets(folder: Path, *, a_theme: int = 8, biq: int = 60) -> Path:
    """`oasis/` and `biq/` of blobs, the brighter the better in both; returns the folder."""
    rng = np.random.default_rng(3)
    names = [f"{theme.capitalize()}{n + 1}.webp" for theme in THEMES for n in range(a_theme)]
    levels = rng.uniform(0, 1, len(names))
    rows = [
        {"image": name, "beauty_mean": round(1 + 6 * level, 2), "category": "Object"}
        for name, level in zip(names, levels, strict=True)
    ]
    write_csv(folder / "oasis" / "labels.csv", rows)
    _write_tar(folder / "oasis" / "images.tar", names, levels)
    names = [f"biq-{index}.webp" for index in range(biq)]
    levels = rng.uniform(0, 1, len(names))
    quality = [
        {"image": name, "quality_mos": round(level, 3)}
        for name, level in zip(names, levels, strict=True)
    ]
    write_csv(folder / "biq" / "labels.csv", quality)
    _write_tar(folder / "biq" / "images.tar", names, levels)
    return folder


def write_para(folder: Path, *, train: int = 40, labelled: int = 24) -> Path:
    """`para/` of blobs, the brighter the better; every third labelled row shows an animal."""
    rng = np.random.default_rng(4)
    count = train + labelled
    names, levels = [f"p{index}.webp" for index in range(count)], rng.uniform(0, 1, count)
    rows = []
    for index, (name, level) in enumerate(zip(names, levels, strict=True)):
        mean = round(1 + 4 * level, 2)
        row: dict[str, object] = {"image": name, "aesthetic_mean": mean, "quality_mean": mean}
        row |= {f"emotion_{one}": 1 + index % 3 for one in para.EMOTIONS}
        known = index >= train
        row |= {"split": "labelled" if known else "train"}
        row |= {"semantic": para.SEMANTICS[index % 3] if known else ""}
        row |= {
            f"votes_{value}": max(0, round(20 - 10 * abs(value - mean))) if known else ""
            for value in para.VOTE_VALUES
        }
        row |= {"aesthetic_std": 0.6 if known else ""}
        row |= {f"{one}_mean": mean if known else "" for one in para.ATTRIBUTES}
        if known:
            row["object_emphasis_mean"] = round(level, 2)
        rows.append(row)
    write_csv(folder / "para" / "labels.csv", rows)
    _write_tar(folder / "para" / "images-0.tar", names, levels)
    return folder


def made_teachers() -> tuple[FeatureNetwork, ...]:
    """NIMA, open_nsfw and lite2 in name: what they say depends on the brightness of cells."""
    return (
        FeatureNetwork("nima-mobilenet", _nima),
        FeatureNetwork("open-nsfw", lambda photos: _cells(photos, width=96, seed=1)),
        FeatureNetwork("lite2", lambda photos: _cells(photos, width=lite.WIDTH + 1000, seed=2)),
    )


def _nima(photos: RgbImage) -> NDArray[np.float32]:
    place = 2 + 6 * photos.mean(axis=(1, 2, 3)) / 255
    votes = np.exp(-((np.arange(1, 11)[None] - place[:, None]) ** 2) / 2)
    votes /= votes.sum(axis=1, keepdims=True)
    return np.concatenate([votes.astype(np.float32), _cells(photos, width=80, seed=0)], axis=1)


def _cells(photos: RgbImage, *, width: int, seed: int) -> NDArray[np.float32]:
    size = photos.shape[1] // 4 * 4
    blocks = photos[:, :size, :size].reshape(len(photos), 4, size // 4, 4, size // 4, 3)
    seen = blocks.mean(axis=(2, 4)).reshape(len(photos), -1) / 255
    mixing = np.random.default_rng(seed).normal(size=(seen.shape[1], width))
    said: NDArray[np.float32] = (seen @ mixing).astype(np.float32)
    return said


def _write_tar(path: Path, names: list[str], levels: NDArray[np.float64]) -> None:
    with tarfile.open(path, "w") as archive:
        for index, (name, level) in enumerate(zip(names, levels, strict=True)):
            stream = io.BytesIO()
            Image.fromarray(photo(index, level=float(level))).save(stream, "WEBP", quality=90)
            member = tarfile.TarInfo(name)
            member.size = len(stream.getvalue())
            archive.addfile(member, io.BytesIO(stream.getvalue()))
