"""Who made a photograph: a table of credits, as it stands beside collections of pictures."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from goodside.errors import OutOfRange, UnreadableImage, reason_of
from goodside.regular_file import read_text

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_RULE = re.compile(r"^\|[\s:|-]+\|$")
_LARGEST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Credit:
    """What is known about a photograph's origin; empty where nothing is.

    Attributes:
        title: its name.
        author: who made it.
        licence: under which terms.
        change: what was done to it.
    """

    title: str = ""
    author: str = ""
    licence: str = ""
    change: str = ""

    def __str__(self) -> str:
        """One line: title, author, licence."""
        return ", ".join(part for part in (self.title, self.author, self.licence) if part)


def read_credits(path: Path) -> Mapping[str, Credit]:
    """Read the tables of a Markdown file, by the name of the photograph's file.

    A table counts if its head names the columns `file` and `author`; `title`, `licence` (or
    `license`) and a column that begins with `what` are read too. Links become their text. A name
    that stands in several tables keeps its first row.

    Raises:
        UnreadableImage: the file cannot be read.
        OutOfRange: it holds no such table, or is larger than 2 MB.
    """
    try:
        lines = read_text(path, max_bytes=_LARGEST_BYTES).splitlines()
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise OutOfRange(
                "the file of credits is larger than 2 MB",
                path=path,
                remedy="name a Markdown file with a table of credits",
            ) from error
        raise UnreadableImage(
            f"the credits cannot be read: {reason_of(error)}",
            path=path,
            remedy="name a Markdown file",
        ) from error
    found: dict[str, Credit] = {}
    columns: list[str] = []
    for line in lines:
        cells = _cells(line)
        if not cells:
            columns = []
        elif not columns:
            columns = [cell.lower() for cell in cells]
        elif not _RULE.match(line.strip()) and {"file", "author"} <= set(columns):
            name, credit = _credit(dict(zip(columns, cells, strict=False)))
            found.setdefault(name, credit)
    if not found:
        raise OutOfRange(
            "there is no table of credits in it",
            path=path,
            remedy="give a Markdown table a row a photograph: | file | title | author | licence |",
        )
    return found


def _cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|"):
        return []
    parts = re.split(r"(?<!\\)\|", line.strip("|"))
    return [_LINK.sub(r"\1", part.replace("\\|", "|")).strip().strip("`") for part in parts]


def _credit(row: Mapping[str, str]) -> tuple[str, Credit]:
    change = next((cell for column, cell in row.items() if column.startswith("what")), "")
    credit = Credit(
        title=row.get("title", ""),
        author=row["author"],
        licence=row.get("licence", row.get("license", "")),
        change=change.replace("`", ""),
    )
    return Path(row["file"]).name, credit
