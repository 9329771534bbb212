"""`goodside album journal` and `goodside album undo`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Entry, Session


@click.command()
@click.option(
    "--export", "export_to", type=click.Path(path_type=Path), help="Write all entries to a file."
)
@click.option(
    "--import", "import_from", type=click.Path(path_type=Path), help="Add a file's entries."
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="One entry a line, as JSON.")
@album_option
def journal(
    *,
    export_to: Path | None,
    import_from: Path | None,
    overwrite: bool,
    as_json: bool,
    album: Album,
) -> None:
    """List your decisions, newest last, or carry them to a file and back."""
    from goodside.album.catalog import entries, export_journal, import_journal
    from goodside.album.people import updating_people

    if export_to and import_from:
        raise click.UsageError("--export and --import exclude each other")
    with album.opened(create=import_from is not None) as catalog:
        if export_to:
            count = export_journal(catalog, export_to, overwrite=overwrite)
            echo(f"{shown(export_to)}: {_count(count)}")
        elif import_from:
            with updating_people(catalog):
                count = import_journal(catalog, import_from)
            echo(f"{_count(count)} added")
        else:
            with catalog.read() as session:
                listed = entries(session)
                line = _describer(session)
            for entry in listed:
                if as_json:
                    echo_json(_record(entry))
                else:
                    echo(line(entry))


@click.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option("--count", type=click.IntRange(min=1), help="Take back the newest so many commands.")
@click.option("--anyone", is_flag=True, help="Also what others decided.")
@album_option
def undo(*, numbers: tuple[int, ...], count: int | None, anyone: bool, album: Album) -> None:
    """Take back your newest command, or the entries NUMBER of `goodside album journal`.

    Again and again takes back the ones before. All that one command noted goes together, an import
    too; of a NUMBER, all that only makes sense with it. Taking back an undo is a redo.
    """
    from goodside.album.catalog import undo as undo_entries
    from goodside.album.people import updating_people

    if numbers and count:
        raise click.UsageError("give numbers or --count, not both")
    with album.opened() as catalog:
        with updating_people(catalog):
            undone = undo_entries(
                catalog, numbers, count=count or 1, at=datetime.now(UTC), anyone=anyone
            )
        with catalog.read() as session:
            line = _describer(session)
    for entry in undone:
        echo(f"undone: {line(entry)}")


def _record(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "uid": entry.uid,
        "at": entry.at.isoformat(),
        "undone": entry.undone,
        "step": entry.step,
        "command": entry.command,
        "by": entry.by or None,
        **entry.decision.model_dump(mode="json"),
    }


def _describer(session: Session) -> Callable[[Entry], str]:
    """What describes an entry in the names of this catalog's photographs and people."""
    from goodside.album.catalog import decisions, entries, list_photos
    from goodside.album.catalog.decision_text import describe

    files = {p.sha256: p.paths[0].name for p in list_photos(session)}
    names = decisions(session).names
    listed = entries(session)
    numbers = {entry.uid: entry.number for entry in listed}
    several = len({entry.by for entry in listed if entry.by}) > 1

    def line(entry: Entry) -> str:
        at = entry.at.astimezone().strftime("%Y-%m-%d %H:%M")
        said = describe(entry.decision, files=files, names=names, numbers=numbers, shown=shown)
        by = f"  by {shown(entry.by)}" if several and entry.by else ""
        return f"{entry.number:>5}  {at}  {said}{by}{'  (undone)' if entry.undone else ''}"

    return line


def _count(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"
