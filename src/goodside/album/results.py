"""What the methods of an album give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Relation
from goodside.album.people import TurningResult
from goodside.album.picks import Pick
from goodside.album.report.report import Report
from goodside.album.scan import ScanSummary


@dataclass(frozen=True, slots=True)
class Review:
    """A scan and the report after it.

    Attributes:
        scanned: what the scan did.
        report: of what was scanned; None: the scan was stopped before its end.
    """

    scanned: ScanSummary
    report: Report | None


@dataclass(frozen=True, slots=True)
class PickedPhoto:
    """A pick with the files it stands for.

    Attributes:
        pick: the photograph, what it is worth, and why.
        along: files of the other photographs of its bracket or panorama.
    """

    pick: Pick
    along: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        """Its own first file."""
        return self.pick.shot.photo.paths[0]


@dataclass(frozen=True, slots=True)
class AlbumGroup:
    """Photographs that belong together.

    Attributes:
        kind: `burst`, `near_duplicate`, `bracket`, `panorama` or `scene`.
        shots: its photographs, in order of capture.
        best: the one to keep; None where all were rejected.
        relations: which of them are copies or edited versions of which others.
    """

    kind: str
    shots: tuple[AlbumPhoto, ...]
    best: Pick | None
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class PeopleUpdate:
    """What grouping the faces anew gave.

    Attributes:
        people: how many there are, those of a single face included.
        side_faces: what became of the faces that look aside.
    """

    people: int
    side_faces: TurningResult
