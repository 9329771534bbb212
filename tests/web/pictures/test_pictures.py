"""Thumbnails, pictures, parts, faces and originals over HTTP."""

from __future__ import annotations

import hashlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from goodside.album.catalog import list_faces
from goodside.images import read_photo
from goodside.web.site import Site


def _open(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_a_thumbnail_is_the_catalogs_and_is_kept_by_its_tag(
    client: TestClient, photo_id: int
) -> None:
    first = client.get(f"/thumbnails/{photo_id}")
    assert first.status_code == 200
    assert first.headers["content-type"] == "image/jpeg"
    assert max(_open(first.content).size) <= 512
    again = client.get(f"/thumbnails/{photo_id}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert first.headers["vary"] == "Cookie"  # another service at this address has other pictures


def test_a_picture_has_the_side_that_was_asked_for_and_no_metadata(
    client: TestClient, photo_id: int, site: Site
) -> None:
    answer = client.get(f"/pictures/{photo_id}", params={"side": 200})
    image = _open(answer.content)
    assert max(image.size) == 200
    assert not image.getexif()
    assert "xmp" not in image.info
    whole = read_photo(site.index.photo(photo_id).photo.paths[0]).picture
    wanted = whole.resize(image.size, Image.Resampling.LANCZOS)
    difference = np.abs(np.asarray(image, np.int16) - np.asarray(wanted, np.int16))
    assert difference.mean() < 6


def test_a_tile_is_cut_from_the_original(client: TestClient, photo_id: int, site: Site) -> None:
    rgb = read_photo(site.index.photo(photo_id).photo.paths[0]).rgb
    answer = client.get(
        f"/pictures/{photo_id}/tile", params={"left": 40, "top": 30, "width": 64, "height": 48}
    )
    tile = np.asarray(_open(answer.content))
    assert tile.shape == (48, 64, 3)
    assert np.abs(tile.astype(np.int16) - rgb[30:78, 40:104]).mean() < 6
    edge = client.get(
        f"/pictures/{photo_id}/tile",
        params={"left": rgb.shape[1] - 10, "top": 0, "width": 64, "height": 48},
    )
    assert _open(edge.content).size == (10, 48)
    beyond = client.get(
        f"/pictures/{photo_id}/tile",
        params={"left": rgb.shape[1], "top": 0, "width": 64, "height": 48},
    )
    assert beyond.status_code == 404


def test_a_face_is_the_catalogs(client: TestClient, site: Site) -> None:
    with site.album.opened() as catalog, catalog.read() as session:
        face = list_faces(session)[0]
    answer = client.get(f"/faces/{face.id}")
    assert answer.status_code == 200
    assert _open(answer.content).size[0] >= 96


def test_an_original_is_a_download_of_the_very_bytes(
    client: TestClient, photo_id: int, site: Site
) -> None:
    answer = client.get(f"/originals/{photo_id}")
    assert hashlib.sha256(answer.content).hexdigest() == site.index.photo(photo_id).photo.sha256
    assert answer.headers["content-disposition"] == 'attachment; filename="astronaut.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/thumbnails/999999", "/pictures/999999", "/faces/999999", "/originals/999999",
     "/pictures/999999/tile?left=0&top=0&width=1&height=1"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "999999" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query",
    ["side=0", "side=4097", "side=-1", "side=many", "side=1e3", "side="],
)
def test_a_side_out_of_range_is_refused(client: TestClient, photo_id: int, query: str) -> None:
    answer = client.get(f"/pictures/{photo_id}?{query}")
    assert answer.status_code == 422
    assert "side" in answer.json()["errors"][0]


def test_a_huge_tile_is_refused(client: TestClient, photo_id: int) -> None:
    answer = client.get(f"/pictures/{photo_id}/tile?left=0&top=0&width=100000&height=1")
    assert answer.status_code == 422


def test_a_photograph_that_went_away_is_a_problem(
    client: TestClient, photo_id: int, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    monkeypatch.setattr(Path, "is_file", lambda _self: False)
    assert client.get(f"/pictures/{photo_id}").status_code == 404
    assert client.get(f"/originals/{photo_id}").status_code == 404
