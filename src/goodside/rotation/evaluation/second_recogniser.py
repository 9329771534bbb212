"""A second recogniser, for evaluation only: training never looked through it.

It is dlib's residual network of 128 features (CC0), from the extra `judge`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from goodside.errors import SettingsError
from goodside.types import Box, FloatArray, RgbImage

SECOND_RECOGNISERS = ("dlib",)
SAME_PERSON = 0.6
"""Distance below which dlib's authors take two faces for one person."""

_SIDE, _MIDDLE = 0.81, 0.54  # dlib's square on the box of our mesh, as shares of the box's height
_LANDMARKS = "shape_predictor_5_face_landmarks.dat"
_FEATURES = "dlib_face_recognition_resnet_model_v1.dat"


class SecondRecogniser(Protocol):
    """Tells people apart by the distance of their vectors."""

    def embed(self, rgb: RgbImage, box: Box) -> FloatArray:
        """(D,) float32 vector of the face in a box of a picture."""
        ...


class DlibRecogniser:
    """dlib's recogniser with its own five landmarks.

    Raises:
        SettingsError: the extra `judge` is not installed.
    """

    def __init__(self) -> None:
        try:
            import dlib
        except ImportError as error:
            raise _missing("dlib-bin") from error
        models = find_spec("face_recognition_models")  # importing it would need setuptools
        if models is None or models.origin is None:
            raise _missing("face-recognition-models")
        folder = Path(models.origin).parent / "models"
        self._dlib = dlib
        self._landmarks = dlib.shape_predictor(str(folder / _LANDMARKS))
        self._network = dlib.face_recognition_model_v1(str(folder / _FEATURES))

    def embed(self, rgb: RgbImage, box: Box) -> FloatArray:
        """(128,) float32 vector of the face in the box of its mesh; (H, W, 3) uint8 picture."""
        half = _SIDE * box.height / 2
        x, y = (box.left + box.right) / 2, box.top + _MIDDLE * box.height
        edges = (round(edge) for edge in (x - half, y - half, x + half, y + half))
        picture = np.ascontiguousarray(rgb)
        shape = self._landmarks(picture, self._dlib.rectangle(*edges))
        return np.asarray(self._network.compute_face_descriptor(picture, shape), np.float32)


def open_second_recogniser(name: str | None) -> SecondRecogniser | None:
    """The second recogniser of a name, or None without one.

    Raises:
        SettingsError: there is no such recogniser, or its extra is not installed.
    """
    if name is None:
        return None
    if name not in SECOND_RECOGNISERS:
        raise SettingsError(
            f"there is no judge {name!r}", remedy=f"name one of {', '.join(SECOND_RECOGNISERS)}"
        )
    return DlibRecogniser()


def _missing(package: str) -> SettingsError:
    return SettingsError(
        f"the judge needs {package}", remedy='install the extra: pip install "goodside[judge]"'
    )
