"""Models at run time: cards, the weights store and ONNX Runtime sessions."""

from goodside.runtime.card import (
    EncoderGraph,
    EncoderReference,
    ModelCard,
    Preprocessing,
    read_card,
)
from goodside.runtime.checksums import renew_checksums, write_checksums
from goodside.runtime.onnx_runtime import import_onnxruntime, switch_telemetry_off
from goodside.runtime.session import Session, open_session
from goodside.runtime.store import WeightsStore, default_models_folder

__all__ = [
    "EncoderGraph",
    "EncoderReference",
    "ModelCard",
    "Preprocessing",
    "Session",
    "WeightsStore",
    "default_models_folder",
    "import_onnxruntime",
    "open_session",
    "read_card",
    "renew_checksums",
    "switch_telemetry_off",
    "write_checksums",
]
