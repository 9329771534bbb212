"""Made data sets in the layouts that people keep: soft blobs, the brighter the better."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from goodside.images import resize
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets.para_shards import EMOTIONS, SEMANTICS, VOTE_VALUES


def photo(seed: int, *, level: float = 0.5) -> RgbImage:
    """Soft blobs of colour, (60, 80, 3); `level` 0-1 is how bright."""
    rough = np.random.default_rng(seed).integers(0, 128, (6, 8, 3)) + level * 127
    return resize(rough.astype(np.uint8), width_px=80, height_px=60, kernel="bicubic")


def save(path: Path, rgb: RgbImage) -> None:
    """Write a JPEG, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rgb).save(path, quality=92)


def write_lines(path: Path, lines: Sequence[object]) -> None:
    """Write a text file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table whose columns are those of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def counts(level: float, *, highest: int, voters: int = 40) -> list[int]:
    """Votes 1 ... `highest` about a mean."""
    values = np.arange(1, highest + 1)
    bell = np.exp(-((values - (1 + level * (highest - 1))) ** 2) / 2)
    return [int(vote) for vote in np.round(bell / bell.sum() * voters)]


AVA_TAGS = {1: "Abstract", 2: "Cityscape", 3: "Still Life"}
AVA_STYLES = {1: "Duotones", 2: "HDR", 3: "Long_Exposure"}


def make_ava(folder: Path, *, count: int = 60) -> None:
    """AVA's layout: ids 1000, 1001, ...; the last ten are the test part.

    Image 1003 is missing, 1004 is cut short, 1005 has no votes. Tags go round: one, two, none.
    Styles: 1010 ... 1019 to train, 1020 ... 1023 to test.
    """
    rng = np.random.default_rng(5)
    lines = []
    for index in range(count):
        image, level = 1000 + index, float(rng.uniform(0.1, 0.9))
        votes = [0] * 10 if image == 1005 else counts(level, highest=10)
        tags = [(1 + index // 3 % 3, 0), (2, 3), (0, 0)][index % 3]
        lines.append(" ".join(map(str, [index + 1, image, *votes, *tags, 77])))
        if image != 1003:
            save(folder / "images" / f"{image}.jpg", photo(image, level=level))
    cut = folder / "images" / "1004.jpg"
    cut.write_bytes(cut.read_bytes()[:200])
    write_lines(folder / "AVA.txt", lines)
    write_lines(folder / "tags.txt", [f"{number} {name}" for number, name in AVA_TAGS.items()])
    lists, styles = folder / "aesthetics_image_lists", folder / "style_image_lists"
    write_lines(lists / "generic_test.jpgl", range(1000 + count - 10, 1000 + count))
    write_lines(styles / "styles.txt", [f"{number} {name}" for number, name in AVA_STYLES.items()])
    write_lines(styles / "train.jpgl", range(1010, 1020))
    write_lines(styles / "train.lab", [1 + index % 3 for index in range(10)])
    write_lines(styles / "test.jpgl", range(1020, 1024))
    write_lines(styles / "test.multilab", ["1 0 0", "0 1 1", "0 0 0", "1 1 1"])


def make_official(folder: Path, *, train: int = 30, test: int = 8) -> None:
    """PARA's own layout, with the columns its tables are known to have."""
    rng = np.random.default_rng(6)
    rows = []
    for index in range(train + test):
        level, session = float(rng.uniform(0.1, 0.9)), f"session{1 + index // 10}"
        votes = counts(level, highest=9)
        mean = float(np.dot(votes, VOTE_VALUES) / sum(votes))
        means = {
            f"{name}_mean": mean
            for name in (
                "qualityScore", "compositionScore", "colorScore", "dofScore", "lightScore",
                "contentScore", "contentPreference", "willingnessToShare",
            )
        }  # fmt: skip
        rows.append(
            {"imageName": f"iaa_pub{index}_.jpg", "sessionId": session}
            | {"semantic": SEMANTICS[index % len(SEMANTICS)]}
            | {f"aestheticScore_{value}": n for value, n in zip(VOTE_VALUES, votes, strict=True)}
            | {"aestheticScore_mean": mean, "aestheticScore_std": 0.5}
            | means
            | {f"emotion_{name}": 1 + (index + place) % 5 for place, name in enumerate(EMOTIONS)}
            | {"isObjectEmphasis_mean": 0.25, "difficultyOfJudgment_-1": 3}
        )
        save(folder / "imgs" / session / f"iaa_pub{index}_.jpg", photo(index, level=level))
    write_csv(folder / "annotation" / "PARA-GiaaTrain.csv", rows[:train])
    write_csv(folder / "annotation" / "PARA-GiaaTest.csv", rows[train:])


def make_photonet(folder: Path, *, count: int = 24) -> None:
    """Photo.net's list, with a column between mean and counts; half of the images are there."""
    lines = []
    for index in range(count):
        level = index / (count - 1)
        votes = [0] * 7 if index == 1 else counts(level, highest=7)
        mean = np.dot(votes, range(1, 8)) / max(sum(votes), 1) if any(votes) else -1.0
        fields = [index + 1, 5000 + index, sum(votes), f"{mean:.6f}", "4.5", *votes]
        lines.append(" ".join(map(str, fields)))
        if index < count // 2:
            name = f"{5000 + index}{'-md' if index % 2 else ''}.jpg"
            save(folder / "images" / name, photo(index, level=level))
    write_lines(folder / "photonet_dataset.txt", lines)


def make_own(folder: Path, *, count: int = 30, columns: Sequence[str] = ()) -> None:
    """A person's own table; `columns` says which of `semantic`, `votes` and `split` it has."""
    rng, rows = np.random.default_rng(7), []
    for index in range(count):
        level = float(rng.uniform(0, 1))
        row: dict[str, Any] = {"image": f"holiday/{index}.jpg", "score": 1 + 9 * level}
        if "semantic" in columns:
            row["semantic"] = ("sea; people", "sea|sky", "", "people")[index % 4]
        if "votes" in columns:
            row |= {f"votes_{n + 1}": c for n, c in enumerate(counts(level, highest=10))}
        if "split" in columns:
            row["split"] = ("train", "train", "validation", "test", "")[index % 5]
        rows.append(row)
        save(folder / row["image"], photo(index, level=level))
    write_csv(folder / "ratings.csv", rows)
