"""The recipe of the aesthetic task."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from goodside_train.config import Frozen, LoopRecipe


class NetworkRecipe(Frozen):
    """Attributes: trunk, dropout before the heads, the ImageNet file (default: installed)."""

    trunk: Literal["lite0", "tiny"] = "lite0"
    dropout: float = Field(default=0.2, ge=0, lt=1)
    imagenet: bool = True
    imagenet_path: Path | None = None


class DataRecipe(Frozen):
    """What a batch is made of.

    Attributes:
        input_px: the network's input.
        stored_px: size of the photographs kept in memory; degraded copies are cut from it.
        batch: photographs a step.
        labelled: how many of them come from the rows with votes and semantic class.
        pairs: how many of them also appear as a degraded copy.
        trim: up to this share of a side is cut off at random.
        teacher_trust: weight, against 1 for true ones, of semantic tags filled in by a linear
            probe on ImageNet features; 0 leaves them missing.
    """

    input_px: int = Field(default=192, gt=0, multiple_of=32)
    stored_px: int = Field(default=224, gt=0)
    batch: int = Field(default=32, gt=0)
    labelled: int = Field(default=4, ge=0)
    pairs: int = Field(default=8, ge=0)
    trim: float = Field(default=0.06, ge=0, lt=0.5)
    teacher_trust: float = Field(default=0.2, ge=0, le=1)


class LossRecipe(Frozen):
    """Weights of the losses; `margin` of the order loss is in points of the 1-10 scale."""

    high_low: float = 0.3
    emd: float = 20.0
    score: float = 1.0
    semantic: float = 3.0
    technical: float = 0.2
    emotion: float = 0.1
    attribute: float = 0.2
    order: float = 0.7
    margin: float = 0.6


class OptimizerRecipe(Frozen):
    """AdamW with one cycle: linear warm-up, then a cosine to zero.

    Attributes:
        trunk_rate, head_rate: peak learning rates.
        weight_decay: the Gaussian prior on the weights.
        warmup: share of the run.
        average_decay: of the running average of the weights.
    """

    trunk_rate: float = 4e-4
    head_rate: float = 2e-3
    weight_decay: float = 0.02
    warmup: float = Field(default=0.08, gt=0, lt=1)
    average_decay: float = Field(default=0.995, ge=0, lt=1)


class CardRecipe(Frozen):
    """What the card of the exported weights says that no measurement can."""

    title: str = "Aesthetic assessor, not for release"
    license: str = "LicenseRef-unreleased"
    terms: str = "Made for a test; do not release."
    source: str = "our own training run"
    data: str = "not stated"


class AestheticsRecipe(Frozen):
    """Everything one training run of the assessor needs to be told."""

    name: str
    loop: LoopRecipe
    network: NetworkRecipe = NetworkRecipe()
    data: DataRecipe = DataRecipe()
    loss: LossRecipe = LossRecipe()
    optimizer: OptimizerRecipe = OptimizerRecipe()
    card: CardRecipe = CardRecipe()
