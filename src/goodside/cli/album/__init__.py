"""`goodside album`: one module a command; a first argument that names no command is a folder."""

from __future__ import annotations

import click

from goodside.cli.lazy import LazyGroup

_COMMANDS = {
    "review": ("goodside.cli.album.report", "Scan folders and write the report: the default."),
    "scan": ("goodside.cli.album.scan", "Learn what is in folders; only what changed is read."),
    "errors": ("goodside.cli.album.scan", "List what could not be used."),
    "folders": ("goodside.cli.album.folders", "The folders scanned, and what is left out of them."),
    "faces": ("goodside.cli.album.scan", "Look for faces in a folder, or not."),
    "report": ("goodside.cli.album.report", "The album as one HTML file."),
    "picks": ("goodside.cli.album.picks", "The best photographs, with the reasons."),
    "groups": ("goodside.cli.album.picks", "Bursts, duplicates, brackets, panoramas, scenes."),
    "find": ("goodside.cli.album.search", "Find photographs; as names or as a table."),
    "sidecars": ("goodside.cli.album.sidecars", "Write XMP sidecars, or read what they say."),
    "people": ("goodside.cli.album.people", "Know who is in the photographs."),
    "pick": ("goodside.cli.album.marks", "Mark photographs as picks."),
    "reject": ("goodside.cli.album.marks", "Mark photographs as rejected."),
    "unmark": ("goodside.cli.album.marks", "Take a pick or rejection back."),
    "rate": ("goodside.cli.album.marks", "Give photographs 0 to 5 stars."),
    "tag": ("goodside.cli.album.marks", "Add and remove tags."),
    "keep": ("goodside.cli.album.frames", "Say which frames of a group to keep."),
    "separate": ("goodside.cli.album.frames", "Take frames out of their groups."),
    "journal": ("goodside.cli.album.journal", "List, export or import your decisions."),
    "undo": ("goodside.cli.album.journal", "Take decisions back, and undos too."),
    "verify": ("goodside.cli.album.verify", "Prove that no original changed."),
    "repair": ("goodside.cli.album.verify", "Make a damaged catalog usable."),
}

_DEFAULT = "review"
"""What `goodside album DIR…` runs."""


@click.group(cls=LazyGroup, lazy=_COMMANDS, default=_DEFAULT)
def album() -> None:
    """Scan folders, know their people, pick their best.

    What is learnt and decided lies in a catalog apart from the photographs, which are never
    changed. A person's decisions can be undone one by one.
    """
