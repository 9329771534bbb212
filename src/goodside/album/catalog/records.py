"""What the catalog takes and gives: frozen, without a database behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from goodside.album.catalog.decisions import FaceRef, Flag
from goodside.types import Aesthetic, Box, FloatArray, Pose


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What one `stat` tells; equal stamps: the content is taken for unchanged."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the catalog knows it.

    Attributes:
        id: row number.
        path: absolute.
        role: `photo` or `sidecar`.
        main_id: the file it belongs to, for a sidecar or the raw file of a pair.
        photo_id: the content it holds; None for sidecars and files that could not be read.
        sha256: of that content.
        first_sha256: of the content at the first scan; None where it was never read.
        stamp: at the last scan.
        missing_since: when a scan first did not find it; None: it is there.
        attempts: failed tries since it was last used; 0: no failure.
        failure: kind of the last failure, the name of an error's class; None: no failure.
        measured_by: version of the photo's figures; None: not done.
        judged_by: model of its assessment; None: not done.
        faces_by: version of its face analysis; None: not done.
        failure_message: why the last try failed, in words; None: it did not.
    """

    id: int
    path: Path
    role: str
    main_id: int | None
    photo_id: int | None
    sha256: str | None
    first_sha256: str | None
    stamp: FileStamp
    missing_since: datetime | None
    attempts: int
    measured_by: str | None
    judged_by: str | None
    faces_by: str | None
    failure: str | None = None
    failure_message: str | None = None


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Why a file could not be used at the last try; `kind` is the name of an error's class."""

    path: Path
    kind: str
    message: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """What is missing of a photograph, or was left out of its metadata, and why."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Figures of a photo; see the columns of the same names in `models.PhotoRow`."""

    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    taken_at: datetime | None = None
    taken_offset_min: int | None = None
    camera: str | None = None
    lens: str | None = None
    exposure_s: float | None = None
    f_number: float | None = None
    iso: int | None = None
    bias_ev: float | None = None
    focal_mm: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    phash: int | None = None
    sharpness: float | None = None
    brightness: float | None = None
    contrast: float | None = None
    clipped_dark: float | None = None
    clipped_bright: float | None = None
    colourfulness: float | None = None
    warmth: float | None = None
    warmth_spread: float | None = None
    focus_share: float | None = None
    subject_x: float | None = None
    subject_y: float | None = None
    subject_light: float | None = None
    background_blur: float | None = None
    symmetry: float | None = None
    horizon_tilt_deg: float | None = None
    incomplete: bool | None = None
    notes: str | None = None

    @property
    def taken(self) -> datetime | None:
        """When it was taken: with its offset from UTC where that is known, else without."""
        if self.taken_at is None or self.taken_offset_min is None:
            return self.taken_at
        zone = timezone(timedelta(minutes=self.taken_offset_min))
        return self.taken_at.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Description:
    """What people and other programs say of a photo, in its files and beside them.

    Attributes:
        title, description, label: of the first file that has one; `label` is a colour's name.
        keywords: levels of a hierarchy are joined by `|`.
        people: names that are on no face of the catalog.
        notes: what was left out, and why.
    """

    title: str | None = None
    description: str | None = None
    label: str | None = None
    keywords: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A face that somebody named, by its edges as shares of the upright picture, 0-1.

    `person` is a key where goodside wrote it.
    """

    left: float
    top: float
    right: float
    bottom: float
    name: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedDecisions:
    """Decisions on record in a sidecar of ours.

    Attributes:
        stars, flag, tags, tags_removed: as decided.
        faces: confirmed to be a person.
        over_stars, over_flag: what other programs said when it was written.
    """

    stars: int | None = None
    flag: Flag | None = None
    tags: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    faces: tuple[NamedRegion, ...] = ()
    over_stars: int | None = None
    over_flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says that may become decisions.

    Attributes:
        stars, flag: other programs' opinion: 1-5; `pick` or `reject`.
        replaced: a rating that goodside wrote and somebody changed or took out since.
        regions: faces that other programs name.
        decided: what a person decided in goodside, as a sidecar of ours has it on record.
        content: sha256 of the photograph that it is said of.
    """

    stars: int | None = None
    flag: Flag | None = None
    replaced: int | None = None
    regions: tuple[NamedRegion, ...] = ()
    decided: RecordedDecisions | None = None
    content: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether nothing follows from it."""
        return replace(self, content="") == Statement()


@dataclass(frozen=True, slots=True)
class FileStatement:
    """A statement that waits for being turned into decisions.

    Attributes:
        file_id: the file's row number.
        photo_id: the content it holds.
        now: what it says.
        before: what it said at the last look; None: it was never looked at.
        tried: it is what the last look left, as faces were not found.
    """

    file_id: int
    photo_id: int
    now: Statement
    before: Statement | None
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What tells an original from its copies.

    Attributes:
        size_bytes: of the file.
        program: what saved it after the camera, by its metadata; None: nothing says so.
        spectrum: (28,) float32 decibels, see `images.similarity.spectrum`; None: not measured.
    """

    size_bytes: int = 0
    program: str | None = None
    spectrum: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class StoredAssessment:
    """What the aesthetic network says of a photo.

    Attributes:
        model: name and version of the weights.
        aesthetic: score, distribution and what follows from it.
        tags: label to probability, 0-1.
        technical: technical quality, 1-10; None: not measured.
        words: those to search by that the network is sure of, to probability, 0-1.
        attributes: the network's by name, 1-10, the technical quality among them; empty: it gives
            none.
    """

    model: str
    aesthetic: Aesthetic
    tags: Mapping[str, float]
    technical: float | None = None
    words: Mapping[str, float] = field(default_factory=dict)
    attributes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as the catalog knows it, without its thumbnail and vector.

    Attributes:
        id: row number.
        sha256: 64 hexadecimal digits; what decisions name.
        paths: files that hold it and are there, the first by name first; a raw file that belongs
            to another file is left out.
        facts: its figures.
        judged: None: not assessed.
        description: what others say of it.
        instant: when it was taken, in UTC; where its offset is not known, with that of the
            photograph nearest by the camera's clock.
    """

    id: int
    sha256: str
    paths: tuple[Path, ...]
    facts: PhotoFacts
    judged: StoredAssessment | None
    description: Description = Description()
    instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class FaceFacts:
    """A face as the scan found it.

    Attributes:
        box: pixels of the upright picture.
        points: (5, 2) float32 pixels.
        pose: where it looks.
        score: the detector's confidence, 0-1.
        mesh_score: the landmark network's belief, 0-1.
        sharpness: 0-1.
        eyes_open: 0 (surely shut) to 1 (surely open); None: not sure.
        embedding: (D,) float32, unit length, of the face as it is.
        frontal_embedding: the same of the face turned to frontal, where it was.
        fused_embedding: of both, where there are both.
        crop: a small picture, a whole JPEG or WebP file.
        quality: how sure it is that this is a person's face, and one that tells who, 0-1; None: not
            measured.
    """

    box: Box
    points: FloatArray
    pose: Pose
    score: float
    mesh_score: float
    sharpness: float
    eyes_open: float | None = None
    embedding: FloatArray | None = None
    frontal_embedding: FloatArray | None = None
    fused_embedding: FloatArray | None = None
    crop: bytes | None = None
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """A face as the catalog knows it, without its crop and vectors.

    Attributes:
        id: row number.
        photo_id: the photo's row number.
        ref: what decisions name; its `photo` is the content.
        person: key of whose face it is; None: of nobody yet.
        similarity: cosine to the person, -1 to 1; None likewise.
        confirmed: a decision says whose it is.
        quality: as in `FaceFacts`.
    """

    id: int
    photo_id: int
    ref: FaceRef
    box: Box
    points: FloatArray
    pose: Pose
    score: float
    mesh_score: float
    sharpness: float
    eyes_open: float | None
    person: str | None
    similarity: float | None
    confirmed: bool
    quality: float | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Whose face it is, as computed; `person` is a key, `similarity` a cosine."""

    face_id: int
    person: str
    similarity: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """What a photo is to another one that shows the same picture.

    Attributes:
        photo_id: the row number of the copy or version.
        kind: `copy`: the same picture with less or nothing more to see, of which the original is
            enough; `version`: edited, a picture of its own.
        of_id: the row number of the original.
        why: how it differs: `smaller`, `recompressed`, `black and white` ...
    """

    photo_id: int
    kind: Literal["copy", "version"]
    of_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Photos that belong together.

    Attributes:
        kind: one of `GROUP_KINDS`.
        photo_ids: row numbers, in order of capture.
        id: row number; 0 before it is stored.
        relations: of near-duplicates, which are copies or versions, and of which others.
    """

    kind: str
    photo_ids: tuple[int, ...]
    id: int = 0
    relations: tuple[Relation, ...] = ()
