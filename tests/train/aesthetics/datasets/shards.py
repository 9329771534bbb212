"""Makes a folder of PARA's layout: coloured squares whose brightness is their score."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from goodside_train.aesthetics.datasets.para_shards import (
    ATTRIBUTES,
    EMOTIONS,
    SEMANTICS,
    VOTE_VALUES,
)

COUNT = 96
LABELLED = 48


def write_shards(folder: Path) -> Path:
    """Write 96 made photographs in two shards, and their labels; returns the folder."""
    rng = np.random.default_rng(11)
    rows = [_row(index, rng) for index in range(COUNT)]
    columns = list(dict.fromkeys(key for row in reversed(rows) for key in row))
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    for shard in range(2):
        with tarfile.open(folder / f"images-{shard}.tar", "w") as archive:
            for row in rows[shard::2]:
                data = _photo(float(row["aesthetic_mean"]), rng)
                member = tarfile.TarInfo(row["image"])
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return folder


def _row(index: int, rng: np.random.Generator) -> dict[str, str]:
    mean = float(rng.uniform(1.6, 4.4))
    row = {
        "image": f"made{index}.webp",
        "split": "labelled" if index < LABELLED else "train",
        "quality_mean": str(np.clip(mean + rng.normal(0, 0.2), 1, 5)),
        **{f"emotion_{name}": str(rng.integers(0, 9) + 1) for name in EMOTIONS},
    }
    if index < LABELLED:
        votes = np.exp(-((np.array(VOTE_VALUES) - mean) ** 2) / 1.2)
        votes = np.round(votes * 20)
        mean = float(votes @ np.array(VOTE_VALUES) / votes.sum())
        std = float(np.sqrt(votes @ (np.array(VOTE_VALUES) - mean) ** 2 / votes.sum()))
        row["semantic"] = SEMANTICS[index % len(SEMANTICS)]
        row["aesthetic_std"] = str(std)
        row.update({f"votes_{v}": str(n) for v, n in zip(VOTE_VALUES, votes, strict=True)})
        row.update({f"{name}_mean": str(mean) for name in ATTRIBUTES[:-1]})
        row["object_emphasis_mean"] = "0.5"
    row["aesthetic_mean"] = str(mean)
    return row


def _photo(mean: float, rng: np.random.Generator) -> bytes:
    level = (mean - 1) / 4 * 200 + 20
    pixels = rng.normal(level, 25, size=(64, 64, 3)).clip(0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "WEBP", quality=90)
    return stream.getvalue()
