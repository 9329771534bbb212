"""`goodside album verify` and `repair`: whether originals and catalog are what they were."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.progress import watched
from goodside.cli.output.terminal import echo, echo_error, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import DamagedRow, Repaired, Verification


@click.command()
@click.option("--accept", is_flag=True, help="Take what differs as intended from now on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@album_option
def verify(*, accept: bool, as_json: bool, album: Album) -> None:
    """Read every original again and compare it with what it was at the first scan.

    Also reads every row of the catalog and compares it with its checksum. Exit code 1 if a row is
    damaged, or an original changed, is missing or cannot be read; files that were never scanned are
    only listed.
    """
    from goodside.album.catalog import accept_changes, verify_originals

    with album.opened() as catalog:
        damage = catalog.find_damage()
        verification = verify_originals(
            catalog,
            watch=lambda files: watched(files, total=len(files), description="comparing"),
        )
        if accept:
            accept_changes(catalog, verification)
        catalog.damaged.clear()  # they are printed below, with all others
    for row in damage:
        echo_error(str(row), path=str(catalog.location))
    if damage:
        echo_error("album repair keeps all that can be read")
    if as_json:
        echo_json(_record(verification, damage))
    else:
        echo(_text(verification))
    sys.exit(0 if (verification.sound or accept) and not damage else 1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@album_option
def repair(*, as_json: bool, album: Album) -> None:
    """Make a damaged catalog usable; every decision that can be read is kept.

    The damaged file is kept beside it. What was computed and is lost, the next scan computes anew.
    Exit code 1 if a decision could not be read: what is left of it is kept in a file.
    """
    from goodside.album.catalog import repair_catalog

    done = repair_catalog(album.location, now=datetime.now())
    path = album.path
    if done.aside is not None:
        album.regroup()
    if as_json:
        echo_json(_repaired(path, done))
    else:
        echo(_repair_text(path, done))
    sys.exit(1 if done.lost_entries else 0)


def _repaired(path: Path, done: Repaired) -> dict[str, object]:
    return {
        "catalog": str(path),
        "damage": [asdict(row) for row in done.damage],
        "aside": None if done.aside is None else str(done.aside),
        "entries": done.entries,
        "mended": [asdict(row) for row in done.mended],
        "lost": [asdict(row) for row in done.lost],
        "lost_entries": [asdict(row) for row in done.lost_entries],
        "entries_file": None if done.entries_file is None else str(done.entries_file),
    }


def _repair_text(path: Path, done: Repaired) -> str:
    name = shown(path)
    if done.aside is None:
        return f"{name}: sound, nothing to repair"
    decided = "1 decision" if done.entries == 1 else f"{done.entries} decisions"
    lines = [
        *(f"lost        {row}" for row in done.lost),
        *(f"mended      {row}" for row in done.mended),
        f"{name}: rebuilt with {decided}",
        f"{shown(done.aside)}: the damaged file, as it was",
    ]
    if done.entries_file is not None:
        what = f"what is left of {len(done.lost_entries)} that could not be read"
        lines.append(f"{shown(done.entries_file)}: {what}")
    if len(done.lost) > len(done.lost_entries):
        lines.append("goodside album scan computes anew what is lost")
    return "\n".join(lines)


def _record(verification: Verification, damage: list[DamagedRow]) -> dict[str, object]:
    return {
        "sound": verification.sound and not damage,
        "damage": [asdict(row) for row in damage],
        "same": verification.same,
        "changed": [str(path) for path, _ in verification.changed],
        "missing": [str(path) for path in verification.missing],
        "unreadable": [{"path": str(path), "why": why} for path, why in verification.unreadable],
        "moved": [{"from": str(old), "to": str(new)} for old, new in verification.moved],
        "new": [str(path) for path in verification.new],
    }


def _text(verification: Verification) -> str:
    lines = [
        *(f"changed     {shown(path)}" for path, _ in verification.changed),
        *(f"missing     {shown(path)}" for path in verification.missing),
        *(f"unreadable  {shown(path)}: {shown(why)}" for path, why in verification.unreadable),
        *(f"moved       {shown(old)} to {shown(new)}" for old, new in verification.moved),
        *(f"new         {shown(path)}" for path in verification.new),
    ]
    differ = len(verification.changed) + len(verification.missing) + len(verification.unreadable)
    known = verification.same + len(verification.moved) + differ
    end = "1 is not what it was" if differ == 1 else f"{differ} are not what they were"
    if verification.sound:
        end = "all are bit for bit what they were"
    many = "1 original" if known == 1 else f"{known} originals"
    return "\n".join([*lines, f"{many}: {end}"])
