"""Measure what turns cost and how the sides of faces differ; write the good side's reference.

    python tools/measure_good_side.py FACES [--out src/goodside/weights/reference/good_side.json]
    python tools/measure_good_side.py FACES --steadiness

FACES is a folder of invented people, one picture each. The first form writes the reference. The
second asks again of every photograph's mirror image, of a recompressed and of a slightly cropped
copy, and prints how often the answer stays.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.aesthetics import Assessor
from goodside.album.good_side.good_side import YAWS_DEG, GoodSide, find_good_side
from goodside.album.good_side.reference import GoodSideReference
from goodside.errors import GoodsideError
from goodside.images import find_photos, read_photo
from goodside.rotation import Rotator
from goodside.runtime import renew_checksums
from goodside.types import Json, RgbImage

_TURNS_DEG = (0.0, 10.0, 20.0, 30.0, 45.0)
_YAWS_DEG = tuple(sorted({sign * turn for turn in _TURNS_DEG for sign in (-1, 1)}))
_QUANTILES = 11


def main() -> None:
    """Read the arguments, measure, write or print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faces", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, help="measure only so many faces of each folder")
    parser.add_argument("--out", type=Path, help="write the reference to this file")
    parser.add_argument("--steadiness", action="store_true", help="ask again of changed copies")
    asked = parser.parse_args()
    rotator, assessor = Rotator(), Assessor()
    photos = [p for folder in asked.faces for p in islice(find_photos([folder]), asked.limit)]
    if asked.steadiness:
        print(json.dumps(steadiness(photos, rotator=rotator, assessor=assessor), indent=2))
        return
    text = json.dumps(reference(photos, rotator=rotator, assessor=assessor), indent=2) + "\n"
    if asked.out is None:
        print(text)
    else:
        asked.out.write_text(text, encoding="utf-8")
        renew_checksums(asked.out, folder=asked.out.parent.parent)


def reference(photos: list[Path], *, rotator: Rotator, assessor: Assessor) -> Json:
    """The figures of `goodside.album.good_side.reference`.

    The cost of a turn is measured over both directions alike, so that it cannot favour one.
    """
    free = GoodSideReference(len(photos), ("", ""), (0.0,), (0.0,), 0.0, (0.0, 1.0))
    answers = [
        answer
        for photo in photos
        if (answer := _asked(photo, free, yaws_deg=_YAWS_DEG, rotator=rotator, assessor=assessor))
    ]
    by_turn = np.array(
        [
            np.mean(
                [a.score for answer in answers for a in answer.angles if abs(a.yaw_deg) == turn]
            )
            for turn in _TURNS_DEG
        ]
    )
    costs = by_turn[0] - by_turn
    both = np.array([_differences(answer, costs) for answer in answers])
    return {
        "faces": len(answers),
        "models": [rotator.card.identifier, assessor.card.identifier],
        "turns_deg": list(_TURNS_DEG),
        "costs": [round(float(cost), 3) for cost in costs],
        "noise": round(float((both @ (0.5, -0.5)).std(ddof=1)), 3),
        "differences": [
            round(float(value), 3)
            for value in np.quantile(np.abs(both.mean(axis=1)), np.linspace(0, 1, _QUANTILES))
        ],
    }


def _differences(answer: GoodSide, costs: NDArray[np.float64]) -> list[float]:
    """Right less left over the default angles, in the photograph and in its mirror image."""
    at = {angle.yaw_deg: angle for angle in answer.angles}
    source = answer.angles[0].turned.source.yaw_deg
    gaps = []
    for yaw in (yaw for yaw in YAWS_DEG if yaw > 0):
        freed = [np.interp(abs(side - source), _TURNS_DEG, costs) for side in (yaw, -yaw)]
        gaps.append(np.subtract(at[yaw].scores, at[-yaw].scores) + freed[0] - freed[1])
    return [float(gap) for gap in np.mean(gaps, axis=0)]


def steadiness(photos: list[Path], *, rotator: Rotator, assessor: Assessor) -> Json:
    """How answers change when the photograph hardly does; a mirror image must swap the side."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for photo in photos:
        first = _asked(photo, None, rotator=rotator, assessor=assessor)
        if first is None:
            continue
        for name, copy, sign in _copies(read_photo(photo).rgb):
            again = _asked(copy, None, rotator=rotator, assessor=assessor)
            if again is not None:
                clear = float(first.side is not None)
                rows.setdefault(name, []).append((first.difference, sign * again.difference, clear))
    report: Json = {}
    for name, pairs in rows.items():
        before, after, called = np.array(pairs).T
        kept, clear = np.sign(before) == np.sign(after), called > 0
        report[name] = {
            "faces": len(pairs),
            "correlation": round(float(np.corrcoef(before, after)[0, 1]), 3),
            "mean_change": round(float(np.abs(before - after).mean()), 3),
            "same_sign": round(float(kept.mean()), 3),
            "clear": int(clear.sum()),
            "clear_same_sign": round(float(kept[clear].mean()), 3) if clear.any() else None,
        }
    return report


def _copies(rgb: RgbImage) -> Iterator[tuple[str, RgbImage, int]]:
    """The name of a change, the changed copy, and whether it keeps the side (1) or swaps it."""
    yield "mirrored", np.ascontiguousarray(rgb[:, ::-1]), -1
    stream = BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=60)
    with Image.open(stream) as image:
        yield "recompressed", np.asarray(image.convert("RGB")), 1
    edge = round(0.04 * min(rgb.shape[:2]))
    yield "cropped", np.ascontiguousarray(rgb[edge:, edge:]), 1


def _asked(
    source: Path | RgbImage,
    reference: GoodSideReference | None,
    *,
    yaws_deg: tuple[float, ...] = YAWS_DEG,
    rotator: Rotator,
    assessor: Assessor,
) -> GoodSide | None:
    try:
        return find_good_side(
            source, rotator=rotator, assessor=assessor, reference=reference, yaws_deg=yaws_deg
        )
    except GoodsideError as error:
        print(f"left out: {source if isinstance(source, Path) else ''} {error}", flush=True)
        return None


if __name__ == "__main__":
    main()
