"""One call each: the same results from a path, its bytes and its pixels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import goodside
from goodside import calls
from goodside.images import read_photo

_PORTRAIT = Path(__file__).parents[1] / "examples" / "faces" / "astronaut.jpg"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    calls.forget()
    yield
    calls.forget()


def test_assess_takes_a_path_bytes_and_pixels() -> None:
    of_path = goodside.assess(_PORTRAIT)
    assert of_path.path == str(_PORTRAIT)
    assert goodside.assess(str(_PORTRAIT)).aesthetic == of_path.aesthetic
    of_bytes = goodside.assess(_PORTRAIT.read_bytes())
    assert (of_bytes.path, of_bytes.aesthetic) == (None, of_path.aesthetic)
    of_pixels = goodside.assess(read_photo(_PORTRAIT).rgb)
    assert of_pixels.aesthetic.score == pytest.approx(of_path.aesthetic.score, abs=0.1)
    assert (of_pixels.width, of_pixels.height) == (of_path.width, of_path.height)


def test_faces_takes_a_path_bytes_and_pixels() -> None:
    boxes = [
        [face.box.as_list() for face in goodside.faces(source)]
        for source in (_PORTRAIT, _PORTRAIT.read_bytes(), read_photo(_PORTRAIT).rgb)
    ]
    assert len(boxes[0]) == 1
    assert boxes[0] == boxes[1] == boxes[2]


def test_rotate_takes_a_path_bytes_and_pixels() -> None:
    results = [
        goodside.rotate(source, yaw_deg=20, size_px=96)
        for source in (_PORTRAIT, _PORTRAIT.read_bytes(), read_photo(_PORTRAIT).rgb)
    ]
    assert [one.image.shape for one in results] == [(96, 96, 3)] * 3
    assert results[0].requested.yaw_deg == 20
    for other in results[1:]:
        np.testing.assert_array_equal(results[0].image, other.image)


def test_portrait_is_asked_of_the_engines_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def find(source: str, **options: object) -> str:
        asked.append(options)
        return source

    monkeypatch.setattr("goodside.album.find_good_side", find)
    assert goodside.portrait("x.jpg", face=1) == "x.jpg"  # type: ignore[comparison-overlap]
    goodside.portrait("y.jpg")
    assert [options["face"] for options in asked] == [1, None]
    for engine in ("rotator", "assessor"):
        assert asked[0][engine] is asked[1][engine]


def test_an_engine_is_built_once_even_if_threads_ask_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[int] = []
    start = threading.Barrier(8)

    class _Assessor:
        def __init__(self, **_: object) -> None:
            built.append(1)

        def assess(self, source: object) -> object:
            return source

    monkeypatch.setattr("goodside.aesthetics.Assessor", _Assessor)

    def ask() -> None:
        start.wait(timeout=10)
        goodside.assess("x.jpg")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert built == [1]


def test_the_environment_is_read_when_the_engine_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOODSIDE_MAX_MEGAPIXELS", "0.01")
    with pytest.raises(goodside.ImageTooLarge):
        goodside.faces(_PORTRAIT)
    calls.forget()
    monkeypatch.setenv("GOODSIDE_WEIGHTS_DIR", str(tmp_path))
    with pytest.raises(goodside.WeightsError, match="GOODSIDE_WEIGHTS_DIR"):
        goodside.assess(_PORTRAIT)
    calls.forget()
    monkeypatch.setenv("GOODSIDE_THREADS", "none")
    with pytest.raises(goodside.SettingsError, match="GOODSIDE_THREADS"):
        goodside.assess(_PORTRAIT)


@pytest.mark.parametrize("call", [goodside.assess, goodside.faces, goodside.portrait])
def test_what_is_no_picture_raises(call: object, tmp_path: Path) -> None:
    assert callable(call)
    with pytest.raises(goodside.UnreadableImage):
        call(tmp_path / "missing.jpg")
    with pytest.raises(goodside.ImageError):
        call(np.zeros((4, 4), np.uint8))
