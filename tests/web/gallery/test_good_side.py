"""The good side, live: views and what is known of them, and whom it refuses."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from goodside.errors import UnfitFace
from goodside.images import read_mark
from goodside.rotation import Rotator
from goodside.web.gallery.good_side.portrait_cache import STEP_DEG, VIEW_PX
from goodside.web.site import Site


@pytest.fixture
def base(site: Site, photo_id: int) -> str:
    """The address of the portrait's face."""
    (face,) = site.index.photo(photo_id).faces
    return f"/good-side/{photo_id}/{face.id}"


def test_portraits_are_offered(client: TestClient, base: str) -> None:
    page = client.get("/good-side").text
    assert page.count(f'href="{base}"') == 1
    assert page.count('class="name"') == 1


def test_the_only_face_is_taken(client: TestClient, base: str, photo_id: int) -> None:
    for address in (f"/good-side/{photo_id}", f"/good-side?photo={photo_id}"):
        answer = client.get(address)
        assert answer.status_code == 303
    assert client.get(f"/good-side/{photo_id}").headers["location"] == base


def test_a_view_is_a_marked_portrait(client: TestClient, base: str, tmp_path: Path) -> None:
    answer = client.get(f"{base}/views/20.jpg?download=true")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'attachment; filename="astronaut-yaw+020.jpg"'
    (tmp_path / "view.jpg").write_bytes(answer.content)
    mark = read_mark(tmp_path / "view.jpg")
    assert mark is not None
    assert mark.source_type.endswith("compositeWithTrainedAlgorithmicMedia")
    assert "yaw +20 degrees" in mark.description
    assert Image.open(BytesIO(answer.content)).size == (VIEW_PX, VIEW_PX)
    assert "content-disposition" not in client.get(f"{base}/views/20.jpg").headers


def test_what_is_known_of_a_view(client: TestClient, base: str) -> None:
    known = client.get(f"{base}/views/20").json()
    assert known["yaw_deg"] == 20
    assert known["measured_yaw_deg"] == pytest.approx(20, abs=6)
    assert 4 < known["score"] < 8
    assert known["identity"] > 0.7
    assert known["confidence"] > 0.9
    assert (known["trust"], known["trusted"]) == ("Very surely still the person.", True)


def test_a_view_is_made_once(
    client: TestClient, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[float] = []
    paint = Rotator.paint

    def count(self: Rotator, subject: object, poses: list[object], **how: object) -> object:
        made.append(time.monotonic())
        return paint(self, subject, poses, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Rotator, "paint", count)
    first = client.get(f"{base}/views/-10.jpg").content
    begun = time.monotonic()
    assert client.get(f"{base}/views/-10.jpg").content == first
    took_s = time.monotonic() - begun
    assert client.get(f"{base}/views/-10").status_code == 200
    assert len(made) == 1
    assert took_s < 0.1


def test_views_stay_where_they_are(client: TestClient, base: str) -> None:
    """A slider that turns a head must not move its backdrop."""
    views = [
        np.asarray(Image.open(BytesIO(client.get(f"{base}/views/{yaw}.jpg").content)), np.float32)
        for yaw in (-20, 20)
    ]
    edge = [view[:40, 470:].mean(axis=(0, 1)) for view in views]
    assert np.abs(edge[0] - edge[1]).max() < 12


@pytest.mark.parametrize("yaw", ["7", "95", "-95", "x", "0.5"])
def test_angles_of_the_slider_alone(client: TestClient, base: str, yaw: str) -> None:
    assert client.get(f"{base}/views/{yaw}").status_code == 422
    assert client.get(f"{base}/views/{yaw}.jpg").status_code == 422


def test_beyond_the_weights_is_refused_in_words(client: TestClient, base: str) -> None:
    answer = client.get(f"{base}/views/75.jpg")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("OutOfRange")
    assert "degrees" in answer.json()["remedy"]
    page = client.get(base).text
    assert 'min="-60"' in page
    assert 'max="60"' in page
    assert f'step="{STEP_DEG}"' in page


def test_an_unfit_face_is_refused_in_words(
    client: TestClient, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UnfitFace("a large part of the face is covered", remedy="take another photograph")

    monkeypatch.setattr(Rotator, "prepare", refuse)
    problem = client.get(f"{base}/views/0.jpg").json()
    assert problem["detail"] == "a large part of the face is covered"
    assert problem["remedy"] == "take another photograph"


def test_which_side(client: TestClient, base: str) -> None:
    found = client.get(f"{base}/finding").json()
    assert found["side"] in (None, "left", "right")
    assert len(found["sentences"]) == 2
    assert ("No clear difference" in found["headline"]) == (found["side"] is None)


def test_what_is_not_there(client: TestClient, base: str, photo_id: int, site: Site) -> None:
    for address in ("/good-side/999999", f"/good-side/{photo_id}/999999", f"{base[:-1]}9999"):
        assert client.get(address).status_code == 404
    without = next(one for one in site.index.photos(range(1, 100)) if not one.faces)
    assert "No face to turn" in client.get(f"/good-side/{without.photo.id}").text
