"""What follows from what: a scan, then groups of photographs, then people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import goodside.album.scan as scanning
from goodside.album.catalog import Catalog, list_folders
from goodside.album.groups import regroup
from goodside.album.people import Turner, turn_side_faces, update_people
from goodside.album.progress import StageProgress
from goodside.album.results import PeopleUpdate


def scan_and_group(
    catalog: Catalog,
    folders: Sequence[Path],
    *,
    setup: scanning.Setup,
    open_turner: Callable[[], Turner],
    exclude: Sequence[str],
    faces: bool,
    retry: bool,
    workers: int | None,
    on_progress: Callable[[StageProgress], None],
    stop: Callable[[], bool],
) -> scanning.ScanSummary:
    """`goodside.Album.scan` on an open catalog.

    Args:
        catalog: open.
        folders: absolute; none for all that are known.
        setup: where the weights lie, and limits on photographs.
        open_turner: makes what turns side faces; not called where nothing changed.
        exclude, faces, retry, workers, on_progress, stop: as for `goodside.Album.scan`.
    """
    with catalog.read() as session:
        known = list_folders(session)
    for folder in folders if exclude else ():
        if folder in known or folder.is_dir():  # else the scan says what is wrong with it
            scanning.exclude_files(catalog, folder, exclude)
    on_progress(StageProgress("scanning"))
    done = scanning.scan(
        catalog,
        folders or known,
        faces=faces,
        retry=retry,
        workers=workers,
        setup=setup,
        on_progress=lambda at: on_progress(StageProgress("scanning", at.done, at.total)),
        stop=stop,
    )
    changed = done.read or done.moved or done.missing or done.left_out or done.sidecars
    if (changed or done.decisions_noted) and not done.stopped:
        on_progress(StageProgress("grouping"))
        regroup(catalog)
        if faces:
            group_people(catalog, open_turner(), on_progress=on_progress)
        else:
            update_people(catalog)
    return done


def group_people(
    catalog: Catalog, turner: Turner, *, on_progress: Callable[[StageProgress], None]
) -> PeopleUpdate:
    """Turn side faces where that helps, then group all faces anew."""

    def count(done: int, total: int) -> None:
        on_progress(StageProgress("turning side faces", done, total))

    count(0, 0)
    side_faces = turn_side_faces(catalog, turner, on_progress=count)
    return PeopleUpdate(update_people(catalog), side_faces)


def group_again(catalog: Catalog) -> None:
    """Group photographs and faces anew from what the catalog knows."""
    regroup(catalog)
    update_people(catalog)
