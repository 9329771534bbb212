"""Model cards: what has to be said about a set of weights, in a JSON file beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from goodside.errors import WeightsError, reason_of
from goodside.json_text import read_json
from goodside.types import FloatArray, RgbImage

_MAX_BYTES = 10_000_000


_Level = Annotated[float, Field(allow_inf_nan=False)]
_Spread = Annotated[float, Field(gt=0, allow_inf_nan=False)]


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
    mean: tuple[_Level, _Level, _Level] = (127.5, 127.5, 127.5)
    std: tuple[_Spread, _Spread, _Spread] = (127.5, 127.5, 127.5)
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


def _inside(name: str) -> str:
    """A path below the card's folder.

    Raises:
        ValueError: it leads elsewhere.
    """
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError("the file does not lie below the card's folder")
    return name


_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_FileName = Annotated[str, AfterValidator(_inside)]


class EncoderGraph(BaseModel):
    """How an image encoder that goodside did not make is read: one picture in, features out.

    Attributes:
        file: the ONNX file, from the card's folder; by default `NAME.onnx` beside the card.
        input: name of the graph's input.
        dtype: what the input takes.
        output: name of the output that is read.
        pooling: `none` where the output is (N, D); of tokens (N, T, D) `first` takes the first,
            which is the class token, `mean` the mean of all.
        features: D, the length of an embedding.
        batch: how many pictures a run takes; None: any number.
        tensor_files: the sha256 of each file that holds tensors of the graph, by its path from the
            ONNX file's folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: _FileName | None = None
    input: str
    dtype: Literal["float32", "float16"] = "float32"
    output: str
    pooling: Literal["none", "first", "mean"] = "none"
    features: int = Field(gt=0)
    batch: int | None = Field(default=None, gt=0)
    tensor_files: dict[_FileName, _Sha256] = Field(default_factory=dict)


class EncoderReference(BaseModel):
    """The encoder that heads were learnt on.

    Attributes:
        name: of its card.
        fingerprint: of its files, see `ModelCard.fingerprint`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fingerprint: _Sha256


class ModelCard(BaseModel):
    """What one set of weights is, where it comes from, and how well it does.

    Attributes:
        name: the file's stem; `version` follows SemVer; `task` names the room that reads it.
        sha256, size_bytes: of the ONNX file; of weights with `heads_on`, of `NAME.npz`.
        license: SPDX identifier of the weights; `terms` says in words what that allows.
        source: where the weights come from (package and version, or our own training run).
        data: what they were trained on and under which terms.
        preprocessing: from pixels to input.
        metrics: figures with their data set, as measured.
        facts: whatever else the room needs (class names, reference quantiles, calibration).
        encoder: how to read an image encoder of one's own; None for all other weights.
        heads_on: the encoder, where the weights are linear heads in `NAME.npz` on its embedding.
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
    encoder: EncoderGraph | None = None
    heads_on: EncoderReference | None = None

    @model_serializer(mode="wrap")
    def _without_parts_it_lacks(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = write(self)
        lacking = [name for name in ("encoder", "heads_on") if fields.get(name) is None]
        return {name: value for name, value in fields.items() if name not in lacking}

    @property
    def identifier(self) -> str:
        """Name and version, as results quote them: `aesthetics-lite0 1.0.0`."""
        return f"{self.name} {self.version}"

    @property
    def fingerprint(self) -> str:
        """A sha256 over all files of the weights; `sha256` itself where that is one file."""
        tensors = {} if self.encoder is None else self.encoder.tensor_files
        if not tensors:
            return self.sha256
        return hashlib.sha256(
            ":".join([self.sha256, *sorted(tensors.values())]).encode()
        ).hexdigest()


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
