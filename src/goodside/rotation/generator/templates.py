"""The target face image of an angle, from training images that show that angle (claim 1).

A template is the mean of aligned training pictures of one angle and the mean of their landmarks; an
angle in between mixes its neighbours. The templates lie in a file beside the weights.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from goodside.errors import OutOfRange, WeightsError
from goodside.images import atomic_write
from goodside.regular_file import open_regular
from goodside.rotation.geometry.frame import PIVOT
from goodside.types import FloatArray, RgbImage

FILENAME = "rotation-templates.npz"


@dataclass(frozen=True, slots=True)
class Template:
    """The target of one pose.

    Attributes:
        image: (T, T, 3) uint8 sRGB mean face in the portrait frame.
        points: (N, 2) float32 mean landmarks as shares of the frame's side, in the order of
            `goodside.types.FIVE_POINTS`.
    """

    image: RgbImage
    points: FloatArray


@dataclass(frozen=True, slots=True)
class Templates:
    """Mean faces and landmarks on a grid of angles.

    Attributes:
        yaw_deg: (A,) float32 yaws, ascending, of the level views.
        images: (A, T, T, 3) uint8 mean faces of those.
        points: (A, N, 2) float32 mean landmarks of those.
        pitch_yaw_deg: (B,) yaws at which pitch was seen.
        pitch_step_deg: the pitch of the upper and lower views.
        pitch_points: (B, 2, N, 2) mean landmarks at pitch -step and +step.
    """

    yaw_deg: FloatArray
    images: RgbImage
    points: FloatArray
    pitch_yaw_deg: FloatArray
    pitch_step_deg: float
    pitch_points: FloatArray

    def at(self, yaw_deg: float, *, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> Template:
        """The template of a pose, mixed linearly from its neighbours on the grid.

        Args:
            yaw_deg: within the grid's first and last yaw.
            pitch_deg: within twice the pitch that was seen.
            roll_deg: turns the landmarks about the head's pivot; the image stays level.

        Raises:
            OutOfRange: the pose lies outside the training views.
        """
        first, last = float(self.yaw_deg[0]), float(self.yaw_deg[-1])
        if not first <= yaw_deg <= last:
            raise OutOfRange(
                f"yaw {yaw_deg:g} is outside the templates",
                remedy=f"ask for a yaw from {first:g} to {last:g} degrees",
            )
        if abs(pitch_deg) > 2 * self.pitch_step_deg:
            raise OutOfRange(
                f"pitch {pitch_deg:g} is outside the templates",
                remedy=f"ask for a pitch within {2 * self.pitch_step_deg:g} degrees",
            )
        upper = int(np.clip(np.searchsorted(self.yaw_deg, yaw_deg), 1, len(self.yaw_deg) - 1))
        lower = upper - 1
        share = (yaw_deg - self.yaw_deg[lower]) / (self.yaw_deg[upper] - self.yaw_deg[lower])
        points = self._mix(self.points, lower, share)
        points = points + self._pitch_offset(yaw_deg, pitch_deg)
        image = self._mix(self.images.astype(np.float32), lower, share)
        return Template(np.rint(image).astype(np.uint8), _roll(points, roll_deg))

    def _pitch_offset(self, yaw_deg: float, pitch_deg: float) -> FloatArray:
        """(N, 2) how the landmarks move from the level view to one that looks up or down."""
        if pitch_deg == 0:
            return np.zeros_like(self.points[0])
        level = np.stack([self.at(float(yaw)).points for yaw in self.pitch_yaw_deg])
        offsets = self.pitch_points[:, 1 if pitch_deg > 0 else 0] - level
        flat = offsets.reshape(len(offsets), -1)
        mixed = [np.interp(yaw_deg, self.pitch_yaw_deg, column) for column in flat.T]
        scale = abs(pitch_deg) / self.pitch_step_deg
        offset: FloatArray = np.asarray(mixed, np.float32).reshape(offsets.shape[1:]) * scale
        return offset

    @staticmethod
    def _mix(values: FloatArray, lower: int, share: float) -> FloatArray:
        mixed: FloatArray = values[lower] * (1 - share) + values[lower + 1] * share
        return mixed


def read_templates(path: Path) -> Templates:
    """Read a template file.

    Raises:
        WeightsError: it is missing or is no template file.
    """
    try:
        with open_regular(path) as stream, np.load(stream, allow_pickle=False) as stored:
            return Templates(
                yaw_deg=stored["yaw_deg"],
                images=stored["images"],
                points=stored["points"],
                pitch_yaw_deg=stored["pitch_yaw_deg"],
                pitch_step_deg=float(stored["pitch_step_deg"]),
                pitch_points=stored["pitch_points"],
            )
    except (OSError, KeyError, ValueError, EOFError, BadZipFile, zlib.error) as error:
        raise WeightsError(
            f"the angle templates cannot be read: {error}", path=path, remedy="reinstall goodside"
        ) from error


def write_templates(path: Path, templates: Templates) -> None:
    """Write a template file that `read_templates` reads."""
    with atomic_write(path, overwrite=True) as stream:
        np.savez_compressed(
            stream,
            yaw_deg=templates.yaw_deg,
            images=templates.images,
            points=templates.points,
            pitch_yaw_deg=templates.pitch_yaw_deg,
            pitch_step_deg=np.float32(templates.pitch_step_deg),
            pitch_points=templates.pitch_points,
        )


def _roll(points: FloatArray, roll_deg: float) -> FloatArray:
    """(N, 2) points turned clockwise about the pivot of the head."""
    angle = np.deg2rad(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned: FloatArray = ((points - PIVOT) @ turn.T + PIVOT).astype(np.float32)
    return turned
