"""Realism without a pair: how far made pictures lie from photographs in a network's features.

The kernel inception distance of Binkowski et al. (2018): the squared maximum mean discrepancy under
the kernel (x y / D + 1)^3, here on the features of our aesthetic network, which saw photographs of
all kinds and takes no part in training a rotator (the recogniser does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics import Assessor
from goodside.rotation.evaluation.report import INLINE, key
from goodside.runtime import WeightsStore
from goodside.types import FloatArray, RgbImage

_BATCH = 16
_FEATURES = "aesthetics-lite0"
"""Weights whose features are compared; others would give other distances."""
_STEEP_DEG = 45.0  # yaws from here on are also reported together


@dataclass(frozen=True, slots=True)
class KernelDistances:
    """Kernel inception distances to the photographs; None where there are no two people.

    Attributes:
        network: of the network's pictures.
        warp: of the plain warp's.
        draft: of the draft alone; None where the weights have none.
        unposed: of the network's, its pose images black.
    """

    network: float | None = field(metadata=key("kid"))
    warp: float | None = field(metadata=key("warp_kid"))
    draft: float | None = field(default=None, metadata=key("draft_kid"))
    unposed: float | None = field(default=None, metadata=key("unposed_kid"))


@dataclass(frozen=True, slots=True)
class YawRealism:
    """The distances of one yaw alone."""

    yaw_deg: float = field(metadata=key("yaw"))
    distances: KernelDistances = field(metadata=INLINE)


@dataclass(frozen=True, slots=True)
class Realism:
    """How far turned faces lie from photographs of the same people.

    Attributes:
        yaws_deg: the steep ones.
        distances: of those together.
        by_yaw: of every yaw alone.
    """

    yaws_deg: tuple[float, ...] = field(metadata=key("yaws"))
    distances: KernelDistances = field(metadata=INLINE)
    by_yaw: tuple[YawRealism, ...]


class RealismGauge:
    """Measures realism against the same people's photographs.

    Args:
        photos: (S, S, 3) uint8, one a person.
        store: weights; by default those of the package.
    """

    def __init__(self, photos: Sequence[RgbImage], *, store: WeightsStore | None = None) -> None:
        self._assessor = Assessor(store=store, model=_FEATURES)
        self._photos = self._features(photos)

    def features_of(self, pictures: Mapping[str, Sequence[RgbImage]]) -> dict[str, FloatArray]:
        """(N, D) float32 features of the pictures of one yaw, by method."""
        return {name: self._features(some) for name, some in pictures.items()}

    def report(self, by_yaw: Sequence[tuple[float, dict[str, FloatArray]]]) -> Realism:
        """The distances of all steep yaws together and of every yaw alone.

        Args:
            by_yaw: yaws with what `features_of` gives of their pictures by `network`, `warp`,
                `unposed` and, where there is one, `draft`, in the order of the photographs.
        """
        steep = [(yaw, made) for yaw, made in by_yaw if abs(yaw) >= _STEEP_DEG]
        return Realism(
            yaws_deg=tuple(yaw for yaw, _ in steep),
            distances=self._distances([made for _, made in steep]),
            by_yaw=tuple(YawRealism(yaw, self._distances([made])) for yaw, made in by_yaw),
        )

    def _distances(self, made: Sequence[dict[str, FloatArray]]) -> KernelDistances:
        names = (one.name for one in fields(KernelDistances))
        return KernelDistances(
            **{name: self._distance([one[name] for one in made if name in one]) for name in names}
        )

    def _distance(self, made: Sequence[FloatArray]) -> float | None:
        if not made or not all(map(len, made)):
            return None
        people = np.arange(len(self._photos))
        found = kernel_distance(
            self._photos,
            np.concatenate(made),
            real_people=people,
            made_people=np.tile(people, len(made)),
        )
        return None if found is None else round(found, 5)

    def _features(self, pictures: Sequence[RgbImage]) -> FloatArray:
        if not pictures:
            return np.zeros((0, 1), np.float32)
        return features(pictures, assessor=self._assessor)


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
