"""The page of picks shows what the album picks, with the reasons, by its address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from goodside.album.picks import word_reasons
from goodside.web.site import Site
from tests.web.gallery.pages_of import ReadPage


def _read(client: TestClient, address: str) -> ReadPage:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return ReadPage(answer.text)


def _picked(page: ReadPage) -> list[int]:
    """Row numbers, in the order that they are shown in."""
    links = [one.attributes.get("href", "") for one in page.of("a")]
    return [int(href.removeprefix("/photos/")) for href in links if href.startswith("/photos/")]


def _ids(site: Site, **criteria: object) -> list[int]:
    picks = site.album.picks(**criteria)  # type: ignore[arg-type]
    return [one.pick.shot.photo.id for one in picks]


def _name_first(client: TestClient, site: Site, name: str) -> None:
    person = max(site.index.people(), key=lambda one: len(one.faces))
    answer = client.post(f"/v1/people/{person.key}/name", json={"name": name})
    assert answer.status_code == 200, answer.text


def test_the_best_come_first_with_their_reasons(
    people_client: TestClient, people_site: Site
) -> None:
    page = _read(people_client, "/picks")
    assert _picked(page) == _ids(people_site)
    for one in people_site.album.picks(3):
        words = "; ".join(word_reasons(one.pick.reasons))
        assert words[:1].upper() + words[1:] in page.text


@pytest.mark.parametrize(
    ("query", "criteria"),
    [
        ("picks=3", {"n": 3}),
        ("picks=50&per_day=1", {"n": 50, "per_day": 1}),
        ("percentile=60", {"min_percentile": 60.0}),
        ("what=plant", {"tags": ["plant"]}),
        ("picks=4&per_day=2&percentile=20&what=animal",
         {"n": 4, "per_day": 2, "min_percentile": 20.0, "tags": ["animal"]}),
        ("picks=&per_day=&percentile=0", {}),
        ("picks=nonsense&per_day=-1&percentile=1e9", {}),
    ],
)  # fmt: skip
def test_the_address_says_which(
    people_client: TestClient, people_site: Site, query: str, criteria: dict[str, object]
) -> None:
    assert _picked(_read(people_client, f"/picks?{query}")) == _ids(people_site, **criteria)


def test_who_must_be_in_it(people_client: TestClient, people_site: Site) -> None:
    _name_first(people_client, people_site, "Anna Berg")
    page = _read(people_client, "/picks?who=anna%20berg")
    assert _picked(page) == _ids(people_site, people=["Anna Berg"])
    assert "checked" in page.of("input", name="who", value="Anna Berg")[0].attributes
    assert "With Anna Berg" in page.text


def test_of_one_person_so_many_at_most(people_client: TestClient, people_site: Site) -> None:
    _name_first(people_client, people_site, "Anna Berg")
    page = _read(people_client, "/picks?picks=50&per_person=1")
    shots = people_site.index.photos(_picked(page))
    assert sum("Anna Berg" in shot.people for shot in shots) == 1
    (link,) = [
        one.attributes["href"]
        for one in page.of("a")
        if one.attributes.get("href", "").startswith("/export")
    ]
    photos = parse_qs(urlsplit(link).query)["photos"][0].split(",")
    assert set(_picked(page)) <= set(map(int, photos))


def test_what_is_shown_is_handed_over_to_export(people_client: TestClient) -> None:
    page = _read(people_client, "/picks?picks=4&per_day=1&what=plant&percentile=10")
    (link,) = [
        one.attributes["href"]
        for one in page.of("a")
        if one.attributes.get("href", "").startswith("/export")
    ]
    said = parse_qs(urlsplit(link).query)
    assert said == {"picks": ["4"], "per_day": ["1"], "percentile": ["10"], "what": ["plant"]}
    exported = ReadPage(people_client.get(link).text)
    shown = [one.attributes["src"] for one in exported.of("img")]
    assert [f"/thumbnails/{one}" for one in _picked(page)] == shown[: len(_picked(page))]


def test_nothing_to_pick_says_why(people_client: TestClient) -> None:
    page = _read(people_client, "/picks?who=Nobody%20%3Cb%3E")
    assert _picked(page) == []
    assert "Nothing is left to pick" in page.text
    assert page.breaches() == []


def test_a_rejected_photograph_is_picked_no_more(
    people_client: TestClient, people_site: Site
) -> None:
    best = _picked(_read(people_client, "/picks"))[0]
    body = {"photos": [best], "flag": "reject"}
    assert people_client.post("/v1/decisions/flag", json=body).status_code == 200
    assert best not in _picked(_read(people_client, "/picks"))
