"""What `/v1` tells of photographs, faces and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from goodside.album.album_photo import AlbumPhoto
from goodside.album.browse import PersonSeen
from goodside.album.catalog import FaceRecord
from goodside.text import visible


class PersonLink(BaseModel):
    """Somebody, by key and name."""

    key: str = Field(examples=["02209d26ab64"], description="12 hexadecimal digits.")
    name: str | None = Field(default=None, examples=["Ann"])


class PhotoItem(BaseModel):
    """A photograph in a list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 12, "name": "dahlia.jpg", "width": 1280, "height": 853,
                    "taken_at": "2024-05-31T12:30:00", "camera": "Canon EOS 5D", "score": 6.1,
                    "percentile": 84.0, "technical": 7.1, "flag": "pick", "stars": 4, "kept": False,
                    "tags": ["plant"], "people": [], "faces": 0,
                    "thumbnail": "/thumbnails/12", "picture": "/pictures/12",
                }
            ]
        }
    )  # fmt: skip

    id: int = Field(description="What addresses of `/v1` and decisions name.")
    name: str = Field(description="Of its first file, with what cannot be seen written out.")
    width: int | None = Field(description="Pixels of the upright picture.")
    height: int | None
    taken_at: datetime | None = Field(description="By the camera's clock; UTC offset if known.")
    camera: str | None
    score: float | None = Field(description="Of the network, 1-10.")
    percentile: float | None = Field(
        description="Among the model's reference photographs, 0-100; null: not assessed, or not a "
        "photograph."
    )
    technical: float | None = Field(
        default=None, description="Technical quality apart from beauty, 1-10; null: not measured."
    )
    flag: Literal["pick", "reject"] | None
    stars: int | None = Field(description="The person's, 0-5.")
    kept: bool = Field(description="The person chose it of its group.")
    tags: list[str] = Field(
        description="What it shows: kinds of picture, words, and the person's own."
    )
    people: list[PersonLink]
    faces: int
    thumbnail: str
    picture: str

    @classmethod
    def of(cls, shot: AlbumPhoto, *, people: Iterable[PersonSeen]) -> Self:
        """Of a photograph and the people in it."""
        return cls(**_summary(shot, people))


class PhotoPage(BaseModel):
    """Some photographs of a selection, in its order."""

    photos: list[PhotoItem]
    total: int = Field(description="Photographs of the whole selection, now.")
    next: str | None = Field(
        default=None, description="The `cursor` of the page that follows; None: there is none."
    )


class FaceItem(BaseModel):
    """A face; angles as in `goodside.Pose`."""

    id: int
    photo: int
    box: list[float] = Field(description="Left, top, right, bottom, px of the upright picture.")
    yaw_deg: float = Field(description="Positive: toward the picture's right.")
    pitch_deg: float
    roll_deg: float
    sharpness: float = Field(description="0-1")
    eyes_open: float | None = Field(description="0 (surely shut) to 1; None: not sure.")
    quality: float | None = Field(description="How sure it is that it tells who it is, 0-1.")
    person: PersonLink | None
    similarity: float | None = Field(description="Cosine to the person.")
    confirmed: bool = Field(description="A decision says whose it is.")
    crop: str

    @classmethod
    def of(cls, face: FaceRecord, *, names: Mapping[str, str]) -> Self:
        """Of a face with decisions applied.

        Args:
            face: it.
            names: by person's key.
        """
        key = face.person
        return cls(
            id=face.id,
            photo=face.photo_id,
            box=[round(value, 1) for value in face.box.as_list()],
            yaw_deg=round(face.pose.yaw_deg, 1),
            pitch_deg=round(face.pose.pitch_deg, 1),
            roll_deg=round(face.pose.roll_deg, 1),
            sharpness=round(face.sharpness, 3),
            eyes_open=None if face.eyes_open is None else round(face.eyes_open, 3),
            quality=None if face.quality is None else round(face.quality, 3),
            person=None if key is None else PersonLink(key=key, name=names.get(key)),
            similarity=None if face.similarity is None else round(face.similarity, 4),
            confirmed=face.confirmed,
            crop=f"/faces/{face.id}",
        )


class AssessmentItem(BaseModel):
    """What the aesthetic network says of a photograph."""

    model: str = Field(examples=["aesthetics-free 1.1.0"])
    score: float
    std: float
    percentile: float | None = Field(description="0-100; null: not a photograph.")
    high_quality: float = Field(description="Probability, 0-1.")
    distribution: list[float] = Field(description="Probability of each score from 1 to 10.")
    tags: dict[str, float] = Field(
        description="The network's kinds of picture with their probabilities."
    )
    technical: float | None = Field(
        default=None, description="Technical quality apart from beauty, 1-10; null: not measured."
    )
    words: dict[str, float] = Field(
        default={}, description="Words that the network is sure of, with their probabilities."
    )


class FileItem(BaseModel):
    """A file that holds a photograph."""

    name: str
    folder: str


