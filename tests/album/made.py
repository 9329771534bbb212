"""Made assessments and pictures for the tests of this room."""

from __future__ import annotations

import numpy as np

from goodside.album.catalog import StoredAssessment
from goodside.album.report import Tile
from goodside.album.thumbnail import Picture, shrink
from goodside.tags import display_name
from goodside.types import Aesthetic, Assessment, Tag
from tests.images.made import textured


def assessment(score: float, *, labels: tuple[str, ...] = ("portrait", "plant")) -> Assessment:
    """An assessment whose distribution has (nearly) this mean."""
    values = np.arange(1, 11)
    shares = np.exp(-((values - score) ** 2) / 3)
    shares /= shares.sum()
    mean = float(shares @ values)
    return Assessment(
        width=1200,
        height=800,
        aesthetic=Aesthetic(
            score=mean,
            std=float(np.sqrt(shares @ (values - mean) ** 2)),
            distribution=tuple(float(share) for share in shares),
            high_quality=min(1.0, mean / 10),
            percentile=10 * mean,
        ),
        semantics=tuple(Tag(label, 0.9 - 0.3 * index) for index, label in enumerate(labels)),
        model="judge 1.0.0",
    )


def picture(width: int = 60, height: int = 40, *, seed: int = 0) -> Picture:
    """A small encoded picture."""
    return shrink(textured(width, height, seed=seed), side_px=640)


def tile(name: str, score: float, *, labels: tuple[str, ...] = ("portrait",)) -> Tile:
    """A ranked photograph with this score."""
    judged = assessment(score, labels=labels)
    return Tile(
        name=name,
        picture=picture(seed=len(name)),
        judged=StoredAssessment(
            judged.model,
            judged.aesthetic,
            {tag.label: tag.probability for tag in judged.semantics},
        ),
        tags=tuple(display_name(tag.label) for tag in judged.semantics),
        size_px=(judged.width, judged.height),
    )
