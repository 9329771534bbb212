"""What decoders say beside their errors is kept with the photograph, and nowhere else."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from goodside.images import read_photo
from goodside.images.decoding import messages
from goodside.images.decoding.messages import gathered_messages
from tests.images.made import encode, textured

_ROOT = Path(__file__).parents[3]
_PROGRAM = """
import sys
from goodside.errors import ImageError
from goodside.images import read_photo
from goodside.images.decoding.messages import claim_stderr
claim_stderr()
try:
    print(read_photo(sys.argv[1]).notes)
except ImageError as error:
    print(error)
print("still there", file=sys.stderr)
"""


def _damaged_tiff() -> bytes:
    data = bytearray(encode(textured(64, 64), "TIFF", compression="tiff_lzw"))
    data[200:400] = b"\xff" * 200
    return bytes(data)


def test_a_worker_keeps_libtiffs_words(tmp_path: Path) -> None:
    path = tmp_path / "damaged.tif"
    path.write_bytes(_damaged_tiff())
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=_ROOT,
    )
    assert done.stderr == "still there\n"
    assert "its decoder says: Using code not yet in table" in done.stdout
    assert str(path) in done.stdout


def test_standard_error_is_left_alone_where_it_was_not_claimed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with gathered_messages() as said:
        os.write(2, b"of somebody else\n")
    assert said == []
    assert capfd.readouterr().err == "of somebody else\n"


def test_claimed_it_is_gathered_and_given_back(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "_claimed", True)
    told: list[list[str]] = []

    def fail() -> None:
        with gathered_messages() as said:
            told.append(said)
            os.write(2, b"one\ntwo\x1b[31m\none\n" + b"long" * 200 + b"\nx\ny\nz\nmore\n")
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
    (said,) = told
    assert said[:2] == ["one", "two [31m"]
    assert len(said) == 5
    assert max(map(len, said)) == 200
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_pillows_log_is_gathered_by_thread(capfd: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("PIL.TiffImagePlugin")
    found: dict[str, list[str]] = {}
    both = threading.Barrier(2)

    def work(name: str) -> None:
        with gathered_messages() as said:
            both.wait()
            log.warning("odd %s", name)
            both.wait()
        found[name] = said

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"a": ["odd a"], "b": ["odd b"]}
    assert not logging.getLogger("PIL").handlers
    assert capfd.readouterr().err == ""


def test_notes_of_a_photograph(monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_args: object, **_options: object) -> bytes:
        logging.getLogger("PIL").warning("an odd tag")
        return b""

    monkeypatch.setattr("goodside.images.decoding.picture.inspect_exif", warn)
    assert read_photo(encode(textured(32, 32), "PNG")).notes == ("an odd tag",)
