"""Frames of one size to a moving picture: GIF with Pillow alone, MP4 through the extra `video`.

Nothing may flicker that stands still in the frames. A GIF therefore has one palette for all of its
frames, and its dither is a fixed pattern (Bayer's): error diffusion would crawl. An MP4 is H.264 at
a quality that shows no blocks.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from goodside.errors import OutputError, SettingsError
from goodside.images.provenance import SyntheticMark, mark_comment
from goodside.images.writing.atomic import atomic_write
from goodside.images.writing.originals import generator
from goodside.types import FloatArray, RgbImage

ANIMATIONS = (".gif", ".mp4")
_COLOURS = 256
_LOOKED_AT_PX = 128  # side to which frames are brought when the palette is chosen
_DITHER = 6.0  # levels from the darkest to the lightest place of the pattern
_H264 = (  # even sides and halved colour, which every player takes; colours by BT.709, and said so
    "-an -c:v libx264 -crf 12 -pix_fmt yuv420p -movflags +faststart "
    "-vf pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709 "
    "-colorspace bt709 -color_primaries bt709 -color_trc bt709"
).split()


def save_animation(
    path: str | Path,
    frames: Sequence[RgbImage],
    *,
    frame_ms: int,
    synthetic: SyntheticMark | None = None,
    overwrite: bool = False,
) -> Path:
    """Write frames as a GIF that repeats for ever, or as an MP4; the suffix chooses.

    The file appears under its name only when it is complete.

    Args:
        path: where to write; its folder must exist.
        frames: (H, W, 3) uint8 sRGB each, of one size.
        frame_ms: how long each is shown; a GIF counts in hundredths of a second.
        synthetic: says that a network made part of it: in a GIF's comment, in an MP4's metadata.
        overwrite: replace a file that is there, if it is no original, see `check_output`.

    Returns:
        The path written.

    Raises:
        OutputError: unknown suffix, no frames or frames of several sizes, existing file, no folder,
            no permission, full disc, or ffmpeg fails.
        SettingsError: an MP4 was asked for and the extra `video` is not installed.
    """
    path = Path(path)
    if path.suffix.lower() not in ANIMATIONS:
        raise OutputError(
            f"no animation is known for the suffix {path.suffix!r}",
            path=path,
            remedy=f"end the name in one of {', '.join(ANIMATIONS)}",
        )
    if len({frame.shape for frame in frames}) != 1:
        raise OutputError(
            "an animation needs frames, all of one size", path=path, remedy="give it such frames"
        )
    write = _write_gif if path.suffix.lower() == ".gif" else _write_mp4
    with atomic_write(path, overwrite=overwrite) as stream:
        write(stream, frames, frame_ms=frame_ms, synthetic=synthetic)
    return path


def find_ffmpeg() -> str:
    """The ffmpeg program of the extra `video`, or the one that `IMAGEIO_FFMPEG_EXE` names.

    Raises:
        SettingsError: there is none.
    """
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise SettingsError(
            "an MP4 needs imageio-ffmpeg and its ffmpeg",
            remedy='install the extra: pip install "goodside[video]", or write a GIF',
        ) from error


def _write_gif(
    stream: IO[bytes],
    frames: Sequence[RgbImage],
    *,
    frame_ms: int,
    synthetic: SyntheticMark | None,
) -> None:
    palette = _palette(frames)
    pattern = _pattern(*frames[0].shape[:2])
    pictures = [_indexed(frame, palette=palette, pattern=pattern) for frame in frames]
    pictures[0].save(
        stream,
        "GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=max(frame_ms, 20),  # browsers take less for a tenth of a second
        loop=0,
        palette=palette.getpalette(),  # of the file; without it every frame brings its own
        comment=_comment(synthetic).encode(),
    )


def _comment(synthetic: SyntheticMark | None) -> str:
    """The mark, or without one the program alone."""
    return f"Software: {generator()}" if synthetic is None else mark_comment(synthetic)


def _palette(frames: Sequence[RgbImage]) -> Image.Image:
    """A picture that holds the colours of all frames together."""
    small = [Image.fromarray(frame) for frame in frames]
    for image in small:
        image.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX), Image.Resampling.BOX)
    every = Image.fromarray(np.concatenate([np.asarray(image) for image in small]))
    return every.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=2)


def _indexed(frame: RgbImage, *, palette: Image.Image, pattern: FloatArray) -> Image.Image:
    shifted = np.clip(np.rint(frame + pattern[..., None]), 0, 255).astype(np.uint8)
    return Image.fromarray(shifted).quantize(palette=palette, dither=Image.Dither.NONE)


def _pattern(height: int, width: int) -> FloatArray:
    """(H, W) float32 shifts of Bayer's 8 x 8 matrix, their mean 0 (Bayer, 1973)."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    shifts = _DITHER * ((matrix + 0.5) / matrix.size - 0.5)
    tiled: FloatArray = np.tile(shifts, (height // 8 + 1, width // 8 + 1)).astype(np.float32)
    return tiled[:height, :width]


def _write_mp4(
    stream: IO[bytes],
    frames: Sequence[RgbImage],
    *,
    frame_ms: int,
    synthetic: SyntheticMark | None,
) -> None:
    import subprocess
    import tempfile

    said = ["-metadata", f"comment={_comment(synthetic)}"]
    height, width = frames[0].shape[:2]
    source = f"-f rawvideo -pix_fmt rgb24 -s {width}x{height} -r {1000 / frame_ms} -i -".split()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        draft = Path(folder) / "frames.mp4"
        command = [find_ffmpeg(), "-v", "error", *source, *_H264, *said, str(draft)]
        ffmpeg = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=log)
        with ffmpeg, contextlib.suppress(BrokenPipeError):  # it ended early: its code tells
            for frame in frames:
                ffmpeg.stdin.write(frame.tobytes())  # type: ignore[union-attr]
        if ffmpeg.returncode:
            log.seek(0)
            message = log.read(500).decode(errors="replace").strip()
            raise OutputError(
                f"ffmpeg cannot write the video: {message or ffmpeg.returncode}",
                path=stream.name,
                remedy="check the free space, or write a GIF",
            )
        with draft.open("rb") as made:
            shutil.copyfileobj(made, stream)
