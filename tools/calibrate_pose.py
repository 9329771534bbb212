"""Fit the pose calibration on rendered heads and write it into the `face-mesh` card.

    python -m tools.calibrate_pose --heads DIR --card src/goodside/weights/face-mesh.json

The curve is fitted on all identities; the figures come from two fits on half of them each, measured
on the other half.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goodside.face import (
    Calibration,
    Detector,
    Landmarker,
    angles,
    fit_pose,
    load_canonical,
)
from tools.card_file import record
from tools.heads import View, read_views, split_identities

_KNOTS_DEG = (15, 30, 45, 60, 75)
_MIN_SCORE = 0.5


@dataclass(frozen=True)
class Reading:
    """Angles as the mesh reads them, with the true ones."""

    identity: str
    true: tuple[int, int]
    read: tuple[float, float, float]


def main() -> None:
    """Read every head, fit, report, and write the card."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heads", type=Path, required=True, help="folder of rendered heads")
    parser.add_argument("--card", type=Path, required=True, help="face-mesh card to write to")
    options = parser.parse_args()
    views = list(read_views(options.heads))
    detector, landmarker = Detector(), Landmarker()
    found = [read_view(view, detector=detector, landmarker=landmarker) for view in views]
    readings = [reading for reading in found if reading is not None]
    calibration = fit(readings)
    pairs: list[tuple[Reading, Calibration]] = []
    for fitted_on, measured_on in itertools.permutations(split_identities(views)):
        trial = fit([one for one in readings if one.identity in fitted_on])
        pairs += [(one, trial) for one in readings if one.identity in measured_on]
    rows = report(pairs)
    count = len({view.identity for view in views})
    for row in rows:
        print(row)
    facts = {
        "yaw_read_deg": [round(value, 2) for value in calibration.yaw_read_deg],
        "yaw_true_deg": list(calibration.yaw_true_deg),
        "pitch_scale": round(calibration.pitch_scale, 4),
        "pitch_zero_deg": round(calibration.pitch_zero_deg, 2),
        "fitted_on": f"{count} rendered heads of known pose (VALID avatars, MIT)",
    }
    metrics = {
        "data": f"{count} rendered heads in 2 lights, by a calibration fitted on the half of them "
        "that the head is not in; degrees, mean absolute error",
        "by_yaw": rows,
    }
    record(options.card, facts={"pose_calibration": facts}, metrics={"pose_on_heads": metrics})


def read_view(view: View, *, detector: Detector, landmarker: Landmarker) -> Reading | None:
    """What the mesh reads of one head; None where it sees no face."""
    located = landmarker.locate(view.rgb, detector.detect(view.rgb))
    meshes = [mesh for mesh in located if mesh.score >= _MIN_SCORE]
    if not meshes:
        return None
    best = max(meshes, key=lambda mesh: mesh.crop.side)
    read = angles(fit_pose(best.landmarks, load_canonical()).rotation)
    return Reading(view.identity, (view.yaw_deg, view.pitch_deg), read)


def fit(readings: list[Reading]) -> Calibration:
    """Fit the curve of yaw, then scale and zero of pitch.

    The curve goes through the median reading of each true yaw, which leaves no bias; a least
    squares line would draw strong turns toward the mean. Only its last step, where the readings
    bunch and their noise is magnified most, is made a fifth less steep.
    """
    true = np.array([one.true for one in readings], dtype=float)
    read = np.array([one.read for one in readings])
    size = np.abs(true[:, 0])
    turned = read[:, 0] * np.where(true[:, 0] < 0, -1.0, 1.0)
    knots = [float(np.median(turned[size == yaw])) for yaw in _KNOTS_DEG]
    knots[-1] += 0.25 * (knots[-1] - knots[-2])
    # read pitch = pitch / scale + zero * cos(yaw): a level head's reading fades toward the profile.
    columns = np.stack([true[:, 1], np.cos(np.radians(true[:, 0]))], axis=1)
    (inverse, zero), *_ = np.linalg.lstsq(columns, read[:, 1], rcond=None)
    return Calibration(
        yaw_read_deg=(0.0, *knots),
        yaw_true_deg=(0.0, *(float(yaw) for yaw in _KNOTS_DEG)),
        pitch_scale=float(1 / inverse),
        pitch_zero_deg=float(zero),
    )


def report(pairs: list[tuple[Reading, Calibration]]) -> list[dict[str, Any]]:
    """Errors before and after, for each true yaw (both sides together) and pitch."""
    rows = []
    for yaw, pitch in sorted({(abs(one.true[0]), one.true[1]) for one, _ in pairs}):
        some = [pair for pair in pairs if (abs(pair[0].true[0]), pair[0].true[1]) == (yaw, pitch)]
        true = np.array([[*one.true, 0] for one, _ in some], dtype=float)
        raw = np.array([one.read for one, _ in some])
        fixed = np.array([calibration.correct(*one.read) for one, calibration in some])
        side = np.where(true[:, 0] < 0, -1.0, 1.0)
        rows.append(
            {
                "yaw_deg": yaw,
                "pitch_deg": pitch,
                "count": len(some),
                "yaw_read_deg": round(float((raw[:, 0] * side).mean()), 1),
                "yaw_calibrated_deg": round(float((fixed[:, 0] * side).mean()), 1),
                "yaw_error_before": _mean_error(raw[:, 0], true[:, 0]),
                "yaw_error": _mean_error(fixed[:, 0], true[:, 0]),
                "pitch_error_before": _mean_error(raw[:, 1], true[:, 1]),
                "pitch_error": _mean_error(fixed[:, 1], true[:, 1]),
                "roll_error": _mean_error(fixed[:, 2], true[:, 2]),
            }
        )
    return rows


def _mean_error(values: NDArray[np.floating], true: NDArray[np.floating]) -> float:
    return round(float(np.abs(values - true).mean()), 2)


if __name__ == "__main__":
    main()
