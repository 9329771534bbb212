"""The recipe of a rotation run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from goodside_train.config import Frozen, LoopRecipe


class DataRecipe(Frozen):
    """What is made into pairs.

    Attributes:
        photos: folders of single portraits below the data folder; each picture is one identity.
        heads: folder of rendered views below the data folder, with its `views.csv`; empty for none.
        turns: there-and-back turns made of every photo.
        head_pairs: pairs drawn of every rendered identity and light.
        yaw_deg, pitch_deg: largest turn of a photo; yaws reach to both sides.
        held_out: names of files or identities (without suffix) never trained on, beside the share
            that a hash of the name keeps out.
        held_out_share: that share, 0-1.
    """

    photos: tuple[str, ...] = ("faces/faker", "faces/sdfd")
    heads: str = "heads"
    turns: int = Field(default=8, ge=1)
    head_pairs: int = Field(default=60, ge=0)
    yaw_deg: float = 60.0
    pitch_deg: float = 15.0
    held_out: tuple[str, ...] = ()
    held_out_share: float = Field(default=0.1, ge=0, le=0.9)


class Weights(Frozen):
    """How much each loss counts; 0 leaves it out."""

    pixel: float = 10.0
    adversarial_identity: float = 0.1
    adversarial_pose: float = 0.1
    identity: float = 0.02
    total_variation: float = 1e-4
    feature_matching: float = 0.0


class CardRecipe(Frozen):
    """What the card of the exported weights says of them.

    Attributes:
        title: one line for people.
        license: SPDX identifier; `terms` says in words what it allows, `data` what the weights were
            trained on.
        yaw_deg, pitch_deg, roll_deg: poses the runtime accepts, as (lowest, highest).
    """

    title: str = "Turns a face to another angle"
    license: str = "LicenseRef-unstated"
    terms: str = "Not stated: the recipe has no table [card]."
    data: str = "Not stated: the recipe has no table [card]."
    yaw_deg: tuple[float, float] = (-60.0, 60.0)
    pitch_deg: tuple[float, float] = (-20.0, 20.0)
    roll_deg: tuple[float, float] = (-45.0, 45.0)


class RotationRecipe(Frozen):
    """A whole run.

    Attributes:
        recipe: the signal, `capg` or `mesh`.
        size_px: side of the network's pictures, a multiple of 16.
        width: channels of the generator at full size.
        agent_width: channels of the discriminators' first level.
        batch: pairs a step.
        learning_rate: of Adam, betas 0.5 and 0.999, for generator and agents.
        agents_from: share of the run after which the discriminators join.
        average_decay: of the running average of the generator's weights that is exported.
        erase: probability that a pair's input is damaged where the photograph cannot be trusted.
    """

    loop: LoopRecipe
    data: DataRecipe = DataRecipe()
    weights: Weights = Weights()
    card: CardRecipe = CardRecipe()
    recipe: Literal["capg", "mesh"] = "mesh"
    size_px: int = Field(default=128, multiple_of=16)
    width: int = Field(default=32, ge=4)
    agent_width: int = Field(default=32, ge=4)
    batch: int = Field(default=8, ge=2)
    learning_rate: float = Field(default=2e-4, gt=0)
    agents_from: float = Field(default=0.0, ge=0, le=1)
    average_decay: float = Field(default=0.998, ge=0, lt=1)
    erase: float = Field(default=0.5, ge=0, le=1)
