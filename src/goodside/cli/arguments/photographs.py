"""The photographs that a command's PATHS mean, and what in their folders is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from goodside.cli.output.outcome import Outcome
from goodside.cli.output.terminal import echo_error


def list_photographs(paths: Sequence[Path], outcome: Outcome) -> list[Path]:
    """Expand files and folders; says which folders and pictures cannot be read.

    Args:
        paths: files and folders.
        outcome: takes the folders that cannot be read.

    Raises:
        click.UsageError: there is no photograph.
    """
    from goodside.images import find_photos
    from goodside.images.decoding.unsupported import describe_unread

    unread: Counter[str] = Counter()
    examples: dict[str, str] = {}

    def note_unread(path: Path, kind: str) -> None:
        unread[kind] += 1
        examples.setdefault(kind, path.name)

    photos = list(
        find_photos(
            paths,
            on_error=lambda error: outcome.fail(str(error.path), error),
            on_unread=note_unread,
        )
    )
    unread_lines = describe_unread(unread, examples)
    if not photos and not outcome.failed:
        what = "".join(f"; {line}" for line in unread_lines)
        raise click.UsageError(f"there is no photograph in the folders given{what}")
    for line in unread_lines:
        echo_error(line)
    return photos
