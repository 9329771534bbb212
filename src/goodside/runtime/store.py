"""The folder of weights: finds a model by name and proves its file against the card."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from goodside.errors import WeightsError
from goodside.regular_file import open_regular
from goodside.runtime.card import ModelCard, read_card

_REPAIR = "reinstall goodside, or copy the file again from a complete installation"


class WeightsStore:
    """ONNX files and their cards in one folder; nothing is ever fetched from a network.

    Args:
        folder: where `<name>.onnx` and `<name>.json` lie; by default the weights in the package.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(str(files("goodside.weights"))) if folder is None else Path(folder)
        self._verified: dict[str, Path] = {}

    def names(self) -> list[str]:
        """Names of the models here, sorted."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def card(self, name: str) -> ModelCard:
        """The card of a model.

        Raises:
            WeightsError: there is no such card, or it cannot be read.
        """
        path = self.folder / f"{name}.json"
        if not path.is_file() and (others := self.names()):
            raise WeightsError(
                f"there is no model {name}: the model card is missing",
                path=path,
                remedy=f"here are {', '.join(others)}; for a shipped model reinstall goodside",
            )
        return read_card(path)

    def path(self, name: str) -> Path:
        """The model's ONNX file; its sha256 is checked the first time it is asked for.

        Raises:
            WeightsError: the file is missing or is not the one the card describes.
        """
        if name in self._verified:
            return self._verified[name]
        card, path = self.card(name), self.folder / f"{name}.onnx"
        try:
            with open_regular(path) as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise WeightsError("the weights are missing", path=path, remedy=_REPAIR) from error
        if found != card.sha256:
            size = path.stat().st_size
            raise WeightsError(
                f"the weights are corrupt: sha256 {found[:12]}… over {size} bytes, "
                f"the card says {card.sha256[:12]}… over {card.size_bytes}",
                path=path,
                remedy=_REPAIR,
            )
        self._verified[name] = path
        return path

    def data(self, filename: str) -> Path:
        """A data file that belongs to a model (a template set, the canonical mesh).

        Raises:
            WeightsError: it is missing.
        """
        path = self.folder / filename
        if not path.is_file():
            raise WeightsError("a data file of the models is missing", path=path, remedy=_REPAIR)
        return path