class RelatedPhoto(BaseModel):
    """A photograph that another one was made from, or was made from another one."""

    photo: int
    kind: Literal["copy", "version"]
    of: int
    why: str = Field(examples=["black and white"])


class SimilarItem(BaseModel):
    """A photograph that looks like another one."""

    photo: int
    likeness: float = Field(description="Cosine of the network's features.")


class GroupLink(BaseModel):
    """A group that a photograph is in."""

    id: str = Field(examples=["burst-12"], description="Its kind and first photograph.")
    kind: str
    count: int


class PhotoDetail(PhotoItem):
    """All that is known of a photograph."""

    sha256: str
    files: list[FileItem]
    assessment: AssessmentItem | None
    figures: dict[str, float | None] = Field(
        description="Sharpness, brightness, contrast, clipped_dark, clipped_bright: 0-1."
    )
    metadata: dict[str, Any] = Field(
        description="Lens, exposure and place, as the camera noted them; title, description, "
        "label and keywords of people and other programs."
    )
    incomplete: bool = Field(description="A part of the file is missing.")
    found_faces: list[FaceItem]
    groups: list[GroupLink]
    relations: list[RelatedPhoto]
    similar: list[SimilarItem]


def group_key(kind: str, photo_ids: Iterable[int]) -> str:
    """What a group is called: kind and first photograph, which tell it in any new grouping."""
    return f"{kind}-{next(iter(photo_ids))}"


def detail_of(
    shot: AlbumPhoto,
    *,
    people: Iterable[PersonSeen],
    faces: Iterable[FaceItem],
    versions: Iterable[AlbumPhoto],
    similar: Iterable[tuple[int, float]],
) -> PhotoDetail:
    """All that is known of a photograph.

    Args:
        shot: it.
        people: in it.
        faces: in it, with decisions applied.
        versions: copies and versions that were made from it.
        similar: row numbers and cosines, the most alike first.
    """
    photo, facts, judged = shot.photo, shot.photo.facts, shot.photo.judged
    made = [*((shot,) if shot.relation is not None else ()), *versions]
    return PhotoDetail(
        **_summary(shot, people),
        sha256=photo.sha256,
        files=[
            FileItem(name=visible(path.name), folder=visible(str(path.parent)))
            for path in photo.paths
        ],
        assessment=None
        if judged is None
        else AssessmentItem(
            model=judged.model,
            score=judged.aesthetic.score,
            std=judged.aesthetic.std,
            percentile=shot.percentile,
            high_quality=judged.aesthetic.high_quality,
            distribution=list(judged.aesthetic.distribution),
            tags=dict(judged.tags),
            technical=judged.technical,
            words=dict(judged.words),
        ),
        figures={
            name: getattr(facts, name)
            for name in ("sharpness", "brightness", "contrast", "clipped_dark", "clipped_bright")
        },
        metadata={
            name: getattr(facts, name)
            for name in (
                "lens", "exposure_s", "f_number", "iso", "bias_ev", "focal_mm", "latitude_deg",
                "longitude_deg",
            )
        }
        | {
            "title": photo.description.title,
            "description": photo.description.description,
            "label": photo.description.label,
            "keywords": list(shot.keywords),
        },
        incomplete=bool(facts.incomplete),
        found_faces=list(faces),
        groups=[
            GroupLink(
                id=group_key(group.kind, group.photo_ids),
                kind=group.kind,
                count=len(group.photo_ids),
            )
            for group in shot.groups
        ],
        relations=[
            RelatedPhoto(
                photo=one.photo.id,
                kind=one.relation.kind,
                of=one.relation.of_id,
                why=one.relation.why,
            )
            for one in made
            if one.relation is not None
        ],
        similar=[SimilarItem(photo=one, likeness=round(cosine, 4)) for one, cosine in similar],
    )  # fmt: skip


def day_of(shot: AlbumPhoto) -> date | None:
    """The day of capture by the camera's clock."""
    taken = shot.photo.facts.taken_at
    return None if taken is None else taken.date()


def _summary(shot: AlbumPhoto, people: Iterable[PersonSeen]) -> dict[str, Any]:
    photo, facts = shot.photo, shot.photo.facts
    aesthetic = None if photo.judged is None else photo.judged.aesthetic
    return {
        "id": photo.id,
        "name": visible(shot.name),
        "width": facts.width,
        "height": facts.height,
        "taken_at": facts.taken,
        "camera": facts.camera,
        "score": None if aesthetic is None else round(aesthetic.score, 3),
        "percentile": None if shot.percentile is None else round(shot.percentile, 1),
        "technical": None if shot.technical is None else round(shot.technical, 3),
        "flag": shot.flag,
        "stars": shot.stars,
        "kept": shot.kept,
        "tags": sorted(shot.tags),
        "people": [PersonLink(key=one.key, name=one.name) for one in people],
        "faces": len(shot.faces),
        "thumbnail": f"/thumbnails/{photo.id}",
        "picture": f"/pictures/{photo.id}",
    }
