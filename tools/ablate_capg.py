"""Train variants of the patent's network with several seeds on the same pairs, and compare them.

    python -m tools.ablate_capg configs/rotation-capg-ablation.toml --data DATA --out FOLDER
    python -m tools.ablate_capg configs/rotation-capg-ablation.toml --out FOLDER --table

The configuration is a recipe with three tables: `flows`, what differs where the flow learns alone,
on the pose images of one set of landmarks or another; `variants`, what differs where the rest
learns, from the first flow on, which is held still; and `ablation`: the seeds and the order, in
which every run is trained with each seed. Every finished run adds a row to `rows.jsonl`; finished
runs are not repeated and a stopped one goes on.

Measured are pairs of people kept out, of a flow the photograph moved by it, of a variant the whole
result: L1 on [-1, 1]; cosine and, with `--judge`, distance to the true picture; how far the
measured yaw is from the one measured in the true picture, and how many faces are lost.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
import torch

from goodside.face import Embedder, FaceFinder, align
from goodside.images import resize
from goodside.rotation.evaluation.second_recogniser import open_second_recogniser
from goodside.runtime import WeightsStore
from goodside.types import FIVE_POINTS, Face, RgbImage
from goodside_train.checkpoint import CHECKPOINT, load_from_checkpoint
from goodside_train.config import merged
from goodside_train.loop import train
from goodside_train.rotation.networks.build import build_generator
from goodside_train.rotation.networks.deformable import DeformableGenerator
from goodside_train.rotation.pairs.pairs import ByteArray, Pairs, signal_of
from goodside_train.rotation.pairs.prepare import PreparedPairs, prepare
from goodside_train.rotation.recipe import RotationRecipe
from goodside_train.rotation.run import RECOGNISER
from goodside_train.rotation.task import RotationTask
from goodside_train.run_log import final_figures

ROWS = "rows.jsonl"
SHOWN = {"l1": 4, "cosine": 3, "distance": 3, "yaw_error_deg": 2, "lost": 3}
"""Figures of the table, and their decimals."""

_SEEN_PX = 256  # side at which results are looked at
_BATCH = 16

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ablation:
    """What is to be trained.

    Attributes:
        recipe: as a table, that of the whole.
        alone: what differs where a flow learns alone.
        flows, variants: what differs in each, by its name.
        seeds: of every run.
        order: names of flows and variants, each trained with all seeds before the next.
        held_out_pairs: how many pairs of people kept out are measured, spread over all.
    """

    recipe: dict[str, Any]
    alone: dict[str, Any]
    flows: dict[str, dict[str, Any]]
    variants: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    order: tuple[str, ...]
    held_out_pairs: int

    def recipe_of(self, name: str, *, seed: int) -> RotationRecipe:
        """The recipe of one run."""
        if name in self.flows:
            table = merged(merged(self.recipe, self.alone), self.flows[name])
        else:
            table = merged(self.recipe, self.variants[name])
        return RotationRecipe.model_validate(merged(table, {"loop": {"seed": seed}}))


def read_ablation(path: Path) -> Ablation:
    """Read a configuration."""
    table = tomllib.loads(path.read_text("utf-8"))
    own, flows, variants = (table.pop(name) for name in ("ablation", "flows", "variants"))
    return Ablation(
        recipe=table,
        alone=own["flow"],
        flows=flows,
        variants=variants,
        seeds=tuple(own["seeds"]),
        order=tuple(dict.fromkeys([*own.get("order", ()), *flows, *variants])),
        held_out_pairs=own["held_out_pairs"],
    )


def main() -> None:
    """Train and measure what is missing, then print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, help="folder of the recipe's data")
    parser.add_argument("--out", type=Path, required=True, help="pairs, a folder a run, the rows")
    parser.add_argument("--only", nargs="+", help="names of flows and variants")
    parser.add_argument("--judge", choices=["dlib"], help="a recogniser that training never sees")
    parser.add_argument("--table", action="store_true", help="only print what is there")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    ablation = read_ablation(args.config)
    if not args.table:
        if args.data is None:
            parser.error("--data is needed to train")
        run_missing(
            ablation,
            data=args.data,
            out=args.out,
            names=args.only or ablation.order,
            judge=args.judge,
        )
    print(summary(read_rows(args.out / ROWS)))


