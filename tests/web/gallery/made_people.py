"""Photographs with bursts and people, made of the bundled examples: for tests and for looking."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from goodside.engines import Engines
from goodside.types import Pose

HOSTILE = 'couple-2 "><img src=x onerror=alert(1)> \u202egpj.jpg'
"""A file name that would run a script, and turn text round, where it is shown as it is."""

_EXAMPLES = Path(__file__).parents[3] / "examples"
_FIRST = datetime(2024, 6, 1, 10, 0, 0)


def make_bursts(folder: Path) -> None:
    """Write a burst of two people, one of a bird, one of flowers; and some single photographs."""
    folder.mkdir(parents=True, exist_ok=True)
    _save_burst(folder, "couple", _couple_frames(), taken=_FIRST)
    bird = _open("photos/nuthatch.jpg")
    frames = [
        bird,
        _blurred(bird, 3),
        _moved(bird, 9, 4),
        ImageEnhance.Brightness(bird).enhance(0.55),
    ]
    _save_burst(folder, "nuthatch", frames, taken=_FIRST + timedelta(days=2))
    flower = _open("photos/dandelions.jpg")
    frames = [_blurred(flower, 2), flower, _moved(flower, 5, 5)]
    _save_burst(folder, "dandelions", frames, taken=_FIRST + timedelta(days=3))
    singles = ("cat", "coffee", "dahlia", "dragonfly", "fig", "pagoda", "raccoon", "sunset")
    for number, name in enumerate(singles):
        taken = _FIRST + timedelta(days=5 + number)
        save_photo(_open(f"photos/{name}.jpg"), folder / f"{name}.jpg", taken=taken)


def make_wide_burst(folder: Path) -> None:
    """Write two frames that are too wide to be shown whole pixel by pixel."""
    sunset = _open("photos/sunset.jpg").resize((4500, 900), Image.Resampling.LANCZOS)
    frames = [sunset, _moved(sunset, 30, 0)]
    _save_burst(folder, "wide", frames, taken=_FIRST + timedelta(days=4))


def make_portraits(folder: Path, *, yaws_deg: Sequence[float] = ()) -> None:
    """Write portraits of two people, at angles that a face is turned to as well.

    The second person is the first, squeezed: alike to a stranger's eye, two to the recogniser.
    """
    folder.mkdir(parents=True, exist_ok=True)
    face = _open("faces/astronaut.jpg")
    views = [face, face.crop((40, 0, 470, 430)), ImageEnhance.Color(face).enhance(0.2)]
    views += _turned(face, yaws_deg)
    for number, view in enumerate(views):
        taken = _FIRST + timedelta(days=30 + number)
        save_photo(view, folder / f"first-{number + 1}.jpg", taken=taken)
    other = _other_person(face)
    views = [other, other.crop((20, 10, 360, 500)), ImageOps.grayscale(other).convert("RGB")]
    for number, view in enumerate(views):
        taken = _FIRST + timedelta(days=60 + number)
        save_photo(view, folder / f"second-{number + 1}.jpg", taken=taken)
    stranger = _open("photos/photographer.jpg")
    save_photo(stranger, folder / "stranger.jpg", taken=_FIRST + timedelta(days=90))


def save_photo(image: Image.Image, path: Path, *, taken: datetime) -> None:
    """Write a JPEG with a camera and a time in it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Goodside", "Test Camera"
    details = exif.get_ifd(0x8769)
    details[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details[0x9291] = f"{taken.microsecond // 1000:03d}"
    image.save(path, quality=92, exif=exif)
    os.utime(path, (taken.timestamp(), taken.timestamp()))


def _save_burst(folder: Path, name: str, frames: Sequence[Image.Image], *, taken: datetime) -> None:
    for number, frame in enumerate(frames):
        path = folder / f"{name}-{number + 1}.jpg"
        save_photo(frame, path, taken=taken + number * timedelta(milliseconds=300))


def _couple_frames() -> list[Image.Image]:
    """Five frames of two people beside each other, whose places and sharpness differ."""
    one = _open("faces/astronaut.jpg").resize((900, 900), Image.Resampling.LANCZOS)
    two = _other_person(_open("faces/astronaut.jpg")).resize((700, 900), Image.Resampling.LANCZOS)
    frames = []
    for number, (shift, blur_one, blur_two, light) in enumerate(
        [(0, 0.0, 0.0, 1.0), (18, 2.5, 0.0, 1.0), (30, 0.0, 3.5, 1.0), (44, 5.0, 5.0, 1.0),
         (60, 0.0, 0.0, 0.7)]
    ):  # fmt: skip
        canvas = Image.new("RGB", (1600, 1000), (92, 98, 104))
        canvas.paste(_blurred(one, blur_one), (shift - 60, 100))
        canvas.paste(_blurred(two, blur_two), (860 + shift, 100))
        canvas = ImageEnhance.Brightness(canvas).enhance(light)
        frames.append(_noisy(canvas, seed=number))
    return frames


def _other_person(face: Image.Image) -> Image.Image:
    """The face with another shape and skin."""
    squeezed = ImageOps.mirror(face).resize((380, 512), Image.Resampling.LANCZOS)
    red, green, blue = squeezed.split()
    return Image.merge("RGB", (green, red, blue))


def _turned(face: Image.Image, yaws_deg: Sequence[float]) -> list[Image.Image]:
    if not yaws_deg:
        return []
    engines = Engines()
    rgb = np.asarray(face)
    (found,) = engines.face_finder().find(rgb)
    rotator = engines.rotator()
    subject = rotator.prepare(rgb, face=found, size_px=512, strict=False)
    poses = [Pose(yaw, 0.0, 0.0) for yaw in yaws_deg]
    return [
        Image.fromarray(view) for view in rotator.paint(subject.framed(poses), poses, size_px=512)
    ]


def _open(name: str) -> Image.Image:
    with Image.open(_EXAMPLES / name) as image:
        return image.convert("RGB")


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius)) if radius else image


def _moved(image: Image.Image, across: int, down: int) -> Image.Image:
    return image.transform(image.size, Image.Transform.AFFINE, (1, 0, across, 0, 1, down))


def _noisy(image: Image.Image, *, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 2.0, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
