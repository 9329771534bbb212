"""The tables. All but `journal` can be emptied and computed again from the photographs.

    folder ──< file >── photo ──1 thumbnail
                 1        ├──1 assessment
              failure     ├──< face ──1 assignment
           file_metadata  └──< group_member >── photo_group
    journal               decisions; refers to contents and boxes, never to rows

Coordinates are pixels of the upright picture, times of the catalog are UTC, angles follow
`goodside.types`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from goodside.album.catalog.columns import (
    Bits64,
    Chances,
    Digest,
    Embedding,
    FilePath,
    LocalTime,
    Moment,
    PersonKey,
    Points,
    Record,
    Shares,
    Vector,
    WordList,
    YesNo,
)
from goodside.types import FloatArray

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _key(target: str) -> Any:
    """A foreign key whose row goes when the row it names goes."""
    return ForeignKey(target, ondelete="CASCADE")


class Base(DeclarativeBase):
    """Base of the tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {
        datetime: LocalTime,
        bool: YesNo,
        int: BigInteger().with_variant(Integer(), "sqlite"),
    }


class FolderRow(Base):
    """A folder that a person asked to scan. Its options are decisions: see `SetFolder`."""

    __tablename__ = "folder"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[Path] = mapped_column(FilePath, unique=True)
    """Absolute."""
    added_at: Mapped[datetime] = mapped_column(Moment)


class FileRow(Base):
    """A file below a folder: where it lies and what a single `stat` tells.

    `role` is `photo`, `sidecar`, or `folder` for one that cannot be read. A sidecar, and the raw
    file of a RAW+JPEG pair, names the file it belongs to in `main_id`.
    """

    __tablename__ = "file"

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_id: Mapped[int] = mapped_column(_key("folder.id"), index=True)
    path: Mapped[Path] = mapped_column(FilePath, unique=True)
    """Absolute."""
    role: Mapped[str] = mapped_column(default="photo")
    main_id: Mapped[int | None] = mapped_column(
        ForeignKey("file.id", ondelete="SET NULL"), index=True
    )
    photo_id: Mapped[int | None] = mapped_column(
        ForeignKey("photo.id", ondelete="SET NULL"), index=True
    )
    """The content it holds; None for sidecars and for files that could not be read."""
    before_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id", ondelete="SET NULL"))
    """The content it held before it changed, until `follow_edited_photos`."""
    first_sha256: Mapped[bytes | None] = mapped_column(Digest)
    """Content at the first scan; set once, never changed: what `verify` proves."""
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    inode: Mapped[int] = mapped_column(Bits64)
    missing_since: Mapped[datetime | None] = mapped_column(Moment)


class FailureRow(Base):
    """Why a file could not be used at the last try; the row goes when a try succeeds."""

    __tablename__ = "failure"

    file_id: Mapped[int] = mapped_column(_key("file.id"), primary_key=True)
    kind: Mapped[str]
    """Name of the error's class in `goodside.errors`."""
    message: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(Moment)


class FileMetadataRow(Base):
    """What people and other programs say of a photograph, in its file and beside it."""

    __tablename__ = "file_metadata"

    file_id: Mapped[int] = mapped_column(_key("file.id"), primary_key=True)
    title: Mapped[str | None]
    description: Mapped[str | None]
    label: Mapped[str | None]
    """Colour label."""
    keywords: Mapped[list[str]] = mapped_column(WordList)
    """Levels of a hierarchy are joined by `|`."""
    people: Mapped[list[str]] = mapped_column(WordList)
    """Names without a place in the picture."""
    notes: Mapped[list[str]] = mapped_column(WordList)
    """What was damaged, or could not be placed, and was left out."""
    pending: Mapped[dict[str, Any] | None] = mapped_column(Record(none_as_null=True))
    """Opinions and names that are still to become decisions."""
    noted: Mapped[dict[str, Any] | None] = mapped_column(Record(none_as_null=True))
    """Those that became decisions, or were passed over, at the last look."""


