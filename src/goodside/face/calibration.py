"""Corrects the angles that the landmarks read: the mesh shows strong turns weaker than they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone curve for yaw, a line for pitch; roll needs none.

    Attributes:
        yaw_read_deg: increasing readings from 0 on, degrees; negative yaw is taken as the mirror.
        yaw_true_deg: the angle each of them stands for; the last step goes on beyond.
        pitch_scale: true degrees for one read.
        pitch_zero_deg: reading of a level head that faces the camera; at a profile it is 0.
    """

    yaw_read_deg: tuple[float, ...]
    yaw_true_deg: tuple[float, ...]
    pitch_scale: float = 1.0
    pitch_zero_deg: float = 0.0

    def correct(
        self, yaw_deg: float, pitch_deg: float, roll_deg: float
    ) -> tuple[float, float, float]:
        """True angles for those read; yaw stays in [-90, 90]."""
        read, true = np.array(self.yaw_read_deg), np.array(self.yaw_true_deg)
        size = abs(yaw_deg)
        if size <= read[-1]:
            value = float(np.interp(size, read, true))
        else:
            slope = (true[-1] - true[-2]) / (read[-1] - read[-2])
            value = float(true[-1] + slope * (size - read[-1]))
        yaw = float(np.copysign(min(value, 90.0), yaw_deg))
        zero = self.pitch_zero_deg * math.cos(math.radians(yaw))
        return yaw, self.pitch_scale * (pitch_deg - zero), roll_deg


def read_calibration(facts: Mapping[str, Any]) -> Calibration | None:
    """The calibration in the facts of the `face-mesh` card; None where it has none."""
    found = facts.get("pose_calibration")
    if found is None:
        return None
    return Calibration(
        yaw_read_deg=tuple(found["yaw_read_deg"]),
        yaw_true_deg=tuple(found["yaw_true_deg"]),
        pitch_scale=float(found["pitch_scale"]),
        pitch_zero_deg=float(found["pitch_zero_deg"]),
    )
