"""Realism without a pair: how far made pictures lie from photographs in a network's features.

The kernel inception distance of Binkowski et al. (2018): the squared maximum mean discrepancy under
the kernel (x y / D + 1)^3, here on the features of our aesthetic network, which saw photographs of
all kinds and takes no part in training a rotator (the recogniser does).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor
from goodside.types import FloatArray, RgbImage

_BATCH = 16


def features(pictures: Sequence[RgbImage], *, assessor: Assessor) -> FloatArray:
    """(N, D) float32 features of pictures."""
    rows = [assessor.embed(pictures[at : at + _BATCH]) for at in range(0, len(pictures), _BATCH)]
    found: FloatArray = np.concatenate(rows)
    return found


def kernel_distance(
    real: FloatArray,
    made: FloatArray,
    *,
    real_people: NDArray[np.int64],
    made_people: NDArray[np.int64],
) -> float | None:
    """Kernel distance between two sets of pictures of the same people, without bias.

    Only pairs of different people enter any of the three means: then a person who stands in both
    sets, or several times in one, does not bend it. Near 0, or a little below, for equal sets.

    Args:
        real, made: (N, D) and (M, D) features.
        real_people, made_people: (N,) and (M,) whose pictures they are.

    Returns:
        None where there are no two people.
    """
    means = []
    for a, b, of_a, of_b in (
        (real, real, real_people, real_people),
        (made, made, made_people, made_people),
        (real, made, real_people, made_people),
    ):
        apart = of_a[:, None] != of_b[None, :]
        if not apart.any():
            return None
        inner = a.astype(np.float64) @ b.T.astype(np.float64) / a.shape[1]
        means.append(float(((inner + 1) ** 3)[apart].mean()))
    return means[0] + means[1] - 2 * means[2]
