"""What an ONNX file of an image encoder takes and gives, found out from the file itself."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from goodside.aesthetics.encoders.presets import Preset, family_in
from goodside.aesthetics.encoders.tensor_files import tensor_files
from goodside.errors import WeightsError
from goodside.runtime import EncoderGraph, Preprocessing, import_onnxruntime
from goodside.runtime.checksums import sha256_of
from goodside.types import FloatArray

_DTYPES: dict[str, Literal["float32", "float16"]] = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
}
_CHANNELS = 3
_LARGEST_PX = 4096
_ALONE = "export the image encoder alone, with one input (N, 3, H, W)"
_KNOWN_OUTPUTS = (
    "image_embeds", "image_features", "pooler_output", "embedding", "embeddings", "features",
    "last_hidden_state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InspectedEncoder:
    """An encoder that was tried.

    Attributes:
        graph: how it is read.
        preprocessing: from pixels to input.
        warnings: what speaks against the preset, in words.
        ms_per_photo: time of a run on one thread, a picture.
    """

    graph: EncoderGraph
    preprocessing: Preprocessing
    warnings: tuple[str, ...]
    ms_per_photo: float


@dataclass(frozen=True, slots=True)
class _Input:
    name: str
    dtype: Literal["float32", "float16"]
    layout: Literal["NCHW", "NHWC"]
    batch: int | None
    height_px: int | None
    width_px: int | None


def inspect_encoder(
    path: Path,
    *,
    preset: Preset,
    size_px: int | None = None,
    output: str | None = None,
    pooling: Literal["first", "mean"] | None = None,
) -> InspectedEncoder:
    """Open an encoder's file, find its input and output, and run it on two made pictures.

    Args:
        path: the ONNX file; files with its tensors lie beside it.
        preset: the family it is of.
        size_px: side of the input, where the graph takes any; by default the preset's.
        output: name of the output to read; by default the likeliest embedding, else tokens.
        pooling: of tokens; by default the preset's.

    Raises:
        WeightsError: it cannot be loaded, a file beside it is missing, it is no image encoder, or
            what it gives is no embedding.
    """
    beside = tensor_files(path)
    for name in beside:
        if not (path.parent / name).is_file():
            raise WeightsError(
                f"the file {name} with the encoder's tensors is missing",
                path=path.parent / name,
                remedy="put it beside the ONNX file under this name",
            )
    session = _load(path)
    taken = _input(session, path)
    preprocessing = _preprocessing(taken, preset, size_px=size_px, path=path)
    outputs = {one.name: one for one in session.get_outputs()}
    chosen = output or _likeliest(outputs, preset)
    if chosen not in outputs:
        raise WeightsError(
            f"it has no output {chosen}", path=path, remedy=f"there are {', '.join(outputs)}"
        )
    pictures = _made_pictures(taken, preprocessing)
    given, ms_per_photo = _tried(session, taken, chosen, pictures, path=path)
    tokens = given.ndim == 3
    kind = (pooling or preset.pooling) if tokens else "none"
    graph = EncoderGraph(
        input=taken.name,
        dtype=taken.dtype,
        output=chosen,
        pooling=kind,
        features=given.shape[-1],
        batch=taken.batch,
        tensor_files={name: sha256_of(path.parent / name) for name in beside},
    )
    features = pooled(given, kind)
    if features.shape[1] < 2:
        raise WeightsError(
            f"its output {chosen} is a single number, no embedding",
            path=path,
            remedy=f"name another with --output; there are {', '.join(outputs)}",
        )
    if np.ptp(features, axis=0).max() <= 1e-6 * np.abs(features).max():
        raise WeightsError(
            f"its output {chosen} is the same for different pictures",
            path=path,
            remedy=f"name another with --output; there are {', '.join(outputs)}",
        )
    warnings = _doubts(path, preset, tokens=given.shape[1] if tokens else None)
    return InspectedEncoder(graph, preprocessing, warnings, ms_per_photo)


def pooled(given: FloatArray, pooling: str) -> FloatArray:
    """One embedding a picture, (N, D) float32, from an output (N, D) or tokens (N, T, D)."""
    if pooling == "first":
        given = given[:, 0]
    elif pooling == "mean":
        given = given.astype(np.float32).mean(axis=1)
    found: FloatArray = np.ascontiguousarray(given, dtype=np.float32)
    return found


def _load(path: Path) -> Any:
    ort = import_onnxruntime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime has no common base class for its errors
        raise WeightsError(
            f"ONNX Runtime {ort.__version__} cannot load the encoder: {error}",
            path=path,
            remedy="export it again, with an opset that this ONNX Runtime knows",
        ) from error


def _input(session: Any, path: Path) -> _Input:
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs)
        raise WeightsError(f"it takes {len(inputs)} inputs: {names}", path=path, remedy=_ALONE)
    one = inputs[0]
    shape = [size if isinstance(size, int) and size > 0 else None for size in one.shape]
    if len(shape) != 4:
        raise WeightsError(
            f"its input {one.name} has {len(shape)} axes, a batch of pictures has 4",
            path=path,
            remedy=_ALONE,
        )
    if one.type not in _DTYPES:
        raise WeightsError(
            f"its input {one.name} takes {one.type}, not float32 or float16",
            path=path,
            remedy="export it without its own preprocessing",
        )
    layout: Literal["NCHW", "NHWC"] = "NCHW"
    if shape[1] not in (None, _CHANNELS) and shape[3] in (None, _CHANNELS):
        layout = "NHWC"
    elif shape[1] not in (None, _CHANNELS):
        raise WeightsError(
            f"its input {one.name} has the shape {one.shape}: no axis has 3 channels",
            path=path,
            remedy=_ALONE,
        )
    elif shape[1] is None and shape[3] == _CHANNELS:
        layout = "NHWC"
    height, width = (shape[2], shape[3]) if layout == "NCHW" else (shape[1], shape[2])
    return _Input(one.name, _DTYPES[one.type], layout, shape[0], height, width)


def _preprocessing(
    taken: _Input, preset: Preset, *, size_px: int | None, path: Path
) -> Preprocessing:
    wanted = size_px or preset.size_px
    height, width = taken.height_px or wanted, taken.width_px or wanted
    if size_px is not None and (height, width) != (size_px, size_px):
        raise WeightsError(
            f"its input is {width} x {height} px, not {size_px}",
            path=path,
            remedy="leave --size out: the graph says it",
        )
    if max(height, width) > _LARGEST_PX:
        raise WeightsError(
            f"its input of {width} x {height} px is larger than {_LARGEST_PX}", path=path
        )
    return Preprocessing(
        width_px=width,
        height_px=height,
        mean=preset.mean,
        std=preset.std,
        layout=taken.layout,
        fit=preset.fit,
    )


def _likeliest(outputs: dict[str, Any], preset: Preset) -> str:
    """The output that holds an embedding by its name and shape; else the first that could."""

    def axes(name: str) -> int:
        return len(outputs[name].shape or ())

    for name in (*preset.outputs, *_KNOWN_OUTPUTS):
        if name in outputs:
            return name
    for count in (2, 3):
        for name in outputs:
            if axes(name) == count:
                return name
    return next(iter(outputs))


def _made_pictures(taken: _Input, preprocessing: Preprocessing) -> FloatArray:
    """Two pictures as input, or as many as a run takes: a ramp of colours, and noise."""
    count = max(2, taken.batch or 2)
    size = (preprocessing.height_px, preprocessing.width_px)
    down, across = np.mgrid[0 : size[0], 0 : size[1]]
    ramp = np.stack([255 * down / size[0], 255 * across / size[1], 128 + 0 * down], axis=-1)
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (count - 1, *size, 3))
    return preprocessing.normalize(np.concatenate([ramp[None], noise]).astype(np.uint8))


def _tried(
    session: Any, taken: _Input, output: str, pictures: FloatArray, *, path: Path
) -> tuple[FloatArray, float]:
    """What the output gives for the pictures, (N, D) or (N, T, D); and the time a picture."""
    step = taken.batch or len(pictures)
    parts, times_ms = [], []
    for start in range(0, len(pictures) - step + 1, step):
        feed = {taken.name: pictures[start : start + step].astype(taken.dtype)}
        begun = time.perf_counter()
        try:
            parts.append(np.asarray(session.run([output], feed)[0]))
        except Exception as error:  # ONNX Runtime has no common base class for its errors
            raise WeightsError(
                f"it does not run on pictures of {pictures.shape[2:]}: {error}",
                path=path,
                remedy="say the side that it takes with --size",
            ) from error
        times_ms.append(1000 * (time.perf_counter() - begun) / step)
    _check(parts[0], count=step, output=output, path=path)
    given = np.concatenate(parts)
    if not np.isfinite(given).all():
        raise WeightsError(
            f"its output {output} holds numbers that are not finite",
            path=path,
            remedy="export it in float32: in float16 some encoders overflow"
            if np.float16 in (given.dtype, np.dtype(taken.dtype))
            else "export it again, or name another output with --output",
        )
    return given.astype(np.float32), min(times_ms)


def _check(given: Any, *, count: int, output: str, path: Path) -> None:
    if not np.issubdtype(given.dtype, np.floating):
        raise WeightsError(f"its output {output} holds {given.dtype}, no features", path=path)
    if given.ndim not in (2, 3) or given.shape[0] != count:
        raise WeightsError(
            f"its output {output} has the shape {given.shape} for {count} pictures: neither an "
            "embedding (N, D) nor tokens (N, T, D)",
            path=path,
            remedy="name another output with --output",
        )


def _doubts(path: Path, preset: Preset, *, tokens: int | None) -> tuple[str, ...]:
    """What speaks for another preset: the number of tokens, and the file's name."""
    found = []
    if tokens is not None and tokens > 1:
        square = math.isqrt(tokens) ** 2 == tokens
        if square and preset.class_token:
            found.append(
                f"{tokens} tokens are a square of patches without a class token, "
                f"which encoders of the preset {preset.name} have"
            )
        elif not square and not preset.class_token:
            found.append(
                f"{tokens} tokens are no square of patches: one of them may be a class token, "
                f"which encoders of the preset {preset.name} lack"
            )
    named = _named_family(path.parts[-4:])
    if named is not None and named != preset.name:
        found.append(f"the file's name speaks of {named}, the preset is {preset.name}")
    return tuple(found)


def _named_family(parts: Sequence[str]) -> str | None:
    """The family named nearest to the end of a path."""
    return next((family for part in reversed(parts) if (family := family_in(part))), None)
