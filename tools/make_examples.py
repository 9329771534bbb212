"""Make `examples/photos/` from packages of public registries; the same bytes every time.

    mkdir packages && cd packages
    apt-get download lomiri-wallpapers-16.04=20.04.0-2 lomiri-wallpapers-20.04=20.04.0-2
    pip download --no-deps --only-binary :all: --python-version 3.11 \
        scikit-image==0.26.0 scikit-learn==1.9.1 scipy==1.9.3
    cd .. && python -m tools.make_examples --packages packages

Needs `dpkg-deb` (to look into Debian packages), numpy and Pillow. Authors and licences stand in
`examples/CREDITS.md`.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from tools.degrade import Rgb, degrade

LONGEST_PX = 1200
QUALITY = 86

_LOMIRI_16 = "lomiri-wallpapers-16.04_20.04.0-2_all.deb"
_LOMIRI_20 = "lomiri-wallpapers-20.04_20.04.0-2_all.deb"
_SKIMAGE = "scikit_image-0.26.0-*.whl"
_SKLEARN = "scikit_learn-1.9.1-*.whl"
_SCIPY = "scipy-1.9.3-*.whl"
_BACKGROUNDS = "./usr/share/backgrounds"


@dataclass(frozen=True, slots=True)
class Source:
    """A photograph inside a package: `member` of the archive, checked by `sha256` of its bytes."""

    package: str
    member: str
    sha256: str


SOURCES: dict[str, Source] = {
    "astronaut": Source(
        _SKIMAGE,
        "skimage/data/astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    "cat": Source(
        _SKIMAGE,
        "skimage/data/chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    "coffee": Source(
        _SKIMAGE,
        "skimage/data/coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
    "dahlia": Source(
        _SKLEARN,
        "sklearn/datasets/images/flower.jpg",
        "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
    ),
    "dandelions": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/seeding_by_Clements_Engelhardt.jpg",
        "a5634d1ab5e41a3568e92d4a894a500c92b891f9ff734e50bd224d6e185a605f",
    ),
    "dragonfly": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/Dragonfly_by_Bolly.jpg",
        "af5af17841009732def24b09bb1e669a1b09d2b4bdeee7812c371101c30d2bb3",
    ),
    "drum-and-wine": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/Wine_by_Jakkub_Mede.jpg",
        "d2e96e6d4da40dd804b3d0ce295e94de04a2d7d9b6785d42cd9d92ba58bced74",
    ),
    "fig": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/Picture_0B_by_freespace.jpg",
        "c8c0ab18e48d9e0419fe42881112137f3afafc27dfddc29ec3a6d54c56d225ad",
    ),
    "mountain-path": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/picosdeeuropa_by_Aitzol_Berasategi.jpg",
        "414d0072b2f6f2c555deafeaef6e45c4fed6fa9ad26eba6560ca8803959cf97a",
    ),
    "nuthatch": Source(
        _LOMIRI_20,
        f"{_BACKGROUNDS}/Kleiber_by_Lukas_Baubkus.jpg",
        "6572410c09f4492c74ccadde133565a14c0161617d5917d4c820c66d65a44ba7",
    ),
    "pagoda": Source(
        _SKLEARN,
        "sklearn/datasets/images/china.jpg",
        "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
    ),
    "paint-brushes": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/Picture_1A_by_freespace.jpg",
        "89e86af38d04daaef975665dc2127e9fa76f0fd68f4eea105a2d0ae3390b010b",
    ),
    "photographer": Source(
        _SKIMAGE,
        "skimage/data/camera.png",
        "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
    ),
    "raccoon": Source(
        _SCIPY,
        "scipy/misc/face.dat",
        "9d8b0b4d081313e2b485748c770472e5a95ed1738146883d84c7030493e82886",
    ),
    "rocket-at-dusk": Source(
        _SKIMAGE,
        "skimage/data/rocket.jpg",
        "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
    ),
    "sunset": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/sunset_by_Aitzol_Berasategi.jpg",
        "474dab6a4b9f94dc76c29dfe30e9f5db4af0fd2e33fe5d695f8152b371efca18",
    ),
    "two-dogs": Source(
        _LOMIRI_16,
        f"{_BACKGROUNDS}/friends_by_Aitzol_Berasategi.jpg",
        "cc40e313c74e421edffe3403def413c16878ce14661cce7ec5915baeab35538d",
    ),
}

COPIES = (
    ("dandelions", "blurred"),
    ("pagoda", "overexposed"),
    ("coffee", "underexposed"),
    ("sunset", "tilted"),
    ("raccoon", "cropped"),
    ("dahlia", "compressed"),
)


def main() -> None:
    """Write the photographs and the spoiled copies."""
    parser = argparse.ArgumentParser(description="Make examples/photos from downloaded packages.")
    parser.add_argument("--packages", type=Path, required=True, help="folder of the downloads")
    parser.add_argument("--out", type=Path, default=Path("examples/photos"))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    photos = {name: load(source, packages=chosen.packages) for name, source in SOURCES.items()}
    for name, kind in COPIES:
        photos[f"{name}-{kind}"] = degrade(photos[name], kind, name=name)
    total = 0
    for name, rgb in sorted(photos.items()):
        path = chosen.out / f"{name}.jpg"
        Image.fromarray(rgb).save(path, "JPEG", quality=QUALITY, progressive=True)
        total += path.stat().st_size
        print(f"{path}  {rgb.shape[1]} x {rgb.shape[0]}  {path.stat().st_size // 1000} kB")
    print(f"{len(photos)} photographs, {total / 1e6:.2f} MB")


def load(source: Source, *, packages: Path) -> Rgb:
    """The photograph, upright, at most `LONGEST_PX` on its longer side.

    Raises:
        SystemExit: the package is not there, or the picture in it is another one.
    """
    data = _member(source, packages=packages)
    found = hashlib.sha256(data).hexdigest()
    if found != source.sha256:
        raise SystemExit(f"{source.package}: {source.member} has sha256 {found}")
    if source.member.endswith(".dat"):  # scipy keeps bare pixels, 768 x 1024
        image = Image.fromarray(np.frombuffer(bz2.decompress(data), np.uint8).reshape(768, 1024, 3))
    else:
        image = ImageOps.exif_transpose(Image.open(BytesIO(data))).convert("RGB")
    scale = min(1.0, LONGEST_PX / max(image.size))
    size = round(image.width * scale), round(image.height * scale)
    return np.array(image.resize(size, Image.Resampling.LANCZOS))


def _member(source: Source, *, packages: Path) -> bytes:
    found = sorted(packages.glob(source.package))
    if not found:
        raise SystemExit(f"{source.package} is not in {packages}: see the top of this file")
    if found[0].suffix == ".whl":
        with zipfile.ZipFile(found[0]) as wheel:
            return wheel.read(source.member)
    tar = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", str(found[0])], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=BytesIO(tar)) as archive:
        member = archive.extractfile(source.member)
        if member is None:
            raise SystemExit(f"{found[0]}: {source.member} is no file")
        return member.read()


if __name__ == "__main__":
    main()
