"""What is left out of a folder when it is scanned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from goodside.album.catalog import Catalog, ExcludeFiles
from goodside.errors import OutOfRange


def exclude_files(
    catalog: Catalog, folder: Path, globs: Sequence[str], *, include: Sequence[str] = ()
) -> None:
    """Decide what is left out of a folder, in addition to what is already.

    Args:
        catalog: open.
        folder: absolute.
        globs: patterns as in .gitignore.
        include: patterns that count no longer.

    Raises:
        OutOfRange: a pattern is empty or too long, or one of `include` is not among them.
        CatalogError: the catalog cannot be written.
    """
    before = catalog.decisions().excludes.get(folder, ())
    for glob in include:
        if glob not in before:
            raise OutOfRange(
                f"{glob!r} is not left out of {folder}",
                remedy=f"these are: {', '.join(before) or 'none'}",
            )
    after = tuple(dict.fromkeys(glob for glob in (*before, *globs) if glob not in include))
    if after != before:
        catalog.decide(ExcludeFiles.of(folder, after))
