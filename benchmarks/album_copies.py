"""Made copies and versions: whether the original is picked and edited versions are kept.

    python -m benchmarks.album_copies --photos examples/photos

Of each photograph copies are made (smaller, compressed harder, sharpened, enlarged, stripped of
its metadata) and edited versions (cropped, black and white, warmer colours). An album holds the
originals and one kind of altered file; it is scanned without faces, and everything is picked that
may be. A copy must not be picked beside or instead of its original; a version must be picked too.
Then one album holds all copies of all photographs. Both is done with a camera's metadata in every
file but the stripped ones, and without any.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import open_catalog
from goodside.album.groups import regroup
from goodside.album.picks import PickCriteria, Ranking, word_reasons
from goodside.album.scan import scan
from goodside.images import find_photos

_START = datetime(2026, 5, 4, 10, 0)
_MAKE, _MODEL, _EXIF, _TAKEN = 0x10F, 0x110, 0x8769, 0x9003
_LANCZOS = Image.Resampling.LANCZOS

Alter = Callable[[Image.Image], Image.Image]


def _within(side_px: int) -> Alter:
    def shrink(image: Image.Image) -> Image.Image:
        small = image.copy()
        small.thumbnail((side_px, side_px), _LANCZOS)
        return small

    return shrink


def _scaled(factor: float) -> Alter:
    return lambda image: image.resize(
        (round(image.width * factor), round(image.height * factor)), _LANCZOS
    )


def _cropped(image: Image.Image) -> Image.Image:
    wide, high = round(0.8 * image.width), round(0.8 * image.height)
    left, top = (image.width - wide) // 2, (image.height - high) // 3
    return image.crop((left, top, left + wide, top + high))


def _warm(image: Image.Image) -> Image.Image:
    warm = np.asarray(image, dtype=np.float64) * (1.12, 1.0, 0.8)
    return Image.fromarray(np.clip(warm, 0, 255).astype(np.uint8))


COPIES: dict[str, tuple[Alter, int]] = {
    "at most 1600 px, q60": (_within(1600), 60),
    "at most 640 px, q50": (_within(640), 50),
    "half the size, q75": (_scaled(0.5), 75),
    "unsharp mask, q95": (lambda image: image.filter(ImageFilter.UnsharpMask(2, 150, 3)), 95),
    "half, unsharp mask, q90": (
        lambda image: _scaled(0.5)(image).filter(ImageFilter.UnsharpMask(1.5, 150, 2)),
        90,
    ),
    "twice the size, q90": (_scaled(2.0), 90),
    "q30": (lambda image: image, 30),
    "stripped": (lambda image: image, 0),
}
VERSIONS: dict[str, tuple[Alter, int]] = {
    "crop of 80 %": (_cropped, 92),
    "black and white": (lambda image: image.convert("L").convert("RGB"), 92),
    "warm colours": (_warm, 92),
}


def main() -> None:
    """Make, scan, pick, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    args = parser.parse_args()
    photos = sorted(find_photos([args.photos]))
    print(f"{len(photos)} photographs; with a camera's metadata, and without")
    for name, (alter, quality) in COPIES.items():
        print(f"{name:28}", *(_copies(photos, {name: (alter, quality)}, bare) for bare in (0, 1)))
    print(f"{'all of these':28}", *(_copies(photos, COPIES, bare) for bare in (0, 1)))
    for name, (alter, quality) in VERSIONS.items():
        print(f"{name:28}", *(_versions(photos, name, alter, quality, bare) for bare in (0, 1)))


def _copies(photos: Sequence[Path], kinds: dict[str, tuple[Alter, int]], bare: int) -> str:
    if bare:
        kinds = {name: kind for name, kind in kinds.items() if name != "stripped"}
    picked = _picked(photos, kinds, bare=bool(bare))
    extra = Counter(name for names in picked.values() for name in names if name != "original")
    told = f" {dict(extra)}" if extra and len(kinds) > 1 else ""
    return f"photographs of which no copy is picked: {sum(map(_clean, picked.values()))}{told};"


def _clean(names: Sequence[str]) -> bool:
    """Whether no copy was picked; of spoiled photographs the original may stand back too."""
    return set(names) <= {"original"}


def _versions(photos: Sequence[Path], name: str, alter: Alter, quality: int, bare: int) -> str:
    picked = _picked(photos, {name: (alter, quality)}, bare=bool(bare))
    both = sum(set(names) == {"original", name} for names in picked.values())
    named = sum("version" in why for why in _picked.reasons)  # type: ignore[attr-defined]
    return f"both {both}, told as a version {named};"


def _picked(
    photos: Sequence[Path], kinds: dict[str, tuple[Alter, int]], *, bare: bool
) -> dict[int, list[str]]:
    """By number of the photograph, which of its files were picked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "album"
        folder.mkdir()
        names = {}
        for number, photo in enumerate(photos):
            exif = Image.Exif()
            if not bare:
                exif[_MAKE], exif[_MODEL] = "Made", "Camera 1"
                taken = _START + timedelta(hours=number)
                exif.get_ifd(_EXIF)[_TAKEN] = f"{taken:%Y:%m:%d %H:%M:%S}"
            with Image.open(photo) as opened:
                opened.load()
                original = folder / f"b{number:03}.jpg"
                opened.save(original, quality="keep", exif=exif)
                image = opened.convert("RGB")
                names[original] = "original"
                for place, (kind, (alter, quality)) in enumerate(kinds.items()):
                    target = folder / f"a{number:03}-{place}.jpg"
                    if quality:
                        alter(image).save(target, quality=quality, exif=exif)
                    else:
                        opened.save(target, quality="keep")
                    names[target] = kind
        with open_catalog(Path(name) / "catalog.db") as catalog:
            scan(catalog, [folder], faces=False)
            regroup(catalog)
            picks = Ranking(read_album_photos(catalog)).best(PickCriteria(n=len(names)))
    found: dict[int, list[str]] = {number: [] for number in range(len(photos))}
    for pick in picks:
        path = pick.shot.photo.paths[0]
        found[int(path.name[1:4])].append(names[path])
    _picked.reasons = [  # type: ignore[attr-defined]
        " ".join(word_reasons(pick.reasons))
        for pick in picks
        if names[pick.shot.photo.paths[0]] != "original"
    ]
    return found


if __name__ == "__main__":
    main()
