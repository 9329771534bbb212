"""`goodside album scan`, `errors` and `faces`: what is there, what failed, where faces are not."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.album.scan_watch import ScanWatch
from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, echo_error, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import FailureRecord, NoteRecord
    from goodside.album.scan import ScanSummary
    from goodside.types import Json

_INTERRUPTED = 130


def scan_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that scans."""
    for option in (
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            help="Processes; by default as many as cores and memory allow.",
        ),
        click.option("--retry", is_flag=True, help="Try again what failed before."),
        click.option("--no-faces", is_flag=True, help="Look for no faces this time."),
        click.option(
            "--exclude",
            multiple=True,
            metavar="GLOB",
            help="Leave out what fits, now and in later scans of DIR; as in .gitignore.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]...")
@scan_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@album_option
def scan(
    *,
    folders: tuple[Path, ...],
    exclude: tuple[str, ...],
    no_faces: bool,
    retry: bool,
    workers: int | None,
    as_json: bool,
    album: Album,
) -> None:
    """Bring the catalog up to date with the photographs below DIR; without DIR, all known folders.

    What did not change is not read again. Ctrl-C ends it in a moment and keeps what is done, as
    does anything harsher; the same command then goes on. Exit code 1 if a photograph or sidecar
    could not be used, or a folder is not there: `goodside album errors` lists those. Pictures of
    kinds that goodside does not read are counted at the end.
    """
    check_exclude(exclude, folders)
    with ScanWatch() as watch:
        done = album.scan(
            folders,
            exclude=exclude,
            faces=not no_faces,
            retry=retry,
            workers=workers,
            on_progress=watch.show,
            stop=watch.interrupted,
        )
    if as_json:
        echo_json(_record(done))
    else:
        print_scan(done)
    sys.exit(exit_code(done))


def check_exclude(exclude: Sequence[str], folders: Sequence[Path]) -> None:
    """Refuse patterns that hold for no folder.

    Raises:
        click.UsageError: there are patterns and no folder.
    """
    if exclude and not folders:
        raise click.UsageError("--exclude goes with DIR, the folder that it holds for")


def print_scan(done: ScanSummary) -> None:
    """Say what a scan did; failures on standard error."""
    from goodside.images.decoding.unsupported import describe_unread

    echo(_text(done))
    for folder in done.empty:
        echo(f"{shown(folder)}: no photograph found that goodside reads")
    examples = {kind: shown(path.name) for kind, path in done.not_read_example.items()}
    for line in describe_unread(done.not_read, examples):
        echo(line)
    for path, why in done.incomplete:
        echo_error(f"{why} (read, but never picked)", path=path)
    print_failures(done.failed)
    for note in done.notes:
        echo_error(note.message, path=note.path)


def exit_code(done: ScanSummary) -> int:
    """130 if it was stopped, 1 if a photograph or sidecar could not be used."""
    return _INTERRUPTED if done.stopped else 1 if done.failed else 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@album_option
def errors(*, as_json: bool, album: Album) -> None:
    """List the files and folders that could not be used when they were last tried.

    Photographs, sidecars and folders; then photographs that are cut short, and what was left out of
    photographs' metadata, and why.
    """
    from goodside.album.catalog import list_cut_short, list_failures, list_notes

    with album.opened() as catalog, catalog.read() as session:
        failures = list_failures(session)
        notes = [*list_cut_short(session), *list_notes(session)]
    for failure in failures:
        if as_json:
            echo_json(_failure(failure))
        else:
            echo(f"{shown(failure.path)}: {shown(failure.message)}")
    for note in notes:
        if as_json:
            echo_json(_note(note))
        else:
            echo(f"{shown(note.path)}: {shown(note.message)}")
    if not failures and not notes:
        echo("no errors", err=True)


@click.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@album_option
def faces(*, state: str, folders: tuple[Path, ...], album: Album) -> None:
    """Look for faces below FOLDERS (`on`, as by default), or not (`off`): then delete those found.

    The nearest folder above a photograph that has a decision counts. `goodside album undo` takes
    the decision back.
    """
    from goodside.album.scan import switch_faces

    with album.opened(create=True) as catalog, catalog.command():
        for folder in folders:
            count = switch_faces(catalog, folder, on=state == "on")
            gone = f"; deleted those of {_photographs(count)}" if count else ""
            echo(f"faces {state} in {shown(folder)}{gone}")


def _text(done: ScanSummary) -> str:
    pairs = f" (and {done.hashed} raw of the same shots)" if done.hashed else ""
    parts = [f"{_photographs(done.read - done.hashed)}{pairs} read in {done.seconds:.1f} s"]
    parts += [
        f"{count} {what}"
        for count, what in (
            (done.unchanged, "unchanged"),
            (done.moved, "moved or back"),
            (done.missing, "gone"),
            (done.left_out, "left out from now on"),
            (done.unreached, "not read, as their folder went away"),
            (done.decisions_noted, "taken over from metadata (ratings, flags and names)"),
            (len(done.incomplete), "cut short"),
            (len(done.failed), "failed"),
            (done.passed_over, "failed before and not tried again (--retry does)"),
        )
        if count
    ]
    stopped = "stopped before the end; the same command goes on from here"
    return ", ".join(parts) + (f"\n{stopped}" if done.stopped else "")


def _record(done: ScanSummary) -> Json:
    return {
        "read": done.read,
        "unchanged": done.unchanged,
        "moved": done.moved,
        "missing": done.missing,
        "left_out": done.left_out,
        "unreached": done.unreached,
        "sidecars": done.sidecars,
        "told": done.decisions_noted,
        "failed": [_failure(failure) for failure in done.failed],
        "passed_over": done.passed_over,
        "not_read": dict(done.not_read),
        "empty": [str(folder) for folder in done.empty],
        "notes": [_note(note) for note in done.notes],
        "stopped": done.stopped,
        "seconds": round(done.seconds, 3),
        "incomplete": [{"path": str(path), "why": why} for path, why in done.incomplete],
    }


def _failure(failure: FailureRecord) -> Json:
    return {
        "path": str(failure.path),
        "error": {"kind": failure.kind, "message": failure.message},
        "attempts": failure.attempts,
        "at": failure.at.isoformat(),
    }


def print_failures(failures: Sequence[FailureRecord]) -> None:
    """A line a failure, but one line for all files that want the same optional decoder."""
    from goodside.images.decoding.extras import names_extra

    wanting = Counter(failure.message for failure in failures if names_extra(failure.message))
    for failure in failures:
        if wanting[failure.message] <= 1:
            echo_error(failure.message, path=failure.path)
    for message, count in wanting.items():
        if count > 1:
            echo_error(f"{_photographs(count)} not read: {message}")


def _note(note: NoteRecord) -> Json:
    return {"path": str(note.path), "note": note.message}


def _photographs(count: int) -> str:
    return "1 photograph" if count == 1 else f"{count} photographs"
