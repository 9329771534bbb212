"""The aesthetic network with its card: pixels of the input's size in, plain figures out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from goodside.aesthetics.network import check_opinion, open_network
from goodside.aesthetics.photo_detector import read_photo_detector
from goodside.aesthetics.scores import BINS, MIDDLE, USUAL_SPREAD, distribution_from_mean
from goodside.aesthetics.taste import Taste, Traits
from goodside.aesthetics.words import read_words
from goodside.errors import WeightsError
from goodside.runtime import WeightsStore
from goodside.types import Aesthetic, FloatArray, PhotoVerdict, RgbImage, Tag

_DISTRIBUTION_ONLY: dict[str, Any] = {
    "semantic_labels": (),
    "reference_quantiles": np.linspace(1, 10, 101),  # without reference: the place on the scale
    "temperature": 1.0,
}
"""Facts of a network with no other head, whose card says so: `"heads": ["distribution"]`."""

_NO_HEADS: dict[str, Any] = {"high_from": 5.5}
"""Facts of an encoder alone, whose only scores can be those of a taste."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The network's outputs for N photographs.

    Attributes:
        distribution: (N, 10) float32, shares of the scores 1 ... 10, rows sum to 1.
        quality_logits: (N, 2) float32, low and high.
        semantic_logits: (N, M) float32, one tag a column.
        embedding: (N, D) float32, the shared features under the heads.
        attributes: (N, K) float32, the attributes on the 1-10 scale, and the technical quality as
            the last of them; K is 0 where the network has none.
        word_logits: (N, W) float32, one searchable word a column; W is 0 where there is none.
    """

    distribution: FloatArray
    quality_logits: FloatArray
    semantic_logits: FloatArray
    embedding: FloatArray
    attributes: FloatArray
    word_logits: FloatArray


class AestheticModel:
    """Runs the network and reads its outputs by the card.

    Args:
        store: where the weights lie.
        model: the name of the weights.
        threads: ONNX Runtime threads.
        taste: gives an encoder without heads its scores; the others have their own.

    Raises:
        WeightsError: the card is missing, or lacks a fact that is needed here.
    """

    def __init__(
        self, store: WeightsStore, model: str, *, threads: int = 1, taste: Taste | None = None
    ) -> None:
        self._network = open_network(store, model, threads=threads)
        self.card = self._network.card
        facts = self.card.facts
        self._attribute_names = (*facts.get("attribute_labels", ()), "technical")
        self._words = read_words(self.card)
        self._taste = taste
        self._has_heads = self.card.encoder is None
        self._bare = not self._has_heads or facts.get("heads") == ["distribution"]
        if self._bare:
            facts = _DISTRIBUTION_ONLY | ({} if self._has_heads else _NO_HEADS) | facts
        try:
            self.labels = tuple(str(label) for label in facts["semantic_labels"])
            self._quantiles = np.asarray(facts["reference_quantiles"], dtype=np.float64)
            self._temperature = float(facts["temperature"])
            self._high_from = float(facts["high_from"]) if self._bare else 0.0
        except (KeyError, TypeError, ValueError) as error:
            raise _unfit(model, f"the card lacks the fact {error}") from error
        self._detector = read_photo_detector(self.card)
        if self._quantiles.shape != (101,) or (np.diff(self._quantiles) < 0).any():
            raise _unfit(model, "the card's reference quantiles are not 101 rising numbers")

    def load(self) -> None:
        """Load the network now rather than when it is first run.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """
        self._network.load()

    def run(self, batch: RgbImage) -> Outputs:
        """Judge photographs of the input's size.

        Args:
            batch: (N, H, W, 3) uint8 sRGB, of the card's size.

        Raises:
            WeightsError: the weights are missing, corrupt, or are no aesthetic network, or an
                encoder has neither heads nor a taste.
        """
        self.check_opinion()
        outputs = self._infer(batch)
        if self._taste is not None and not self._has_heads:
            liked = self._taste.scores(_without_score(outputs["embedding"]))
            spread = np.full(len(liked), USUAL_SPREAD)
            votes = distribution_from_mean(liked, std=spread)
            outputs["distribution"] = votes.astype(np.float32)
        return self.read(outputs)

    def check_opinion(self) -> None:
        """Refuse an encoder that nothing was learnt on.

        Raises:
            WeightsError: it is one, and there is no taste for it.
        """
        if self._taste is None:
            check_opinion(self.card)

    def embed(self, batch: RgbImage) -> FloatArray:
        """The shared features of photographs, (N, D) float32; an encoder needs no heads for them.

        Args:
            batch: as for `run`.

        Raises:
            WeightsError: as for `run`.
        """
        features: FloatArray = self._infer(batch)["embedding"]
        return features

    def see(self, batch: RgbImage) -> Traits:
        """What a taste looks at in photographs; an encoder needs no heads for it.

        Args:
            batch: as for `run`.

        Raises:
            WeightsError: as for `run`.
        """
        if self._has_heads:
            return self.traits(self.run(batch))
        return _without_score(self.embed(batch))

    def read(self, outputs: dict[str, Any]) -> Outputs:
        """A network's outputs, by their names, with what it does not give made up from the rest.

        Raises:
            WeightsError: one is missing that it has to give.
        """
        count = len(next(iter(outputs.values())))
        try:
            if not self.labels:
                outputs["semantic_logits"] = np.zeros((count, 0), np.float32)
            if self._bare:
                votes = outputs["distribution"]
                outputs["quality_logits"] = _logits_of_votes(votes, high_from=self._high_from)
            return Outputs(
                distribution=outputs["distribution"],
                quality_logits=outputs["quality_logits"],
                semantic_logits=outputs["semantic_logits"],
                embedding=outputs["embedding"],
                attributes=_attributes(outputs),
                word_logits=outputs.get("word_logits", np.zeros((count, 0), np.float32)),
            )
        except KeyError as error:
            raise _unfit(self.card.name, f"the network has no output {error}") from error

    def time_ms(self, *, runs: int = 30) -> float:
        """Median time of the network alone for one photograph, in milliseconds.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """
        size = self.card.preprocessing
        noise = np.random.default_rng(0).integers(0, 256, (1, size.height_px, size.width_px, 3))
        image = size.normalize(noise.astype(np.uint8))
        self._network.infer(image)  # loads it
        times_ms = []
        for _ in range(runs):
            start = time.perf_counter()
            self._network.infer(image)
            times_ms.append(1000 * (time.perf_counter() - start))
        return float(np.median(times_ms))

    def _infer(self, batch: RgbImage) -> dict[str, Any]:
        outputs = self._network.infer(self.card.preprocessing.normalize(batch))
        if "embedding" not in outputs:
            raise _unfit(self.card.name, "the network has no output 'embedding'")
        return outputs

    def aesthetic(self, verdicts: Outputs, row: int) -> Aesthetic:
        """Score, spread, probability of high quality and percentile of one photograph."""
        share = verdicts.distribution[row].astype(np.float64)
        share /= share.sum()
        score = float(share @ BINS)
        low, high = (float(logit) / self._temperature for logit in verdicts.quality_logits[row])
        return Aesthetic(
            score=score,
            std=float(np.sqrt(share @ (BINS - score) ** 2)),
            distribution=tuple(float(value) for value in share),
            high_quality=float(_sigmoid(high - low)),
            percentile=self.percentile(score),
        )

    def tags(self, verdicts: Outputs, row: int) -> tuple[Tag, ...]:
        """Every semantic label with its probability, the most probable first.

        The labels do not exclude each other, so the probabilities need not sum to 1.
        """
        probabilities = _sigmoid(verdicts.semantic_logits[row].astype(np.float64))
        tags = [Tag(label, float(p)) for label, p in zip(self.labels, probabilities, strict=True)]
        return tuple(sorted(tags, key=lambda tag: -tag.probability))

    def words(self, verdicts: Outputs, row: int) -> tuple[Tag, ...]:
        """The searchable words it is sure of, the most probable first."""
        return self._words.chosen(verdicts.word_logits[row])

    def technical(self, verdicts: Outputs, row: int) -> float | None:
        """The technical quality, 1-10; None where the network has no such output."""
        if not verdicts.attributes.shape[1]:
            return None
        return float(np.clip(verdicts.attributes[row, -1], 1, 10))

    def photo_verdict(self, verdicts: Outputs, row: int) -> PhotoVerdict | None:
        """Whether it is a photograph at all; None where the card cannot tell.

        Raises:
            WeightsError: the card's detector is of another network.
        """
        if self._detector is None:
            return None
        return self._detector.judge(verdicts.embedding[row, None])[0]

    def traits(self, verdicts: Outputs) -> Traits:
        """What a taste looks at."""
        if not self._has_heads:
            return _without_score(verdicts.embedding)
        scores = [self.aesthetic(verdicts, row).score for row in range(len(verdicts.distribution))]
        tags = _sigmoid(verdicts.semantic_logits.astype(np.float64))
        return Traits(np.array(scores), verdicts.embedding, tags.astype(np.float32))

    def attributes(self, verdicts: Outputs, row: int) -> dict[str, float]:
        """The attributes and the technical quality by name, 1-10; empty where there are none."""
        return dict(zip(self._attribute_names, map(float, verdicts.attributes[row]), strict=False))

    def percentile(self, score: float) -> float:
        """Share of the card's reference photographs that score lower, 0-100."""
        return float(np.interp(score, self._quantiles, np.arange(101)))


