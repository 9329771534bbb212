"""What a replaced model of a person leaves: files that nothing reads any more."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from goodside.errors import WeightsError
from goodside.runtime import ModelCard, read_card


def replaced_card(name: str, *, folder: Path) -> ModelCard | None:
    """The card in a folder of models before it is written over; None: none, or it is damaged."""
    try:
        return read_card(folder / f"{name}.json")
    except WeightsError:
        return None


def remove_leftovers(old: ModelCard | None, new: ModelCard, *, folder: Path) -> tuple[Path, ...]:
    """Remove the files of a model whose card was written over, but for those that the new one has.

    Only `NAME.onnx`, `NAME.npz` and what lies in `NAME/` are ever removed, and of these only what
    the old card describes; folders that are empty then go too. What the system does not let go
    stays: it is in nobody's way.

    Args:
        old: the card before; None: there was none.
        new: the card as written, of the same name.
        folder: holds both.

    Returns:
        The files that are gone.
    """
    if old is None:
        return ()
    gone = []
    own = {folder / f"{old.name}.onnx", folder / f"{old.name}.npz"}
    for path in sorted(_files(old, folder=folder) - _files(new, folder=folder)):
        if path in own or folder / old.name in path.parents:
            with suppress(OSError):
                path.unlink()
                gone.append(path)
                _prune(path.parent, until=folder)
    return tuple(gone)


def _files(card: ModelCard, *, folder: Path) -> set[Path]:
    """Every file of a model beside its card."""
    if card.heads_on is not None:
        return {folder / f"{card.name}.npz"}
    graph = card.encoder
    network = folder / ((graph.file if graph is not None else None) or f"{card.name}.onnx")
    tensors = {} if graph is None else graph.tensor_files
    return {network, *(network.parent / name for name in tensors)}


def _prune(folder: Path, *, until: Path) -> None:
    """Remove a folder and those above it, up to the first that is not empty."""
    while folder != until and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
