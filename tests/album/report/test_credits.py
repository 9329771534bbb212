"""Tables of credits."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.album.report import Credit, read_credits
from goodside.errors import GoodsideError, OutOfRange, UnreadableImage

_TABLE = """# Credits

| not | this |
|---|---|
| a.jpg | x |

| file | title | author | licence | source | what we changed |
|:---|---|---|---|---|---|
| `a.jpg` | [Dahlia](https://example.org/1) | Ann | [CC0-1.0](https://example.org/) | x | blurred |
| `sub/b.jpg` |  | Bob \\| Co | public domain | y | |

| File | Author | License |
|---|---|---|
| a.jpg | Somebody else | MIT |
| c.jpg | Cem | MIT |
"""


def test_tables_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "CREDITS.md"
    path.write_text(_TABLE, encoding="utf-8")
    assert read_credits(path) == {
        "a.jpg": Credit("Dahlia", "Ann", "CC0-1.0", "blurred"),
        "b.jpg": Credit("", "Bob | Co", "public domain", ""),
        "c.jpg": Credit("", "Cem", "MIT", ""),
    }


@pytest.mark.parametrize(
    ("credit", "line"),
    [
        (Credit("Dahlia", "Ann", "CC0-1.0", "blurred"), "Dahlia, Ann, CC0-1.0"),
        (Credit(author="Ann"), "Ann"),
        (Credit(), ""),
    ],
)
def test_a_credit_is_one_line(credit: Credit, line: str) -> None:
    assert str(credit) == line


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, UnreadableImage),
        (b"\xff\xfe\x00", UnreadableImage),
        (b"no table here", OutOfRange),
        (b"| file | author |\n|---|---|\n", OutOfRange),
        (b"x" * 2_000_001, OutOfRange),
    ],
)
def test_what_is_no_table_says_so(
    tmp_path: Path, content: bytes | None, error: type[GoodsideError]
) -> None:
    path = tmp_path / "CREDITS.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=r"CREDITS\.md"):
        read_credits(path)
