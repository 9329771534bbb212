"""From files to picks: the original goes before its copies, edited versions are kept."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

import numpy as np
from PIL import Image, ImageFilter

from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import Catalog, list_groups
from goodside.album.groups import regroup
from goodside.album.picks import PickCriteria, Ranking
from tests.album.scan.made import EXAMPLES, quick_scan

_LANCZOS = Image.Resampling.LANCZOS


def test_copies_and_versions_of_one_photograph(catalog: Catalog, tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    with Image.open(EXAMPLES / "photos" / "mountain-path.jpg") as opened:
        view = opened.convert("RGB")
    exif = Image.Exif()
    exif[0x0110] = "Camera 1"
    exif.get_ifd(0x8769)[0x9003] = "2026:05:04 10:00:00"

    def save(name: str, image: Image.Image, quality: int, *, bare: bool = False) -> None:
        block = b"" if bare else exif.tobytes()
        image.save(album / f"{name}.jpg", quality=quality, exif=block)

    small = view.resize((600, 450), _LANCZOS)
    save("m", view, 90)
    save("a-small", small, 60)
    save("b-small-and-sharp", small.filter(ImageFilter.UnsharpMask(1.5, 150, 2)), 90)
    save("c-sharp", view.filter(ImageFilter.UnsharpMask(2, 150, 3)), 95)
    save("d-large", view.resize((2400, 1800), _LANCZOS), 90)
    save("e-squeezed", view, 30)
    save("f-stripped", view, 90, bare=True)
    save("x-gray", view.convert("L").convert("RGB"), 90)
    save("y-crop", view.crop((120, 60, 1080, 780)), 90)
    warm = np.clip(np.asarray(view, dtype=np.float64) * (1.12, 1.0, 0.8), 0, 255)
    save("z-warm", Image.fromarray(warm.astype(np.uint8)), 90)

    quick_scan(catalog, album)
    regroup(catalog)
    shots = read_album_photos(catalog)
    picked = {pick.shot.photo.paths[0].stem for pick in Ranking(shots).best(PickCriteria())}
    assert picked == {"m", "x-gray", "y-crop", "z-warm"}
    names = {shot.photo.id: shot.photo.paths[0].stem for shot in shots}
    with catalog.read() as session:
        (group,) = list_groups(session, kind="near_duplicate")
        assert list_groups(session, kind="burst") == []
    told = {names[one.photo_id]: (one.kind, names[one.of_id], one.why) for one in group.relations}
    assert told == {
        "a-small": ("copy", "m", "smaller"),
        "b-small-and-sharp": ("copy", "m", "smaller"),
        "c-sharp": ("copy", "m", "sharpened"),
        "d-large": ("copy", "m", "enlarged"),
        "e-squeezed": ("copy", "m", "recompressed"),
        "f-stripped": ("copy", "m", "without its metadata"),
        "x-gray": ("version", "m", "black and white"),
        "y-crop": ("version", "m", "crop"),
        "z-warm": ("version", "m", "colour"),
    }


def test_strong_compression_is_not_taken_for_the_original_of_a_sharpened_copy(
    catalog: Catalog, tmp_path: Path
) -> None:
    for name in ("dahlia", "dahlia-compressed"):
        copyfile(EXAMPLES / "photos" / f"{name}.jpg", tmp_path / f"{name}.jpg")
    quick_scan(catalog, tmp_path)
    regroup(catalog)
    names = {shot.photo.id: shot.photo.paths[0].stem for shot in read_album_photos(catalog)}
    with catalog.read() as session:
        (group,) = list_groups(session, kind="near_duplicate")
    (one,) = group.relations
    told = (names[one.photo_id], one.kind, names[one.of_id], one.why)
    assert told == ("dahlia-compressed", "copy", "dahlia", "recompressed")
