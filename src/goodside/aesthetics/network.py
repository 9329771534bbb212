"""The network under an assessor: goodside's own, an encoder with heads, or an encoder alone."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray

from goodside.aesthetics.encoders.encoder import TASK, Encoder
from goodside.aesthetics.encoders.heads import EncoderHeads, read_heads
from goodside.errors import WeightsError
from goodside.runtime import ModelCard, Session, WeightsStore
from goodside.types import FloatArray

_INPUT = "image"


class Network(Protocol):
    """What judges: a card, and outputs by their names."""

    card: ModelCard

    def load(self) -> None:
        """Load it now rather than when it is first run; errors as for `infer`."""

    def infer(self, inputs: FloatArray) -> dict[str, NDArray[Any]]:
        """The outputs for N pictures, as the card's preprocessing makes them.

        Raises:
            WeightsError: the weights are missing or corrupt.
        """


def open_network(store: WeightsStore, name: str, *, threads: int = 1) -> Network:
    """The network that a card describes.

    Raises:
        WeightsError: the card is missing; heads are of another encoder than the one of its name.
    """
    card = store.card(name)
    if card.heads_on is not None:
        return _HeadsOnEncoder(store, card, threads=threads)
    if card.encoder is not None:
        return _EncoderAlone(store, name, threads=threads)
    return _OwnNetwork(store, name, threads=threads)


def check_opinion(card: ModelCard) -> None:
    """Refuse an encoder that nothing was learnt on: it cannot tell which photograph is better.

    Raises:
        WeightsError: it is one; the remedy says what to do.
    """
    if card.task == TASK:
        raise WeightsError(
            f"{card.name} is an encoder without heads: it has no opinion of photographs yet",
            remedy="learn heads from rated photographs with goodside train aesthetics --features "
            f"--model {card.name}, or a taste with goodside taste learn --model {card.name}",
        )


class _OwnNetwork:
    """All outputs from one graph."""

    def __init__(self, store: WeightsStore, name: str, *, threads: int) -> None:
        self._session = Session(store, name, threads=threads)
        self.card = self._session.card

    def load(self) -> None:
        self._session.load()

    def infer(self, inputs: FloatArray) -> dict[str, NDArray[Any]]:
        return self._session.run({_INPUT: inputs})


class _EncoderAlone:
    """An embedding, and nothing else."""

    def __init__(self, store: WeightsStore, name: str, *, threads: int) -> None:
        self._encoder = Encoder(store, name, threads=threads)
        self.card = self._encoder.card

    def load(self) -> None:
        self._encoder.load()

    def infer(self, inputs: FloatArray) -> dict[str, NDArray[Any]]:
        return {"embedding": self._encoder.embed(inputs)}


class _HeadsOnEncoder:
    """All outputs, by heads on an encoder's embedding."""

    def __init__(self, store: WeightsStore, card: ModelCard, *, threads: int) -> None:
        wanted = card.heads_on
        if wanted is None:
            raise ValueError(f"{card.name} has no heads on an encoder")
        self._store, self.card = store, card
        self._encoder = Encoder(store, wanted.name, threads=threads)
        if (found := self._encoder.card.fingerprint) != wanted.fingerprint:
            raise WeightsError(
                f"the heads of {card.name} were learnt on another encoder called {wanted.name} "
                f"({wanted.fingerprint[:12]}…) than the one here ({found[:12]}…)",
                remedy="learn them again with goodside train aesthetics --features",
            )
        if self._encoder.card.preprocessing != card.preprocessing:
            raise WeightsError(
                f"the encoder {wanted.name} reads its pixels otherwise than when the heads of "
                f"{card.name} were learnt",
                remedy="learn them again with goodside train aesthetics --features",
            )
        self._heads: EncoderHeads | None = None

    def load(self) -> None:
        self._encoder.load()
        self._read()

    def infer(self, inputs: FloatArray) -> dict[str, NDArray[Any]]:
        return dict(self._read().outputs(self._encoder.embed(inputs)))

    def _read(self) -> EncoderHeads:
        if self._heads is None:
            path = self._store.path(self.card.name)
            self._heads = read_heads(path, features=self._encoder.graph.features)
        return self._heads
