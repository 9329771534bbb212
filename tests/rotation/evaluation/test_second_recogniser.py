"""The second recogniser: its adapter over a stand-in for dlib, and its absence."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import SimpleNamespace

import numpy as np
import pytest

from goodside.errors import SettingsError
from goodside.rotation.evaluation import second_recogniser
from goodside.rotation.evaluation.second_recogniser import DlibRecogniser, open_second_recogniser
from goodside.types import Box


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What a stand-in for dlib was asked for."""
    asked: dict[str, object] = {}

    def predictor(path: str) -> object:
        asked["landmarks"] = path
        return lambda picture, rectangle: (picture.shape, rectangle)

    def network(path: str) -> object:
        asked["features"] = path
        return SimpleNamespace(compute_face_descriptor=describe)

    def describe(picture: np.ndarray, shape: object) -> list[float]:
        asked["picture"], asked["shape"] = picture, shape
        return [float(picture.mean())] * 128

    stand_in = SimpleNamespace(
        shape_predictor=predictor,
        face_recognition_model_v1=network,
        rectangle=lambda *edges: edges,
    )
    monkeypatch.setitem(sys.modules, "dlib", stand_in)
    found = ModuleSpec("face_recognition_models", None, origin="site/models_package/__init__.py")
    monkeypatch.setattr(second_recogniser, "find_spec", lambda name: found)
    return asked


def test_the_vector_is_that_of_a_square_about_the_mesh(seen: dict[str, object]) -> None:
    picture = np.full((100, 80, 3), 7, np.uint8)[:, ::-1]  # not contiguous, as dlib needs it
    vector = DlibRecogniser().embed(picture, Box(20, 10, 60, 60))
    assert vector.shape == (128,)
    assert vector.dtype == np.float32
    assert seen["shape"] == ((100, 80, 3), (20, 17, 60, 57))
    assert str(seen["landmarks"]).startswith("site/models_package/models/shape_predictor_5")
    assert str(seen["features"]).endswith("resnet_model_v1.dat")
    assert seen["picture"].flags["C_CONTIGUOUS"]  # type: ignore[attr-defined]


def test_no_name_is_no_recogniser_and_an_unknown_one_is_an_error() -> None:
    assert open_second_recogniser(None) is None
    with pytest.raises(SettingsError, match=r"no judge 'solomon'.*dlib"):
        open_second_recogniser("solomon")


def test_without_dlib_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(SettingsError, match=r'dlib-bin.*pip install "goodside\[judge\]"'):
        open_second_recogniser("dlib")


def test_without_its_models_likewise(
    monkeypatch: pytest.MonkeyPatch, seen: dict[str, object]
) -> None:
    monkeypatch.setattr(second_recogniser, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="face-recognition-models"):
        open_second_recogniser("dlib")
    assert seen == {}
