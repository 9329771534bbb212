"""The table of a ladder's runs: accuracy with and without semantics, and how sure it is.

    python tools/paper_table.py configs/paper-ladder.toml --out FOLDER [--plot omega.png]

Prints Markdown for the runs that `tools/paper_ladder.py` has kept in FOLDER. Figures are of all
photographs kept out of training, those of the validation rows beside them. Two conditions are
compared on the same photographs: the difference of their accuracies, averaged over the seeds that
both have, with the 95 % interval of a bootstrap over photographs; and McNemar's exact test of each
seed's pair of runs. `--plot` draws Omega, the mean over the seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import binomtest

from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.explanation.relations import Relations
from goodside.aesthetics.explanation.relations_sheet import relations_sheet
from goodside.images import save_image
from goodside.tags import display_name
from goodside_train.aesthetics.losses.relations import correlation
from tools.paper_ladder import PREDICTIONS, Ladder, read_results, run_name

RELATED = "#1, relationship learning"
_DRAWS = 2000


def main() -> None:
    """Print the tables; draw Omega where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="of tools/paper_ladder.py")
    parser.add_argument("--related", default=RELATED, help="condition whose Omega is shown")
    parser.add_argument("--plot", type=Path, help="picture of Omega to write")
    args = parser.parse_args()
    ladder = Ladder.read(args.config)
    runs = read_runs(ladder, out=args.out)
    print(figures_table(runs))
    print(f"\n{comparison_table(runs, reference=ladder.reference)}")
    if related := runs.get(args.related):
        relations = mean_relations(related)
        print(f"\n{relations_table(relations)}")
        if args.plot:
            sheet = relations_sheet(relations, title=f"{args.related}: Omega as correlations")
            save_image(args.plot, sheet, overwrite=True)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run says of the N photographs kept out of its training.

    Attributes:
        odds: (N,) logit of high quality.
        high: (N,) bool truth.
        score, truth: (N,) 1-10.
        validation: (N,) bool, of the validation rows.
        semantic: (N, M) logits, or None for a single task.
        tags: (N, M) 0-1, NaN in rows without.
        omega: (2 + M, 2 + M) of the last layers' weights, with its labels; None likewise.
        core_minutes: of the run; None where it was stopped and went on.
    """

    odds: NDArray[np.float64]
    high: NDArray[np.bool_]
    score: NDArray[np.float64]
    truth: NDArray[np.float64]
    validation: NDArray[np.bool_]
    tags: NDArray[np.float64]
    semantic: NDArray[np.float64] | None = None
    omega: NDArray[np.float64] | None = None
    labels: tuple[str, ...] = ()
    core_minutes: float | None = None

    @property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether high or low is told rightly."""
        right: NDArray[np.bool_] = (self.odds > 0) == self.high
        return right

    def figures(self) -> dict[str, float]:
        """Every figure of the table; NaN where there is none."""
        known = np.isfinite(self.tags).all(axis=1) & self.validation
        top1 = float("nan")
        if self.semantic is not None and known.any():
            first = self.semantic[known].argmax(axis=1)
            top1 = float((self.tags[known][np.arange(len(first)), first] > 0.5).mean())
        return {
            "accuracy": float(self.right.mean()),
            "balanced": metrics.balanced_accuracy(self.odds > 0, self.high),
            "AUC": metrics.auc(self.odds, self.high),
            "SRCC": metrics.srcc(self.score, self.truth),
            "accuracy, validation rows": float(self.right[self.validation].mean()),
            "kind right, validation rows": top1,
        }


def read_runs(ladder: Ladder, *, out: Path) -> dict[str, dict[int, Run]]:
    """The finished runs by condition and seed, in the ladder's order."""
    found: dict[str, dict[int, Run]] = {}
    rows = {(row["condition"], row["seed"]): row for row in read_results(out)}
    for name in (name for group in ladder.groups for name in group):
        for seed in sorted(seed for condition, seed in rows if condition == name):
            path = out / "runs" / run_name(name, seed=seed) / PREDICTIONS
            found.setdefault(name, {})[seed] = _read_run(path, rows[name, seed])
    return found


def figures_table(runs: Mapping[str, Mapping[int, Run]]) -> str:
    """Mean and standard deviation over the seeds, a row a condition, and always "high" below."""
    if not runs:
        return "no run is finished yet"
    shown = list(next(iter(next(iter(runs.values())).values())).figures())
    lines = [f"| condition | seeds | {' | '.join(shown)} |", "|---" * (len(shown) + 2) + "|"]
    for name, by_seed in runs.items():
        values = np.array([list(run.figures().values()) for run in by_seed.values()])
        lines.append(f"| {name} | {len(by_seed)} | {' | '.join(map(_spread, values.T))} |")
    one = next(iter(next(iter(runs.values())).values()))
    guess = [one.high.mean(), 0.5, 0.5, 0.0, one.high[one.validation].mean()]
    lines.append(f'| always "high" | | {" | ".join(f"{value:.3f}" for value in guess)} | |')
    count = f"{len(one.high)} photographs, {int(one.validation.sum())} of them validation rows"
    minutes = [run.core_minutes for by_seed in runs.values() for run in by_seed.values()]
    cost = [each for each in minutes if each is not None]
    took = f" A run took {np.median(cost):.1f} minutes of a core (median)." if cost else ""
    return "\n".join([*lines, "", f"{count}; mean ± standard deviation over the seeds.{took}"])


