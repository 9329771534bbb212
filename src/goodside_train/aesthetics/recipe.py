"""The recipe of the aesthetic task."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from goodside_train.aesthetics.populations.recipe import PopulationsRecipe
from goodside_train.config import LoopRecipe, RecipeTable, StartRecipe

TrunkName = Literal["lite0", "lite1", "lite2", "paper", "paper-small", "tiny"]
Structure = Literal["single", "1", "2", "3", "enhanced"]
Layout = Literal["para-shards", "para", "ava", "ava-common-tags", "ava-styles", "photonet", "own"]
Weight = Annotated[float, Field(ge=0)]

PAPER_PX = 227
"""Side of the input of the paper's network."""

_SMALLEST_PX = 35
"""The smallest input of its layers: of it one pixel is left."""


class NetworkRecipe(RecipeTable):
    """The network.

    Attributes:
        trunk, structure: see `trunks` and `networks`.
        fully_connected: widths of the layers between the trunk and the heads.
        dropout: before the heads.
        detached: losses that train their head alone, so that the network learns what the others
            teach and the head tells what can be read from it.
        imagenet: begin with ImageNet weights, where the trunk has any.
        imagenet_path: their file; by default the one in the installed package.
    """

    trunk: TrunkName = "lite0"
    structure: Structure = "1"
    fully_connected: tuple[int, ...] = ()
    dropout: float = Field(default=0.2, ge=0, lt=1)
    detached: tuple[Literal["technical", "emotion", "attribute"], ...] = ()
    imagenet: bool = True
    imagenet_path: Path | None = None

    @model_validator(mode="after")
    def _parts_something(self) -> Self:
        if self.structure == "2" and not self.fully_connected:
            raise ValueError("structure 2 parts the fully connected layers: name their widths")
        return self


class TeacherRecipe(RecipeTable):
    """The networks that the assessor learns from beside the people who rated.

    Attributes:
        trunk: a frozen ImageNet network; its features give semantic tags where no one did, its
            classes are a task of their own. None for no such teacher.
        tagger: name of an earlier assessor that knows the same tags, or None; its tags are averaged
            with the probe's.
        tag_weight: weight of such a tag against 1 for a true one.
        peer: name of an aesthetic model whose pooled features are a task of their own, or None.
        score_weight: of the peer's score against 1 for people's, in the score that is learnt.
    """

    trunk: Literal["lite0", "lite1", "lite2"] | None = None
    tagger: str | None = None
    tag_weight: float = Field(default=0.2, ge=0, le=1)
    peer: str | None = None
    score_weight: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _somebody_gives_it(self) -> Self:
        if self.score_weight and self.peer is None:
            raise ValueError("score_weight is set, but no peer gives scores: name the peer")
        return self


class AestheticsDataRecipe(RecipeTable):
    """What a batch is made of.

    Attributes:
        layout: of the data set's folder, see `datasets.layouts`; by default told from its files.
        delta: photographs whose mean is nearer than this to the border of high quality are not
            trained on, in points of the 1-10 scale.
        input_px: the network's input: 227 for the paper's trunk, for others a multiple of 32.
        stored_px: size of the photographs kept in memory; degraded copies are cut from it.
        batch: photographs a step.
        labelled: how many of them come from the rows with votes and semantic class.
        pairs: how many of them also appear as a degraded copy.
        trim: up to this share of a side is cut off at random.
        small_px: the input's size in the first part of the run, which is then quicker.
        small_until: that part, as a share of the recipe's steps.
        rows: train on so many rows only, chosen by the seed; 0 for all.
    """

    layout: Layout | None = None
    delta: float = Field(default=0.0, ge=0)
    input_px: int = Field(default=192, gt=0)
    stored_px: int = Field(default=224, gt=0)
    batch: int = Field(default=32, gt=0)
    labelled: int = Field(default=4, ge=0)
    pairs: int = Field(default=8, ge=0)
    trim: float = Field(default=0.06, ge=0, lt=0.5)
    small_px: int = Field(default=128, gt=0)
    small_until: float = Field(default=0.0, ge=0, le=1)
    rows: int = Field(default=0, ge=0)


