"""A trial of an assessor on photographs that people have rated."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TextIO

import numpy as np

from goodside.aesthetics.assess import Assessor
from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.evaluation.evaluate import Evaluation, Truth, measure
from goodside.aesthetics.evaluation.labels import labels_in
from goodside.aesthetics.evaluation.rated_photos import RatedPhotos, Scale
from goodside.aesthetics.scores import rescale
from goodside.errors import ImageError
from goodside.spreadsheet import escape_cell
from goodside.tags import display_name
from goodside.types import Assessment, Json

_FEWEST = 3
"""Photographs of a category below which no correlation is given."""


@dataclass(frozen=True, slots=True)
class TimedAssessment:
    """What became of one photograph: an assessment or the error in its place, and the time."""

    result: Assessment | ImageError
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Category:
    """The photographs of one semantic label.

    Attributes:
        n: how many.
        srcc, plcc: correlation with people within the category; None for fewer than three.
        mean_score: of the assessments, 1-10.
        mean_truth: of people's scores, 1-10; in the table's unit where its scale is not known.
    """

    n: int
    srcc: float | None
    plcc: float | None
    mean_score: float
    mean_truth: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome.

    Attributes:
        evaluation: over the photographs that could be read.
        errors: photographs that could not.
        by_category: one entry a semantic label of these photographs; None where they have none.
        ms_per_image: the network alone, median of single photographs.
        ms_with_decoding: reading, decoding and judging a photograph, median; None without any.
        scale: of the table's scores, None where it is not known.
        high_from: scores from here on count as high quality, in the table's unit.
        model: name and version of the weights.
    """

    evaluation: Evaluation
    errors: int
    by_category: dict[str, Category] | None
    ms_per_image: float
    ms_with_decoding: float | None
    scale: Scale | None
    high_from: float
    model: str

    def as_json(self) -> Json:
        """One object of plain numbers; None where the labels do not allow a figure."""
        figures = self.evaluation.as_json()
        categories = self.by_category
        return {
            "n": figures.pop("n"),
            "errors": self.errors,
            **figures,
            "ms_per_image": round(self.ms_per_image, 3),
            "ms_with_decoding": _rounded(self.ms_with_decoding),
            "by_category": None
            if categories is None
            else {
                label: {name: _rounded(value) for name, value in asdict(category).items()}
                for label, category in categories.items()
            },
            "scale": self.scale,
            "high_from": self.high_from,
            "model": self.model,
        }


def assess_each_timed(assessor: Assessor, photos: RatedPhotos) -> Iterator[TimedAssessment]:
    """Assess the photographs one by one, in their order.

    Raises:
        WeightsError: the weights are missing or corrupt.
    """
    for path in photos.paths:
        start = time.perf_counter()
        result: Assessment | ImageError
        try:
            result = assessor.assess(path)
        except ImageError as error:
            result = error
        yield TimedAssessment(result, time.perf_counter() - start)


def summarize_trial(
    judged: Sequence[TimedAssessment],
    photos: RatedPhotos,
    *,
    assessor: Assessor,
    high_from: float | None = None,
    seed: int = 0,
) -> Trial:
    """Compare what the assessor said with what people said.

    Args:
        judged: of all the photographs, in their order.
        photos: with their ratings.
        assessor: that judged them; its network is timed.
        high_from: scores from here on count as high quality, in the table's unit; by default the
            middle of the scale.
        seed: of the intervals.

    Raises:
        ValueError: the lengths differ.
    """
    pairs = list(zip(judged, range(len(photos)), strict=True))
    rows = [row for one, row in pairs if isinstance(one.result, Assessment)]
    assessments = [one.result for one in judged if isinstance(one.result, Assessment)]
    known = photos.take(rows)
    border = photos.middle if high_from is None else high_from
    times_s = [judged[row].elapsed_s for row in rows]
    return Trial(
        evaluation=measure(assessments, _truth(known, high_from=border), seed=seed)
        if rows
        else Evaluation(n=0),
        errors=len(judged) - len(rows),
        by_category=_by_category(assessments, known),
        ms_per_image=assessor.network_ms(),
        ms_with_decoding=1000 * float(np.median(times_s)) if rows else None,
        scale=photos.scale,
        high_from=border,
        model=assessor.card.identifier,
    )


def write_scores(stream: TextIO, judged: Sequence[TimedAssessment], photos: RatedPhotos) -> None:
    """Write a line a photograph as CSV: what the assessor and what people said, or the error.

    Cells of text that a spreadsheet would run are made harmless, see `escape_cell`.
    """
    writer = csv.writer(stream)
    writer.writerow(
        ("image", "score", "std", "high_quality", "percentile", "semantic", "truth", "error")
    )
    for one, name, truth in zip(judged, photos.names, photos.score, strict=True):
        if isinstance(one.result, Assessment):
            said = one.result.aesthetic
            figures = (said.score, said.std, said.high_quality, said.percentile)
            label = display_name(one.result.semantics[0].label) if one.result.semantics else ""
            numbers = (f"{value:.4f}" for value in figures)
            writer.writerow((escape_cell(name), *numbers, escape_cell(label), truth, ""))
        else:
            why = escape_cell(one.result.message)
            writer.writerow((escape_cell(name), "", "", "", "", "", truth, why))


def _truth(photos: RatedPhotos, *, high_from: float) -> Truth:
    ten = photos.ten
    if photos.scale is not None:
        high_from = float(rescale(np.array(high_from), low=photos.scale[0], high=photos.scale[1]))
    return Truth(
        score=photos.score if ten is None else ten,
        high_from=high_from,
        distribution=photos.distribution,
        semantic=photos.semantic,
        in_points=ten is not None,
    )


def _by_category(
    assessments: Sequence[Assessment], photos: RatedPhotos
) -> dict[str, Category] | None:
    if photos.semantic is None:
        return None
    said = np.array([one.aesthetic.score for one in assessments])
    truth = photos.score if photos.ten is None else photos.ten
    named = [labels_in(text) for text in photos.semantic]
    found: dict[str, Category] = {}
    for label in sorted(frozenset().union(*named)):
        rows = np.array([label in names for names in named])
        ours, theirs = said[rows], truth[rows]
        enough = len(ours) >= _FEWEST
        found[label] = Category(
            n=len(ours),
            srcc=metrics.srcc(ours, theirs) if enough else None,
            plcc=metrics.plcc(ours, theirs) if enough else None,
            mean_score=float(ours.mean()),
            mean_truth=float(theirs.mean()),
        )
    return found or None


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 4)
