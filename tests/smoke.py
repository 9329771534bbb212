"""Proof that the users' environment does the main jobs without torch; run by `make test`.

Needs no pytest: `.venv/bin/python tests/smoke.py`. Every job is a command of its own process in a
temporary folder, as a person would type it.
"""

# ruff: noqa: T201

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_FACE = _EXAMPLES / "faces" / "astronaut.jpg"
_UNWANTED = ("torch", "tensorflow", "scipy", "cv2")
_TIMEOUT_S = 300


def main() -> None:
    """Run every check; the first that fails ends with a traceback and exit code 1."""
    check_nothing_unwanted()
    with tempfile.TemporaryDirectory(prefix="goodside-smoke-") as folder:
        check_assess(Path(folder))
        check_evaluate(Path(folder))
        check_faces(Path(folder))
        check_rotate(Path(folder))
    print("smoke: all done")


def check_nothing_unwanted() -> None:
    """No large framework is installed here."""
    for name in _UNWANTED:
        expect(importlib.util.find_spec(name) is None, f"{name} is not installed here")


def check_assess(folder: Path) -> None:
    """Two bundled photographs get scores, tags and a model's name."""
    photos = [_EXAMPLES / "photos" / name for name in ("coffee.jpg", "mountain-path.jpg")]
    records = goodside("assess", "--json", *photos, cwd=folder)
    expect([r["path"] for r in records] == [str(p) for p in photos], "assess judged 2 photographs")
    for record in records:
        aesthetic = record["aesthetic"]
        name, score = Path(record["path"]).name, aesthetic["score"]
        expect(1 <= score <= 10, f"{name}: score {score}")
        expect(abs(sum(aesthetic["distribution"]) - 1) < 1e-3, f"{name}: shares sum to 1")
        expect(1 <= record["technical"] <= 10, f"{name}: technical {record['technical']}")


def check_evaluate(folder: Path) -> None:
    """Scores of the bundled photographs agree with a table that puts spoiled copies lower."""
    names = ("coffee", "dahlia", "dandelions", "pagoda", "raccoon", "sunset")
    spoilt = ("underexposed", "compressed", "blurred", "overexposed", "cropped", "tilted")
    rows = [f"{name},4" for name in names]
    rows += [f"{name}-{how},2" for name, how in zip(names, spoilt, strict=True)]
    table = folder / "labels.csv"
    table.write_text("\n".join(["image,score", *rows]) + "\n", encoding="utf-8")
    command = ("evaluate", "aesthetics", "--images", _EXAMPLES / "photos", "--labels", table)
    (found,) = goodside(*command, "--json", cwd=folder)
    expect(found["n"] == 12, "evaluate compared 12 photographs")
    expect(found["auc"] > 0.6, f"good above spoilt: AUC {found['auc']}")
    expect(found["ms_per_image"] > 0, f"network {found['ms_per_image']} ms")


def check_faces(folder: Path) -> None:
    """The one face of the portrait is found, looking nearly at the camera."""
    (record,) = goodside("faces", "--json", _FACE, cwd=folder)
    expect(len(record["faces"]) == 1, "faces found 1 face")
    yaw = record["faces"][0]["pose"]["yaw_deg"]
    expect(abs(yaw) < 25, f"it looks {yaw:+.0f} degrees aside")


def check_rotate(folder: Path) -> None:
    """The face is turned, measured again, and marked as synthetic."""
    out = folder / "turned.jpg"
    (record,) = goodside("rotate", _FACE, "--yaw", "30", "-o", out, "--json", cwd=folder)
    expect(out.stat().st_size > 5_000, f"rotate wrote {out.stat().st_size} bytes")
    expect(b"compositeWithTrainedAlgorithmicMedia" in out.read_bytes(), "it is marked synthetic")
    expect(record["measured"] is not None, "a face was found in it")
    yaw, identity = record["measured"]["yaw_deg"], record["identity"]
    expect(yaw > 10, f"asked for +30 degrees, measured {yaw:+.0f}")
    expect(identity > 0, f"identity {identity:.2f}")


def goodside(*arguments: str | Path, cwd: Path) -> list[dict[str, Any]]:
    """Run the command; its lines of JSON."""
    command = [sys.executable, "-m", "goodside", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    print("$ goodside " + " ".join(Path(a).name if isinstance(a, Path) else a for a in arguments))
    expect(done.returncode == 0, f"exit code {done.returncode} {done.stderr.strip()}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def expect(held: bool, what: str) -> None:
    """Tell what was seen, or end here."""
    if not held:
        raise AssertionError(f"not so: {what}")
    print(f"  {what}")


if __name__ == "__main__":
    main()
