"""What the session works on: the bundled photographs, and what is made of them."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_CHANGED = datetime(2024, 6, 1, tzinfo=UTC).timestamp()
_RATED = {
    **dict.fromkeys(("cat", "raccoon", "nuthatch", "two-dogs", "dragonfly"), 1),
    **dict.fromkeys(("coffee", "fig", "pagoda", "sunset", "dahlia"), 0),
}
_SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="3" xmp:Label="Red">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">By the pond</rdf:li></rdf:Alt></dc:title>
   <dc:subject><rdf:Bag><rdf:li>insect</rdf:li><rdf:li>summer</rdf:li></rdf:Bag></dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


def make_inputs(root: Path) -> None:
    """Fill an empty folder with everything that the session reads; all files have one date."""
    shutil.copytree(_EXAMPLES / "photos", root / "photos")
    shutil.copytree(_EXAMPLES / "faces", root / "faces")
    shutil.copy(_EXAMPLES / "CREDITS.md", root)
    (root / "photos" / "dragonfly.jpg.xmp").write_text(_SIDECAR, encoding="utf-8")
    for name in ("people", "series", "damaged", "tables", "multipie", "home", "temporary", "out"):
        (root / name).mkdir()
    _make_people(root)
    _make_series(root / "series")
    _make_damaged(root / "damaged")
    _make_tables(root / "tables")
    for path in root.rglob("*"):
        os.utime(path, (_CHANGED, _CHANGED))


def _make_people(root: Path) -> None:
    """Somebody's mirror image, and both in one picture."""
    portrait = Image.open(root / "faces" / "astronaut.jpg").convert("RGB")
    mirrored = ImageOps.mirror(portrait)
    mirrored.save(root / "people" / "bo.jpg", quality=80)
    both = Image.new("RGB", (2 * portrait.width, portrait.height))
    both.paste(portrait, (0, 0))
    both.paste(mirrored, (portrait.width, 0))
    both.save(root / "people" / "both.jpg", quality=92)
    for camera in ("051", "041"):
        shutil.copy(root / "faces" / "astronaut.jpg", root / f"multipie/201_01_01_{camera}_07.jpg")


def _make_series(folder: Path) -> None:
    """A burst, a bracket, a panorama and a small copy, as a camera would have taken them."""
    raccoon = _photo("raccoon")
    for n in range(3):
        shot = raccoon.crop((6 * n, 4 * n, 940 + 6 * n, 700 + 4 * n))
        _save(shot, folder / f"burst-{n}.jpg", second=n)
    pagoda = _photo("pagoda")
    for n, (bias, light) in enumerate(((-2, 0.45), (0, 1.0), (2, 1.7))):
        shot = ImageEnhance.Brightness(pagoda).enhance(light)
        _save(shot, folder / f"bracket-{n}.jpg", minute=20, second=n, bias=bias)
    field = _photo("dandelions")
    for n in range(3):
        shot = field.crop((250 * n, 0, 250 * n + 700, 675))
        _save(shot, folder / f"panorama-{n}.jpg", minute=40, second=4 * n)
    small = _photo("sunset")
    small.thumbnail((640, 640))
    small.save(folder / "sunset-small.jpg", quality=60)


def _photo(name: str) -> Image.Image:
    with Image.open(_EXAMPLES / "photos" / f"{name}.jpg") as photo:
        return photo.convert("RGB")


def _save(shot: Image.Image, path: Path, *, minute: int = 0, second: int, bias: int = 0) -> None:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Made", "Camera 1"
    detail = exif.get_ifd(IFD.Exif)
    detail[Base.DateTimeOriginal] = f"2024:05:01 10:{minute:02}:{second:02}"
    detail[Base.ExposureBiasValue] = IFDRational(bias, 1)
    shot.save(path, quality=92, exif=exif)


def _make_damaged(folder: Path) -> None:
    """A photograph that is cut short, two that are none, and a kind that is not read."""
    whole = (_EXAMPLES / "photos" / "cat.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) * 6 // 10])
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photograph")
    (folder / "empty.png").write_bytes(b"")
    (folder / "moving.mov").write_bytes(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ")


def _make_tables(folder: Path) -> None:
    names = [f"{name}.jpg" for name in _RATED]
    _table(folder / "picks.csv", "image,pick", zip(names, _RATED.values(), strict=True))
    scores = ((name, 2.5 + 0.5 * (n % 4) + 2 * _RATED[name[:-4]]) for n, name in enumerate(names))
    _table(folder / "labels.csv", "image,score", scores)
    _table(folder / "missing.csv", "image,score", [(names[0], 4), (names[1], 2), ("gone.jpg", 1)])
    _table(folder / "pairs.csv", "a,b,same", [("bo.jpg", "both.jpg", 0), ("bo.jpg", "bo.jpg", 1)])
    sets = [("raccoon.jpg", "train"), ("raccoon-cropped.jpg", "test"), ("cat.jpg", "test")]
    _table(folder / "splits.csv", "image,split", sets)


def _table(path: Path, heading: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(heading.split(","))
        writer.writerows(rows)
