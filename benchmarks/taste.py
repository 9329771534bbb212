"""How fast a taste is learnt: agreement with invented raters, by the number of their ratings.

    python -m benchmarks.taste --data PARA_FOLDER [--cache traits.npz] [--raters 10] [--json]
    python -m benchmarks.taste --data PARA_FOLDER --one-attribute

A rater's liking is a mixture of what people on average think of a photograph (PARA's mean score),
of its attributes beyond that, and of its kind, each in an own, random direction; then come noise
and five grades. Only rows that the weights were not trained on are used. The taste is learnt from
some of them and compared with the same rater's grades of the others, beside the general score.

With `--one-attribute` a rater is somebody whose stars follow one of PARA's attributes alone, with
noise: what `goodside taste learn` finds in the stars of an album.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor
from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.learn import fit_taste
from goodside.aesthetics.ratings import Ratings
from goodside.aesthetics.taste import Traits
from goodside_train.aesthetics.datasets.para_shards import read_labels
from goodside_train.aesthetics.datasets.tar_images import read_images

SIZES = (10, 20, 50, 100, 200)
ATTRIBUTE_SIZES = (10, 30, 100, 300)
ATTRIBUTES = {
    "composition": 0,
    "color": 1,
    "depth of field": 2,
    "light": 3,
    "content": 4,
    "object emphasis": 7,
}
"""PARA's columns of them; the others are what raters like, not what a photograph has."""
_OWN_ATTRIBUTES = 5  # columns that the invented characters draw from
_NOISE = 0.6  # of a liking with standard deviation 1
_GRADES = (0.1, 0.35, 0.65, 0.9)  # quantiles at which a grade ends


@dataclass(frozen=True)
class Character:
    """Shares of a liking's variance."""

    name: str
    general: float
    attributes: float
    kind: float


CHARACTERS = (
    Character("near the average", 0.8, 0.1, 0.1),
    Character("mixed", 0.4, 0.2, 0.4),
    Character("of their own", 0.1, 0.3, 0.6),
)


@dataclass(frozen=True)
class Scene:
    """N photographs: what the network sees, and what people said."""

    traits: Traits
    score: NDArray[np.float64]
    attributes: NDArray[np.float64]
    kinds: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.score)


Grading = Callable[[Scene, int], tuple[NDArray[np.float64], np.random.Generator]]
"""From a scene and a rater's number to the grades of all photographs, and what draws go on from."""


def main() -> None:
    """Parse the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the PARA folder")
    parser.add_argument("--cache", type=Path, help="keeps what the network sees, as .npz")
    parser.add_argument("--raters", type=int, default=10, help="of each character")
    parser.add_argument("--one-attribute", action="store_true", help="raters of one attribute each")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    arguments = parser.parse_args()
    scene = read_scene(arguments.data, cache=arguments.cache)
    if arguments.one_attribute:
        sizes = ATTRIBUTE_SIZES
        rows = [
            measure(scene, follower(at), name=name, raters=arguments.raters, sizes=sizes)
            for name, at in ATTRIBUTES.items()
        ]
    else:
        sizes = SIZES
        rows = [
            measure(scene, of_character(one), name=one.name, raters=arguments.raters, sizes=sizes)
            for one in CHARACTERS
        ]
    print(json.dumps(rows) if arguments.json else table(rows, sizes, photographs=len(scene)))


def read_scene(data: Path, *, cache: Path | None) -> Scene:
    """The labelled rows kept for validation."""
    labels = read_labels(data)
    rows = np.flatnonzero(labels.validation)
    return Scene(
        _traits(data, [labels.names[row] for row in rows], cache=cache),
        labels.score[rows].astype(np.float64),
        labels.attributes[rows].astype(np.float64),
        labels.tags[rows].astype(np.float64),
    )


def _traits(data: Path, names: list[str], *, cache: Path | None) -> Traits:
    assessor = Assessor()
    if cache is not None and cache.exists():
        kept = np.load(cache)
        if str(kept["sha256"]) == assessor.card.sha256:
            return Traits(kept["score"], kept["embedding"], kept["tags"])
    photos = read_images(data, names, size_px=224)
    seen = [one for one in assessor.traits_each(photos) if isinstance(one, Traits)]
    parts = ("score", "embedding", "tags")
    whole = {part: np.concatenate([getattr(one, part) for one in seen]) for part in parts}
    if cache is not None:
        np.savez(cache, allow_pickle=False, sha256=assessor.card.sha256, **whole)
    return Traits(**whole)


def grades(scene: Scene, character: Character, *, rng: np.random.Generator) -> NDArray[np.float64]:
    """One rater's grades of all photographs, 1-5."""
    score = _standard(scene.score)
    own = scene.attributes[:, :_OWN_ATTRIBUTES]
    beyond = _standard(own - np.outer(score, score @ own / len(score)))
    attributes = _standard(beyond @ rng.normal(size=beyond.shape[1]))
    kind = _standard(scene.kinds @ rng.normal(size=scene.kinds.shape[1]))
    liking = _standard(
        character.general**0.5 * score
        + character.attributes**0.5 * attributes
        + character.kind**0.5 * kind
    )
    return _graded(liking, rng=rng)