def run_missing(
    ablation: Ablation, *, data: Path, out: Path, names: Sequence[str], judge: str | None = None
) -> None:
    """Train and measure the runs that have no row yet, one after the other with all its seeds.

    Args:
        ablation: what is to be trained.
        data: folder of the recipe's data.
        out: receives the pairs, a folder a run, and the rows.
        names: of flows and variants. A variant begins with the first flow, trained if it is not.
        judge: name of the second recogniser, or None.
    """
    whole = RotationRecipe.model_validate(ablation.recipe)
    rendered = prepare(data, recipe=whole.data, size_px=whole.size_px, out=out / "pairs")
    spread = np.linspace(0, len(rendered.held_out) - 1, ablation.held_out_pairs).astype(np.int64)
    held_out = rendered.held_out.take(np.unique(spread))
    rendered = PreparedPairs(rendered.pairs, held_out, rendered.templates)
    known = {(row["variant"], row["seed"]) for row in read_rows(out / ROWS)}
    measure = Measurement(held_out, judge=judge)
    for name, pictures in (("the photograph", held_out.source), ("plain warp", held_out.warped)):
        if (name, None) not in known:
            _add_row(out, {"variant": name, "seed": None} | measure(pictures))
    for name, seed in [(name, seed) for name in names for seed in ablation.seeds]:
        if (name, seed) in known:
            continue
        began, start = time.monotonic(), None
        if name not in ablation.flows:
            first = next(iter(ablation.flows))
            start = _trained(
                ablation.recipe_of(first, seed=seed), rendered=rendered, out=out / _run(first, seed)
            )
        recipe = ablation.recipe_of(name, seed=seed)
        end = _trained(recipe, rendered=rendered, out=out / _run(name, seed), start=start)
        figures = measure(made_of(recipe, checkpoint=end, pairs=held_out))
        minutes = round((time.monotonic() - began) / 60, 1)
        _add_row(out, {"variant": name, "seed": seed} | figures | {"minutes": minutes})
        _log.info("%s, seed %d: %s", name, seed, figures)


def _run(name: str, seed: int) -> str:
    return f"{name}-seed{seed}"


def _trained(
    recipe: RotationRecipe, *, rendered: PreparedPairs, out: Path, start: Path | None = None
) -> Path:
    """The checkpoint of a run, trained to its end."""
    checkpoint = out / CHECKPOINT
    if not final_figures(out / "log.csv"):
        task = RotationTask(
            recipe,
            pairs=rendered.pairs,
            held_out=rendered.held_out,
            recogniser=WeightsStore().path(RECOGNISER),
        )
        if start is not None and not checkpoint.exists():
            task.start_from(start)
        train(task, recipe=recipe.loop, out=out, resume=checkpoint.exists())
    return checkpoint


def made_of(recipe: RotationRecipe, *, checkpoint: Path, pairs: Pairs) -> ByteArray:
    """(P, S, S, 3) what a run's averaged generator makes of some pairs: the whole result, or where
    the flow alone has learnt the photograph moved by it.
    """
    generator = build_generator(recipe).eval()
    assert isinstance(generator, DeformableGenerator)
    load_from_checkpoint(generator, checkpoint)
    made = []
    for first in range(0, len(pairs), _BATCH):
        some = pairs.take(np.arange(first, min(first + _BATCH, len(pairs))))
        signal = signal_of(
            some, recipe=recipe.recipe, target=recipe.target, landmarks=recipe.landmarks
        )
        tensor = torch.from_numpy(signal)
        with torch.no_grad():
            if recipe.flow_until == 1:
                full = generator.flow(tensor).picture(tensor[:, :3])
            else:
                full = generator(tensor).full
        scaled = (full.clamp(-1, 1) + 1) * 127.5
        made.append(scaled.round().to(torch.uint8).permute(0, 2, 3, 1).numpy())
    return np.concatenate(made)


