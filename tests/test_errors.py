"""What errors say."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.errors import reason_of


def test_a_reason_is_told_without_the_path_that_stands_before_it(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Errno") as caught:
        (tmp_path / "none.csv").read_bytes()
    assert reason_of(caught.value) == "No such file or directory"
    assert reason_of(ValueError("not so")) == "not so"
    assert reason_of(OSError("no number")) == "no number"