def _without_score(embedding: FloatArray) -> Traits:
    """What a taste looks at where nothing gives a score: the middle of the scale for all."""
    count = len(embedding)
    nothing = np.zeros((count, 0), np.float32)
    return Traits(np.full(count, MIDDLE), embedding, nothing, has_score=False)


def _attributes(outputs: dict[str, Any]) -> FloatArray:
    if "technical" not in outputs:
        return np.zeros((len(outputs["distribution"]), 0), np.float32)
    if "attributes" not in outputs:
        technical: FloatArray = outputs["technical"]
        return technical
    return np.concatenate([outputs["attributes"], outputs["technical"]], axis=1)


def _logits_of_votes(distribution: FloatArray, *, high_from: float) -> FloatArray:
    """Low and high, (N, 2), from the votes alone, (N, 10).

    The odds are those that a bell of the votes' mean and spread lies above `high_from`: even where
    the score is `high_from`. A logistic curve stands for the bell's integral (scale 1.702).
    """
    score = distribution @ BINS
    spread = np.sqrt(np.maximum(distribution @ BINS**2 - score**2, 1e-6))
    odds = 1.702 * (score - high_from) / spread
    logits: FloatArray = np.stack([np.zeros_like(odds), odds], axis=1).astype(np.float32)
    return logits


def _sigmoid(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * x))


def _unfit(model: str, reason: str) -> WeightsError:
    return WeightsError(
        f"{model} cannot be used to assess photographs: {reason}",
        remedy="name a model whose card says task: aesthetics",
    )