class PhotoRow(Base):
    """A content, however many files hold it; everything but its hash is computed."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(Digest, unique=True)
    first_seen: Mapped[datetime] = mapped_column(Moment)
    width: Mapped[int | None]
    """Pixels of the upright picture."""
    height: Mapped[int | None]
    orientation: Mapped[int | None]
    """EXIF, 1-8: what was done to make it upright."""
    taken_at: Mapped[datetime | None] = mapped_column(index=True)
    """Wall clock of the camera, to the fraction of a second, without a zone."""
    taken_offset_min: Mapped[int | None]
    """Minutes that clock is ahead of UTC; None: not known."""
    camera: Mapped[str | None]
    lens: Mapped[str | None]
    exposure_s: Mapped[float | None]
    f_number: Mapped[float | None]
    iso: Mapped[int | None]
    bias_ev: Mapped[float | None]
    """Exposure compensation: tells a bracket from a burst."""
    focal_mm: Mapped[float | None]
    latitude_deg: Mapped[float | None]
    longitude_deg: Mapped[float | None]
    phash: Mapped[int | None] = mapped_column(Bits64)
    sharpness: Mapped[float | None]
    """0-1, higher is crisper."""
    brightness: Mapped[float | None]
    """Mean of luma, 0-1."""
    contrast: Mapped[float | None]
    """Standard deviation of luma, 0-1."""
    clipped_dark: Mapped[float | None]
    """Share of pixels, 0-1."""
    clipped_bright: Mapped[float | None]
    colourfulness: Mapped[float | None]
    """This and those down to `horizon_tilt_deg`: `goodside.images.features.VisualFeatures`."""
    warmth: Mapped[float | None]
    warmth_spread: Mapped[float | None]
    focus_share: Mapped[float | None]
    subject_x: Mapped[float | None]
    subject_y: Mapped[float | None]
    subject_light: Mapped[float | None]
    background_blur: Mapped[float | None]
    symmetry: Mapped[float | None]
    horizon_tilt_deg: Mapped[float | None]
    incomplete: Mapped[bool | None]
    """A part of the picture is missing: the file was cut short."""
    notes: Mapped[str | None]
    """What was found wrong with the file when it was decoded, a line each."""
    program: Mapped[str | None]
    """What saved it after the camera, by its metadata; None: nothing says so."""
    spectrum: Mapped[FloatArray | None] = mapped_column(Vector)
    """Decibels by fineness (`goodside.images.similarity.spectrum`): tells copies from originals."""
    measured_by: Mapped[str | None]
    """Version of the figures above; None: not measured yet."""
    faces_by: Mapped[str | None]
    """Version of the face analysis; None: not done. Done with no face found: set, no rows."""


class ThumbnailRow(Base):
    """A small picture of a photo, apart so that walking over photos stays quick."""

    __tablename__ = "thumbnail"

    photo_id: Mapped[int] = mapped_column(_key("photo.id"), primary_key=True)
    jpeg: Mapped[bytes]
    """A whole JPEG or WebP file."""


class AssessmentRow(Base):
    """What the aesthetic network says of a photo (`goodside.types.Aesthetic`)."""

    __tablename__ = "assessment"

    photo_id: Mapped[int] = mapped_column(_key("photo.id"), primary_key=True)
    model: Mapped[str]
    """Name and version of the weights."""
    score: Mapped[float]
    """1-10."""
    std: Mapped[float]
    high_quality: Mapped[float]
    """0-1."""
    percentile: Mapped[float]
    """0-100."""
    distribution: Mapped[list[float]] = mapped_column(Shares)
    tags: Mapped[dict[str, float]] = mapped_column(Chances)
    """Label to probability, 0-1."""
    technical: Mapped[float | None]
    """Technical quality, 1-10; None: the weights give none, or an older goodside judged."""
    words: Mapped[dict[str, float] | None] = mapped_column(Chances)
    """Words that the weights are sure of, to probability, 0-1; None: an older goodside judged."""
    attributes: Mapped[dict[str, float] | None] = mapped_column(Chances(none_as_null=True))
    """The network's attributes by name, 1-10; None: it gives none."""
    embedding: Mapped[FloatArray | None] = mapped_column(Embedding)
    """Features for "similar to this picture", unit length."""


