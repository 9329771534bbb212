"""Animations: nothing flickers that stands still, marks are kept, refusals are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageSequence

from goodside.errors import OutputError, SettingsError
from goodside.images import SyntheticMark, read_mark, save_animation
from goodside.types import RgbImage
from tests.images.made import gradient

MARK = SyntheticMark("goodside 0.1.0", "Köpfe,\nturned = twice; by 'a network'.")


def _frames(count: int = 6, *, width: int = 60, height: int = 45) -> list[RgbImage]:
    """A dark square crosses the left half of a gradient; the right half stands still."""
    frames = []
    for index in range(count):
        frame = gradient(width, height)
        frame[10:20, 2 + 3 * index : 12 + 3 * index] = (20, 30, 90 + 20 * index)
        frames.append(frame)
    return frames


def _ffmpeg(path: Path, *arguments: str) -> bytes:
    command = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), *arguments, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _local_palettes(path: Path) -> int:
    """How many frames of a GIF bring a palette of their own (GIF89a, sections 18 and 20)."""
    data = path.read_bytes()
    at, found = 13 + 3 * 2 ** ((data[10] & 7) + 1), 0
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            own = data[at + 9]
            found += own >> 7
            at += 10 + (3 * 2 ** ((own & 7) + 1) if own & 0x80 else 0) + 1
        else:
            at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return found


def test_a_gif_has_one_palette_repeats_and_stands_still_where_its_frames_do(tmp_path: Path) -> None:
    frames = _frames()
    path = save_animation(tmp_path / "a.gif", frames, frame_ms=70, synthetic=MARK)
    assert read_mark(path) == MARK
    assert _local_palettes(path) == 0
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        shown, times = [], []
        for picture in ImageSequence.Iterator(image):
            shown.append(np.asarray(picture.convert("RGB"), np.float32))
            times.append(picture.info["duration"])
    assert times == [70] * 6
    for made, frame in zip(shown, frames, strict=True):
        np.testing.assert_array_equal(made[:, 35:], shown[0][:, 35:])
        assert np.abs(made - frame).mean() < 5


def test_a_gradient_shows_no_steps_in_a_gif(tmp_path: Path) -> None:
    """A grey ramp beside every hue: means over 8 x 8 tiles stay near, so dithering is at work."""
    ramp = np.repeat(np.linspace(60, 200, 256).astype(np.uint8)[None, :, None], 64, axis=0)
    noise = np.random.default_rng(0).integers(0, 256, (64, 256, 3), dtype=np.uint8)
    frame = np.concatenate([np.repeat(ramp, 3, axis=2), noise])
    with Image.open(save_animation(tmp_path / "a.gif", [frame, frame], frame_ms=50)) as image:
        shown = np.asarray(image.convert("RGB"))[:64].astype(float)
    tiles = (shown - frame[:64]).reshape(8, 8, 32, 8, 3).mean(axis=(1, 3))
    assert np.abs(tiles).mean() < 6


def test_an_mp4_shows_the_frames_in_their_colours_and_carries_the_mark(tmp_path: Path) -> None:
    frames = _frames(width=61, height=45)  # H.264 needs even sides
    path = save_animation(tmp_path / "a.mp4", frames, frame_ms=50, synthetic=MARK)
    pixels = _ffmpeg(path, "-f", "rawvideo", "-pix_fmt", "rgb24")
    shown = np.frombuffer(pixels, np.uint8).reshape(6, 46, 62, 3)
    for made, frame in zip(shown, frames, strict=True):
        inner = (made[:45, 40:61].astype(float) - frame[:, 40:61])[2:-2, 2:-2]
        assert np.abs(inner).mean() < 3
    told = _ffmpeg(path, "-f", "ffmetadata").decode()
    assert "Software: goodside 0.1.0" in told
    assert "compositeWithTrainedAlgorithmicMedia" in told


def test_without_a_mark_none_is_read(tmp_path: Path) -> None:
    assert read_mark(save_animation(tmp_path / "a.gif", _frames(), frame_ms=50)) is None


@pytest.mark.parametrize("name", ["a.gif", "a.mp4"])
def test_a_file_that_is_there_stays_unless_asked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        save_animation(path, _frames(), frame_ms=50)
    assert path.read_bytes() == b"mine"
    save_animation(path, _frames(), frame_ms=50, overwrite=True)
    assert path.read_bytes() != b"mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "frames", "word"),
    [
        ("a.avi", _frames(), "suffix"),
        ("a.gif", [], "one size"),
        ("a.gif", [*_frames(1), gradient(10, 10)], "one size"),
        ("none/a.gif", _frames(), "folder"),
        ("none/a.mp4", _frames(), "folder"),
    ],
)
def test_what_cannot_be_written_is_told(
    tmp_path: Path, name: str, frames: list[RgbImage], word: str
) -> None:
    with pytest.raises(OutputError, match=word) as caught:
        save_animation(tmp_path / name, frames, frame_ms=50)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_failing_ffmpeg_is_told_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "ffmpeg"
    failing.write_text("#!/bin/sh\necho no such encoder >&2\nexit 3\n", encoding="utf-8")
    failing.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(failing))
    with pytest.raises(OutputError, match="no such encoder"):
        save_animation(tmp_path / "a.mp4", _frames(), frame_ms=50)
    assert not (tmp_path / "a.mp4").exists()


def test_without_the_extra_an_mp4_names_it_and_a_gif_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(SettingsError, match=r"goodside\[video\]"):
        save_animation(tmp_path / "a.mp4", _frames(), frame_ms=50)
    assert list(tmp_path.iterdir()) == []
    assert save_animation(tmp_path / "a.gif", _frames(), frame_ms=50).exists()
