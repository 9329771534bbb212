"""The protocol of the literature on AVA: high against low quality on the official test list.

High is a mean of 5 or more. Images within delta of 5 are ambiguous (Murray, Marchesotti and
Perronnin, CVPR 2012); the published methods leave them out of training, and test on the whole list.
How an assessor does on the clear ones alone is given beside that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from goodside.aesthetics.assess import Assessor
from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.evaluation.ava_lists import HIGH_FROM
from goodside.aesthetics.evaluation.rated_photos import RatedPhotos
from goodside.aesthetics.evaluation.trial import TimedAssessment, Trial, summarize_trial
from goodside.types import Assessment, Json

PROTOCOLS = ("ava",)
DELTAS = (0.0, 1.0)
PUBLISHED = {0.0: 0.7908}
"""Accuracy by delta that Kao, He and Huang reached (IEEE TIP 2017): the mark to reach."""

_DRAWS = 300


@dataclass(frozen=True, slots=True)
class DeltaRow:
    """Accuracy on the test photographs whose mean is at least `delta` from the border.

    Attributes:
        delta: in points; 0: all of them.
        n: how many.
        accuracy: share rightly called high or low; None where there is no photograph.
        interval: 95 % bootstrap interval of it.
        majority: what guessing the larger class would reach.
        balanced_accuracy: untouched by the classes' sizes; None where one is empty.
        published: accuracy of the published method on the whole list.
    """

    delta: float
    n: int
    accuracy: float | None = None
    interval: tuple[float, float] | None = None
    majority: float | None = None
    balanced_accuracy: float | None = None
    published: float | None = None


@dataclass(frozen=True, slots=True)
class ProtocolTrial:
    """The outcome.

    Attributes:
        protocol: one of `PROTOCOLS`.
        rows: one a delta.
        trial: every other figure, on the whole list.
    """

    protocol: str
    rows: tuple[DeltaRow, ...]
    trial: Trial

    def as_json(self) -> Json:
        """One object of plain numbers."""
        deltas = [
            {name: _rounded(value) for name, value in asdict(row).items()} for row in self.rows
        ]
        return {"protocol": self.protocol, "deltas": deltas, **self.trial.as_json()}


def summarize_protocol(
    judged: Sequence[TimedAssessment], photos: RatedPhotos, *, assessor: Assessor, seed: int = 0
) -> ProtocolTrial:
    """Compare what the assessor said of AVA's test photographs with what people said.

    Args:
        judged: of all the photographs, in their order; what could not be read does not count.
        photos: of `ava_lists.read_test_photos`.
        assessor: that judged them.
        seed: of the intervals.
    """
    chances = np.array(
        [
            one.result.aesthetic.high_quality if isinstance(one.result, Assessment) else np.nan
            for one in judged
        ]
    )
    seen = np.isfinite(chances)
    called, high = chances[seen] >= 0.5, photos.score[seen] >= HIGH_FROM
    distance = np.abs(photos.score[seen] - HIGH_FROM)
    rng = np.random.default_rng(seed)
    rows = []
    for delta in DELTAS:
        clear = distance >= delta
        right, truth = (called == high)[clear], high[clear]
        if not len(right):
            rows.append(DeltaRow(delta, 0, published=PUBLISHED.get(delta)))
            continue
        balanced = metrics.balanced_accuracy(called[clear], truth)
        rows.append(
            DeltaRow(
                delta,
                len(right),
                accuracy=float(right.mean()),
                interval=metrics.bootstrap(
                    lambda at, right=right: float(right[at].mean()),  # type: ignore[misc]
                    count=len(right),
                    rng=rng,
                    draws=_DRAWS,
                ),
                majority=float(max(truth.mean(), 1 - truth.mean())),
                balanced_accuracy=None if np.isnan(balanced) else balanced,
                published=PUBLISHED.get(delta),
            )
        )
    trial = summarize_trial(judged, photos, assessor=assessor, high_from=HIGH_FROM, seed=seed)
    return ProtocolTrial("ava", tuple(rows), trial)


def _rounded(value: object) -> object:
    if isinstance(value, tuple):
        return [round(one, 4) for one in value]
    return round(value, 4) if isinstance(value, float) else value
