"""The part of a recipe that says which populations of raters a network learns from."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from goodside_train.config import RecipeTable

SetName = Literal["oasis", "biq", "para"]
Raters = Literal["oasis", "ava", "para"]
Weight = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]

NIMA = "nima-mobilenet"
"""The peer whose scores stand for the raters of AVA."""


class PopulationLossRecipe(RecipeTable):
    """Weights of the losses.

    Attributes:
        emd, score: of each population's distribution and of its mean.
        fidelity: of the order of every two photographs that one population rated.
        technical, technical_fidelity: the same two kinds for technical quality.
        order: of the lead of a photograph over its degraded copy, in beauty and in quality.
        margin, max_lead: bounds of that lead, in points of the 1-10 scale.
        trust: weight of a score that a probe on the teachers gives against 1 for people's own.
        peer: of each teacher's features; imagenet: of the teacher's classes.
    """

    emd: Weight = 10.0
    score: Weight = 1.0
    fidelity: Weight = 1.0
    technical: Weight = 0.5
    technical_fidelity: Weight = 0.5
    order: Weight = 0.5
    margin: float = 0.4
    max_lead: float = 3.0
    trust: float = Field(default=0.5, ge=0, le=1)
    peer: Weight = 0.5
    imagenet: Weight = 0.1

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.margin > self.max_lead:
            raise ValueError(
                f"the order loss asks for {self.margin} at least, {self.max_lead} at most"
            )
        return self


class PopulationsRecipe(RecipeTable):
    """Data sets, teachers and losses of a network with a head for each population of raters.

    Attributes:
        photos: how many photographs of each data set are in a batch.
        views: how many further views of photographs, crops and degraded copies.
        pairs: how many of the photographs also appear as a degraded copy.
        peers: exported networks whose features are learnt, and which rate what nobody rated; NIMA's
            scores stand for the raters of AVA.
        trunk: a frozen ImageNet trunk that is a teacher as well.
        view_teachers: those of the teachers that look at views too; the others at photographs
            alone, which costs a tenth of the time.
        viewed: the sets whose views they look at; of the others only degraded copies are used,
            beside their originals. By default all but PARA.
        labelled: how many of PARA's photographs in a batch have votes, kind and attributes.
        looked: so many of PARA's photographs, drawn at random, do the teachers look at, and only
            these and the labelled ones are trained on; 0 for all.
        mix: share of each population in the score that the exported network gives.
        technical_share: of the technical quality in that score, beside the shares of `mix`.
        spread: factor of that score's distance from the middle; a mean over populations that
            disagree is narrower than each of them.
        liked_share: with PARA, of its raters' willingness to share in the exported score, beside 1
            for their score.
        liked_offset: added to that willingness, which lies elsewhere on the scale.
        loss: weights of the losses.
    """

    photos: dict[SetName, Count]
    views: int = Field(default=8, ge=0)
    pairs: int = Field(default=6, ge=0)
    peers: tuple[str, ...] = (NIMA, "open-nsfw")
    trunk: Literal["lite0", "lite1", "lite2"] = "lite2"
    view_teachers: tuple[str, ...] = (NIMA,)
    viewed: tuple[SetName, ...] = ("oasis", "biq")
    labelled: Count = 4
    looked: Count = 0
    mix: dict[Raters, Weight]
    technical_share: Weight = 0.0
    spread: float = Field(default=1.0, gt=0)
    liked_share: Weight = 0.0
    liked_offset: float = 0.0
    loss: PopulationLossRecipe = PopulationLossRecipe()

    @model_validator(mode="after")
    def _known(self) -> Self:
        if NIMA not in self.peers:
            raise ValueError(f"{NIMA} must be among the peers: it stands for AVA's raters")
        if NIMA not in self.view_teachers or set(self.view_teachers) - {*self.peers, self.trunk}:
            raise ValueError(f"view_teachers must be teachers, {NIMA} among them")
        if not sum(self.photos.values()):
            raise ValueError("a batch needs photographs")
        if strange := set(self.mix) - {*self.raters, *(["para"] if self.detailed else [])}:
            raise ValueError(f"nobody of {', '.join(sorted(strange))} rated these photographs")
        if not sum(self.mix.values()):
            raise ValueError("the mix gives no population a share")
        if self.detailed and self.labelled > self.photos["para"]:
            raise ValueError("labelled is more than the photographs of PARA in a batch")
        if self.technical_share and not self.observers:
            raise ValueError("nobody judged the technical quality of these photographs")
        return self

    @property
    def sets(self) -> tuple[str, ...]:
        """The data sets in the order of the recipe."""
        return tuple(self.photos)

    @property
    def raters(self) -> tuple[str, ...]:
        """Populations whose scores are learnt standardised, each by a head for beauty."""
        return ("oasis", "ava") if "oasis" in self.photos else ("ava",)

    @property
    def detailed(self) -> bool:
        """Whether PARA is among them: its raters gave votes, kinds, emotions and attributes too.

        They have the heads of an assessor trained on PARA alone, with its losses, on PARA's scale.
        """
        return "para" in self.photos

    @property
    def observers(self) -> tuple[str, ...]:
        """Populations with a standardised head for technical quality."""
        return ("biq",) if "biq" in self.photos else ()
