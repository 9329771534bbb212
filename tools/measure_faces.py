"""Measure what the face and person networks find and tell apart, and write it into their cards.

    python -m tools.measure_faces --weights src/goodside/weights \
        --heads DIR --portraits DIR --plain DIR

Heads are rendered views of known pose, portraits are pictures of one face each, plain pictures show
no face. Each part is measured where its folder is given.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from goodside.face import Embedder, FaceFinder, PersonMatte
from goodside.images import resize
from goodside.types import Face, RgbImage
from tools.card_file import record
from tools.heads import read_views

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_SPREAD = (5, 50, 95)


def main() -> None:
    """Measure what was asked for, print it, and write it into the cards."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True, help="folder of the cards")
    parser.add_argument("--heads", type=Path, help="rendered heads with views.csv")
    parser.add_argument("--portraits", type=Path, help="one face a picture")
    parser.add_argument("--plain", type=Path, help="pictures without faces")
    options = parser.parse_args()
    finder, embedder = FaceFinder(), Embedder()
    found: dict[str, Any] = {}
    identity: dict[str, Any] = {}
    if options.heads:
        found["heads_by_yaw"], identity["heads_by_yaw"] = measure_heads(
            options.heads, finder=finder, embedder=embedder
        )
        note = "rendered heads (VALID avatars), both sides and two lights; "
        found["heads_note"] = note + "share in which a face is found"
        identity["heads_note"] = note + "cosines with frontal views: 5th, 50th, 95th percentile"
        record(
            options.weights / "person-matte.json",
            metrics=measure_matte(options.heads, matte=PersonMatte()),
        )
    if options.portraits:
        found |= measure_portraits(options.portraits, finder=finder)
        identity["portraits"] = compare_portraits(
            options.portraits, finder=finder, embedder=embedder
        )
    if options.plain:
        found["plain"] = measure_plain(options.plain, finder=finder)
    print(found, identity, sep="\n")
    record(options.weights / "face-mesh.json", metrics=found)
    record(options.weights / "face-mobilefacenet.json", metrics=identity)