class Measurement:
    """How near pictures are to the true ones of some pairs.

    Args:
        pairs: of people kept out.
        judge: name of a second recogniser, or None.
    """

    def __init__(self, pairs: Pairs, *, judge: str | None = None) -> None:
        self._pairs = pairs
        self._finder, self._embedder = FaceFinder(), Embedder()
        self._judge = open_second_recogniser(judge)
        self._true = self._vectors(pairs.target)
        self._seen = [self._look(picture) for picture in pairs.target]

    def __call__(self, pictures: ByteArray) -> dict[str, float]:
        """Figures of (P, S, S, 3) pictures, one for each pair.

        Cosines are of crops at the true landmarks; yaw, distance and lost faces are of the pairs in
        whose true picture a face is found.
        """
        apart = np.abs(pictures.astype(np.float64) - self._pairs.target).mean() / 127.5
        cosines = (self._vectors(pictures) * self._true).sum(axis=1)
        yaws, distances, lost = [], [], 0
        for picture, (true_face, true_vector) in zip(pictures, self._seen, strict=True):
            if true_face is None:
                continue
            face, vector = self._look(picture)
            if face is None:
                lost += 1
                continue
            yaws.append(abs(face.pose.yaw_deg - true_face.pose.yaw_deg))
            if vector is not None and true_vector is not None:
                distances.append(float(np.linalg.norm(vector - true_vector)))
        known = sum(face is not None for face, _ in self._seen)
        figures = {"pairs": len(pictures), "l1": float(apart), "cosine": float(cosines.mean())}
        if distances:
            figures["distance"] = fmean(distances)
        figures |= {"yaw_error_deg": fmean(yaws), "lost": lost / known} if known > lost else {}
        return {name: round(value, 4) for name, value in figures.items()}

    def _vectors(self, pictures: ByteArray) -> Any:
        """(P, D) unit vectors of the recogniser."""
        crops = [
            align(_large(picture), points[: len(FIVE_POINTS)] * _SEEN_PX - 0.5)
            for picture, points in zip(pictures, self._pairs.true_points, strict=True)
        ]
        return self._embedder.embed_aligned(np.stack(crops))

    def _look(self, picture: RgbImage) -> tuple[Face | None, Any]:
        """The face in a picture, and the second recogniser's vector of it, if there are any."""
        large = _large(picture)
        faces = self._finder.find_steep(large)
        if not faces or self._judge is None:
            return (faces[0] if faces else None), None
        return faces[0], self._judge.embed(large, faces[0].box)


def _large(picture: RgbImage) -> RgbImage:
    return resize(picture, width_px=_SEEN_PX, height_px=_SEEN_PX, kernel="bicubic")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of finished runs."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _add_row(out: Path, row: dict[str, Any]) -> None:
    with (out / ROWS).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")


def summary(rows: Sequence[dict[str, Any]]) -> str:
    """A Markdown row a variant: the mean over its seeds, and their standard deviation."""
    shown = [name for name in SHOWN if any(name in row for row in rows)]
    return "\n".join(
        [
            f"| variant | seeds | {' | '.join(shown)} |",
            "|---" * (len(shown) + 2) + "|",
            *_table_rows(rows, shown),
        ]
    )


def _table_rows(rows: Sequence[dict[str, Any]], shown: Sequence[str]) -> Iterator[str]:
    for variant in dict.fromkeys(row["variant"] for row in rows):
        own = [row for row in rows if row["variant"] == variant]
        cells = []
        for name in shown:
            values, digits = [row[name] for row in own if name in row], SHOWN[name]
            spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
            cells.append(f"{fmean(values):.{digits}f}{spread}" if values else "")
        seeds = sum(row["seed"] is not None for row in own)
        yield f"| {variant} | {seeds or ''} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
