"""Made bursts and copies: whether the clean frame is picked and copies are grouped.

    python -m benchmarks.album_bursts --photos FOLDER --bursts 20

Of each photograph a burst of five is made: itself and four spoiled in different ways (blurred,
over- and under-exposed, tilted, cropped, compressed, noisy), a second apart, in an order drawn by
the seed. Of other photographs near-duplicates are made: saved again, scaled, brightened, cropped by
2 %. Others again stand alone, every second one spoiled. The album is scanned without faces; then
the best of each burst, the best of those alone, and pairs of near-duplicates are compared with what
was made; what is picked once with the technical quality and once as if it had not been measured.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from goodside.album.album_photo import AlbumPhoto, read_album_photos
from goodside.album.catalog import Catalog, list_groups, open_catalog
from goodside.album.groups import regroup
from goodside.album.picks import PickCriteria, Ranking
from goodside.album.scan import scan
from goodside.images import find_photos
from goodside.types import RgbImage
from tools.degrade import KINDS, degrade

_FRAMES = 5
_FAULTS = (*KINDS, "noisy")
_NOISE = 22.0
_COPIES = 5
_START = datetime(2026, 5, 4, 10, 0)
_MODEL, _EXIF, _TAKEN = 0x110, 0x8769, 0x9003


def main() -> None:
    """Make, scan, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--bursts", type=int, default=20)
    parser.add_argument("--copied", type=int, default=40, help="photographs to make copies of")
    parser.add_argument("--alone", type=int, default=60, help="photographs without a series")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    photos = sorted(find_photos([args.photos]))
    chosen = rng.permutation(len(photos))[: args.bursts + args.copied + args.alone]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "album"
        folder.mkdir()
        for number, index in enumerate(chosen[: args.bursts]):
            make_burst(photos[index], folder, number=number, rng=rng)
        for number, index in enumerate(chosen[args.bursts :][: args.copied]):
            make_copies(photos[index], folder, number=number)
        for number, index in enumerate(chosen[args.bursts + args.copied :]):
            make_alone(photos[index], folder, number=number, rng=rng)
        with open_catalog(Path(name) / "catalog.db") as catalog:
            scan(catalog, [folder], faces=False)
            regroup(catalog)
            shots = read_album_photos(catalog)
            plain = [without_technical(shot) for shot in shots]
            for words, some in (("without", plain), ("with", shots)):
                whole, right = bursts(catalog, some)
                clean, best, lost = alone(some)
                print(
                    f"{words} technical quality: bursts found whole {whole} of {args.bursts}, "
                    f"clean frame picked {right}; of the best {best} that stand alone, {clean} "
                    f"clean; spoiled ones picked: {dict(lost)}"
                )
            precision, recall = near_duplicates(catalog)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"near-duplicate pairs: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def make_burst(photo: Path, folder: Path, *, number: int, rng: np.random.Generator) -> None:
    """Five frames, the clean one named so; a minute lies between two bursts."""
    with Image.open(photo) as image:
        rgb = np.asarray(image.convert("RGB"))
    kinds = ["clean", *rng.choice(_FAULTS, size=_FRAMES - 1, replace=False)]
    for place, kind in enumerate(rng.permutation(kinds)):
        frame = spoil(rgb, str(kind), rng=rng)
        taken = _START + timedelta(minutes=number, seconds=place)
        exif = Image.Exif()
        exif[_MODEL] = "Made"
        exif.get_ifd(_EXIF)[_TAKEN] = f"{taken:%Y:%m:%d %H:%M:%S}"
        name = f"burst-{number:03}-{place}-{kind}.jpg"
        Image.fromarray(frame).save(folder / name, quality=95, exif=exif)


