"""What the engines' routes answer, as OpenAPI describes it; the same as the commands' `--json`."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from goodside.web.problems import Problem

Share = Annotated[float, Field(ge=0, le=1)]
Record = TypeVar("Record")


class AestheticRecord(BaseModel):
    """How good a photograph looks, on the 1-10 scale."""

    score: float = Field(ge=1, le=10, description="Mean of the distribution.")
    std: float = Field(ge=0, description="How much people are expected to disagree.")
    distribution: list[Share] = Field(
        min_length=10, max_length=10, description="Probabilities of the scores 1 to 10."
    )
    high_quality: Share = Field(description="Probability that most people call it good.")
    percentile: float | None = Field(
        ge=0,
        le=100,
        description="Share of the reference photographs that score lower; null: not a photograph.",
    )


class TagRecord(BaseModel):
    """What a photograph shows."""

    label: str
    probability: Share


class PhotographRecord(BaseModel):
    """Whether a picture is a photograph at all."""

    chance: Share
    is_photo: bool = Field(description="Whether it is taken for one; else its score says nothing.")
    is_familiar: bool = Field(
        description="Whether it is like those the network learnt from; else its score is doubtful."
    )


class AssessmentRecord(BaseModel):
    """What the network says about a photograph."""

    width: int = Field(description="Of the upright picture, px.")
    height: int
    aesthetic: AestheticRecord
    semantics: list[TagRecord] = Field(description="The likeliest first.")
    model: str = Field(description="Name and version of the weights.")
    technical: float | None = Field(
        default=None,
        ge=1,
        le=10,
        description="Technical quality apart from beauty: noise, blur, compression, exposure; only "
        "with weights that measure it.",
    )
    words: list[TagRecord] = Field(
        default=[], description="What it shows, in words to search by; only those it is sure of."
    )
    photograph: PhotographRecord | None = Field(
        default=None, description="Only with weights whose card can tell."
    )
    incomplete: bool = Field(default=False, description="The file was cut short.")
    notes: list[str] = Field(default=[], description="What is odd about the file.")


class Angles(BaseModel):
    """Where a head looks, in degrees: to the picture's right, down, clockwise."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


class MeasuredPose(Angles):
    """A pose found in a photograph."""

    error: float = Field(description="Of the fitted mesh, as a share of the eyes' distance.")


class FoundFace(BaseModel):
    """One face."""

    face: int = Field(description="Its number, from 0, the largest first.")
    box: list[float] = Field(
        min_length=4, max_length=4, description="Left, top, right, bottom, px."
    )
    score: Share
    mesh_score: Share
    pose: MeasuredPose
    sharpness: Share
    quality: Share
    points: list[list[float]] = Field(
        description="Eyes, tip of the nose, corners of the mouth: x and y, px."
    )


class FacesRecord(BaseModel):
    """The faces of a photograph."""

    width: int = Field(description="Of the upright picture, px.")
    height: int
    faces: list[FoundFace]


class EncodedPicture(BaseModel):
    """A picture inside JSON."""

    media_type: Literal["image/jpeg", "image/png", "image/webp"]
    base64: str = Field(description="The bytes of the file.")


class TurnedRecord(BaseModel):
    """A face at another angle, and how far it can be trusted."""

    source: Angles
    requested: Angles
    measured: Angles | None = Field(description="Null: no face was found in the result.")
    identity: float | None = Field(description="Cosine to the person's face, -1 to 1.")
    confidence: Share | None = Field(
        description="Probability that a second recogniser takes it for the person."
    )
    synthetic: Literal[True] = True
    model: str
    picture: EncodedPicture


class TurnedRow(BaseModel):
    """One face at each angle that was asked for."""

    turned: list[TurnedRecord]


class BatchEntry(BaseModel, Generic[Record]):
    """One photograph of a batch: its result, or why there is none."""

    name: str | None = Field(default=None, description="As it was sent.")
    result: Record | None = None
    problem: Problem | None = None


class Batch(BaseModel, Generic[Record]):
    """The photographs of a batch, in their order."""

    results: list[BatchEntry[Record]]
