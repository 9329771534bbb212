"""Where weights come from: each run's recipe, and the chain of networks that it started from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from goodside.errors import SettingsError, WeightsError
from goodside.runtime import WeightsStore
from goodside.runtime.checksums import sha256_of
from goodside_train.checkpoint import CHECKPOINT, load_checkpoint
from goodside_train.config import StartRecipe

_UNKNOWN = "a run that did not record its recipe"


@dataclass(frozen=True, slots=True)
class Start:
    """The network that a run starts from, in place of random weights.

    Attributes:
        weights: its name and version, such as `rotation-mesh 1.5.0`.
        sha256: of its file; empty where the file was not kept.
        source: how it was made, from the first weights on; empty where nobody knows.
    """

    weights: str
    sha256: str
    source: str = ""

    def __str__(self) -> str:
        file = f" (sha256 {self.sha256[:12]}…)" if self.sha256 else ""
        known = f": {self.source.rstrip('.')}" if self.source else ""
        return f"{self.weights}{file}{known}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a run's checkpoint says about how its weights came about.

    Attributes:
        recipe: name of the recipe's file.
        seed: of its random draws.
        start: the network it started from; None for the recipe's own first weights.
    """

    recipe: str
    seed: int
    start: Start | None = None

    def state(self) -> dict[str, Any]:
        """The same as plain values, for a checkpoint."""
        return asdict(self)


def find_start(
    named: StartRecipe | None,
    *,
    given: Path | None,
    from_scratch: bool = False,
    resume: bool = False,
) -> Start | None:
    """The network that a run starts from, proven to be the one that the recipe names.

    Args:
        named: by the recipe.
        given: its file: shipped weights (`.onnx`) or a run's checkpoint.
        from_scratch: start from the recipe's own first weights, whatever it names.
        resume: the run goes on from its own checkpoint, which says what it started from.

    Raises:
        SettingsError: the recipe names a start and no file is given, or two of the arguments
            contradict each other.
        WeightsError: the file is missing, or another one than the recipe names.
    """
    if from_scratch + resume + (given is not None) > 1:
        raise SettingsError(
            "a run starts from given weights, from scratch, or goes on from its checkpoint",
            remedy="leave out all but one of --start, --from-scratch and --resume",
        )
    if resume:
        return None
    if given is None:
        if named is None or from_scratch:
            return None
        raise SettingsError(
            f"the recipe starts from {named.weights}",
            remedy="name its file with --start, or train --from-scratch",
        )
    try:
        sha256 = sha256_of(given)
    except OSError as error:
        raise WeightsError(
            f"the weights to start from cannot be read: {error.strerror}", path=given
        ) from error
    if named is None:
        return _described(given, sha256)
    if named.sha256 is not None and named.sha256 != sha256:
        raise WeightsError(
            f"these are not {named.weights}, which the recipe starts from: their sha256 begins "
            f"{sha256[:12]}, not {named.sha256[:12]}",
            path=given,
            remedy="name the file of those weights, or change the recipe's table [start]",
        )
    return Start(named.weights, sha256, named.source)


def describe_runs(runs: Sequence[Path], *, also: str = "") -> str:
    """How the weights of a run, or the mean of several, were made; for the card's `source`.

    Args:
        runs: their folders.
        also: what else is to be said, after the runs.

    Raises:
        WeightsError: a checkpoint is missing or cannot be read.
    """
    texts = [_described_run(load_checkpoint(run / CHECKPOINT)) for run in runs]
    if len(texts) == 1:
        return f"Training run of our own by {texts[0]}. {also}".rstrip()
    listed = " ".join(f"({number}) by {text}." for number, text in enumerate(texts, start=1))
    return f"Mean of the weights of {len(texts)} training runs of our own: {listed} {also}".rstrip()


def _described_run(state: Mapping[str, Any]) -> str:
    said = state.get("provenance")
    if not said:
        return _UNKNOWN
    start = None if said["start"] is None else Start(**said["start"])
    begun = "" if start is None else f", started from {start}"
    steps = f", {state['step']:,} steps" if "step" in state else ""
    return f"the recipe {said['recipe']}, seed {said['seed']}{steps}{begun}"


def _described(path: Path, sha256: str) -> Start:
    """A start that no recipe names: what its card or its checkpoint says."""
    if path.suffix == ".onnx":
        store = WeightsStore(path.parent)
        store.path(path.stem)  # proves that the card beside it is the file's
        card = store.card(path.stem)
        return Start(card.identifier, sha256, card.source)
    return Start(f"the checkpoint of {_described_run(load_checkpoint(path))}", sha256)
