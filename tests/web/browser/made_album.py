"""An album for browsers: the bundled examples, with a burst, more portraits and failures made."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

EXAMPLES = Path("examples")
_FIRST_SHOT = datetime(2024, 6, 1, 10, 0, 0)


@dataclass(frozen=True, slots=True)
class MadeAlbum:
    """Photographs, and the catalog of a scan of them.

    Attributes:
        photos: the scanned folder.
        catalog: to be copied by whoever writes into it.
    """

    photos: Path
    catalog: Path


def make_photos(folder: Path) -> None:
    """Write 37 photographs below a folder, with times and a camera, and two files that are none."""
    folder.mkdir(parents=True)
    for number, source in enumerate(sorted((EXAMPLES / "photos").glob("*.jpg"))):
        _save(_opened(source), folder / source.name, taken=_FIRST_SHOT + number * _pause(hours=7))
    _burst(_opened(EXAMPLES / "photos" / "nuthatch.jpg"), folder)
    _portraits(_opened(EXAMPLES / "faces" / "astronaut.jpg"), folder / "portraits")
    _gray(folder / "gray")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\x00" * 64)
    (folder / "empty.jpg").touch()


def copy_catalog(catalog: Path, target: Path) -> Path:
    """A catalog of one's own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal"):
        source = catalog.with_name(catalog.name + end)
        if source.exists():
            shutil.copyfile(source, target.with_name(target.name + end))
    return target


def _burst(image: Image.Image, folder: Path) -> None:
    """Four frames of one second, of which the second is blurred and the third is dark."""
    taken = _FIRST_SHOT + _pause(days=20)
    frames = (
        image,
        image.filter(ImageFilter.GaussianBlur(4)),
        ImageEnhance.Brightness(image).enhance(0.6),
        image.transform(image.size, Image.Transform.AFFINE, (1, 0, 6, 0, 1, 3)),
    )
    for number, frame in enumerate(frames):
        name = folder / f"burst-{number + 1}.jpg"
        _save(frame, name, taken=taken + number * _pause(milliseconds=250))


def _portraits(image: Image.Image, folder: Path) -> None:
    """One person six times, on days apart."""
    folder.mkdir()
    frames = (
        image,
        ImageOps.mirror(image),
        ImageEnhance.Color(image).enhance(0.2),
        image.crop((60, 0, 460, 400)),
        ImageEnhance.Brightness(image).enhance(1.25),
        image.crop((0, 0, 440, 512)),
    )
    for number, frame in enumerate(frames):
        taken = _FIRST_SHOT + _pause(days=30 + 3 * number)
        _save(frame, folder / f"portrait-{number + 1}.jpg", taken=taken)


def _gray(folder: Path) -> None:
    """Four photographs without colour, in a folder of their own."""
    folder.mkdir()
    for number, name in enumerate(("fig", "raccoon", "sunset", "two-dogs")):
        image = ImageOps.grayscale(_opened(EXAMPLES / "photos" / f"{name}.jpg")).convert("RGB")
        _save(image, folder / f"{name}-gray.jpg", taken=_FIRST_SHOT + _pause(days=60 + number))


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _pause(**lengths: int) -> timedelta:
    return timedelta(**lengths)


def _save(image: Image.Image, path: Path, *, taken: datetime) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Goodside", "Test Camera"
    details = exif.get_ifd(0x8769)
    details[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details[0x9291] = f"{taken.microsecond // 1000:03d}"
    image.save(path, quality=90, exif=exif)
    os.utime(path, (taken.timestamp(), taken.timestamp()))
