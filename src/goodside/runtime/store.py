"""The folder of weights: finds a model by name and proves every file before it is used."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from goodside.errors import WeightsError
from goodside.runtime.card import ModelCard, read_card
from goodside.runtime.checksums import LIST, read_checksums, sha256_of

_REPAIR = "reinstall goodside, or copy the file again from a complete installation"
_ADD_AGAIN = "add it again with goodside model add"
_LEARN_AGAIN = "learn its heads again with goodside train aesthetics --features"


def default_models_folder() -> Path:
    """`models` in the folder where the system keeps a person's application data."""
    from platformdirs import user_data_path

    return user_data_path("goodside", appauthor=False) / "models"


class WeightsStore:
    """ONNX files, their cards and data files in one folder; nothing is ever fetched from a network.

    Several folders are stores that lead from one to the next: what is in the first counts.

    A file is compared with its sha256 before it is used: that of a network stands in its card,
    those of cards and data files in the list `SHA256SUMS`. The package's own folder must have the
    list, another folder may; where there is one, it has to name every file.

    Args:
        folder: where `<name>.onnx` and `<name>.json` lie; by default the weights in the package.
        others: where models and data files come from that are not in the folder; by default
            nowhere.
    """

    def __init__(self, folder: Path | None = None, *, others: WeightsStore | None = None) -> None:
        self._own = folder is None
        self._others = others
        self.folder = Path(str(files("goodside.weights"))) if folder is None else Path(folder)

    def names(self) -> list[str]:
        """Names of the models here and in `others`, sorted."""
        names = {path.stem for path in self.folder.glob("*.json")}
        return sorted(names if self._others is None else names.union(self._others.names()))

    def holder(self, name: str) -> WeightsStore | None:
        """The store whose folder holds the card of a model: this one, else one of `others`.

        None also for a name that leads out of the folder, as a path does.
        """
        if not name or any(mark in name for mark in "/\\:\0"):
            return None
        if (self.folder / f"{name}.json").is_file():
            return self
        return None if self._others is None else self._others.holder(name)

    def card(self, name: str) -> ModelCard:
        """The card of a model.

        Raises:
            WeightsError: there is no such card, it is corrupt, or it cannot be read.
        """
        path = self.folder / f"{name}.json"
        if (holder := self.holder(name)) is None:
            if others := self.names():
                raise WeightsError(
                    f"there is no model {name}: the model card is missing",
                    path=path,
                    remedy=f"here are {', '.join(others)}; for a shipped model reinstall goodside",
                )
            return read_card(path)  # which says that it is missing
        if holder is not self:
            return holder.card(name)
        self._prove(path, what="model card")
        return read_card(path)

    def path(self, name: str) -> Path:
        """The model's ONNX file, or its file of heads; it is the one the card describes.

        Raises:
            WeightsError: the file, or one that holds tensors of it, is missing or is not that one;
                as for `card`.
        """
        if (holder := self.holder(name)) is not None and holder is not self:
            return holder.path(name)
        card = self.card(name)
        graph, remedy = card.encoder, _REPAIR
        filename = f"{name}.onnx"
        if card.heads_on is not None:
            filename, remedy = f"{name}.npz", _LEARN_AGAIN
        elif graph is not None:
            filename, remedy = graph.file or filename, _ADD_AGAIN
        path = self.folder / filename
        try:
            found = sha256_of(path)
        except OSError as error:
            raise WeightsError("the weights are missing", path=path, remedy=remedy) from error
        if found != card.sha256:
            size = path.stat().st_size
            raise WeightsError(
                f"the weights are corrupt: sha256 {found[:12]}… over {size} bytes, "
                f"the card says {card.sha256[:12]}… over {card.size_bytes}",
                path=path,
                remedy=remedy,
            )
        for tensors, sha256 in ({} if graph is None else graph.tensor_files).items():
            _prove_tensors(path.parent / tensors, sha256=sha256)
        return path

    def data(self, filename: str) -> Path:
        """A data file that belongs to a model (a template set, the canonical mesh).

        Args:
            filename: within the folder, with `/` between the parts of its path.

        Raises:
            WeightsError: it is missing or corrupt.
        """
        path = self.folder / filename
        if not path.is_file() and self._others is not None:
            return self._others.data(filename)
        if not path.is_file():
            raise WeightsError("a data file of the models is missing", path=path, remedy=_REPAIR)
        self._prove(path, what="data file")
        return path

    def _prove(self, path: Path, *, what: str) -> None:
        """Compare a file with the folder's list of checksums.

        Raises:
            WeightsError: it is another one, or the list does not know it, or is missing or damaged.
        """
        listed = read_checksums(self.folder)
        if listed is None:
            if self._own:
                raise WeightsError(
                    "the list of checksums is missing", path=self.folder / LIST, remedy=_REPAIR
                )
            return
        name = path.relative_to(self.folder).as_posix()
        if name not in listed:
            raise WeightsError(
                f"the {what} is not in {LIST}",
                path=path,
                remedy=f"list it there as `sha256sum {name}` prints it, or reinstall goodside",
            )
        try:
            found = sha256_of(path)
        except OSError as error:
            raise WeightsError(
                f"the {what} cannot be read: {error.strerror}", path=path, remedy=_REPAIR
            ) from error
        if found != listed[name]:
            raise WeightsError(
                f"the {what} is corrupt: sha256 {found[:12]}…, {LIST} says {listed[name][:12]}…",
                path=path,
                remedy=_REPAIR,
            )


def _prove_tensors(path: Path, *, sha256: str) -> None:
    """Compare a file with tensors of a graph with what the card says of it.

    Raises:
        WeightsError: it is missing, or another one.
    """
    try:
        found = sha256_of(path)
    except OSError as error:
        raise WeightsError(
            "a file with tensors of the weights is missing", path=path, remedy=_ADD_AGAIN
        ) from error
    if found != sha256:
        raise WeightsError(
            f"the tensors are corrupt: sha256 {found[:12]}…, the card says {sha256[:12]}…",
            path=path,
            remedy=_ADD_AGAIN,
        )
