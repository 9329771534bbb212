"""One call each: `assess`, `rotate`, `faces`, `portrait`.

Their engines are built on the first call, kept for the process and shared by its threads, as is the
process that decodes photographs and is stopped when one takes longer than `GOODSIDE_TIMEOUT_S`. The
settings of the environment (`GOODSIDE_…`) are read at that moment. Whoever wants other settings, or
results in batches, builds `Assessor`, `Rotator` or `FaceFinder`.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from goodside.engines import Engines

if TYPE_CHECKING:
    from goodside.album import GoodSide
    from goodside.types import Assessment, Face, RgbImage, Turned

_engines: list[Engines] = []  # one at most: those of this process
_making = threading.Lock()


def assess(source: str | Path | bytes | RgbImage) -> Assessment:
    """Judge a photograph.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB upright pixels.

    Raises:
        ImageError: it cannot be read or is no picture.
        WeightsError: the weights are missing or corrupt.
        SettingsError: an environment variable of goodside's is wrong.
    """
    return _shared().assessor().assess(source)


def rotate(
    source: str | Path | bytes | RgbImage,
    yaw_deg: float,
    *,
    pitch_deg: float | None = None,
    roll_deg: float = 0.0,
    face: int | Face | None = None,
    size_px: int = 512,
) -> Turned:
    """Show the face in a photograph at another angle.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB upright pixels.
        yaw_deg: where the face shall look, positive toward the picture's right; absolute, not
            relative to the photograph.
        pitch_deg: positive downward; by default as in the photograph.
        roll_deg: lean of the head, positive clockwise.
        face: which face, counted from 0 as `faces` lists them, or the `Face` itself, which saves
            looking for it again; needed where there are several.
        size_px: side of the result.

    Raises:
        ImageError: the photograph cannot be read.
        FaceError: there is no face in it, or there are several and none was chosen.
        OutOfRange: an angle is beyond what the weights were trained on, or there is no such face.
        WeightsError: the weights are missing or corrupt.
        SettingsError: an environment variable of goodside's is wrong.
    """
    return (
        _shared()
        .rotator()
        .rotate(source, yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg, face=face, size_px=size_px)
    )


def faces(source: str | Path | bytes | RgbImage) -> tuple[Face, ...]:
    """Find the faces in a photograph, largest first.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB upright pixels.

    Raises:
        ImageError: it cannot be read or is no picture.
        WeightsError: the weights are missing or corrupt.
        SettingsError: an environment variable of goodside's is wrong.
    """
    import numpy as np

    from goodside.images import read_photo_guarded
    from goodside.images.guard import memory_guard

    engines = _shared()
    finder = engines.face_finder()
    photo = read_photo_guarded(source, limits=engines.limits)
    with memory_guard(None if isinstance(source, bytes | np.ndarray) else source):
        return finder.find(photo.rgb)


def portrait(source: str | Path | bytes | RgbImage, *, face: int | Face | None = None) -> GoodSide:
    """Which side of a face looks better, by turning it both ways and judging every view.

    Args:
        source: a file, a file's bytes, or (H, W, 3) uint8 sRGB upright pixels.
        face: which face, counted from 0 as `faces` lists them, or the `Face` itself; needed where
            there are several.

    Raises:
        ImageError: the photograph cannot be read.
        FaceError: there is no face in it, or there are several and none was chosen.
        OutOfRange: the face looks too far aside, or there is no such face.
        WeightsError: the weights are missing or corrupt.
        SettingsError: an environment variable of goodside's is wrong.
    """
    from goodside.album import find_good_side

    engines = _shared()
    return find_good_side(source, rotator=engines.rotator(), assessor=engines.assessor(), face=face)


def forget() -> None:
    """Let the engines and the process that decodes go.

    The next call builds them anew, with the settings of that moment.
    """
    from goodside.images.decoding.worker import close_workers

    close_workers()
    with _making:
        _engines.clear()


def _shared() -> Engines:
    """The engines of this process."""
    with _making:
        if not _engines:
            _engines.append(Engines())
        return _engines[0]
