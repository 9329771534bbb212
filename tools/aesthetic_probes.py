"""Compare frozen networks by ridge probes on the features that `aesthetic_features` kept.

    python -m tools.aesthetic_probes --data DIR --cache CACHE

Prints, for single networks and for several side by side: the rank correlation with OASIS' beauty in
cross-validation over themes (training and development parts), the same probe on PARA's development
rows, and PARA's probe on OASIS. The test parts are not looked at.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.evaluation.metrics import srcc
from goodside_train.aesthetics.datasets.kept_apart import Part, oasis_theme
from goodside_train.aesthetics.datasets.rated_sets import RatedSet, read_set
from goodside_train.aesthetics.probes import choose_ridge, cross_validated

NETWORKS = {  # name: columns of the cached outputs that are features
    "aesthetics-lite0": slice(10, None),
    "lite0": slice(0, 1280),
    "lite2": slice(0, 1280),
    "nima-mobilenet": slice(10, None),
    "open-nsfw": slice(None),
}
_Features = NDArray[np.float32]


def main() -> None:
    """Parse the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds oasis/, biq/ and para/")
    parser.add_argument("--cache", type=Path, required=True, help="made by aesthetic_features")
    options = parser.parse_args()
    oasis = [read_set(options.data, "oasis", part) for part in (Part.TRAIN, Part.DEVELOPMENT)]
    para = read_set(options.data, "para", Part.DEVELOPMENT)
    beauty = np.concatenate([rated.beauty for rated in oasis])
    themes = [oasis_theme(name) for rated in oasis for name in rated.names]
    print("| features | width | OASIS, cross-validated | OASIS to PARA | PARA to OASIS |")
    print("|---|---|---|---|---|")
    names = list(NETWORKS)
    tried = [(name,) for name in names] + list(combinations(names[1:], 2))
    for chosen in [*tried, tuple(names[2:]), tuple(names[1:])]:
        here = np.concatenate([stacked(options.cache, rated, chosen) for rated in oasis])
        there = stacked(options.cache, para, chosen)
        within = srcc(cross_validated(here, beauty, groups=themes), beauty)
        outward = choose_ridge(here, beauty, groups=themes).predict(there)
        back = choose_ridge(there, para.beauty, groups=para.names).predict(here)
        print(
            f"| {' + '.join(chosen)} | {here.shape[1]} | {within:.3f} "
            f"| {srcc(outward, para.beauty):.3f} | {srcc(back, beauty):.3f} |",
            flush=True,
        )


def stacked(cache: Path, rated: RatedSet, names: tuple[str, ...]) -> _Features:
    """The features of several networks side by side, (N, D), each network's of equal weight."""
    parts = []
    for name in names:
        kept = np.load(cache / "features" / f"{rated.name}-{rated.part}-{name}.npy")
        parts.append(kept[:, NETWORKS[name]].astype(np.float32))
    return np.concatenate(parts, axis=1)


if __name__ == "__main__":
    main()
