"""An image encoder of one's own at run time: input in, one embedding a picture out."""

from __future__ import annotations

import numpy as np

from goodside.aesthetics.encoders.inspect import pooled
from goodside.errors import WeightsError
from goodside.runtime import EncoderGraph, ModelCard, Session, WeightsStore
from goodside.types import FloatArray

TASK = "encoder"
"""Of the card of an encoder: it has no opinion until something is learnt on it."""


class Encoder:
    """Runs an encoder by its card.

    Args:
        store: where the weights lie.
        name: of the encoder.
        threads: ONNX Runtime threads.

    Raises:
        WeightsError: there is no such card, or it is none of an encoder.
    """

    def __init__(self, store: WeightsStore, name: str, *, threads: int = 1) -> None:
        self._session = Session(store, name, threads=threads)
        self.card: ModelCard = self._session.card
        if self.card.encoder is None:
            raise WeightsError(
                f"{name} is no encoder: its card does not say how to read it",
                remedy="add its ONNX file with goodside model add",
            )
        self.graph: EncoderGraph = self.card.encoder

    def load(self) -> None:
        """Load the network now; errors as for `embed`."""
        self._session.load()

    def embed(self, inputs: FloatArray) -> FloatArray:
        """(N, D) float32 embeddings of N pictures, as the card's preprocessing makes them.

        Raises:
            WeightsError: a file is missing or corrupt, or the network gives something else than
                its card says.
        """
        step = self.graph.batch or max(1, len(inputs))
        parts = [
            self._embedded(inputs[start : start + step], step=step)
            for start in range(0, len(inputs), step)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.graph.features), np.float32)

    def _embedded(self, inputs: FloatArray, *, step: int) -> FloatArray:
        """Of at most `step` pictures; a run that is not full is filled up with the last one."""
        missing = step - len(inputs)
        full = inputs if not missing else np.concatenate([inputs, inputs[-1:].repeat(missing, 0)])
        graph = self.graph
        given = self._session.run({graph.input: full.astype(graph.dtype)}).get(graph.output)
        axes = 2 if graph.pooling == "none" else 3
        if given is None or given.ndim != axes or given.shape[-1] != graph.features:
            found = "none" if given is None else f"of the shape {given.shape}"
            raise WeightsError(
                f"{self.card.name} should give {graph.output} with {graph.features} features, "
                f"there is {found}",
                remedy="add it again with goodside model add",
            )
        features = pooled(given, graph.pooling)[: len(inputs)]
        if not np.isfinite(features).all():
            raise WeightsError(
                f"{self.card.name} gives numbers that are not finite for a photograph",
                remedy="use an export in float32: in float16 some encoders overflow",
            )
        return features