class FaceRow(Base):
    """A face in a photo. The plain embedding is never replaced by the others."""

    __tablename__ = "face"

    id: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(_key("photo.id"), index=True)
    left: Mapped[float]
    top: Mapped[float]
    right: Mapped[float]
    bottom: Mapped[float]
    points: Mapped[FloatArray] = mapped_column(Points)
    """(5, 2) pixels."""
    yaw_deg: Mapped[float]
    pitch_deg: Mapped[float]
    roll_deg: Mapped[float]
    pose_error: Mapped[float]
    score: Mapped[float]
    """The detector's confidence, 0-1."""
    mesh_score: Mapped[float]
    sharpness: Mapped[float]
    """0-1."""
    eyes_open: Mapped[float | None]
    """0 (surely shut) to 1 (surely open); None: not sure."""
    quality: Mapped[float | None]
    """How sure it is that this is a person's face, and one that tells who, 0-1."""
    embedding: Mapped[FloatArray | None] = mapped_column(Embedding)
    """Of the face as it is, unit length."""
    frontal_embedding: Mapped[FloatArray | None] = mapped_column(Embedding)
    """Of the face turned to frontal; None where it was not turned."""
    fused_embedding: Mapped[FloatArray | None] = mapped_column(Embedding)
    """Of both; None: the plain one counts."""
    crop: Mapped[bytes | None]
    """A small picture of the face: a whole JPEG or WebP file."""


class AssignmentRow(Base):
    """Whose face it is. Names are decisions: see `Decisions.names`."""

    __tablename__ = "assignment"

    face_id: Mapped[int] = mapped_column(_key("face.id"), primary_key=True)
    person: Mapped[str] = mapped_column(PersonKey, index=True)
    """A person's key; the same in the journal."""
    similarity: Mapped[float]
    """Cosine to the person, -1 to 1."""
    confirmed: Mapped[bool]
    """A decision says so; otherwise clustering does."""


class GroupRow(Base):
    """Photos that belong together; kinds are `goodside.album.catalog.GROUP_KINDS`."""

    __tablename__ = "photo_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)


class GroupMemberRow(Base):
    """A photo's place in a group; a photo may be in one group of each kind."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(_key("photo_group.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    photo_id: Mapped[int] = mapped_column(_key("photo.id"), index=True)
    relation: Mapped[str | None]
    """`copy` or `version`; None: neither."""
    of_position: Mapped[int | None]
    """Place in the group of what it is a copy or version of."""
    why: Mapped[str | None]
    """How it differs from that, in a word or two."""


class JournalRow(Base):
    """A decision. Rows are only added; forgetting a person blanks names in payloads."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """32 hexadecimal digits: the entry's name in every catalog that imports it."""
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(Record)
    step: Mapped[str | None]
    """What entries that only make sense together share; None: it stands alone."""
    command: Mapped[str | None]
    """What all entries of one command share, those of an import too; None: it stands alone."""
    by: Mapped[str | None]
    """Who decided; None: it was not noted, as before there was room for it."""


class ChecksumRow(Base):
    """The sum over a row of another table: see `goodside.album.catalog.checksums`."""

    __tablename__ = "checksum"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    name: Mapped[str] = mapped_column(primary_key=True)
    """The table."""
    key: Mapped[str] = mapped_column(primary_key=True)
    """Its row: the primary key, several columns joined by commas."""
    value: Mapped[int]
    """CRC-32 of what the row holds."""


class TableVersionRow(Base):
    """How often another table was changed: see `goodside.album.catalog.table_versions`."""

    __tablename__ = "table_version"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    name: Mapped[str] = mapped_column(primary_key=True)
    """The table."""
    value: Mapped[int]
    """Rows that were added, changed or taken away since the catalog was made."""
