"""Every file is written by one writer, which replaces no original."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_SOURCES = Path(__file__).parents[1] / "src"
_WRITER = "goodside/images/writing/atomic.py"
_METHODS = {
    *("write_text", "write_bytes", "touch", "rename", "symlink_to", "hardlink_to"),
    *("copyfile", "copy2", "tofile", "to_csv", "to_parquet", "savez", "savez_compressed"),
    *("mkstemp", "NamedTemporaryFile", "open_memmap"),
}
_KNOWN = {
    "goodside/album/catalog/sqlite_database.py": "SQLite's own file",
    "goodside/album/catalog/migrate.py": "SQLite's own file",
    "goodside/cli/output/streams.py": "the null device, in place of a stream that is closed",
    "goodside/cli/output/traceback_file.py": "a new file in the folder for temporary files",
    "goodside/runtime/checksums.py": "the weights' own list, below the room of images",
    "goodside/album/catalog/repair.py": "SQLite's own file, and copies beside it",
    "goodside/images/writing/animation.py": "a folder of its own that goes away",
    "goodside_train/weight_packing.py": "a draft, as `export.py` writes it",
    "goodside_train/aesthetics/words/graft.py": "likewise",
    "goodside_train/run_log.py": "adds lines to a log that the writer made",
    "goodside_train/export.py": "a draft in a folder of its own, checked before it is moved",
    "goodside_train/aesthetics/datasets/photos.py": "a cache larger than memory, checked before",
    "goodside_train/aesthetics/distillation/feature_cache.py": "likewise, and gone on with",
}
_IN_MEMORY = {"savez", "savez_compressed"}  # into the stream of the writer: told by its name


def _writes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [
            value.value
            for value in (*node.args, *(keyword.value for keyword in node.keywords))
            if isinstance(value, ast.Constant) and isinstance(value.value, str)
        ]
        first = node.args[0] if node.args else None
        into_stream = isinstance(first, ast.Name) and first.id in ("stream", "whole")
        if name == "open" and any(
            set(text) <= set("rwaxbt+") and set(text) & set("wax+") for text in texts
        ):
            yield f"open at {node.lineno}"
        elif name in _METHODS and not (name in _IN_MEMORY and into_stream):
            yield f"{name} at {node.lineno}"


@pytest.mark.parametrize(
    "path", sorted(_SOURCES.rglob("*.py")), ids=lambda path: str(path.relative_to(_SOURCES))
)
def test_nothing_else_writes(path: Path) -> None:
    name = path.relative_to(_SOURCES).as_posix()
    if name == _WRITER or name in _KNOWN:
        return
    assert list(_writes(ast.parse(path.read_text(encoding="utf-8")))) == []
