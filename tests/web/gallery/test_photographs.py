"""The page of all photographs, and what its scripts ask for."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from goodside.web.site import Site
from tests.web.gallery.pages_of import ReadPage


def _ids(packed: bytes) -> list[int]:
    count, header = struct.unpack_from("<II", packed, 4)
    return list(map(int, np.frombuffer(packed, "<u4", count, 12 + header)))


def test_the_first_photographs_stand_in_the_page(client: TestClient, site: Site) -> None:
    page = ReadPage(client.get("/").text)
    tiles = [one.attributes for one in page.elements if "data-id" in one.attributes]
    ids = [int(tile["data-id"]) for tile in tiles]
    assert sorted(ids) == sorted(shot.photo.id for shot in site.index.photos(range(1, 100)))
    for tile in tiles:
        assert page.of("a", href=f"/photos/{tile['data-id']}")
        assert page.of("img", src=f"/thumbnails/{tile['data-id']}")
    assert f"{len(ids)} photographs" in page.text


@pytest.mark.parametrize(
    "address", ["/", "/?sort=score", "/?q=zzz", "/?sort=score&order=asc&stars=0"]
)
def test_no_page_needs_inline_scripts_or_styles(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert ReadPage(answer.text).breaches() == []


def test_the_layout_has_the_order_that_the_address_asks_for(client: TestClient, site: Site) -> None:
    best = _ids(client.get("/photographs/layout?sort=score").content)
    scores = [shot.photo.judged for shot in site.index.photos(best)]
    values = [one.aesthetic.score for one in scores if one is not None]
    assert values == sorted(values, reverse=True)
    assert _ids(client.get("/photographs/layout?sort=score&order=asc").content) == best[::-1]


def test_the_layout_is_sent_once(client: TestClient) -> None:
    first = client.get("/photographs/layout")
    tag = first.headers["etag"]
    again = client.get("/photographs/layout", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/photographs/layout?q=cat", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_a_decision_changes_layout_and_counts(client: TestClient) -> None:
    everything = client.get("/photographs/layout")
    ids = _ids(everything.content)
    assert client.post("/v1/decisions/flag", json={"photos": ids[:2], "flag": "pick"}).is_success
    tag = everything.headers["etag"]
    assert client.get("/photographs/layout", headers={"If-None-Match": tag}).status_code == 200
    assert sorted(_ids(client.get("/photographs/layout?flag=pick").content)) == sorted(ids[:2])
    panel = ReadPage(client.get("/photographs/panel").text)
    assert panel.of("a", href="/?flag=pick")
    assert "Picked2" in "".join(panel.text.split())


def test_filters_lead_to_addresses_with_and_without_them(client: TestClient) -> None:
    panel = ReadPage(client.get("/photographs/panel?flag=none&score=5").text)
    set_ones = [
        one for one in panel.of("a", class_="filter depth0") if "aria-current" in one.attributes
    ]
    assert {one.attributes["href"] for one in set_ones} == {"/?score=5", "/?flag=none"}


def test_the_score_has_counts_as_other_filters_do(client: TestClient) -> None:
    panel = ReadPage(client.get("/photographs/panel").text)
    count = len(_ids(client.get("/photographs/layout?score=5").content))
    assert count
    assert f"5 or more{count}" in " ".join(panel.text.split()).replace(f" {count}", f"{count}")


def test_tiles_tell_what_the_grid_shows(client: TestClient, site: Site) -> None:
    ids = _ids(client.get("/photographs/layout").content)
    asked = ",".join(map(str, reversed(ids)))
    tiles = client.get(f"/photographs/tiles?ids={asked}").json()
    assert [tile["id"] for tile in tiles] == ids[::-1]
    for tile in tiles:
        shot = site.index.photo(tile["id"])
        assert tile["name"] == shot.name
        assert len(tile["bars"]) == 10
        assert 0 <= tile["mean"] < 10
        for left, top, right, bottom in tile["faces"]:
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
    faces = {tile["name"]: len(tile["faces"]) for tile in tiles}
    assert faces["astronaut.jpg"] >= 1


@pytest.mark.parametrize("ids", ["", "a", "1,,2", "-1", "1" * 16, ",".join(["1"] * 401)])
def test_nonsense_is_refused(client: TestClient, ids: str) -> None:
    assert client.get(f"/photographs/tiles?ids={ids}").status_code == 422


def test_row_numbers_that_are_gone_are_left_out(client: TestClient) -> None:
    assert client.get("/photographs/tiles?ids=999999").json() == []


def test_the_search_is_escaped(client: TestClient) -> None:
    hostile = '"><script>alert(1)</script>'
    page = ReadPage(client.get("/", params={"q": hostile}).text)
    assert page.breaches() == []
    assert page.of("input", name="q")[0].attributes["value"] == hostile


def test_a_wrong_address_is_told_apart(client: TestClient) -> None:
    assert client.get("/?stars=9").status_code == 422


def test_the_panel_is_closed_for_whoever_closed_it(client: TestClient) -> None:
    assert "browse with-panel" in client.get("/").text
    client.cookies.set("goodside_panel", "closed")
    assert "browse with-panel" not in client.get("/").text


_TEMPLATES = Path("src/goodside/web/templates")


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(_TEMPLATES)) for path in _TEMPLATES.rglob("*.html"))
)
def test_no_template_holds_inline_scripts_or_styles(name: str) -> None:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    assert " style=" not in text
    assert "javascript:" not in text
    assert "<style" not in text
    for event in ("onclick", "onload", "onerror", "onchange", "onsubmit", "hx-on"):
        assert f" {event}" not in text