def _graded(liking: NDArray[np.float64], *, rng: np.random.Generator) -> NDArray[np.float64]:
    felt = liking + _NOISE * rng.normal(size=len(liking))
    return 1 + np.searchsorted(np.quantile(felt, _GRADES), felt).astype(np.float64)


def of_character(character: Character) -> Grading:
    """The grades of a rater of a character, by the rater's number."""

    def grading(scene: Scene, seed: int) -> tuple[NDArray[np.float64], np.random.Generator]:
        rng = np.random.default_rng([CHARACTERS.index(character), seed])
        return grades(scene, character, rng=rng), rng

    return grading


def follower(attribute: int) -> Grading:
    """The stars of somebody who goes by one attribute alone, by the rater's number."""

    def grading(scene: Scene, seed: int) -> tuple[NDArray[np.float64], np.random.Generator]:
        rng = np.random.default_rng([100 + attribute, seed])
        return _graded(_standard(scene.attributes[:, attribute]), rng=rng), rng

    return grading


def measure(
    scene: Scene, grading: Grading, *, name: str, raters: int, sizes: tuple[int, ...]
) -> dict[str, object]:
    """Mean rank correlation over raters, of the general score and of tastes of each size."""
    general, found, promised = [], [], []
    for seed in range(raters):
        given, rng = grading(scene, seed)
        order = rng.permutation(len(scene))
        learnt, rest = order[: max(sizes)], order[max(sizes) :]
        general.append(metrics.srcc(scene.traits.score[rest], given[rest]))
        for size in sizes:
            taste = fit_taste(
                _ratings(given[learnt[:size]]),
                _taken(scene.traits, learnt[:size]),
                model="benchmark",
                sha256="",
            )
            found.append(metrics.srcc(taste.scores(_taken(scene.traits, rest)), given[rest]))
            promised.append(taste.agreement.taste)
    return {
        "rater": name,
        "general": round(float(np.mean(general)), 3),
        "sizes": list(sizes),
        "taste": _by_size(found, len(sizes)).mean(axis=0).round(3).tolist(),
        "spread": _by_size(found, len(sizes)).std(axis=0).round(3).tolist(),
        "promised": _by_size(promised, len(sizes)).mean(axis=0).round(3).tolist(),
    }


def table(rows: list[dict[str, object]], sizes: tuple[int, ...], *, photographs: int) -> str:
    """The figures as Markdown."""
    lines = [
        f"SRCC with a rater's other grades; {photographs} photographs, noise {_NOISE}",
        "",
        f"| rater | general score | {' | '.join(str(size) for size in sizes)} |",
        f"|---|---|{'---|' * len(sizes)}",
    ]
    for row in rows:
        for key, name in (
            ("taste", row["rater"]),
            ("spread", "spread between raters"),
            ("promised", "told by the taste itself"),
        ):
            first = f"{row['general']:.3f}" if key == "taste" else ""
            cells = " | ".join(f"{value:.3f}" for value in row[key])  # type: ignore[attr-defined]
            lines.append(f"| {name} | {first} | {cells} |")
    return "\n".join(lines)


def _ratings(given: NDArray[np.float64]) -> Ratings:
    paths = tuple(Path(f"{index}.jpg") for index in range(len(given)))
    return Ratings("scores", paths, given, np.zeros((0, 2), np.int64))


def _taken(traits: Traits, rows: NDArray[np.int64]) -> Traits:
    return Traits(traits.score[rows], traits.embedding[rows], traits.tags[rows])


def _by_size(values: list[float], count: int) -> NDArray[np.float64]:
    return np.array(values).reshape(-1, count)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = (values - values.mean(axis=0)) / values.std(axis=0)
    return found


if __name__ == "__main__":
    main()
