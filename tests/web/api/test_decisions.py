"""Decisions over HTTP: what they note, what they answer, and how they are taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from goodside.web.site import Site


def _ids(client: TestClient) -> list[int]:
    return [one["id"] for one in client.get("/v1/photos").json()["photos"]]


@pytest.mark.parametrize(
    ("what", "body", "field", "value", "message"),
    [
        ("flag", {"flag": "pick"}, "flag", "pick", "1 photograph picked"),
        ("flag", {"flag": "reject"}, "flag", "reject", "1 photograph rejected"),
        ("rating", {"stars": 0}, "stars", 0, "1 photograph rated with 0 stars"),
        ("rating", {"stars": 1}, "stars", 1, "1 photograph rated with 1 star"),
        ("tags", {"add": ["sea side"]}, "tags", "sea side", "1 photograph tagged +sea side"),
    ],
)
def test_a_decision_is_noted_answered_undone_and_redone(
    client: TestClient,
    *,
    what: str,
    body: dict[str, Any],
    field: str,
    value: object,
    message: str,
) -> None:
    def told(photo: dict[str, Any]) -> bool:
        found = photo[field]
        return value in found if isinstance(found, list) else bool(found == value)

    photo = _ids(client)[1]
    made = client.post(f"/v1/decisions/{what}", json={"photos": [photo], **body}).json()
    assert (made["entry"], made["message"]) == (1, message)
    assert [one["id"] for one in made["photos"]] == [photo]
    assert told(made["photos"][0])
    assert told(client.get(f"/v1/photos/{photo}").json())

    undone = client.post("/v1/journal/undo", json={"count": 1}).json()
    assert [one["id"] for one in undone["photos"]] == [photo]
    assert not told(undone["photos"][0])
    assert undone["message"].startswith("undone: ")

    again = client.post("/v1/journal/redo", json={}).json()
    assert told(again["photos"][0])
    assert client.post("/v1/journal/redo", json={}).status_code == 422


def test_what_has_left_the_album_is_answered_with_410_and_a_remedy(client: TestClient) -> None:
    answer = client.post("/v1/decisions/flag", json={"photos": [987_654], "flag": "pick"})
    assert answer.status_code == 410
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "reload the page" in answer.text
    assert client.get("/v1/journal").json()["total"] == 0


def test_several_undos_and_redos_without_limit(client: TestClient) -> None:
    photo = _ids(client)[0]
    for stars in range(6):
        client.post("/v1/decisions/rating", json={"photos": [photo], "stars": stars})
    seen = []
    for _ in range(6):
        undone = client.post("/v1/journal/undo", json={}).json()
        seen.append(undone["photos"][0]["stars"])
    assert seen == [4, 3, 2, 1, 0, None]
    assert client.post("/v1/journal/undo", json={}).status_code == 422
    seen = []
    for _ in range(6):
        seen.append(client.post("/v1/journal/redo", json={}).json()["photos"][0]["stars"])
    assert seen == [0, 1, 2, 3, 4, 5]
    client.post("/v1/journal/undo", json={"count": 3})
    client.post("/v1/decisions/flag", json={"photos": [photo], "flag": "pick"})
    assert not client.get("/v1/journal").json()["can_redo"]


def test_a_read_only_service_refuses_every_write(read_only: TestClient) -> None:
    photo = _ids(read_only)[0]
    for path, body in [
        ("/v1/decisions/flag", {"photos": [photo], "flag": "pick"}),
        ("/v1/journal/undo", {}),
        ("/v1/faces/reject", {"faces": [1]}),
        ("/v1/album/scans", {}),
        ("/v1/sidecars", {}),
        ("/v1/errors/retry", {}),
    ]:
        assert read_only.post(path, json=body).status_code == 403
    assert read_only.delete("/v1/folders/1").status_code == 403


def test_undo_by_number_takes_one_entry(client: TestClient, site: Site) -> None:
    first, second = _ids(client)[:2]
    for photo in (first, second):
        client.post("/v1/decisions/flag", json={"photos": [photo], "flag": "pick"})
    client.post("/v1/journal/undo", json={"numbers": [1]})
    assert site.index.photo(first).flag is None
    assert site.index.photo(second).flag == "pick"
    listed = client.get("/v1/journal").json()["entries"]
    assert [(one["number"], one["kind"], one["undone"]) for one in listed] == [
        (3, "undo", False), (2, "flag", False), (1, "flag", True)
    ]  # fmt: skip


def test_sidecars_are_written_beside_named_photographs_alone(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    first = site.index.photos(_ids(client)[:1])[0]
    before = set(first.photo.paths[0].parent.iterdir())
    for body in (
        {},
        {"photos": [first.photo.id]},
        {"beside": True},
        {"photos": None, "beside": True},
        {"photos": [], "beside": True},
        {"photos": [first.photo.id], "beside": False},
    ):
        assert client.post("/v1/sidecars", json=body).status_code == 422, body
    assert set(first.photo.paths[0].parent.iterdir()) == before
    body = {"photos": [first.photo.id], "beside": True}
    try:
        assert client.post("/v1/sidecars", json=body).json()["written"] == 1
        made = set(first.photo.paths[0].parent.iterdir()) - before
        assert {one.name for one in made} == {f"{first.name}.xmp"}
    finally:
        for one in set(first.photo.paths[0].parent.iterdir()) - before:
            one.unlink()
