"""Heads as weights: their file, and the card that leads to their encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.encoders.heads import EncoderHeads
from goodside.aesthetics.encoders.replaced import remove_leftovers, replaced_card
from goodside.images import atomic_write, make_folder
from goodside.runtime import EncoderReference, ModelCard, renew_checksums
from goodside.runtime.checksums import sha256_of
from goodside.types import FloatArray, Json
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.export.reference import (
    attributes_by_semantic,
    reference_by_semantic,
)
from goodside_train.aesthetics.heads.fit import HeadKinds
from goodside_train.aesthetics.heads.sources import RatedSources


@dataclass(frozen=True, slots=True)
class HeadsCard:
    """What the card of new heads says that neither the encoder nor a measurement can.

    Attributes:
        name: of the weights.
        version: of the weights.
        data: what the heads were learnt from.
        terms: what may be done with them, beside what the encoder's card says; None: nothing more.
    """

    name: str
    version: str = "1.0.0"
    data: str | None = None
    terms: str | None = None


def draft_card(
    base: ModelCard, labels: Labels, *, about: HeadsCard, rated: RatedSources
) -> ModelCard:
    """The card before anything is measured.

    Args:
        base: of the encoder.
        labels: of the photographs that could be read.
        about: name, version and the like.
        rated: where they come from.
    """
    kinds = HeadKinds.of(labels)
    return ModelCard(
        name=about.name,
        version=about.version,
        task="aesthetics",
        title=f"Heads on {base.identifier}, learnt from {len(labels)} rated photographs",
        sha256="0" * 64,
        size_bytes=1,
        license=base.license,
        terms=base.terms if about.terms is None else f"{base.terms} {about.terms}",
        source=f"linear heads, fitted by goodside; the encoder: {base.source}",
        data=about.data
        or f"{len(labels)} photographs with ratings (layout {rated.layout}); "
        f"the encoder: {base.data}",
        preprocessing=base.preprocessing,
        facts={
            "scale": "1 to 10",
            "high_from": labels.high_from,
            "semantic_labels": list(labels.tag_names) if kinds.semantic else [],
            "emotion_labels": [],
            "attribute_labels": list(labels.attribute_names) if kinds.attributes else [],
            "reference_quantiles": np.linspace(1, 10, 101).tolist(),
            "temperature": 1.0,
        },
        heads_on=EncoderReference(name=base.name, fingerprint=base.fingerprint),
    )


def reference_facts(
    card: ModelCard, said: Mapping[str, FloatArray], *, scores: NDArray[np.float64]
) -> Json:
    """The card's facts that percentiles come from.

    Args:
        card: with the labels.
        said: outputs of the heads for N photographs, by name.
        scores: (N,) of the same, each by heads that did not learn from it.
    """
    facts: Json = {
        "reference": f"predictions for the {len(scores)} rated photographs, each by heads that "
        "did not learn from it",
        "reference_quantiles": np.quantile(scores, np.linspace(0, 1, 101)).round(4).tolist(),
    }
    if "semantic_logits" not in said:
        return facts
    tags = card.facts["semantic_labels"]
    chances = 0.5 * (1 + np.tanh(0.5 * said["semantic_logits"]))
    facts["reference_by_semantic"] = reference_by_semantic(scores, chances, tags)
    if "technical" in said:
        columns = [said[name] for name in ("attributes", "technical") if name in said]
        facts["attributes_by_semantic"] = attributes_by_semantic(
            np.concatenate(columns, axis=1),
            chances,
            tags,
            names=(*card.facts["attribute_labels"], "technical"),
        )
    return facts


def write_heads(card: ModelCard, heads: EncoderHeads, *, folder: Path) -> ModelCard:
    """Write `NAME.npz`, then `NAME.json` with its sha256; returns the card as written.

    Files of a model that had the name before are removed.

    Raises:
        OutputError: the system refuses.
    """
    make_folder(folder)
    before = replaced_card(card.name, folder=folder)
    path, card_path = folder / f"{card.name}.npz", folder / f"{card.name}.json"
    with atomic_write(path, overwrite=True) as stream:
        heads.write(stream)
    card = card.model_copy(update={"sha256": sha256_of(path), "size_bytes": path.stat().st_size})
    with atomic_write(card_path, overwrite=True) as stream:
        stream.write(f"{card.model_dump_json(indent=2)}\n".encode())
    gone = remove_leftovers(before, card, folder=folder)
    renew_checksums(path, card_path, folder=folder, gone=gone)
    return card
