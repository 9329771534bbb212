"""Every public Python call on the bundled photographs: prints JSON, writes pictures.

    python calls.py OUT

Runs in the environment under test, in the session's folder, and needs nothing but `goodside`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import goodside

FACE, CAT, FIG = "faces/astronaut.jpg", "photos/cat.jpg", "photos/fig.jpg"


def main() -> None:
    """Call them, one line a call."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True)
    rgb = np.asarray(Image.open(FACE).convert("RGB"))
    assessor, rotator, finder = goodside.Assessor(), goodside.Rotator(), goodside.FaceFinder()
    taste = goodside.learn_taste("tables/picks.csv", assessor=assessor, photos=Path("photos"))
    taste.write(str(out / "taste.json"))
    told = goodside.Assessor(taste=goodside.Taste.read(str(out / "taste.json")))
    turned = goodside.rotate(FACE, yaw_deg=30)
    Image.fromarray(turned.image).save(out / "turned.png")
    sweep = rotator.sweep(FACE, [-30, 0, 30], size_px=128)
    Image.fromarray(np.hstack([one.image for one in sweep])).save(out / "sweep.png")
    each = assessor.assess_each([CAT, "damaged/broken.jpg", "damaged/cut.jpg"])
    good_side = goodside.portrait(FACE)
    for name, result in {
        "names": goodside.__all__,
        "assess": goodside.assess(CAT),
        "assess bytes": goodside.assess(Path(FIG).read_bytes()),
        "assess array": goodside.assess(rgb),
        "assess_batch": assessor.assess_batch([CAT, FIG]),
        "assess_each": list(each),
        "assess with taste": told.assess(CAT),
        "explain": assessor.explain(CAT).as_json(),
        "embed": assessor.embed([CAT, FIG]),
        "faces": goodside.faces(FACE),
        "find": finder.find(rgb),
        "find_batch": finder.find_batch([rgb, rgb[:, ::-1].copy()]),
        "rotate": turned,
        "rotate chosen": rotator.rotate(FACE, -20, pitch_deg=5, roll_deg=5, face=0, size_px=256),
        "rotate_each": list(rotator.rotate_each([FACE, CAT], 10, size_px=128)),
        "sweep": sweep,
        "portrait": good_side.as_json(),
        "taste": [taste.model, taste.kind, taste.ratings, taste.agreement],
    }.items():
        print(json.dumps({"call": name, "result": _plain(result)}))


def _plain(value: Any) -> Any:
    """Any result as JSON: dataclasses by their public fields, large arrays by their hash."""
    if isinstance(value, Exception):
        return {"error": type(value).__name__, "message": str(value)}
    if is_dataclass(value):
        public = [field.name for field in fields(value) if not field.name.startswith("_")]
        return {name: _plain(getattr(value, name)) for name in public}
    if isinstance(value, np.ndarray):
        digest = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        small = value.tolist() if value.size <= 100 else None
        return {"shape": value.shape, "dtype": str(value.dtype), "sha256": digest, "values": small}
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


if __name__ == "__main__":
    main()