def measure_heads(
    folder: Path, *, finder: FaceFinder, embedder: Embedder
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """By true yaw: share of heads found, and cosines with the same and with other frontal heads."""
    seen: dict[int, list[tuple[str, NDArray[np.float32] | None]]] = defaultdict(list)
    for view in read_views(folder):
        if view.pitch_deg == 0:
            faces = finder.find(view.rgb)
            vector = embedder.embed(view.rgb, faces[:1])[0] if faces else None
            seen[view.yaw_deg].append((view.identity, vector))
    # The first light is the gallery, so that a frontal view never meets itself.
    gallery = {name: vector for name, vector in seen[0][::2] if vector is not None}
    names, matrix = list(gallery), np.stack(list(gallery.values()))
    found, identity = [], []
    for yaw in sorted({abs(angle) for angle in seen}):
        views = [item for angle, items in seen.items() if abs(angle) == yaw for item in items]
        probes = views[1::2] if yaw == 0 else views
        known = [(names.index(name), vector) for name, vector in probes if vector is not None]
        hits = sum(vector is not None for _, vector in views)
        found.append({"yaw_deg": yaw, "count": len(views), "found": round(hits / len(views), 3)})
        cosines = np.stack([matrix @ vector for _, vector in known])
        own = np.array([row for row, _ in known])
        mask = np.zeros_like(cosines, dtype=bool)
        mask[np.arange(len(own)), own] = True
        identity.append(
            {
                "yaw_deg": yaw,
                "count": len(own),
                "same_person": _spread(cosines[mask]),
                "other_people": _spread(cosines[~mask]),
                "rank_1": round(float((cosines.argmax(axis=1) == own).mean()), 3),
            }
        )
    return found, identity


def measure_matte(folder: Path, *, matte: PersonMatte) -> dict[str, Any]:
    """By true yaw: how far matte and render agree on what is head, both cut at a half."""
    overlaps: dict[int, list[float]] = defaultdict(list)
    for view in read_views(folder):
        found = matte.of([view.rgb])[0] > 0.5
        size = found.shape[0]
        cover = np.repeat(view.cover[..., None], 3, axis=2)
        true = resize(cover, width_px=size, height_px=size, kernel="box")[..., 0] > 127
        overlap = (found & true).sum() / max(1, (found | true).sum())
        overlaps[abs(view.yaw_deg)].append(float(overlap))
    return {
        "heads_note": (
            "rendered heads (VALID avatars) on gradients, both sides, all pitches, two lights; "
            "intersection over union at threshold 0.5: 5th, 50th, 95th percentile"
        ),
        "heads_by_yaw": [
            {"yaw_deg": yaw, "count": len(shares), "iou": _spread(np.array(shares))}
            for yaw, shares in sorted(overlaps.items())
        ],
    }


def measure_portraits(folder: Path, *, finder: FaceFinder) -> dict[str, Any]:
    """Share of portraits in which exactly one face is found, and of 20 in one 12 MP picture."""
    pictures = _pictures(folder)
    counts = [len(finder.find(rgb)) for rgb in pictures]
    rows = []
    for low, high, turn in ((400, 640, 0), (250, 400, 45), (100, 250, 45), (60, 120, 15)):
        hits = other = 0
        rng = np.random.default_rng(low)
        for at in range(0, len(pictures) - 19, 20):
            sizes = np.exp(rng.uniform(np.log(low), np.log(high), 20)).astype(int)
            canvas, places = montage(
                pictures[at : at + 20], sizes=sizes, turns=rng.uniform(-turn, turn, 20)
            )
            faces = finder.find(canvas)
            near = [any(_lies_at(face, place) for face in faces) for place in places]
            hits += sum(near)
            other += len(faces) - sum(near)
        rows.append(
            {
                "portrait_px": [low, high],
                "turned_up_to_deg": turn,
                "faces": len(pictures) // 20 * 20,
                "found": hits,
                "false": other,
            }
        )
    share = sum(count == 1 for count in counts) / len(counts)
    return {
        "portraits": {
            "note": "generated people",
            "count": len(counts),
            "exactly_one": round(share, 4),
        },
        "montages_4000x3000": rows,
    }


def montage(
    pictures: list[RgbImage], *, sizes: NDArray[np.integer], turns: NDArray[np.floating]
) -> tuple[RgbImage, list[tuple[float, float, int]]]:
    """Twenty portraits in five columns on a 4000 x 3000 gradient; and centre and size of each."""
    rows, columns = np.mgrid[0:3000, 0:4000]
    tone = 120 + 40 * np.sin(columns / 300) + 30 * np.cos(rows / 200)
    canvas = Image.fromarray(np.stack([tone, tone / 2 + 60, 200 - tone / 2], -1).astype(np.uint8))
    places = []
    for at, (rgb, size, turn) in enumerate(zip(pictures, sizes, turns, strict=True)):
        side = int(size)
        x, y = (at % 5 + 0.5) * 800, (at // 5 + 0.5) * 750
        tile = Image.fromarray(rgb).resize((side, side), Image.Resampling.LANCZOS)
        mask = Image.new("L", tile.size, 255)
        tile, mask = (part.rotate(turn, Image.Resampling.BICUBIC) for part in (tile, mask))
        canvas.paste(tile, (int(x - side / 2), int(y - side / 2)), mask)
        places.append((x, y, side))
    return np.asarray(canvas), places


def compare_portraits(folder: Path, *, finder: FaceFinder, embedder: Embedder) -> dict[str, Any]:
    """Cosines between portraits of different people."""
    vectors = []
    for rgb in _pictures(folder):
        faces = finder.find(rgb)
        if faces:
            vectors.append(embedder.embed(rgb, faces[:1])[0])
    matrix = np.stack(vectors)
    pairs = (matrix @ matrix.T)[np.triu_indices(len(matrix), 1)]
    return {"note": "generated people", "count": len(matrix), "other_people": _spread(pairs)}


def measure_plain(folder: Path, *, finder: FaceFinder) -> dict[str, int]:
    """How many faces are found where none should be."""
    counts = [len(finder.find(rgb)) for rgb in _pictures(folder)]
    return {"pictures": len(counts), "findings": sum(counts)}


def _pictures(folder: Path) -> list[RgbImage]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def _lies_at(face: Face, place: tuple[float, float, int]) -> bool:
    x, y, size = place
    across = abs((face.box.left + face.box.right) / 2 - x)
    down = abs((face.box.top + face.box.bottom) / 2 - y)
    return across < 0.3 * size and down < 0.35 * size


def _spread(values: NDArray[np.floating]) -> list[float]:
    """5th, 50th and 95th percentile."""
    return [round(float(value), 3) for value in np.percentile(values, _SPREAD)]


if __name__ == "__main__":
    main()
