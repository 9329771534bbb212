"""Technical quality stands beside the score on the gallery's pages, and words among the tags."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.app import create_app
from goodside.web.site import Site
from goodside.web.texts import Languages
from tests.album.judged_anew import judge_anew
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN
from tests.web.gallery.pages_of import ReadPage
from tests.web.gallery.pseudo_language import TAG, write_pseudo_catalog
from tests.web.gallery.test_photographs import _ids

_SAID = {
    "astronaut.jpg": (7.25, {"person": 0.9}),
    "cat.jpg": (6.5, {"cat": 0.99, "wildAnimal": 0.6}),
    "coffee.jpg": (4.0, {"drink": 0.8}),
    "dahlia.jpg": (8.0, {"flower": 0.9}),
    "two-dogs.jpg": (None, {}),
}


@pytest.fixture
def named(client: TestClient, site: Site) -> dict[str, int]:
    """Row numbers of the album's photographs, judged anew, by name."""
    with site.album.opened() as catalog:
        judge_anew(catalog, _SAID)
    site.index.refresh()
    return {shot.name: shot.photo.id for shot in site.index.photos(range(100))}


def _page(client: TestClient, address: str) -> ReadPage:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    page = ReadPage(answer.text)
    assert page.breaches() == []
    return page


def _text(page: ReadPage) -> str:
    return " ".join(page.text.split())


def test_the_page_of_a_photograph_tells_both(client: TestClient, named: dict[str, int]) -> None:
    page = _page(client, f"/photos/{named['cat.jpg']}")
    assert "Technical quality 6.5 of 10" in page.text
    assert {"cat", "wild animal"} <= set(_chips(page))
    assert page.of("a", href="/?tag=wild+animal")
    assert "Technical quality" not in _page(client, f"/photos/{named['two-dogs.jpg']}").text


def _chips(page: ReadPage) -> list[str]:
    return [
        one.attributes["data-remove"]
        for one in page.of("button")
        if "data-remove" in one.attributes
    ]


def test_the_viewers_facts_show_words(client: TestClient, named: dict[str, int]) -> None:
    assert "wild animal" in _page(client, f"/photos/{named['cat.jpg']}/facts").text


def test_tiles_tell_technical_quality(client: TestClient, named: dict[str, int]) -> None:
    asked = ",".join(map(str, named.values()))
    tiles = {tile["name"]: tile for tile in client.get(f"/photographs/tiles?ids={asked}").json()}
    assert tiles["astronaut.jpg"]["technical"] == 7.25
    assert tiles["two-dogs.jpg"]["technical"] is None
    assert {"cat", "wild animal"} <= set(tiles["cat.jpg"]["tags"])


def test_filters_and_orders_have_it_as_they_have_the_score(
    client: TestClient, named: dict[str, int]
) -> None:
    panel = _page(client, "/photographs/panel")
    assert "Technical quality" in panel.text
    (link,) = panel.of("a", href="/?technical=7")
    assert "Technical quality 8 or more1 7 or more2 6 or more3 5 or more3" in _text(panel)
    assert _ids(client.get(f"/photographs/layout{link.attributes['href'][1:]}").content) == sorted(
        [named["astronaut.jpg"], named["dahlia.jpg"]]
    )
    ordered = ["dahlia.jpg", "astronaut.jpg", "cat.jpg", "coffee.jpg", "two-dogs.jpg"]
    layout = client.get("/photographs/layout?sort=technical").content
    assert _ids(layout) == [named[name] for name in ordered]
    layout = client.get("/photographs/layout?sort=technical&order=asc").content
    assert _ids(layout) == [named[name] for name in (*ordered[3::-1], ordered[4])]
    chosen = _page(client, "/photographs/panel?technical=7&score=5")
    assert "Technical quality: 7 or more" in chosen.text
    assert "Score: 5 or more" in chosen.text
    assert client.get("/photographs/panel?technical=11").status_code == 422


def test_an_album_that_was_not_measured_has_no_such_filter(
    client: TestClient, named: dict[str, int], site: Site
) -> None:
    with site.album.opened() as catalog:
        judge_anew(catalog, dict.fromkeys(named, (None, {})))
    groups = _page(client, "/photographs/panel").of("details")
    keys = {one.attributes["data-key"] for one in groups}
    assert "min_score" in keys
    assert "min_technical" not in keys


def test_words_are_tags_to_filter_by(client: TestClient, named: dict[str, int]) -> None:
    panel = _page(client, "/photographs/panel")
    assert panel.of("a", href="/?tag=wild+animal")
    assert _ids(client.get("/photographs/layout?tag=wildAnimal").content) == [named["cat.jpg"]]


def test_picks_show_it_beside_the_score(client: TestClient, named: dict[str, int]) -> None:
    text = _text(_page(client, "/picks"))
    for figure in ("7.2", "6.5", "4.0", "8.0"):
        assert f"technical {figure}" in text
    assert text.count("technical") == 4
    assert "wild animal" in text, "what may be asked for"


def test_headings_of_the_order_tell_the_figure(client: TestClient, named: dict[str, int]) -> None:
    layout = client.get("/photographs/layout?sort=technical").content
    assert b'"8.0"' in layout


def test_frames_of_a_group_are_compared_by_it(people_client: TestClient, people_site: Site) -> None:
    group = people_site.index.groups("burst")[0]
    assert group.best is not None
    chosen = group.best.shot
    said: dict[str, tuple[float, dict[str, float]]] = {
        shot.name: (9.0 if shot is chosen else 3.0, {}) for shot in group.shots
    }
    with people_site.album.opened() as catalog:
        judge_anew(catalog, said)
    page = _page(people_client, f"/groups/burst-{group.shots[0].photo.id}")
    text = _text(page)
    assert text.count("technically worse") == len(group.shots) - 1
    assert "Technical89 %" in text


def test_words_are_said_in_the_readers_language(
    album: Album, named: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pseudo_catalog(tmp_path / "locale")
    monkeypatch.setattr("goodside.web.app.Languages", lambda: Languages(tmp_path / "locale"))
    translated = create_app(album, options=OPTIONS)
    with TestClient(translated, base_url=ORIGIN) as reader:
        reader.headers["Authorization"] = f"Bearer {TOKEN}"
        reader.headers["Accept-Language"] = TAG
        page = reader.get(f"/photos/{named['cat.jpg']}").text
        panel = reader.get("/photographs/panel").text
    translated.state.site.pool.close()
    for text in (page, panel):
        assert "⟦wild animal⟧" in text
        assert "⟦cat⟧" in text