def comparison_table(runs: Mapping[str, Mapping[int, Run]], *, reference: str) -> str:
    """Every condition against the reference, on the seeds and photographs that both have."""
    lines = [
        f"| against {reference} | seeds | accuracy | 95 % interval | "
        "seeds ahead | McNemar by seed: only it right, only the other, p |",
        "|---|---|---|---|---|---|",
    ]
    base = runs.get(reference, {})
    for name, by_seed in runs.items():
        both = sorted(set(by_seed) & set(base))
        if name == reference or not both:
            continue
        first = np.stack([by_seed[seed].right for seed in both])
        second = np.stack([base[seed].right for seed in both])
        gains = (first.mean(axis=1) - second.mean(axis=1)).tolist()
        low, high = difference_interval(first, second, seed=0)
        tests = [mcnemar(*pair) for pair in zip(first, second, strict=True)]
        told = "; ".join(f"{one.only_first}, {one.only_second}, {one.p:.2g}" for one in tests)
        lines.append(
            f"| {name} | {len(both)} | {np.mean(gains):+.4f} | {low:+.4f} to {high:+.4f} | "
            f"{sum(gain > 0 for gain in gains)} | {told} |"
        )
    return "\n".join(lines)


def difference_interval(
    first: NDArray[np.bool_], second: NDArray[np.bool_], *, seed: int
) -> tuple[float, float]:
    """95 % interval of the difference of two mean accuracies over resampled photographs.

    Args:
        first, second: (seeds, N) whether each run of either condition is right.
        seed: of the draws.
    """
    gain = first.mean(axis=0) - second.mean(axis=0)
    return metrics.bootstrap(
        lambda rows: float(gain[rows].mean()),
        count=len(gain),
        rng=np.random.default_rng(seed),
        draws=_DRAWS,
    )


@dataclass(frozen=True, slots=True)
class McNemar:
    """How often only one of two is right, and how probable so uneven a split is by chance."""

    only_first: int
    only_second: int
    p: float


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """McNemar's exact test, two-sided, of two classifiers on the same photographs.

    Args:
        first, second: (N,) whether each is right.
    """
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    differing = only_first + only_second
    p = float(binomtest(only_first, differing, 0.5).pvalue) if differing else 1.0
    return McNemar(only_first, only_second, p)


def mean_relations(by_seed: Mapping[int, Run]) -> Relations:
    """Omega, averaged over the seeds.

    Raises:
        ValueError: the runs have a single task.
    """
    found = [run.omega for run in by_seed.values() if run.omega is not None]
    if not found:
        raise ValueError("a single task has no relations")
    omega = np.mean(found, axis=0)
    related: NDArray[np.float64] = correlation(torch.from_numpy(omega)).numpy()
    return Relations(next(iter(by_seed.values())).labels, omega, related)


def relations_table(relations: Relations) -> str:
    """The kinds by their correlation to quality."""
    lines = ["| kind | correlation to high quality |", "|---|---|"]
    lines += [f"| {display_name(tag)} | {value:+.3f} |" for tag, value in relations.with_quality()]
    return "\n".join(lines)


def _read_run(path: Path, row: Mapping[str, Any]) -> Run:
    with np.load(path) as kept:
        labels = tuple(map(str, kept["labels"])) if "labels" in kept else ()
        return Run(
            odds=kept["odds"].astype(np.float64),
            high=kept["high"] == 1,
            score=kept["score"].astype(np.float64),
            truth=kept["truth"].astype(np.float64),
            validation=kept["validation"],
            tags=kept["tags"].astype(np.float64),
            semantic=kept.get("semantic"),
            omega=kept.get("omega"),
            labels=labels,
            core_minutes=None if row["resumed"] else row["core_seconds"] / 60,
        )


def _spread(values: NDArray[np.float64]) -> str:
    """Mean and sample deviation; a mean alone for one value, a hyphen for none."""
    if not np.isfinite(values).all():
        return "-"
    if len(values) == 1:
        return f"{values[0]:.3f}"
    return f"{values.mean():.3f} ± {values.std(ddof=1):.3f}"


if __name__ == "__main__":
    main()
