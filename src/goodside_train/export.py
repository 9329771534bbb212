"""From a trained module to shipped weights: an ONNX file and its card, proven equal to torch."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from goodside.errors import SettingsError, WeightsError
from goodside.images import atomic_write, check_output
from goodside.runtime import (
    ModelCard,
    WeightsStore,
    open_session,
    renew_checksums,
    switch_telemetry_off,
)
from goodside.types import Json
from goodside_train.average import mean_of
from goodside_train.checkpoint import load_checkpoint
from goodside_train.loop import CHECKPOINT

PARITY = 1e-4
"""Largest difference allowed between torch and ONNX Runtime."""

UNSEALED = "0" * 64
"""Stands in a card for the sha256 of weights that are not written yet."""

Finish = Callable[[WeightsStore, ModelCard], ModelCard]
_Network = TypeVar("_Network", bound=nn.Module)


def load_averaged(
    runs: Sequence[Path], *, build: Callable[[dict[str, Tensor]], _Network]
) -> _Network:
    """The averaged network of a run's checkpoint, on the CPU, in evaluation mode.

    Of several runs it is the mean, see `goodside_train.average.mean_of`.

    Args:
        runs: their folders, at least one.
        build: makes the network that the given weights fit.

    Raises:
        WeightsError: there is no checkpoint, or it is of another recipe.
    """
    states = []
    for run in runs:
        path = run / CHECKPOINT
        checkpoint = load_checkpoint(path)
        try:
            states.append(checkpoint["task"]["average"]["network"])
            network = build(states[-1])
            network.load_state_dict(states[-1])
        except (KeyError, TypeError, RuntimeError) as error:
            raise WeightsError(
                "the checkpoint does not fit the recipe",
                path=path,
                remedy="export with the recipe it was trained with",
            ) from error
    network.load_state_dict(mean_of(states))
    return network.eval()


def ship(
    module: nn.Module,
    example: Tensor,
    *,
    card: ModelCard,
    folder: Path,
    input_name: str,
    output_names: Sequence[str],
    finish: Finish | None = None,
) -> ModelCard:
    """Write a module's weights and card; nothing in `folder` changes unless all went well.

    Args:
        module: one tensor in, a tensor or a tuple of tensors out.
        example: inputs as the network will meet them, on which torch and ONNX Runtime are compared;
            the first axis becomes the free batch axis.
        card: as it should be, but for sha256, size, parity and history, which are filled in here.
        folder: receives `<name>.onnx` and `<name>.json`.
        input_name, output_names: in the graph.
        finish: completes the card with what is measured on the exported weights; it gets a store
            that holds them.

    Returns:
        The card as written.

    Raises:
        SettingsError: the folder holds other weights of this name and version.
        WeightsError: torch and ONNX Runtime differ by more than `PARITY`.
    """

    def write(path: Path) -> None:
        write_onnx(module, example, path, input_name=input_name, output_names=output_names)

    def proven(store: WeightsStore, card: ModelCard) -> ModelCard:
        difference = parity(module, example, store=store, name=card.name, input_name=input_name)
        if difference > PARITY:
            raise WeightsError(
                f"torch and ONNX Runtime differ by {difference:.2g}, more than {PARITY:g}",
                path=folder / f"{card.name}.onnx",
                remedy="do not ship these weights; look for an operator that exports wrongly",
            )
        figure = {"parity_with_torch": float(f"{difference:.2g}")}
        card = card.model_copy(update={"metrics": card.metrics | figure})
        return card if finish is None else finish(store, card)

    return ship_graph(write, card=card, folder=folder, finish=proven)


def ship_graph(
    write: Callable[[Path], None], *, card: ModelCard, folder: Path, finish: Finish
) -> ModelCard:
    """Write an ONNX file and its card; nothing in `folder` changes unless all went well.

    Args:
        write: writes the ONNX file to the path it is given.
        card, folder, finish: as for `ship`.

    Returns:
        The card as written.

    Raises:
        SettingsError: the folder holds other weights of this name and version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as name:
        draft = Path(name)
        path = draft / f"{card.name}.onnx"
        write(path)
        card = sealed(card, path)
        card = card.model_copy(update={"history": _history(folder, card)})
        write_card(card, folder=draft)
        card = finish(WeightsStore(draft), card)
        check_output(folder / path.name, overwrite=True)
        path.replace(folder / path.name)
    write_card(card, folder=folder)
    return card


def write_onnx(
    module: nn.Module,
    example: Tensor,
    path: Path,
    *,
    input_name: str,
    output_names: Sequence[str],
) -> None:
    """Write a module as ONNX (opset 20) with a free batch axis.

    Raises:
        WeightsError: torch exported nothing.
    """
    switch_telemetry_off()  # torch's exporter may import ONNX Runtime by itself
    for chatty in ("torch.onnx", "onnx_ir", "onnxscript"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        program = torch.onnx.export(
            module.eval(),
            (example,),
            input_names=[input_name],
            output_names=list(output_names),
            dynamic_shapes=({0: torch.export.Dim("n", min=1)},),
            opset_version=20,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise WeightsError("torch exported nothing", path=path)
    model: Any = program.model_proto
    for node in model.graph.node:  # where each node came from: paths of the machine, megabytes
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def parity(
    module: nn.Module, example: Tensor, *, store: WeightsStore, name: str, input_name: str
) -> float:
    """Largest difference between the outputs of torch and of ONNX Runtime.

    The batch is the example and its first row mirrored along the last axis: one row more than was
    exported with, and no noise, on which a network's differences are not those of its use. A flow
    over noise changes by pixels where rounding changes it by thousandths.
    """
    batch = torch.cat([example, example[:1].flip(-1)])
    with torch.inference_mode():
        expected = module.eval()(batch)
    made = open_session(name, store=store).run({input_name: batch.numpy()})
    tensors = (expected,) if isinstance(expected, Tensor) else expected
    return max(
        float(np.abs(tensor.numpy() - array).max())
        for tensor, array in zip(tensors, made.values(), strict=True)
    )


def sealed(card: ModelCard, path: Path) -> ModelCard:
    """The card with the sha256 and size of a weights file."""
    content = path.read_bytes()
    seal = {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
    return card.model_copy(update=seal)


def write_card(card: ModelCard, *, folder: Path) -> None:
    """Write a card beside its weights, and its hash into the folder's list where there is one."""
    path = folder / f"{card.name}.json"
    with atomic_write(path, overwrite=True) as stream:
        stream.write(f"{card.model_dump_json(indent=2)}\n".encode())
    renew_checksums(path, folder=folder)


def _history(folder: Path, card: ModelCard) -> list[Json]:
    """Versions and metrics of the weights that `card` replaces in `folder`."""
    path = folder / f"{card.name}.json"
    if not path.exists():
        return []
    old = WeightsStore(folder).card(card.name)
    if old.sha256 == card.sha256:
        return old.history
    if old.version == card.version:
        raise SettingsError(
            f"the card here is of other weights with the same version {card.version}",
            path=path,
            remedy="name a higher --version, or delete the old weights",
        )
    return [*old.history, {"version": old.version, "metrics": old.metrics}]
