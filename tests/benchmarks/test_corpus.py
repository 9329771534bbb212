"""The runner over folders of files: every file gets one result, and none is changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import corpus
from tests.images.made import encode, textured


def test_every_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = encode(textured(320, 240), "JPEG")
    (tmp_path / "in").mkdir()
    for name, data in {
        "good.jpg": whole,
        "half.jpg": whole[: len(whole) // 2],
        "text.txt": b"words",
        "in/no-suffix": encode(textured(32, 32), "PNG"),
    }.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.setattr(sys, "argv", ["corpus", str(tmp_path)])
    corpus.main()
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (told["files"], told["read"], told["incomplete"]) == ("4", "2", "1")
    assert (told["UnreadableImage"], told["tracebacks"]) == ("1", "0")
    assert told["originals"] == "all the same"
    assert 0 < int(told["peak"].split()[1]) < 1000
