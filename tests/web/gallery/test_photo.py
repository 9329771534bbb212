"""The page of one photograph."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.site import Site
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.gallery.pages_of import ReadPage

HOSTILE = (
    '"><img src=x onerror=alert(1)>.jpg',
    "'onmouseover='alert(1).jpg",
    "{{ 7 * 7 }}.jpg",
    "a\u202egpj.exe.jpg",
    "line\nbreak.jpg",
    os.fsdecode(b"\xff\xfe.jpg"),
)


def _id_of(site: Site, name: str) -> int:
    return next(shot.photo.id for shot in site.index.photos(range(100)) if shot.name == name)


def test_it_says_all_that_is_known(client: TestClient, site: Site) -> None:
    photo_id = _id_of(site, "astronaut.jpg")
    shot = site.index.photo(photo_id)
    page = ReadPage(client.get(f"/photos/{photo_id}").text)
    assert shot.photo.judged is not None
    assert f"{shot.photo.judged.aesthetic.score:.1f}" in page.text
    assert "±" in page.text
    assert len(page.of("rect")) == 10
    for tag in shot.tags:
        assert tag in page.text
    assert page.of("a", href=f"/originals/{photo_id}", download="")
    assert page.of("img", src=f"/faces/{shot.faces[0].id}")
    assert "face" in page.text
    assert page.breaches() == []
    (place,) = [one for one in page.of("div") if "hx-get" in one.attributes]
    similar = ReadPage(client.get(place.attributes["hx-get"]).text)
    assert len(similar.of("img")) >= 4
    assert similar.breaches() == []


def test_the_viewer_shows_it_in_short(client: TestClient, site: Site) -> None:
    photo_id = _id_of(site, "cat.jpg")
    page = ReadPage(client.get(f"/photos/{photo_id}/facts").text)
    assert "cat.jpg" in page.text
    assert page.of("a", href=f"/photos/{photo_id}")
    assert page.breaches() == []


@pytest.mark.parametrize("part", ["", "/facts", "/similar", "/explanation", "/heat_map"])
def test_what_is_not_there_is_not_found(client: TestClient, part: str) -> None:
    assert client.get(f"/photos/999999{part}").status_code == 404


def test_the_heat_map_is_the_photograph_under_what_the_network_looked_at(
    client: TestClient, site: Site
) -> None:
    photo_id = _id_of(site, "coffee.jpg")
    page = ReadPage(client.get(f"/photos/{photo_id}/explanation").text)
    assert page.breaches() == []
    picture = page.of("img", src=f"/photos/{photo_id}/heat_map")[0].attributes
    answer = client.get(picture["src"])
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (int(picture["width"]), int(picture["height"]))
        pixels = image.convert("RGB").resize((40, 30)).tobytes()
    coloured = sum(
        max(pixels[at : at + 3]) - min(pixels[at : at + 3]) > 24 for at in range(0, 3600, 3)
    )
    assert 0 < coloured < 1200  # some of it, not all, is orange or blue
    assert "reference" in page.text or "score" in page.text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An album of photographs with hostile names and descriptions."""
    home = tmp_path_factory.mktemp("hostile")
    (home / "photos").mkdir()
    for number, name in enumerate(HOSTILE):
        exif = Image.Exif()
        exif[0x010E] = "<script>alert('description')</script>"
        exif[0x0110] = "<b onclick=alert(1)>Camera</b>"
        image = Image.new("RGB", (90, 60), (40 * number, 90, 160))
        image.save(home / "photos" / name, format="JPEG", exif=exif)
    Album(home / "album.db").scan([home / "photos"], workers=0, faces=False)
    return home


@pytest.fixture
def visitor(hostile: Path, tmp_path: Path) -> Iterator[TestClient]:
    shutil.copy(hostile / "album.db", tmp_path / "album.db")
    with Album(tmp_path / "album.db") as album, album.opened():
        app = create_app(album, options=OPTIONS)
        with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
            client.get("/healthz", params={"token": TOKEN})
            yield client
        app.state.site.pool.close()


@pytest.mark.parametrize(
    "address", ["/", "/photographs/panel", "/?sort=name", "/photos/{}", "/photos/{}/facts"]
)
def test_hostile_names_are_shown_and_do_nothing(visitor: TestClient, address: str) -> None:
    for photo_id in range(1, 1 + len(HOSTILE)):
        answer = visitor.get(address.format(photo_id))
        assert answer.status_code == 200
        page = ReadPage(answer.text)
        assert page.breaches() == []
        assert not [
            one for one in page.elements if one.tag in {"b"} and "onclick" in one.attributes
        ]
        assert not page.of("img", src="x")
        assert "49.jpg" not in page.text  # nothing in a name is a template
        assert "\u202e" not in answer.text
        if "{}" not in address:
            return


def test_the_records_of_hostile_names_hold_nothing_unseen(visitor: TestClient) -> None:
    ids = ",".join(str(number) for number in range(1, 1 + len(HOSTILE)))
    answer = visitor.get(f"/photographs/tiles?ids={ids}")
    assert answer.headers["content-type"] == "application/json"
    names = [tile["name"] for tile in answer.json()]
    assert len(names) == len(HOSTILE)
    assert any("\\u202e" in name for name in names)
    assert any("\\n" in name for name in names)
    assert not any("\n" in name or "\u202e" in name for name in names)


def test_a_folder_of_any_bytes_can_be_a_filter(visitor: TestClient) -> None:
    page = ReadPage(visitor.get("/photographs/panel").text)
    folders = [
        one.attributes["href"]
        for one in page.of("a")
        if "folder=" in one.attributes.get("href", "")
    ]
    for address in folders:
        assert visitor.get(address).status_code == 200


def test_it_leads_to_the_photographs_taken_before_and_after(client: TestClient) -> None:
    listed = client.get("/v1/photos", params={"sort": "taken", "order": "asc", "limit": 3}).json()
    first, second, third = [one["id"] for one in listed["photos"]]
    page = ReadPage(client.get(f"/photos/{second}").text)
    assert page.of("a", rel="prev", href=f"/photos/{first}")
    assert page.of("a", rel="next", href=f"/photos/{third}")
    assert not ReadPage(client.get(f"/photos/{first}").text).of("a", rel="prev")
