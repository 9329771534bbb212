"""Train the conditions of a ladder, several seeds each, and keep what each says of photographs.

    python tools/paper_ladder.py configs/paper-ladder.toml --data PARA --out FOLDER

The configuration is a recipe with the tables `ladder` and `conditions`: each condition names what
differs from the recipe. A condition and seed has a folder of its own under FOLDER/runs, with its
checkpoint and, at the end, `predictions.npz`; a line of FOLDER/results.jsonl says its figures. What
is done is skipped and what was stopped goes on, so the same command serves for both.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from goodside.images import atomic_write
from goodside.images.similarity.duplicates import take_prints
from goodside.types import RgbImage
from goodside_train.aesthetics.batches import scaled
from goodside_train.aesthetics.datasets.kept_apart import digest_place
from goodside_train.aesthetics.datasets.labels import Labels, known_rows
from goodside_train.aesthetics.datasets.layouts import open_dataset
from goodside_train.aesthetics.datasets.photos import with_near_duplicates
from goodside_train.aesthetics.distillation.teacher_outputs import TeacherOutputs
from goodside_train.aesthetics.distillation.teachers import run_teachers
from goodside_train.aesthetics.losses.functional import expected_score
from goodside_train.aesthetics.losses.relations import best_omega
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.recipe import AestheticsRecipe
from goodside_train.aesthetics.run import TrainingData, make_task
from goodside_train.aesthetics.task import AestheticsTask
from goodside_train.checkpoint import CHECKPOINT
from goodside_train.config import merged
from goodside_train.device import open_device
from goodside_train.loop import train
from goodside_train.provenance import Provenance

RESULTS = "results.jsonl"
PREDICTIONS = "predictions.npz"

_log = logging.getLogger(__name__)


def main() -> None:
    """Train what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of rated photographs")
    parser.add_argument("--out", type=Path, required=True, help="caches, runs and results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--conditions", nargs="+", help="only these")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no run after so long")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    until = time.monotonic() + 60 * args.minutes
    ladder = Ladder.read(args.config)
    bench: Bench | None = None
    for name, seed in ladder.runs(args.seeds):
        if args.conditions and name not in args.conditions:
            continue
        if (name, seed) in done(args.out) or time.monotonic() > until:
            continue
        bench = bench or Bench(ladder, data=args.data, out=args.out)
        figures = bench.run(name, seed=seed)
        with (args.out / RESULTS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"condition": name, "seed": seed, **figures}) + "\n")


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a configuration asks for.

    Attributes:
        file: name of the configuration.
        base: the recipe's tables.
        conditions: what differs from it, by name.
        groups: names of conditions; all seeds of a group come before the next group.
        reference: the condition that the others are compared with.
        teacher_px: side of the pictures that the teacher sees.
        held_out: share of the training rows that are measured on as well.
    """

    file: str
    base: dict[str, Any]
    conditions: dict[str, dict[str, Any]]
    groups: list[list[str]]
    reference: str
    teacher_px: int
    held_out: float

    @classmethod
    def read(cls, path: Path) -> Ladder:
        """Read a configuration; all its conditions are recipes.

        Raises:
            KeyError: a table or an entry is missing, or a group names no condition.
            ValueError: a condition is no recipe.
        """
        table = tomllib.loads(path.read_text("utf-8"))
        conditions, asked = table.pop("conditions"), table.pop("ladder")
        ladder = cls(file=path.name, base=table, conditions=conditions, **asked)
        for name in [ladder.reference, *(name for group in ladder.groups for name in group)]:
            ladder.recipe(name, seed=1)
        return ladder

    def recipe(self, name: str, *, seed: int) -> AestheticsRecipe:
        """The recipe of a condition."""
        recipe = AestheticsRecipe.model_validate(merged(self.base, self.conditions[name]))
        return recipe.model_copy(update={"loop": recipe.loop.model_copy(update={"seed": seed})})

    def runs(self, seeds: list[int]) -> Iterator[tuple[str, int]]:
        """Condition and seed of every run, in their order."""
        for group in self.groups:
            for seed in seeds:
                for name in group:
                    yield name, seed


class Bench:
    """The data and what the teacher says of it, read once for all runs.

    Args:
        ladder: what is asked for.
        data: folder of the data set.
        out: receives caches and runs.
    """

    def __init__(self, ladder: Ladder, *, data: Path, out: Path) -> None:
        self._ladder, self._out = ladder, out
        first = ladder.recipe(ladder.reference, seed=1)
        self._device = open_device(first.loop)
        labels, images = self._read(data, size_px=first.data.stored_px, layout=first.data.layout)
        self.labels = with_held_out(labels, images, share=ladder.held_out)
        self._images = images
        self._data, self._teachers = data, dict[bool, TeacherOutputs]()
        self._validation = labels.validation
        _log.info("%d rows to train on", int((~self.labels.validation).sum()))

    def run(self, name: str, *, seed: int) -> dict[str, Any]:
        """Train one condition to its end, or go on with it; keep what it says.

        Returns:
            The figures of its last validation, with its seconds and its parameters.
        """
        recipe = self._ladder.recipe(name, seed=seed)
        folder = self._out / "runs" / run_name(name, seed=seed)
        said = self._teacher(recipe)
        task = make_task(recipe, TrainingData(self.labels, self._images, said), device=self._device)
        resume = (folder / CHECKPOINT).exists()
        _log.info("%s, seed %d%s", name, seed, ", goes on" if resume else "")
        started = time.process_time()
        provenance = Provenance(f"{self._ladder.file}, {name}", seed=seed)
        figures = train(task, recipe=recipe.loop, out=folder, resume=resume, provenance=provenance)
        self._keep(task, recipe, folder / PREDICTIONS)
        return {
            **figures,
            "parameters": sum(each.numel() for each in task.network.parameters()),
            "core_seconds": round(time.process_time() - started),
            "resumed": resume,
        }

    def _keep(self, task: AestheticsTask, recipe: AestheticsRecipe, path: Path) -> None:
        """What the averaged network says of the photographs kept out, beside the truth."""
        rows = np.flatnonzero(self.labels.validation)
        size_px = recipe.data.input_px
        said = task.predict(
            [scaled(np.asarray(self._images[row]), size_px=size_px) for row in rows]
        )
        kept: dict[str, NDArray[Any]] = {
            "validation": self._validation[rows],
            "truth": self.labels.score[rows],
            "high": self.labels.high[rows],
            "tags": self.labels.tags[rows],
            "score": expected_scores(said[net.DISTRIBUTION]),
            "odds": said[net.HIGH_LOW][:, 1] - said[net.HIGH_LOW][:, 0],
        }
        if net.SEMANTIC in said and recipe.loss.semantic:  # a head untrained says nothing
            kept["semantic"] = said[net.SEMANTIC]
            averaged = cast("net.MultiTaskNetwork", task.average.network)
            kept["omega"] = best_omega(averaged.task_weights()).numpy()
            kept["labels"] = np.array(["low", "high", *self.labels.tag_names])
        with atomic_write(path, overwrite=True) as stream:
            np.savez(stream, allow_pickle=False, **kept)

    def _teacher(self, recipe: AestheticsRecipe) -> TeacherOutputs:
        """What the teacher says, with tags or without; nothing where no semantic task listens."""
        if recipe.network.structure == "single" or not recipe.loss.semantic:
            return TeacherOutputs()
        tagged = recipe.teacher.tag_weight > 0
        if tagged not in self._teachers:
            size_px = self._ladder.teacher_px
            _, images = self._read(self._data, size_px=size_px, layout=recipe.data.layout)
            said = run_teachers(
                recipe.teacher,
                images,
                self.labels,
                device=self._device,
                peers=None,
                cache=self._out / "cache",
            )
            self._teachers[tagged] = TeacherOutputs(tags=said.tags)
            if said.tags is not None:
                right = first_kind_right(said.tags, self.labels)
                _log.info("the teacher's first kind is right for %.3f of those kept out", right)
        return self._teachers[tagged]

    def _read(self, data: Path, *, size_px: int, layout: str | None) -> tuple[Labels, RgbImage]:
        cache = self._out / "cache" / f"images-{size_px}.npy"
        return open_dataset(data, size_px=size_px, cache=cache, layout=layout)


def with_held_out(labels: Labels, images: RgbImage, *, share: float) -> Labels:
    """The labels with a share of the rows kept out too that nobody labelled further.

    Near-duplicates of a row that is kept out are kept out with it.
    """
    chosen = np.array([digest_place(name) < share for name in labels.names]) & ~labels.true_votes
    chosen |= labels.validation
    return labels.with_validation(with_near_duplicates(chosen, take_prints(images)))


def first_kind_right(tags: NDArray[Any], labels: Labels) -> float:
    """Share of the labelled photographs kept out whose most probable kind is the true one."""
    rows = np.flatnonzero(labels.validation & known_rows(labels.tags))
    return float((labels.tags[rows, tags[rows].argmax(axis=1)] > 0.5).mean())


def expected_scores(logits: NDArray[Any]) -> NDArray[Any]:
    """(N,) means of the score distributions, 1-10, from (N, 10) logits."""
    scores: NDArray[Any] = expected_score(torch.from_numpy(logits)).numpy()
    return scores


def run_name(condition: str, *, seed: int) -> str:
    """A folder's name: the condition in small letters, digits and hyphens, and the seed."""
    plain = condition.replace(".", "p").replace("#", "structure-").lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')}-{seed}"


def done(out: Path) -> set[tuple[str, int]]:
    """Condition and seed of the runs that results tell of."""
    return {(row["condition"], row["seed"]) for row in read_results(out)}


def read_results(out: Path) -> list[dict[str, Any]]:
    """The lines of the results; none where there are none yet."""
    path = out / RESULTS
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
