"""Photographs over HTTP: queries, pages that stay in step, what is not sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.album.catalog import SetFlag
from goodside.web.api.album.cursor import Cursor
from goodside.web.app import create_app
from goodside.web.site import Site
from tests.album.browse.made import MadePhoto, put_album, put_series
from tests.album.catalog.made import NOW, fresh, sha
from tests.web.conftest import OPTIONS, ORIGIN, TOKEN


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    """Eight photographs: a burst, near-duplicates, scenes, faces."""
    path = tmp_path / "made.db"
    fresh(path).close()
    made = [
        MadePhoto(
            n, (f"a/{n}.jpg",), n * 400, camera="Canon" if n % 2 else None, score=3.0 + n / 2,
            tags=(("plant", 0.9),) if n < 4 else (), faces=(n % 2,) if n < 6 else (),
            technical=None if n == 7 else 8.0 - n, words=("wildAnimal", "river")[: max(0, n - 4)],
        )
        for n in range(8)
    ]  # fmt: skip
    with Album(path) as album, album.opened() as catalog:
        put_series(catalog, put_album(catalog, made))
        yield album


@pytest.fixture
def app(album: Album) -> Iterator[FastAPI]:
    app = create_app(album, options=OPTIONS)
    yield app
    app.state.site.pool.close()


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def _names(answer: Any) -> list[str]:
    return [one["name"].removesuffix(".jpg") for one in answer["photos"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "01234567"),
        ({"order": "desc"}, "76543210"),
        ({"sort": "score", "limit": 3}, "765"),
        ({"tag": "Plant", "camera": "canon"}, "13"),
        ({"score": 6}, "67"),
        ({"technical": 6}, "012"),
        ({"sort": "technical", "limit": 2}, "01"),
        ({"sort": "technical", "order": "asc"}, "65432107"),
        ({"tag": "wild animal"}, "567"),
        ({"tag": ["River", "wildAnimal"]}, "67"),
        ({"q": "5.JPG"}, "5"),
        ({"person": "000000000001"}, "135"),
        ({"since": "2024-03-02", "until": "2024-03-02"}, "2345"),
        ({"folder": "/album/a"}, "01234567"),
        ({"folder": "/elsewhere"}, ""),
        ({"flag": "none", "tag": "sea"}, ""),
    ],
)
def test_queries_find_what_they_say(api: TestClient, query: dict[str, Any], names: str) -> None:
    assert _names(api.get("/v1/photos", params=query).json()) == list(names)


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "size"}, {"stars": 6}, {"score": 0}, {"since": "yesterday"}, {"flag": "maybe"},
        {"technical": 0.5}, {"technical": "good"}, {"limit": 0},
        {"cursor": "nonsense"}, {"cursor": "é"},
    ],
)  # fmt: skip
def test_what_is_no_query_is_refused(api: TestClient, query: dict[str, Any]) -> None:
    assert api.get("/v1/photos", params=query).status_code == 422


def test_technical_quality_and_words_are_told(api: TestClient) -> None:
    best, *_, last = api.get("/v1/photos").json()["photos"]
    assert (best["technical"], last["technical"]) == (8.0, None)
    assert (best["tags"], last["tags"]) == (["plant"], ["river", "wild animal"])
    told = api.get(f"/v1/photos/{last['id']}").json()["assessment"]
    assert (told["technical"], told["words"]) == (None, {"wildAnimal": 0.4, "river": 0.4})
    told = api.get(f"/v1/photos/{best['id']}").json()["assessment"]
    assert (told["technical"], told["words"]) == (8.0, {})


def test_picks_tell_what_technical_quality_is_worth(api: TestClient) -> None:
    picks = api.get("/v1/picks", params={"n": 8}).json()["picks"]
    for pick in picks:
        quality = pick["photo"]["technical"]
        points = 0.0 if quality is None else 0.4 * (quality - 5.5)
        assert pick["parts"]["technical"] == pytest.approx(points)
        assert pick["worth"] == pytest.approx(sum(pick["parts"].values()), abs=0.01)


def test_pages_stay_in_step_while_photographs_are_added_and_leave_the_selection(
    api: TestClient, album: Album
) -> None:
    first = api.get("/v1/photos", params={"limit": 3, "flag": "none"}).json()
    assert (_names(first), first["total"]) == (["0", "1", "2"], 8)
    with album.opened() as catalog:
        put_album(catalog, [MadePhoto(20, ("a/20.jpg",), -10), MadePhoto(21, ("a/21.jpg",), 850)])
        catalog.decide(SetFlag(photos=(sha(2), sha(3)), flag="pick"), at=NOW)
    seen = []
    page = first
    while page["next"]:
        page = api.get(
            "/v1/photos", params={"limit": 3, "flag": "none", "cursor": page["next"]}
        ).json()
        seen += _names(page)
    assert seen == ["21", "4", "5", "6", "7"]


def test_a_cursor_of_a_photograph_that_is_gone_goes_on_after_as_many(site: Site) -> None:
    from goodside.album.browse import BrowseQuery

    index = site.index
    selection = index.select(BrowseQuery())
    assert Cursor(999_999, 2).start(selection, BrowseQuery(), index) == 2
    assert Cursor.read(Cursor(5, 7).write()) == Cursor(5, 7)


def test_nothing_is_sent_again_until_something_changes(api: TestClient) -> None:
    first = api.get("/v1/photos")
    again = api.get("/v1/photos", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    photo = first.json()["photos"][0]["id"]
    api.post("/v1/decisions/flag", json={"photos": [photo], "flag": "pick"})
    changed = api.get("/v1/photos", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_all_is_told_of_a_photograph(api: TestClient) -> None:
    ids = [one["id"] for one in api.get("/v1/photos").json()["photos"]]
    told = api.get(f"/v1/photos/{ids[3]}").json()
    assert len(told["assessment"]["distribution"]) == 10
    assert told["figures"]["brightness"] == 0.5
    assert told["files"] == [{"name": "3.jpg", "folder": "/album/a"}]
    assert [one["person"]["key"] for one in told["found_faces"]] == ["000000000001"]
    assert [group["id"] for group in told["groups"]] == [
        f"near_duplicate-{ids[3]}", f"scene-{ids[0]}"
    ]  # fmt: skip
    assert [(one["photo"], one["kind"], one["why"]) for one in told["relations"]] == [
        (ids[4], "copy", "smaller"), (ids[5], "version", "black and white")
    ]  # fmt: skip
    assert told["similar"][0]["photo"] == ids[7]
    assert told["similar"][0]["likeness"] == pytest.approx(1, abs=0.001)
    assert api.get("/v1/photos/123456").status_code == 404
    assert api.get(f"/v1/photos/{2**70}").status_code == 422


def test_the_best_of_a_group_is_chosen_several_kept_and_one_split_off(api: TestClient) -> None:
    burst = api.get("/v1/groups", params={"kind": "burst"}).json()["groups"][0]
    first, second, third = burst["photos"]
    assert (burst["id"], burst["best"], burst["kept"]) == (f"burst-{first}", third, [])

    def shown() -> Any:
        return api.get(f"/v1/groups/burst-{second}").json()

    made = api.post("/v1/decisions/best", json={"photos": [first], "group": burst["id"]}).json()
    assert made["message"] == "1 photograph kept of 3"
    assert (shown()["best"], shown()["kept"]) == (first, [first])
    assert "your choice of its group" in shown()["reasons"]["words"]
    api.post("/v1/decisions/best", json={"photos": [first, second]})
    assert (shown()["best"], shown()["kept"]) == (second, [first, second])
    picks = api.get("/v1/picks", params={"n": 8}).json()["picks"]
    assert {first, second} <= {one["photo"]["id"] for one in picks}
    assert third not in {one["photo"]["id"] for one in picks}
    api.post("/v1/decisions/best", json={"photos": [first], "chosen": False})
    assert (shown()["best"], shown()["kept"]) == (third, [])

    api.post("/v1/decisions/separate", json={"photos": [third], "group": burst["id"]})
    assert shown()["photos"] == [first, second]
    late = api.post("/v1/decisions/best", json={"photos": [third], "group": burst["id"]})
    assert late.status_code == 409
    api.post("/v1/journal/undo", json={})
    assert shown()["photos"] == [first, second, third]
    assert api.post(
        "/v1/decisions/best", json={"photos": [first], "group": "burst-999"}
    ).status_code == 404  # fmt: skip


def test_picks_with_their_reasons_and_limits(api: TestClient) -> None:
    picks = api.get("/v1/picks", params={"n": 4}).json()["picks"]
    assert all(one["reasons"]["words"] and one["reasons"]["details"] for one in picks)
    assert [sum(one["parts"].values()) for one in picks] == pytest.approx(
        [one["worth"] for one in picks], abs=0.01
    )
    with_person = api.get("/v1/picks", params={"per_person": 1, "n": 8}).json()["picks"]
    api.post("/v1/people/000000000000/name", json={"name": "Ann"})
    named = api.get("/v1/picks", params={"per_person": 1, "n": 8}).json()["picks"]
    anns = [one for one in named if any(who["name"] == "Ann" for who in one["photo"]["people"])]
    assert len(anns) == 1 <= len(with_person)
    below = api.get("/v1/picks", params={"tag": "plant"}).json()["picks"]
    assert all("plant" in one["photo"]["tags"] for one in below)


def test_people_are_named_merged_split_denied_hidden_and_forgotten(api: TestClient) -> None:
    zero = "000000000000"

    def people() -> dict[str, Any]:
        return {one["key"]: one for one in api.get("/v1/people").json()["people"]}

    def say(path: str, **body: Any) -> Any:
        answer = api.post(f"/v1/people/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert say(f"{zero}/name", name="Ann")["message"] == "named Ann"
    (other,) = people().keys() - {zero}  # the faces were grouped anew: unknown people have new keys
    assert api.post(f"/v1/people/{other}/name", json={"name": "ann"}).status_code == 422
    told = api.get(f"/v1/people/{zero}").json()
    assert (told["name"], told["faces"], told["known"]) == ("Ann", 3, True)
    face, gone = (one["id"] for one in told["found_faces"][:2])
    assert told["found_faces"][0]["confirmed"]

    say(f"{zero}/not", faces=[face])
    assert people()[zero]["faces"] == 2
    api.post("/v1/journal/undo", json={})
    assert people()[zero]["faces"] == 3
    split = say(f"{zero}/split", faces=[face], name="Bo")
    assert len(split["entries"]) == 2
    assert sorted(one["name"] or "" for one in people().values() if one["name"]) == ["Ann", "Bo"]
    bo = next(key for key, who in people().items() if who["name"] == "Bo")
    say(f"{bo}/merge", into=zero)
    assert (people()[zero]["faces"], bo in people()) == (3, False)
    assert api.get(f"/v1/people/{bo}").json()["key"] == zero

    say(f"{zero}/hide", hidden=True)
    assert zero not in people()
    shown = api.get("/v1/people", params={"hidden": True}).json()["people"]
    assert next(one for one in shown if one["key"] == zero)["hidden"]
    api.post("/v1/journal/undo", json={})
    assert zero in people()

    api.post("/v1/faces/reject", json={"faces": [face]})
    assert people()[zero]["faces"] == 2
    say(f"{zero}/forget")
    assert zero not in people()
    assert "Ann" not in api.get("/v1/journal").text
    assert api.post("/v1/faces/reject", json={"faces": [gone]}).status_code == 410
    assert api.get(f"/v1/people/{zero}").status_code == 404
