"""From a trained module to shipped weights: an ONNX file and its card, proven equal to torch."""

from __future__ import annotations

import hashlib
import json
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
from goodside_train.checkpoint import CHECKPOINT, load_averaged_state, load_from_checkpoint
from goodside_train.moving_average import mean_weights

PARITY = 1e-4
"""Largest difference allowed between torch and ONNX Runtime."""

NO_SHA256 = "0" * 64
"""Stands in a card for the sha256 of weights that are not written yet."""

Measure = Callable[["DraftWeights", ModelCard], ModelCard]
_Network = TypeVar("_Network", bound=nn.Module)

_HISTORY = "history"
"""Folder below the weights with a JSON Lines file a model: what its earlier versions reached."""


class DraftWeights(WeightsStore):
    """One exported network whose card is not written yet, for those who open weights by name.

    Args:
        folder: holds `<name>.onnx`.
        card: what would be read from `<name>.json`.
    """

    def __init__(self, folder: Path, card: ModelCard) -> None:
        super().__init__(folder)
        self._card = card

    def names(self) -> list[str]:
        return [self._card.name]

    def card(self, name: str) -> ModelCard:
        if name != self._card.name:
            raise WeightsError(f"there is no model {name}", path=self.folder)
        return self._card


def load_averaged(
    runs: Sequence[Path], *, build: Callable[[dict[str, Tensor]], _Network]
) -> _Network:
    """The averaged network of a run's checkpoint, on the CPU, in evaluation mode.

    Of several runs it is the mean, see `goodside_train.moving_average.mean_weights`.

    Args:
        runs: their folders, at least one.
        build: makes the network that the given weights fit.

    Raises:
        WeightsError: there is no checkpoint, or it is of another recipe.
    """
    states = []
    for run in runs:
        states.append(load_averaged_state(run / CHECKPOINT))
        network = build(states[-1])
        load_from_checkpoint(network, run / CHECKPOINT)
    network.load_state_dict(mean_weights(states))
    return network.eval()


def export_module(
    module: nn.Module,
    example: Tensor,
    *,
    card: ModelCard,
    folder: Path,
    input_name: str,
    output_names: Sequence[str],
    measure: Measure | None = None,
    finish: Callable[[Path], None] | None = None,
) -> ModelCard:
    """Write a module's weights and card; nothing in `folder` changes unless all went well.

    Args:
        module: one tensor in, a tensor or a tuple of tensors out.
        example: inputs as the network will meet them, on which torch and ONNX Runtime are compared;
            the first axis becomes the free batch axis.
        card: as it should be, but for sha256, size and parity, which are filled in here.
        folder: receives `<name>.onnx` and `<name>.json`.
        input_name, output_names: in the graph.
        measure: completes the card with what is measured on the exported weights.
        finish: changes the ONNX file before it is compared with torch.

    Returns:
        The card as written.

    Raises:
        SettingsError: the folder holds other weights of this name and version.
        WeightsError: torch and ONNX Runtime differ by more than `PARITY`.
    """

    def write(path: Path) -> None:
        write_onnx(module, example, path, input_name=input_name, output_names=output_names)
        if finish is not None:
            finish(path)

    def proven(draft: DraftWeights, card: ModelCard) -> ModelCard:
        difference = check_parity(module, example, draft=draft, card=card, input_name=input_name)
        card = with_metrics(card, {"parity_with_torch": difference})
        return card if measure is None else measure(draft, card)

    return export_graph(write, card=card, folder=folder, measure=proven)


def export_graph(
    write: Callable[[Path], None], *, card: ModelCard, folder: Path, measure: Measure
) -> ModelCard:
    """Write an ONNX file, measure it, write its card: each once, and nothing unless all went well.

    What the folder held under this name goes into its history, `history/<name>.jsonl`.

    Args:
        write: writes the ONNX file to the path it is given.
        card, folder, measure: as for `export_module`.

    Returns:
        The card as written.

    Raises:
        SettingsError: the folder holds other weights of this name and version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as name:
        path = Path(name) / f"{card.name}.onnx"
        write(path)
        card = with_sha256(card, path)
        replaced = _replaced(folder, card)
        card = measure(DraftWeights(path.parent, card), card)
        check_output(folder / path.name, overwrite=True)
        path.replace(folder / path.name)
    if replaced is not None:
        _remember(replaced, folder=folder)
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


def check_parity(
    module: nn.Module, example: Tensor, *, draft: DraftWeights, card: ModelCard, input_name: str
) -> float:
    """The largest difference between torch and ONNX Runtime, as a card states it.

    Args:
        module, example: as for `export_module`.
        draft: holds the exported network.
        card: of the network.
        input_name: in the graph.

    Raises:
        WeightsError: it is more than `PARITY`.
    """
    difference = parity(module, example, store=draft, name=card.name, input_name=input_name)
    if difference > PARITY:
        raise WeightsError(
            f"torch and ONNX Runtime differ by {difference:.2g}, more than {PARITY:g}",
            path=draft.folder / f"{card.name}.onnx",
            remedy="do not ship these weights; look for an operator that exports wrongly",
        )
    return float(f"{difference:.2g}")


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


def with_sha256(card: ModelCard, path: Path) -> ModelCard:
    """The card with the sha256 and size of a weights file."""
    content = path.read_bytes()
    found = {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
    return card.model_copy(update=found)


def with_metrics(card: ModelCard, metrics: Json) -> ModelCard:
    """The card with further figures."""
    return card.model_copy(update={"metrics": card.metrics | metrics})


def write_card(card: ModelCard, *, folder: Path) -> None:
    """Write a card beside its weights, and its hash into the folder's list where there is one."""
    path = folder / f"{card.name}.json"
    with atomic_write(path, overwrite=True) as stream:
        stream.write(f"{card.model_dump_json(indent=2)}\n".encode())
    renew_checksums(path, folder=folder)


def _replaced(folder: Path, card: ModelCard) -> ModelCard | None:
    """The card of other weights that `card` will replace in `folder`.

    Raises:
        SettingsError: they have the same version.
    """
    path = folder / f"{card.name}.json"
    if not path.exists():
        return None
    old = WeightsStore(folder).card(card.name)
    if old.sha256 == card.sha256:
        return None
    if old.version == card.version:
        raise SettingsError(
            f"the card here is of other weights with the same version {card.version}",
            path=path,
            remedy="name a higher --version, or delete the old weights",
        )
    return old


def _remember(card: ModelCard, *, folder: Path) -> None:
    """Add a line to the history of a model: version and metrics of the weights that go."""
    path = folder / _HISTORY / f"{card.name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    earlier = path.read_bytes() if path.exists() else b""
    line = json.dumps({"version": card.version, "metrics": card.metrics}, ensure_ascii=False)
    with atomic_write(path, overwrite=True) as stream:
        stream.write(earlier + f"{line}\n".encode())
