"""Patterns of .goodsideignore, compared with git's own where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodside.images.finding.ignore_patterns import IgnorePatterns

pathspec = pytest.importorskip("pathspec")

_PATHS = (
    "a.jpg",
    "b.png",
    "A.JPG",
    "sub/a.jpg",
    "sub/deep/a.jpg",
    "sub/deep/b.png",
    "exports/a.jpg",
    "sub/exports/x.jpg",
    "#odd.jpg",
    "!odd.jpg",
    "two words.jpg",
    "end ",
    "a[1].jpg",
    "a1.jpg",
    "back\\slash",
    "ab",
    "axb",
    "x/y/z/w",
)


def _meant(lines: list[str], path: str) -> bool:
    """Whether a file, or a folder above it, is meant, as in a walk from the top."""
    patterns, names = IgnorePatterns.of(lines), tuple(path.split("/"))
    return any(
        patterns.verdict(names[:depth], is_folder=depth < len(names))
        for depth in range(1, len(names) + 1)
    )


_LINES = [
    ["*.jpg"],
    ["*.jpg", "!a.jpg"],
    ["/a.jpg"],
    ["a.jpg"],
    ["exports/"],
    ["exports"],
    ["/exports/"],
    ["sub/*.jpg"],
    ["sub/**"],
    ["sub/**/a.jpg"],
    ["**/deep"],
    ["**/a.jpg"],
    ["**"],
    ["x/**/w"],
    ["x/**/z/w"],
    ["x/*/w"],
    ["a?.jpg"],
    ["a[0-9].jpg"],
    ["a[!0-9]b"],
    ["a[^0-9]b"],
    ["a\\[1\\].jpg"],
    ["\\#odd.jpg"],
    ["\\!odd.jpg"],
    ["# a comment", "", "   ", "*.png"],
    ["two words.jpg  "],
    ["end\\ "],
    ["back\\\\slash"],
    ["/sub/", "!/sub/a.jpg"],
    ["/*", "!/sub"],
    ["a**b"],
    ["/"],
    ["!"],
    ["sub/deep/"],
    ["deep/a.jpg"],
]


@pytest.mark.parametrize("lines", _LINES, ids=" ".join)
def test_as_git_has_it(tmp_path: Path, lines: list[str]) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    (tmp_path / "ignored").write_text("\n".join(lines) + "\n")
    for path in _PATHS:
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).touch()
    subprocess.run([git, "init", "-q", tmp_path / "tree"], check=True)
    told = subprocess.run(
        [git, "-c", f"core.excludesFile={tmp_path / 'ignored'}", "check-ignore", "-z", "--stdin"],
        cwd=tmp_path / "tree",
        input="\0".join(_PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert {path for path in _PATHS if _meant(lines, path)} == set(
        filter(None, told.stdout.split("\0"))
    )


_NAMES = st.text("ab*?.!", min_size=1, max_size=5) | st.just("**")


@settings(deadline=None)
@given(
    st.lists(st.lists(_NAMES, min_size=1, max_size=3).map("/".join), min_size=1, max_size=3),
    st.lists(st.text("ab.", min_size=1, max_size=4), min_size=1, max_size=4),
)
def test_as_a_library_has_it(lines: list[str], names: list[str]) -> None:
    if any(name.startswith("!!") or name in ("!", "!/") for name in lines):
        return
    spec = pathspec.GitIgnoreSpec.from_lines(lines)
    path = "/".join(names)
    if {".", ".."} & set(names):
        return
    library = any(
        spec.match_file("/".join(names[:depth]) + ("/" if depth < len(names) else ""))
        for depth in range(1, len(names) + 1)
    )
    assert _meant(lines, path) == library, (lines, path)


def test_time_grows_with_the_name_only() -> None:
    assert not _meant(["*a" * 20 + "b", "**/*a*a*a*a/**/*a*a*a*a*b"], "/".join(["a" * 250] * 12))


def test_a_line_that_is_too_long() -> None:
    with pytest.raises(ValueError, match="1000 characters"):
        IgnorePatterns.of(["x" * 1001])
