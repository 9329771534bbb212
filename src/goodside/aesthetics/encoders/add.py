"""Adding an encoder to the models of a person: its files copied, its card written."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from goodside.aesthetics.encoders.encoder import TASK
from goodside.aesthetics.encoders.inspect import inspect_encoder
from goodside.aesthetics.encoders.presets import PRESETS
from goodside.aesthetics.encoders.replaced import remove_leftovers, replaced_card
from goodside.errors import SettingsError, WeightsError, reason_of
from goodside.images import atomic_write, check_output, make_folder
from goodside.regular_file import open_regular
from goodside.runtime import ModelCard, Preprocessing, WeightsStore, renew_checksums
from goodside.runtime.checksums import sha256_of

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_TITLES = {
    "clip": "Image encoder of the CLIP family",
    "siglip": "Image encoder of the SigLIP family",
    "dinov2": "Image encoder of the DINOv2 family",
}


@dataclass(frozen=True, slots=True)
class EncoderTerms:
    """What only the person who adds an encoder can know.

    Attributes:
        license: SPDX identifier, or a name.
        terms: in words what that allows.
        source: where the file comes from.
        data: what the encoder was trained on.
        version: of the encoder.
    """

    license: str
    terms: str | None = None
    source: str | None = None
    data: str | None = None
    version: str = "1.0.0"


@dataclass(frozen=True, slots=True)
class AddedEncoder:
    """An encoder that was added: its card, what is doubtful, and how long a picture takes."""

    card: ModelCard
    warnings: tuple[str, ...]
    ms_per_photo: float


def add_encoder(
    path: Path,
    *,
    name: str,
    preset: str,
    terms: EncoderTerms,
    folder: Path,
    known: WeightsStore,
    size_px: int | None = None,
    fit: Literal["squash", "crop", "pad"] | None = None,
    output: str | None = None,
    pooling: Literal["first", "mean"] | None = None,
    overwrite: bool = False,
) -> AddedEncoder:
    """Copy an encoder into a folder of models and write its card; nothing changes on failure.

    Args:
        path: the ONNX file; files with its tensors lie beside it.
        name: what it is called from now on.
        preset: the family it is of, one of `PRESETS`.
        terms: what its makers allow, and the like.
        folder: receives `NAME.onnx` and `NAME.json`; with files of tensors, the ONNX file lies with
            them in `NAME/`.
        known: all models there are, so that no name is given twice.
        size_px, output, pooling: as for `inspect_encoder`.
        fit: how a photograph of another shape is fitted; by default the preset's.
        overwrite: replace a model of this name in the folder; its files go.

    Raises:
        SettingsError: the name or preset does not fit, or shipped weights are called so.
        WeightsError: as for `inspect_encoder`.
        OutputError: a model of this name is there and `overwrite` is off, or the system refuses.
    """
    card_path = folder / f"{name}.json"
    check_model_name(name, folder=folder, known=known)
    if preset not in PRESETS:
        raise SettingsError(
            f"there is no preset {preset}", remedy=f"there are {', '.join(PRESETS)}"
        )
    check_output(card_path, overwrite=overwrite)
    found = inspect_encoder(
        path, preset=PRESETS[preset], size_px=size_px, output=output, pooling=pooling
    )
    graph = found.graph
    if graph.tensor_files:
        graph = graph.model_copy(update={"file": f"{name}/{path.name}"})
    target = folder / (graph.file or f"{name}.onnx")
    card = ModelCard(
        name=name,
        version=terms.version,
        task=TASK,
        title=_TITLES[preset],
        sha256=_sha256(path),
        size_bytes=path.stat().st_size,
        license=terms.license,
        terms=terms.terms or f"As its makers say: {terms.license}. Given when it was added.",
        source=terms.source or f"{path.name}, added by its user.",
        data=terms.data or "Not stated by who added it.",
        preprocessing=_with_fit(found.preprocessing, fit),
        facts={"preset": preset},
        encoder=graph,
    )
    before = replaced_card(name, folder=folder)
    make_folder(target.parent)
    for tensors, sha256 in graph.tensor_files.items():
        make_folder((target.parent / tensors).parent)
        _copy(path.parent / tensors, target.parent / tensors, sha256=sha256)
    _copy(path, target, sha256=card.sha256)
    with atomic_write(card_path, overwrite=overwrite) as stream:
        stream.write(f"{card.model_dump_json(indent=2)}\n".encode())
    gone = remove_leftovers(before, card, folder=folder)
    renew_checksums(card_path, folder=folder, gone=gone)
    return AddedEncoder(card, found.warnings, found.ms_per_photo)


def check_model_name(name: str, *, folder: Path, known: WeightsStore) -> None:
    """Refuse a name that models cannot have, or that weights elsewhere have.

    Args:
        name: of a model that is to be written.
        folder: where it is to be written.
        known: all models there are.

    Raises:
        SettingsError: it does not fit, or is taken.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"no model can be called {name!r}",
            remedy="use small letters, digits, points and hyphens, 64 at most",
        )
    holder = known.holder(name)
    if holder is not None and holder.folder.absolute() != folder.absolute():
        raise SettingsError(
            f"weights in {holder.folder} are called {name} already", remedy="choose another name"
        )


def _with_fit(pixels: Preprocessing, fit: Literal["squash", "crop", "pad"] | None) -> Preprocessing:
    return pixels if fit is None else pixels.model_copy(update={"fit": fit})


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise WeightsError(f"the encoder cannot be read: {reason_of(error)}", path=path) from error


def _copy(source: Path, target: Path, *, sha256: str) -> None:
    """Copy a file, unless it stands there already."""
    if target.is_file() and sha256_of(target) == sha256:
        return
    with open_regular(source) as stream, atomic_write(target, overwrite=True) as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