class LossRecipe(RecipeTable):
    """Weights of the losses.

    Attributes:
        score: of the mean's smooth L1.
        correlation: of the mean's correlation over a batch.
        semantic: lambda, the balance of the semantic task; the sum over M tags times 1 / M.
        balance: `fixed` keeps lambda; `learnt` begins with it and learns it.
        influence: of the semantic task where the balance is learnt, in units of the objective.
        prior: of the Gaussian priors on the weights of all layers, biases and norms left out:
            half of it times the sum of their squares, so 1 / (N sigma^2) for N photographs and a
            deviation sigma of the prior.
        relation: of the relationship prior, 0 for none.
        relation_every: steps after which Omega is computed anew.
        margin, max_lead: bounds of the lead in the order loss, in points of the 1-10 scale.
        imagenet, peer: of the teachers' tasks.
    """

    high_low: Weight = 0.3
    emd: Weight = 20.0
    score: Weight = 1.0
    correlation: Weight = 0.0
    semantic: Weight = 3.0
    balance: Literal["fixed", "learnt"] = "fixed"
    influence: float = Field(default=0.3, gt=0)
    prior: Weight = 0.0
    relation: Weight = 0.0
    relation_every: int = Field(default=50, gt=0)
    technical: Weight = 0.2
    emotion: Weight = 0.1
    attribute: Weight = 0.2
    order: Weight = 0.7
    margin: float = 0.6
    max_lead: float = 2.5
    imagenet: Weight = 0.1
    peer: Weight = 0.3

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.balance == "learnt" and not self.semantic:
            raise ValueError("a learnt balance begins with the weight semantic: give it one")
        if self.margin > self.max_lead:
            raise ValueError(
                f"the order loss asks for {self.margin} at least, {self.max_lead} at most"
            )
        return self


class OptimizerRecipe(RecipeTable):
    """AdamW with one cycle: linear warm-up, then a cosine to zero.

    Attributes:
        trunk_rate, head_rate: peak learning rates.
        weight_decay: decoupled: each step shrinks the weights by this share of its rate. Loshchilov
            and Hutter, "Decoupled weight decay regularization" (ICLR 2019), show that this is no
            Gaussian prior; `LossRecipe.prior` is.
        warmup: share of the run.
        average_decay: of the running average of the weights.
    """

    trunk_rate: float = Field(default=4e-4, gt=0)
    head_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=0.02, ge=0)
    warmup: float = Field(default=0.08, gt=0, lt=1)
    average_decay: float = Field(default=0.995, ge=0, lt=1)


class AestheticsCardRecipe(RecipeTable):
    """What the card of the exported weights says that neither the runs nor a measurement can.

    Attributes:
        title: one line for people.
        license: SPDX identifier; `terms` says in words what it allows, `data` what the weights were
            trained on.
        source: what else went into them, such as the teachers; the card says it after the runs.
    """

    title: str = "Aesthetic assessor, not for release"
    license: str = "LicenseRef-unreleased"
    terms: str = "Made for a test; do not release."
    source: str = ""
    data: str = "not stated"


class AestheticsRecipe(RecipeTable):
    """Everything one training run of the assessor needs to know.

    Attributes:
        name: of the weights.
        start: the earlier network from whose trunk the run goes on; its heads begin anew.
        populations: data sets of several populations of raters, each with heads of its own; the
            tables `teacher` and `loss` and the batch of `data` are then not read.
    """

    name: str
    loop: LoopRecipe
    start: StartRecipe | None = None
    network: NetworkRecipe = NetworkRecipe()
    teacher: TeacherRecipe = TeacherRecipe()
    data: AestheticsDataRecipe = AestheticsDataRecipe()
    loss: LossRecipe = LossRecipe()
    optimizer: OptimizerRecipe = OptimizerRecipe()
    populations: PopulationsRecipe | None = None
    card: AestheticsCardRecipe = AestheticsCardRecipe()

    @model_validator(mode="after")
    def _input_fits_trunk(self) -> Self:
        sizes_px = [self.data.input_px, *([self.data.small_px] if self.data.small_until else [])]
        if self.network.trunk == "paper":
            if set(sizes_px) != {PAPER_PX}:
                raise ValueError(f"the paper's trunk reads {PAPER_PX} px, not {sizes_px[0]}")
        elif self.network.trunk == "paper-small":
            if len(set(sizes_px)) > 1 or sizes_px[0] < _SMALLEST_PX:
                raise ValueError(
                    f"the trunk paper-small reads pictures of one size, {_SMALLEST_PX} px or more"
                )
        elif any(size_px % 32 for size_px in sizes_px):
            raise ValueError(f"input sizes {sizes_px} of this trunk must be multiples of 32")
        return self

    def with_layout(self, layout: Layout | None) -> AestheticsRecipe:
        """The same for data of another layout; unchanged for None."""
        if layout is None:
            return self
        data = self.data.model_copy(update={"layout": layout})
        return self.model_copy(update={"data": data})
