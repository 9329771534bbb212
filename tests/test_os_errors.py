"""What the system's refusals mean."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from goodside.errors import UnreadableImage
from goodside.images import read_photo
from goodside.os_errors import explain


@pytest.mark.parametrize(
    ("number", "reason", "remedy"),
    [
        (errno.EROFS, "mounted read-only", "another disk"),
        (errno.ENOSPC, "the disk is full", "free some space"),
        (errno.EDQUOT, "your share of the disk", "free some space"),
        (errno.ENOMEM, "too little memory", "close other programs"),
        (errno.EMFILE, "too many files", "ulimit -n"),
        (errno.EACCES, "no permission", "permissions"),
        (errno.EIO, "reports an error", "check the disk"),
        (errno.ENODEV, "the disk is gone", "plug it in"),
        (errno.ELOOP, "leads to itself", "remove the link"),
    ],
)
def test_each_says_what_to_do(number: int, reason: str, remedy: str) -> None:
    told = explain(OSError(number, "x"))
    assert reason in told.reason
    assert remedy in told.remedy


def test_others_are_told_as_the_system_does() -> None:
    assert explain(OSError(errno.EDOM, "Out of domain")).reason == "Out of domain"
    assert explain(OSError("of no number")).reason == "of no number"


def test_a_link_that_leads_nowhere_is_told_with_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to("gone.jpg")
    (tmp_path / "folder").symlink_to(tmp_path / "unplugged")
    for path, target in (("a.jpg", "gone.jpg"), ("folder/b.jpg", "unplugged")):
        with pytest.raises(UnreadableImage) as caught:
            read_photo(tmp_path / path)
        assert "no such file: the link leads to " in caught.value.message
        assert target in caught.value.message
        assert "remove the link" in str(caught.value.remedy)
    with pytest.raises(UnreadableImage, match=r"no such file or folder \(check the path\)"):
        read_photo(tmp_path / "none.jpg")
