"""Model cards: what has to be said about a set of weights, in a JSON file beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goodside.errors import WeightsError, reason_of
from goodside.json_text import read_json
from goodside.types import FloatArray, RgbImage

_MAX_BYTES = 10_000_000


class Preprocessing(BaseModel):
    """How pixels become the network's input; it travels with the weights.

    Attributes:
        width_px, height_px: the input's size.
        mean, std: per channel, on the 0-255 scale; input = (pixel - mean) / std.
        layout: order of the axes, `NCHW` or `NHWC`.
        fit: how a photograph of another shape is brought to the size: `squash` ignores its shape,
            `crop` takes the middle, `pad` adds the mean around it, `aligned` says that the room
            that uses the network aligns its input itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    mean: tuple[float, float, float] = (127.5, 127.5, 127.5)
    std: tuple[float, float, float] = (127.5, 127.5, 127.5)
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    fit: Literal["squash", "crop", "pad", "aligned"] = "aligned"

    def normalize(self, batch: RgbImage) -> FloatArray:
        """Turn pixels into the network's input.

        Args:
            batch: (N, H, W, 3) uint8 sRGB, already of the card's size.

        Returns:
            float32, (N, 3, H, W) or (N, H, W, 3) as `layout` says.

        Raises:
            ValueError: the batch has another shape.
        """
        expected = (self.height_px, self.width_px, 3)
        if batch.ndim != 4 or batch.shape[1:] != expected:
            raise ValueError(f"expected (N, {expected[0]}, {expected[1]}, 3), got {batch.shape}")
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        scaled = (batch.astype(np.float32) - mean) / std
        return (
            np.ascontiguousarray(scaled.transpose(0, 3, 1, 2)) if self.layout == "NCHW" else scaled
        )


class ModelCard(BaseModel):
    """What one set of weights is, where it comes from, and how well it does.

    Attributes:
        name: the file's stem; `version` follows SemVer; `task` names the room that reads it.
        sha256, size_bytes: of the ONNX file.
        license: SPDX identifier of the weights; `terms` says in words what that allows.
        source: where the weights come from (package and version, or our own training run).
        data: what they were trained on and under which terms.
        preprocessing: from pixels to input.
        metrics: figures with their data set, as measured.
        facts: whatever else the room needs (class names, reference quantiles, calibration).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    task: str
    title: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(gt=0)
    license: str
    terms: str
    source: str
    data: str
    preprocessing: Preprocessing
    metrics: dict[str, Any] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """Name and version, as results quote them: `aesthetics-lite0 1.0.0`."""
        return f"{self.name} {self.version}"


def read_card(path: Path) -> ModelCard:
    """Read and check a card.

    Raises:
        WeightsError: the file is missing, is not JSON, or lacks a field.
    """
    remedy = "reinstall goodside, or point GOODSIDE_WEIGHTS_DIR at a complete folder of weights"
    try:
        return ModelCard.model_validate(read_json(path))
    except FileNotFoundError as error:
        raise WeightsError("the model card is missing", path=path, remedy=remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WeightsError(
            f"the model card cannot be read: {where}: {first['msg'].lower()}",
            path=path,
            remedy=remedy,
        ) from error
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"the model card cannot be read: {reason_of(error)}", path=path, remedy=remedy
        ) from error
