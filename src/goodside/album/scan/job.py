"""What goes to a worker and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from goodside.album.catalog import FaceFacts, FileStamp, PhotoFacts, Source, StoredAssessment
from goodside.album.scan.walk import UNREACHED
from goodside.errors import GoodsideError
from goodside.images.metadata.photo_metadata import PhotoMetadata
from goodside.types import FloatArray


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read.

    Attributes:
        path: absolute.
        folder: the scanned folder it belongs to.
        stamp: as the walk saw it.
        sidecars: its XMP sidecars, the more telling first.
        figures: measure and judge it; without this and `faces` only its content is identified.
        faces: look for faces in it.
        finished: contents (sha256) of which nothing more is wanted: once it turns out to be one of
            these, as a copy does, it is not decoded.
    """

    path: Path
    folder: Path
    stamp: FileStamp
    sidecars: tuple[Path, ...] = ()
    figures: bool = True
    faces: bool = True
    finished: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures, small picture and verdict of a photograph.

    Attributes:
        facts: its figures.
        thumbnail: a whole JPEG file.
        judged: what the network says.
        embedding: (D,) float32, unit length.
        source: what tells it from its copies.
    """

    facts: PhotoFacts
    thumbnail: bytes
    judged: StoredAssessment
    embedding: FloatArray
    source: Source


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a job.

    Attributes:
        job: it.
        stamp: of the file when it was read; `UNREACHED` where the system did not let it be.
        sha256: of its content; None where it could not be used.
        measured: None where it was not asked for, or not needed.
        faces: likewise.
        metadata: what the file and its sidecars say; None where they were not read.
        error: why the file could not be used.
    """

    job: Job
    stamp: FileStamp
    sha256: str | None = None
    measured: Measured | None = None
    faces: tuple[FaceFacts, ...] | None = None
    metadata: PhotoMetadata | None = None
    error: GoodsideError | None = field(default=None)

    @property
    def unreached(self) -> bool:
        """Whether the system did not let it be read: nothing is known of its content."""
        return self.error is not None and self.stamp == UNREACHED
