"""Fit the template that tells shut eyes from open ones, and measure how often it is wrong.

    python -m tools.fit_eyes --fit DIR --held-out DIR [--held-out DIR] --out src/goodside/weights

Each folder holds portraits of one face with open eyes; their eyes are shut by `tools.shut_eyes`.
Without --out nothing is written, and what is shipped is measured. Folders given as --open hold any
photographs of people: every face that counts as shut is listed, to be looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.face import FaceFinder
from goodside.face.eyes import eye_patches, judge_eyes
from goodside.images import find_photos
from goodside.types import Face, FloatArray, RgbImage
from tools.shut_eyes import shut_eyes

_STEPS, _RATE, _DECAY = 1500, 0.3, 3e-3
_COARSE_PX = 80


def main() -> None:
    """Fit where asked, then measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", type=Path)
    parser.add_argument("--held-out", type=Path, action="append", default=[])
    parser.add_argument("--open", type=Path, action="append", default=[])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    finder = FaceFinder(min_face=0.1)
    if options.fit is not None and options.out is not None:
        weights, bias = fit(options.fit, finder=finder)
        np.savez(options.out / "eye_template.npz", weights=weights, bias=bias)
    for folder in options.held_out:
        said: dict[bool, list[float | None]] = {False: [], True: []}
        for _, shut, rgb, face in faces_of(folder, finder=finder):
            said[shut].append(judge_eyes(rgb, face))
        for shut, answers in said.items():
            counts = [answers.count(0.0), answers.count(1.0), answers.count(None)]
            print(
                f"{folder.name}: {'made shut' if shut else 'open'}: {len(answers)} faces;", end=" "
            )
            print("told shut {}, open {}, nothing {}".format(*counts))
    for folder in options.open:
        faces = 0
        for path in sorted(find_photos([folder])):
            rgb = _read(path)
            for face in finder.find(rgb):
                faces += 1
                if judge_eyes(rgb, face) == 0:
                    print(f"  told shut: {path.name} at {face.box.as_list()}")
        print(f"{folder.name}: {faces} faces")


def fit(folder: Path, *, finder: FaceFinder) -> tuple[FloatArray, float]:
    """Logistic regression with a small decay, both kinds weighing the same.

    Every face is also seen at a width of about 80 pixels, as in groups.
    """
    rows: list[FloatArray] = []
    labels: list[float] = []
    for _, shut, rgb, face in faces_of(folder, finder=finder):
        for picture, seen in ((rgb, face), _coarse(rgb, face)):
            patches = eye_patches(picture, seen)
            if patches is not None:
                rows += list(patches)
                labels += [float(shut)] * len(patches)
    table = np.column_stack([np.stack(rows), np.ones(len(rows))]).astype(np.float64)
    shut_ones = np.array(labels)
    share = np.where(shut_ones == 1, 1 / shut_ones.sum(), 1 / (1 - shut_ones).sum())
    weights: NDArray[np.float64] = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        error = 1 / (1 + np.exp(-table @ weights)) - shut_ones
        weights -= _RATE * (table.T @ (error * share) + _DECAY * np.append(weights[:-1], 0))
    return weights[:-1].astype(np.float32), float(weights[-1])


def faces_of(folder: Path, *, finder: FaceFinder) -> Iterator[tuple[Path, bool, RgbImage, Face]]:
    """Each portrait's face as it is and with its eyes shut, found anew in both."""
    for path in sorted(find_photos([folder])):
        rgb = _read(path)
        found = finder.find(rgb)
        if not found:
            continue
        yield path, False, rgb, found[0]
        shut = shut_eyes(rgb, found[0])
        for face in finder.find(shut)[:1]:
            yield path, True, shut, face


def _coarse(rgb: RgbImage, face: Face) -> tuple[RgbImage, Face]:
    """The same picture as if it had been taken from farther away."""
    scale = min(1.0, _COARSE_PX / face.box.width)
    image = Image.fromarray(rgb)
    small = image.resize((round(image.width * scale), round(image.height * scale)))
    return np.asarray(small.resize(image.size, Image.Resampling.BICUBIC)), face


def _read(path: Path) -> RgbImage:
    return np.asarray(Image.open(path).convert("RGB"))


if __name__ == "__main__":
    main()
