"""The recipe of a rotation run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from goodside_train.config import LoopRecipe, RecipeTable, StartRecipe


class RotationDataRecipe(RecipeTable):
    """What is made into pairs. All folders and files are named relative to the data folder.

    Attributes:
        photos: folders of single portraits; each picture is one identity.
        heads: folder of rendered views with its `views.csv`; empty for none. The angle templates
            come from it, and without it from the package.
        multipie: folder of Multi-PIE; empty for none.
        multipie_setting: whose training subjects: 1 or 2, as published.
        large_pose: folders in the layout of 300W-LP and AFLW2000: a `.mat` beside every `.jpg`.
        lists: CSV files of photographs of the same people at several angles.
        across_lights: pair pictures taken under different lights too.
        turns: there-and-back turns made of every photo.
        forward_turns: turns away from every photo, whose answer only the visible pixels know.
        home_turns: turns home from such a draft to every photo. They cost far less than those there
            and back, as the draft is not taken apart again, and tell recipe `mesh` nothing.
        head_pairs: pairs drawn of every rendered identity.
        view_pairs: pairs drawn of every identity photographed at several angles.
        yaw_deg, pitch_deg, roll_deg: largest turn of a photo, to both sides. Half of all pairs
            lean, by up to `roll_deg`.
        draft_wrong_share: share, 0-1, of the pairs with a true answer whose draft is turned wrong,
            by up to `draft_wrong_deg` of yaw: then the pose images alone tell where to look.
        landmarks: how many landmarks pairs and templates carry. Exported weights have five.
        held_out: names of files or identities (without suffix) never trained on, beside the share
            that a hash of the name keeps out.
        held_out_share: that share, 0-1.
    """

    photos: tuple[str, ...] = ("faces/faker", "faces/sdfd")
    heads: str = "heads"
    multipie: str = ""
    multipie_setting: Literal[1, 2] = 1
    large_pose: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    across_lights: bool = False
    turns: int = Field(default=8, ge=1)
    forward_turns: int = Field(default=0, ge=0)
    home_turns: int = Field(default=0, ge=0)
    head_pairs: int = Field(default=60, ge=0)
    view_pairs: int = Field(default=20, ge=0)
    yaw_deg: float = 60.0
    pitch_deg: float = 15.0
    roll_deg: float = Field(default=0.0, ge=0, le=45)
    draft_wrong_share: float = Field(default=0.0, ge=0, le=1)
    draft_wrong_deg: float = Field(default=20.0, ge=0, le=45)
    landmarks: Literal[5, 20] = 5
    held_out: tuple[str, ...] = ()
    held_out_share: float = Field(default=0.1, ge=0, le=0.9)


class LossWeights(RecipeTable):
    """How much each loss counts; 0 leaves it out.

    Attributes:
        adversarial_identity, adversarial_pose: an agent of weight 0 is left out, with what is
            matched of it.
        draft: holds what is painted to the draft's colours where no true picture tells better;
            without it a long run paints blots there.
        flow: pulls the photograph, moved by the flow of deformable skips, to the answer.
        geometry: pulls that flow to the mesh's own, and `shown` its mask to what the mesh shows.
    """

    pixel: float = 10.0
    adversarial_identity: float = 0.1
    adversarial_pose: float = 0.1
    identity: float = 0.02
    total_variation: float = 1e-4
    feature_matching: float = 0.0
    draft: float = 0.0
    flow: float = 0.0
    geometry: float = 0.0
    shown: float = 0.0


class RotationCardRecipe(RecipeTable):
    """What the card of the exported weights says of them.

    Attributes:
        title: one line for people.
        license: SPDX identifier; `terms` says in words what it allows, `data` what the weights were
            trained on.
        source: what else is to be said of how they were made; the card says it after the runs.
        yaw_deg, pitch_deg, roll_deg: poses the runtime accepts, as (lowest, highest).
    """

    title: str = "Turns a face to another angle"
    license: str = "LicenseRef-unstated"
    terms: str = "Not stated: the recipe has no table [card]."
    data: str = "Not stated: the recipe has no table [card]."
    source: str = ""
    yaw_deg: tuple[float, float] = (-60.0, 60.0)
    pitch_deg: tuple[float, float] = (-20.0, 20.0)
    roll_deg: tuple[float, float] = (-45.0, 45.0)


class RotationRecipe(RecipeTable):
    """A whole run.

    Attributes:
        start: the earlier generator that the run goes on from; the discriminators begin anew.
        recipe: the signal, `capg` or `mesh`.
        target: where the target's pose images have their spots: at the `template`'s landmarks, or
            where the person's own `mesh` has them in the target pose.
        size_px: side of the network's pictures, a multiple of 16.
        rendered_px: side at which pairs are rendered, a multiple of `size_px`; 0 is `size_px`. Runs
            of several sizes share pairs so.
        landmarks: N, how many pose images stand on either side: the eyes alone, the five points, or
            twenty; no more than the pairs carry.
        skips: how the source's features reach the decoder: `plain`, where they were; `deformable`,
            moved to the target's landmarks, for recipe `capg`.
        width: channels of the generator at full size.
        agent_width: channels of the discriminators' first level.
        agent_verdicts: where the discriminators judge, and are matched: at `every` level, or at the
            `last` alone.
        batch: pairs a step.
        head_share: share of every batch that is drawn from rendered heads, if there are any.
        forward_share: share that is drawn from turns away from a photo, if there are any.
        identity_every: every how many pairs of a batch the identity loss looks at one; looking
            through the recogniser is more than half of a small network's step.
        learning_rate: of Adam, betas 0.5 and 0.999, for generator and agents.
        gradient_norm: largest norm of the generator's gradient, what is longer is shortened; 0 is
            no limit. A flow that has once run away does not find back. Flow and painting have a
            norm each: the flow's is ten times the painting's, and would shorten that too.
        flow_until: share of the run in which the flow alone learns; it does without the rest, which
            is most of the work.
        flow_rate: share of the learning rate at which the flow goes on when the rest learns too; 0
            holds it still, which spares the way back through it.
        draft_counts: how much a draft counts as the answer at least, where the photograph does not
            show the place; 0 leaves that to the agents.
        agents_from: share of the run after which the discriminators join.
        average_decay: of the running average of the generator's weights that is exported.
        erase: probability that a pair's input is damaged where the photograph cannot be trusted.
        draft_dropout: probability that a pair's draft is withheld: grey, its confidence none.
        draft_coarse: probability that it is shown without its detail.
        colour_jitter: largest change of each colour's gain, the same for a pair's both pictures, so
            that the network meets more skins and lights than there are people.
    """

    loop: LoopRecipe
    start: StartRecipe | None = None
    data: RotationDataRecipe = RotationDataRecipe()
    loss_weights: LossWeights = LossWeights()
    card: RotationCardRecipe = RotationCardRecipe()
    recipe: Literal["capg", "mesh"] = "mesh"
    target: Literal["template", "mesh"] = "template"
    landmarks: Literal[2, 5, 20] = 5
    skips: Literal["plain", "deformable"] = "plain"
    size_px: int = Field(default=128, multiple_of=16)
    rendered_px: int = Field(default=0, ge=0)
    width: int = Field(default=32, ge=4)
    agent_width: int = Field(default=32, ge=4)
    agent_verdicts: Literal["every", "last"] = "every"
    batch: int = Field(default=8, ge=2)
    head_share: float = Field(default=0.5, ge=0, le=1)
    forward_share: float = Field(default=0.25, ge=0, le=1)
    identity_every: int = Field(default=1, ge=1)
    learning_rate: float = Field(default=2e-4, gt=0)
    gradient_norm: float = Field(default=0.0, ge=0)
    flow_until: float = Field(default=0.0, ge=0, le=1)
    flow_rate: float = Field(default=1.0, ge=0)
    draft_counts: float = Field(default=0.0, ge=0, le=1)
    agents_from: float = Field(default=0.0, ge=0, le=1)
    average_decay: float = Field(default=0.998, ge=0, lt=1)
    erase: float = Field(default=0.5, ge=0, le=1)
    draft_dropout: float = Field(default=0.0, ge=0, le=1)
    draft_coarse: float = Field(default=0.0, ge=0, le=1)
    colour_jitter: float = Field(default=0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _check_skips(self) -> RotationRecipe:
        if self.skips == "deformable" and self.recipe != "capg":
            raise ValueError("deformable skips are for recipe capg")
        if self.skips != "deformable" and self.flow_until:
            raise ValueError("only deformable skips have a flow to learn")
        drafts = (self.data.draft_wrong_share, self.draft_dropout, self.draft_coarse)
        if self.recipe != "mesh" and any(drafts):
            raise ValueError("only recipe mesh has drafts to spoil")
        if self.landmarks > self.data.landmarks:
            raise ValueError(
                f"pairs of {self.data.landmarks} landmarks cannot show {self.landmarks}: "
                "set landmarks = 20 in the table data"
            )
        return self
