"""Models at run time: cards, the weights store and ONNX Runtime sessions."""

from goodside.runtime.card import ModelCard, Preprocessing, read_card
from goodside.runtime.session import Session, open_session
from goodside.runtime.store import WeightsStore

__all__ = [
    "ModelCard",
    "Preprocessing",
    "Session",
    "WeightsStore",
    "open_session",
    "read_card",
]
