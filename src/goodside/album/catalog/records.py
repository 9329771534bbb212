"""What the catalog takes and gives: frozen, without a database behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from goodside.album.catalog.decisions import FaceRef
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
        measured_by: version of the photo's figures; None: not done.
        judged_by: model of its assessment; None: not done.
        faces_by: version of its face analysis; None: not done.
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


@dataclass(frozen=True, slots=True)
class FailureRecord:
    """Why a file could not be used at the last try; `kind` is the name of an error's class."""

    path: Path
    kind: str
    message: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Figures of a photo; see the columns of the same names in `models.Photo`."""

    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    taken_at: datetime | None = None
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


@dataclass(frozen=True, slots=True)
class Source:
    """What tells an original from its copies.

    Attributes:
        size_bytes: of the file.
        program: what saved it after the camera, by its metadata; None: nothing says so.
        spectrum: (28,) float32 decibels of `goodside.images.spectrum`; None: not measured.
    """

    size_bytes: int = 0
    program: str | None = None
    spectrum: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What the aesthetic network says of a photo.

    Attributes:
        model: name and version of the weights.
        aesthetic: score, distribution and what follows from it.
        tags: label to probability, 0-1.
    """

    model: str
    aesthetic: Aesthetic
    tags: Mapping[str, float]


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
    """

    id: int
    sha256: str
    paths: tuple[Path, ...]
    facts: PhotoFacts
    judged: Judged | None


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
