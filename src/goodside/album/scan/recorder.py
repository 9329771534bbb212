"""What a scan learns, written to the catalog batch by batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from goodside.album.catalog import (
    Catalog,
    FaceRef,
    Session,
    add_folder,
    clear_failure,
    decisions,
    follow_edited_photos,
    link_to_main,
    list_files,
    mark_missing,
    prepare_search,
    put_description,
    put_faces,
    put_facts,
    put_failure,
    put_file,
    put_judged,
)
from goodside.album.catalog.photos import photo_id
from goodside.album.metadata.records import description_of, statement_of
from goodside.album.scan.analyzer import Versions
from goodside.album.scan.job import Finding
from goodside.album.scan.plan import Plan
from goodside.album.scan.walk import UNREACHED, FoundFile, Refused, Walked
from goodside.errors import SidecarError, UnreadableImage

_PATIENCE_S = 5.0
_QUICK_BATCH = 500

Write = Callable[[Session, datetime], None]


class Recorder:
    """The one writer of a scan; what is not in a full batch yet is lost if the process dies.

    Args:
        catalog: open.
        folders: absolute; they are added to the catalog.
        versions: by what findings are computed.
        batch: findings written in one transaction.
    """

    def __init__(
        self, catalog: Catalog, folders: Sequence[Path], *, versions: Versions, batch: int
    ) -> None:
        self._catalog = catalog
        self._batch = batch
        self._versions = versions
        self._waiting: list[Finding] = []
        self._since = time.monotonic()
        with catalog.write() as session:
            at = datetime.now(UTC)
            self._folders = {folder: add_folder(session, folder, at=at) for folder in folders}

    def note(self, walked: Walked, plan: Plan) -> None:
        """Write what needs no reading: files that are gone, moved or back; folders."""
        with self._catalog.write() as session:
            mark_missing(session, plan.missing, at=datetime.now(UTC))
        self._write(
            [
                *(
                    partial(self._put_file, file=file, sha256=sha256, role="photo")
                    for file, sha256 in plan.known
                ),
            ]
        )
        self.refuse(walked.unreadable)

    def refuse(self, refused: Sequence[Refused]) -> None:
        """Write which folders cannot be read; what is known of their files stays."""
        self._write(
            [
                partial(self._put_unreadable, folder=folder, root=root, error=error)
                for folder, root, error in refused
            ]
        )

    def note_sidecars(
        self, sidecars: Sequence[FoundFile], *, bad: Mapping[Path, SidecarError]
    ) -> None:
        """Write which sidecars are new or changed, once what they say was taken.

        Args:
            sidecars: they.
            bad: those that could not be used, and why.
        """
        self._write(
            [partial(self._put_sidecar, file=file, error=bad.get(file.path)) for file in sidecars]
        )

    def add(self, finding: Finding) -> None:
        """Take a finding; writes when a batch is full or has waited for some seconds."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(finding)
        if len(self._waiting) >= self._batch or time.monotonic() - self._since > _PATIENCE_S:
            self.flush()

    def flush(self) -> None:
        """Write the findings that wait."""
        if not self._waiting:
            return
        with self._catalog.write() as session:
            at = datetime.now(UTC)
            forgotten = decisions(session).forgotten
            for finding in self._waiting:
                self._put(session, finding, forgotten=forgotten, at=at)
        self._waiting = []

    def link_to_main(self, mains: Mapping[Path, Path], *, present: AbstractSet[Path]) -> None:
        """Say which file each sidecar and raw file belongs to, and of all others that to none.

        Args:
            mains: of `find_mains`.
            present: the files that are there.
        """
        with self._catalog.read() as session:
            files = [file for file in list_files(session) if file.path in present]
        numbers = {file.path: file.id for file in files}
        with self._catalog.write() as session:
            for file in files:
                main = mains.get(file.path)
                main_id = None if main is None else numbers.get(main)
                if main_id != file.main_id:
                    link_to_main(session, file.id, main_id=main_id)

    def settle(self) -> None:
        """Let decisions follow edited files, now that all are known, and likeness be found."""
        with self._catalog.write() as session:
            follow_edited_photos(session, at=datetime.now(UTC))
            prepare_search(session)

    def _put_file(
        self, session: Session, at: datetime, *, file: FoundFile, sha256: str | None, role: str
    ) -> None:
        put_file(
            session,
            file.path,
            folder_id=self._folders[file.folder],
            stamp=file.stamp,
            sha256=sha256,
            at=at,
            role=role,
        )

    def _put_sidecar(
        self, session: Session, at: datetime, *, file: FoundFile, error: SidecarError | None
    ) -> None:
        file_id = put_file(
            session,
            file.path,
            folder_id=self._folders[file.folder],
            stamp=file.stamp,
            sha256=None,
            at=at,
            role="sidecar",
        )
        if error is None:
            clear_failure(session, file_id)
        else:
            put_failure(session, file_id, error, at=at)

    def _put_unreadable(
        self, session: Session, at: datetime, *, folder: Path, root: Path, error: UnreadableImage
    ) -> None:
        file_id = put_file(
            session,
            folder,
            folder_id=self._folders[root],
            stamp=UNREACHED,
            sha256=None,
            at=at,
            role="folder",
        )
        put_failure(session, file_id, error, at=at)

    def _write(self, writes: Sequence[Write]) -> None:
        for start in range(0, len(writes), _QUICK_BATCH):
            with self._catalog.write() as session:
                for write in writes[start : start + _QUICK_BATCH]:
                    write(session, datetime.now(UTC))

    def _put(
        self, session: Session, finding: Finding, *, forgotten: frozenset[FaceRef], at: datetime
    ) -> None:
        job = finding.job
        file_id = put_file(
            session,
            job.path,
            folder_id=self._folders[job.folder],
            stamp=finding.stamp,
            sha256=finding.sha256,
            at=at,
        )
        if finding.error is not None:
            put_failure(session, file_id, finding.error, at=at)
        if finding.sha256 is None:
            return
        if finding.metadata is not None:
            put_description(
                session,
                file_id,
                description_of(finding.metadata),
                statement=statement_of(finding.metadata, content=finding.sha256),
            )
        photo = photo_id(session, finding.sha256)
        if (measured := finding.measured) is not None:
            put_facts(
                session,
                photo,
                measured.facts,
                thumbnail=measured.thumbnail,
                by=self._versions.figures,
                source=measured.source,
            )
            put_judged(session, photo, measured.judged, embedding=measured.embedding)
        if finding.faces is not None:
            put_faces(session, photo, finding.faces, by=self._versions.faces, forgotten=forgotten)
