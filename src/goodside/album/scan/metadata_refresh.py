"""Metadata read again where a sidecar changed, and what they say noted as decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import (
    Catalog,
    FileRecord,
    FileStatement,
    ReplacePhoto,
    Statement,
    append,
    described_files,
    entries,
    list_earlier_statements,
    list_photos,
    list_statements,
    note_statement_seen,
    put_description,
    put_taken_facts,
    reset_figures,
)
from goodside.album.metadata.records import description_of, facts_of, statement_of
from goodside.album.metadata.sidecar_import import (
    DecidedBefore,
    Names,
    import_decisions,
    statement_seen,
)
from goodside.errors import ImageError, SidecarError
from goodside.images import Limits
from goodside.images.metadata.photo_metadata import PhotoMetadata, read_metadata

_BATCH = 500


@dataclass(slots=True)
class RefreshedMetadata:
    """What reading metadata again came to.

    Attributes:
        files: whose metadata were read.
        bad: sidecars that were left out, and why.
        turned: photographs that have to be measured again, as they lie otherwise now.
    """

    files: set[Path] = field(default_factory=set)
    bad: dict[Path, SidecarError] = field(default_factory=dict)
    turned: bool = False


def due_files(
    catalog: Catalog,
    files: Iterable[FileRecord],
    *,
    changed: Iterable[Path],
    present: Iterable[Path],
) -> list[FileRecord]:
    """The photographs' files whose metadata have to be read again.

    Args:
        catalog: open.
        files: of the catalog, without those that belong to another.
        changed: photographs of which a sidecar is new, changed or gone.
        present: the files that are there.
    """
    with catalog.read() as session:
        described = described_files(session)
    again, there = set(changed), set(present)
    return [
        file
        for file in files
        if file.role == "photo" and file.photo_id is not None
        and file.path in there and not file.attempts
        and (file.path in again or file.id not in described)
    ]  # fmt: skip


def refresh_metadata(
    catalog: Catalog,
    files: Sequence[FileRecord],
    *,
    sidecars: Mapping[Path, Sequence[Path]],
    gone: Iterable[Path] = (),
    limits: Limits | None = None,
) -> RefreshedMetadata:
    """Read what files and their sidecars say, without decoding a picture, and keep it.

    Args:
        catalog: open.
        files: photographs' files.
        sidecars: of each file, the more telling first.
        gone: files that lost a sidecar: opinions and names are then not taken back.
        limits: on the bytes of a photograph.
    """
    done, lost = RefreshedMetadata(), set(gone)
    with catalog.read() as session:
        known = {photo.id: photo.facts for photo in list_photos(session)} if files else {}
    for start in range(0, len(files), _BATCH):
        read: list[tuple[FileRecord, PhotoMetadata]] = []
        for file in files[start : start + _BATCH]:
            facts = known.get(file.photo_id or 0)
            size = None
            if facts is not None and facts.width and facts.height:
                size = (facts.width, facts.height)
            try:
                beside = sidecars.get(file.path, ())
                said = read_metadata(file.path, sidecars=beside, limits=limits, upright_size=size)
            except ImageError:  # the file went away since
                continue
            read.append((file, said))
            done.files.add(file.path)
            done.bad |= {Path(str(error.path)): error for error in said.bad_sidecars}
        with catalog.write() as session:
            for file, said in read:
                put_description(
                    session,
                    file.id,
                    description_of(said),
                    statement=None
                    if file.path in lost
                    else statement_of(said, content=file.sha256 or ""),
                )
                if file.photo_id is None or (facts := known.get(file.photo_id)) is None:
                    continue
                put_taken_facts(session, file.photo_id, facts_of(said))
                if facts.orientation is not None and facts.orientation != said.orientation:
                    reset_figures(session, [file.photo_id])
                    done.turned = True
    return done


def note_decisions(catalog: Catalog, *, retry: bool = False) -> int:
    """Turn what files say into decisions, where it is new.

    All of it is kept, or nothing: a process that dies meanwhile leaves it to the next scan.

    Args:
        catalog: open.
        retry: also names whose faces were not found at the last look.

    Returns:
        How many decisions were noted.
    """
    with catalog.read() as session:
        waiting = list_statements(session)
        if not waiting or not (retry or any(not one.tried for one in waiting)):
            return 0
        before = list_earlier_statements(session)
        journal = entries(session)
    shots = {shot.photo.id: shot for shot in read_album_photos(catalog)}
    decided = catalog.decisions()
    touched = DecidedBefore.of(entry.decision for entry in journal)
    became = {
        (entry.decision.old, entry.decision.new)
        for entry in journal
        if isinstance(entry.decision, ReplacePhoto) and not entry.undone
    }
    names = Names(decided.names)
    noted = 0
    seen: dict[int, Statement] = {}
    with catalog.write() as session:
        at = datetime.now(UTC)
        for file in waiting:
            shot = shots.get(file.photo_id)
            if shot is None:
                continue
            if file.photo_id in seen:  # another file of it was followed just now
                before.setdefault(file.photo_id, []).append(seen[file.photo_id])
            followed = import_decisions(
                file.now,
                shot,
                decided,
                before=_earlier(file, before.get(file.photo_id, ()), became=became),
                touched=touched,
                names=names,
            )
            for decision in followed.decisions:
                append(session, decision, at=at)
            noted += len(followed.decisions)
            seen[file.photo_id] = statement_seen(file.now, followed.left)
            note_statement_seen(session, file.file_id, said=seen[file.photo_id], left=followed.left)
    return noted


def _earlier(
    file: FileStatement, others: Iterable[Statement], *, became: set[tuple[str, str]]
) -> Statement | None:
    """What was said before: by this file, else by another of the same content that agrees.

    A file that holds another photograph now has said nothing yet, unless that one was edited from
    the one before.
    """
    before = file.before
    if before is not None and (
        before.content == file.now.content or (before.content, file.now.content) in became
    ):
        return before
    alike = (said for said in others if said.content == file.now.content)
    return next((s for s in alike if (s.stars, s.flag) == (file.now.stars, file.now.flag)), None)