def make_alone(photo: Path, folder: Path, *, number: int, rng: np.random.Generator) -> None:
    """The picture, every second one spoiled; a day lies between two of them."""
    with Image.open(photo) as image:
        rgb = np.asarray(image.convert("RGB"))
    kind = str(rng.choice(_FAULTS)) if number % 2 else "clean"
    exif = Image.Exif()
    exif.get_ifd(_EXIF)[_TAKEN] = f"{_START + timedelta(days=number + 1):%Y:%m:%d %H:%M:%S}"
    name = f"alone-{number:03}-{kind}.jpg"
    Image.fromarray(spoil(rgb, kind, rng=rng)).save(folder / name, quality=95, exif=exif)


def spoil(rgb: RgbImage, kind: str, *, rng: np.random.Generator) -> RgbImage:
    """The picture with one of `_FAULTS`, or as it is."""
    if kind == "clean":
        return rgb
    if kind == "noisy":
        grain = rng.normal(0, _NOISE, rgb.shape)
        return np.clip(rgb + grain, 0, 255).round().astype(np.uint8)
    return degrade(rgb, kind)


def without_technical(shot: AlbumPhoto) -> AlbumPhoto:
    """A photograph as weights without a technical output would have judged it."""
    if shot.photo.judged is None:
        return shot
    judged = replace(shot.photo.judged, technical=None)
    return replace(shot, photo=replace(shot.photo, judged=judged))


def make_copies(photo: Path, folder: Path, *, number: int) -> None:
    """The picture and four near-duplicates, without a time."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    wide, high = image.size
    bright = Image.fromarray(np.clip(np.asarray(image) * 1.15, 0, 255).astype(np.uint8))
    edge = (wide // 100, high // 100, wide - wide // 100, high - high // 100)
    versions = (
        (image, 95), (image, 40), (image.resize((wide // 2, high // 2)), 90),
        (bright, 90), (image.crop(edge), 90),
    )  # fmt: skip
    for place, (version, quality) in enumerate(versions):
        version.save(folder / f"copy-{number:03}-{place}.jpg", quality=quality)


def alone(shots: Sequence[AlbumPhoto]) -> tuple[int, int, Counter[str]]:
    """Of the half that is picked of those alone: the clean ones, all, and the others' faults."""
    single = {shot.photo.id for shot in shots if shot.name.startswith("alone")}
    count = len(single) // 2
    picks = Ranking(shots).best(PickCriteria(n=count, among=frozenset(single)))
    kinds = Counter(pick.shot.photo.paths[0].stem.split("-")[2] for pick in picks)
    clean = kinds.pop("clean", 0)
    return clean, count, kinds


def bursts(catalog: Catalog, every: Sequence[AlbumPhoto]) -> tuple[int, int]:
    """How many bursts were found whole, and of how many the clean frame was picked."""
    by_id = {shot.photo.id: shot for shot in every}
    with catalog.read() as session:
        groups = list_groups(session, kind="burst")
    whole = right = 0
    for group in groups:
        shots = [by_id[photo_id] for photo_id in group.photo_ids]
        numbers = {shot.photo.paths[0].name.split("-")[1] for shot in shots}
        whole += len(numbers) == 1 and len(shots) == _FRAMES
        best = Ranking(shots).best_of(shots, kind="burst")
        right += best is not None and best.shot.photo.paths[0].stem.endswith("clean")
    return whole, right


def near_duplicates(catalog: Catalog) -> tuple[float, float]:
    """Precision and recall over pairs of the pictures that were made as copies."""
    with catalog.read() as session:
        groups = list_groups(session, kind="near_duplicate")
    names = {shot.photo.id: shot.photo.paths[0].name for shot in read_album_photos(catalog)}
    made = [name for name in names.values() if name.startswith("copy")]
    true = {pair for pair in combinations(sorted(made), 2) if pair[0][:8] == pair[1][:8]}
    found = {
        pair
        for group in groups
        for pair in combinations(sorted(names[photo_id] for photo_id in group.photo_ids), 2)
        if all(name.startswith("copy") for name in pair)
    }
    return len(found & true) / max(len(found), 1), len(found & true) / max(len(true), 1)


if __name__ == "__main__":
    main()
