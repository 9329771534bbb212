"""`goodside album find` and `goodside album sidecars`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.album.place import catalog_option, names_of, open_album
from goodside.cli.terminal import echo, echo_data, echo_error, shown

if TYPE_CHECKING:
    from goodside.album.catalog import Catalog
    from goodside.album.table import TableFormat
    from goodside.types import FloatArray

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Tag or keyword it must carry; may be repeated.",
)
@click.option("--people", multiple=True, metavar="NAME", help="Who must be in it; likewise.")
@click.option("--min-score", type=click.FloatRange(1, 10), help="Least score.")
@click.option("--max-score", type=click.FloatRange(1, 10), help="Highest score.")
@click.option("--since", type=_DAY, help="First day of capture, YYYY-MM-DD.")
@click.option("--until", type=_DAY, help="Last day of capture.")
@click.option("--camera", help="Part of the camera's name.")
@click.option("--text", help="Part of the title, the description or a keyword.")
@click.option("--label", help="Its colour label.")
@click.option(
    "--like",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture; the likest photographs come first.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Most results.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    help="A table instead of names; by default what the suffix of --out says.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the table here."
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@catalog_option
def find(
    *,
    tags: tuple[str, ...],
    people: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    like: Path | None,
    form: TableFormat | None,
    out: Path | None,
    overwrite: bool,
    catalog_path: Path | None,
    **bounds: Any,
) -> None:
    """Find photographs by what they show, who is in them, when, with what, and how good."""
    from goodside.album.find import Query
    from goodside.album.find import find as find_photos
    from goodside.album.picks import read_shots
    from goodside.album.table import encode_table, write_table

    if form == "parquet" and out is None:
        raise click.UsageError("a Parquet table goes to a file: --out FILE")
    features = None if like is None else _features(like)
    with open_album(catalog_path) as catalog:
        query = Query(
            tags=frozenset(tags),
            people=names_of(catalog, people),
            since=None if since is None else since.date(),
            until=None if until is None else until.date(),
            like=features,
            **bounds,
        )
        found = find_photos(read_shots(catalog), query)
    if out is not None:
        write_table(out, found, form=form, overwrite=overwrite)
        echo(f"{shown(out)}: {len(found)} photographs")
    elif form is not None:
        echo_data(encode_table(found, form=form))
    else:
        for one in found:
            score = one.shot.photo.judged and f"{one.shot.photo.judged.aesthetic.score:4.1f}"
            likeness = "" if one.likeness is None else f"{one.likeness:6.2f}"
            name = shown(one.shot.photo.paths[0])
            echo(f"{score or '   -'}{likeness}  {name}")


@click.command()
@click.argument("photos", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--sidecar-style",
    "style",
    type=click.Choice(["ext", "adobe", "both"]),
    default="ext",
    show_default=True,
    help="IMG_1.JPG.xmp, IMG_1.xmp, or both.",
)
@click.option(
    "--sidecar-dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the sidecars, in the originals' tree; by default beside them.",
)
@click.option("--rate", is_flag=True, help="Rate by our score what nobody rated.")
@click.option("--read", "reading", is_flag=True, help="Take ratings, flags, names from them.")
@catalog_option
def sidecars(
    *,
    photos: tuple[Path, ...],
    style: Any,
    folder: Path | None,
    rate: bool,
    reading: bool,
    catalog_path: Path | None,
) -> None:
    """Write XMP sidecars for PHOTOS, or for the whole album; originals are never touched.

    What other programs wrote into a sidecar stays as it is.
    """
    from goodside.album.catalog import content_of
    from goodside.album.picks import read_shots

    with open_album(catalog_path) as catalog:
        with catalog.read() as session:
            wanted = {content_of(session, photo.absolute()) for photo in photos}
        shots = [one for one in read_shots(catalog) if not wanted or one.photo.sha256 in wanted]
        root = _root(catalog)
        if reading:
            failed = _read(catalog, shots, folder=folder, root=root)
        else:
            from goodside.album.sidecars import Saying

            saying = Saying(style=style, folder=folder, root=root, rate=rate)
            failed = _write(catalog, shots, saying)
    if failed:
        raise SystemExit(1)


def _write(catalog: Catalog, shots: Any, saying: Any) -> int:
    from goodside.album.catalog import note_sidecars
    from goodside.album.sidecars import write_sidecars
    from goodside.errors import GoodsideError

    written = unchanged = failed = 0
    ours: dict[Path, Path] = {}
    for path, outcome in write_sidecars(shots, catalog.decisions(), saying):
        if isinstance(outcome, GoodsideError):
            failed += 1
            echo_error(outcome)
            continue
        for one in outcome:
            if one.changed:
                ours[one.path.absolute()] = path
            written += one.changed
            unchanged += not one.changed
            for note in one.notes:
                echo(f"{shown(path, err=True)}: {shown(note, err=True)}", err=True)
    with catalog.write() as session:
        note_sidecars(session, ours, at=datetime.now(UTC))
    many = "1 sidecar" if written == 1 else f"{written} sidecars"
    echo(f"{many} written, {unchanged} said it already, {failed} failed")
    return failed


def _read(catalog: Catalog, shots: Any, *, folder: Path | None, root: Path | None) -> int:
    from goodside.album.catalog import entries
    from goodside.album.follow import Touched
    from goodside.album.people import following_decisions
    from goodside.album.sidecars import read_back
    from goodside.errors import GoodsideError

    noted = failed = 0
    with catalog.read() as session:
        touched = Touched.of(entry.decision for entry in entries(session))
    with following_decisions(catalog), catalog.command():
        for path, told in read_back(
            shots, catalog.decisions(), folder=folder, root=root, touched=touched
        ):
            if isinstance(told, GoodsideError):
                failed += 1
                echo_error(told)
                continue
            for decision in told:
                catalog.decide(decision)
                noted += 1
            echo(f"{shown(path)}: {len(told)} noted")
    many = "1 decision" if noted == 1 else f"{noted} decisions"
    back = "; goodside album undo takes them back" if noted else ""
    echo(f"{many} noted{back}")
    return failed


def _root(catalog: Catalog) -> Path | None:
    """What all scanned folders have in common."""
    from goodside.album.catalog import list_folders

    with catalog.read() as session:
        folders = list_folders(session)
    return Path(os.path.commonpath(folders)) if folders else None


def _features(picture: Path) -> FloatArray:
    """The picture's features, at unit length."""
    import numpy as np

    from goodside.engines import open_assessor

    vector = open_assessor().embed([picture])[0]
    unit: FloatArray = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit
