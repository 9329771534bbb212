"""`goodside album verify`: whether the originals are bit for bit what they were."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.album.place import catalog_option, open_album
from goodside.cli.progress import watched
from goodside.cli.terminal import echo, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.catalog import Verdict


@click.command()
@click.option("--accept", is_flag=True, help="Take what differs as intended from now on.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@catalog_option
def verify(*, accept: bool, as_json: bool, catalog_path: Path | None) -> None:
    """Read every original again and compare it with what it was at the first scan.

    Also checks the catalog's own file. Exit code 1 if an original changed, is missing or cannot be
    read; files that were never scanned are only listed.
    """
    from goodside.album.catalog import accept_changes, verify_originals

    with open_album(catalog_path) as catalog:
        catalog.check()
        verdict = verify_originals(
            catalog,
            watch=lambda files: watched(files, total=len(files), description="comparing"),
        )
        if accept:
            accept_changes(catalog, verdict)
    if as_json:
        echo_json(_record(verdict))
    else:
        echo(_text(verdict))
    sys.exit(0 if verdict.sound or accept else 1)


def _record(verdict: Verdict) -> dict[str, object]:
    return {
        "sound": verdict.sound,
        "same": verdict.same,
        "changed": [str(path) for path, _ in verdict.changed],
        "missing": [str(path) for path in verdict.missing],
        "unreadable": [{"path": str(path), "why": why} for path, why in verdict.unreadable],
        "moved": [{"from": str(old), "to": str(new)} for old, new in verdict.moved],
        "new": [str(path) for path in verdict.new],
    }


def _text(verdict: Verdict) -> str:
    lines = [
        *(f"changed     {shown(path)}" for path, _ in verdict.changed),
        *(f"missing     {shown(path)}" for path in verdict.missing),
        *(f"unreadable  {shown(path)}: {shown(why)}" for path, why in verdict.unreadable),
        *(f"moved       {shown(old)} to {shown(new)}" for old, new in verdict.moved),
        *(f"new         {shown(path)}" for path in verdict.new),
    ]
    differ = len(verdict.changed) + len(verdict.missing) + len(verdict.unreadable)
    known = verdict.same + len(verdict.moved) + differ
    end = "1 is not what it was" if differ == 1 else f"{differ} are not what they were"
    if verdict.sound:
        end = "all are bit for bit what they were"
    many = "1 original" if known == 1 else f"{known} originals"
    return "\n".join([*lines, f"{many}: {end}"])
