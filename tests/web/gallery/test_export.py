"""Export: what will be done is said, then it is done, and nothing that is there is replaced."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.album import Album
from goodside.web.site import Site


@pytest.fixture
def roots(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below which may be exported."""
    root = tmp_path / "out"
    root.mkdir()
    object.__setattr__(site, "options", replace(site.options, roots=(root,)))
    return root


@pytest.fixture
def two(site: Site) -> str:
    """An address of two photographs."""
    by_name = {one.name: one.photo.id for one in site.index.photos(range(1, 100))}
    return f"ids={by_name['cat.jpg']},{by_name['coffee.jpg']}"


def test_what_will_be_done_is_said(client: TestClient, roots: Path, two: str) -> None:
    answer = client.post(f"/export/plan?{two}", json={"folder": f"{roots}/new"})
    told = answer.json()
    assert answer.status_code == 200
    assert told["allowed"]
    assert "2 files (85" in told["message"]
    assert f"{roots}/new" in told["message"]
    assert told["cautions"] == [
        "The folder will be made.",
        "Nothing that is there will be replaced.",
    ]
    assert list(roots.iterdir()) == []


def test_copied_once_and_never_over_another(client: TestClient, roots: Path, two: str) -> None:
    (roots / "cat.jpg").write_bytes(b"somebody's")
    plan = client.post(f"/export/plan?{two}", json={"folder": str(roots)}).json()
    assert plan["cautions"][0].startswith("1 name is taken")
    for changed in (2, 0):
        step = client.post(f"/export/copies?{two}", json={"folder": str(roots)}).json()
        assert step == {"done": 2, "total": 2, "next": None, "changed": changed, "unchanged": 0,
                        "problems": []}  # fmt: skip
    assert (roots / "cat.jpg").read_bytes() == b"somebody's"
    names = {one.name for one in roots.iterdir()}
    assert names == {"cat.jpg", "cat-2.jpg", "coffee.jpg"}


def test_linked(client: TestClient, roots: Path, two: str, site: Site) -> None:
    body = {"folder": str(roots), "link": True}
    plan = client.post(f"/export/plan?{two}", json=body).json()
    assert plan["allowed"]
    assert any("whoever changes it changes both" in one for one in plan["cautions"])
    client.post(f"/export/copies?{two}", json=body)
    original = next(p for p in site.index.photos(range(1, 100)) if p.name == "cat.jpg")
    assert (roots / "cat.jpg").samefile(original.photo.paths[0])


def test_in_batches(
    client: TestClient, roots: Path, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    monkeypatch.setattr("goodside.web.gallery.export.router._BATCH", 2)
    total, firsts = len(site.index.photos(range(1, 100))), []
    first: int | None = 0
    while first is not None:
        firsts.append(first)
        step = client.post("/export/copies", json={"folder": str(roots), "first": first}).json()
        first = step["next"]
    assert firsts == list(range(0, total, 2))
    assert len(list(roots.iterdir())) == total


def test_a_file_that_went_is_left_out(
    client: TestClient, roots: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot = next(p for p in site.index.photos(range(1, 100)) if p.name == "cat.jpg")
    gone = replace(shot, photo=replace(shot.photo, paths=(Path("/nowhere/cat.jpg"),)))
    monkeypatch.setattr(site.index, "photos", lambda ids: [gone])
    two = f"ids={shot.photo.id}"
    plan = client.post(f"/export/plan?{two}", json={"folder": str(roots)}).json()
    assert not plan["allowed"]
    assert any("not there any more" in one for one in plan["cautions"])
    step = client.post(f"/export/copies?{two}", json={"folder": str(roots)}).json()
    assert step["changed"] == 0
    assert step["problems"][0].startswith("cat.jpg: ")


@pytest.mark.parametrize("address", ["/export/plan", "/export/copies"])
def test_nowhere_else(client: TestClient, roots: Path, two: str, address: str) -> None:
    for folder in ("/", str(roots.parent), f"{roots}/../elsewhere", "relative", ""):
        answer = client.post(f"{address}?{two}", json={"folder": folder})
        assert answer.status_code == 422, folder
        assert answer.json()["remedy"]
    assert {one.name for one in roots.parent.iterdir()} == {"out", "album.db"} | {
        one.name for one in roots.parent.glob("album.db-*")
    }


def test_refused_when_nothing_is_changed(read_only: TestClient, tmp_path: Path) -> None:
    for address in ("/export/plan", "/export/copies", "/export/sidecars"):
        answer = read_only.post(address, json={"folder": str(tmp_path)})
        assert answer.status_code == 403
    assert read_only.get("/export/photographs.csv").status_code == 200
    page = read_only.get("/export").text
    assert "--read-only" in page
    assert "<form id=" not in page.split("<main", 1)[1].split("</main>", 1)[0]


def test_tables(client: TestClient, two: str) -> None:
    answer = client.get(f"/export/photographs.csv?{two}")
    assert answer.headers["content-disposition"] == 'attachment; filename="photographs.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [Path(row["file"]).name for row in rows] == ["cat.jpg", "coffee.jpg"]
    lines = client.get(f"/export/photographs.jsonl?{two}").text.splitlines()
    assert [Path(json.loads(line)["file"]).name for line in lines] == ["cat.jpg", "coffee.jpg"]
    assert client.get(f"/export/photographs.parquet?{two}").content[:4] == b"PAR1"
    assert client.get(f"/export/photographs.xlsx?{two}").status_code == 422


def test_sidecars_into_a_folder(client: TestClient, roots: Path, two: str) -> None:
    body = {"folder": f"{roots}/sidecars", "style": "adobe", "rate": True}
    step = client.post(f"/export/sidecars?{two}", json=body).json()
    assert (step["changed"], step["problems"]) == (2, [])
    assert {one.name for one in (roots / "sidecars").rglob("*.xmp")} == {"cat.xmp", "coffee.xmp"}
    again = client.post(f"/export/sidecars?{two}", json=body).json()
    assert again["changed"] == 0


def test_sidecars_lie_among_the_originals_only_where_that_is_said(
    client: TestClient, site: Site, roots: Path, two: str
) -> None:
    photos = [shot.photo.paths[0] for shot in site.index.photos(map(int, two[4:].split(",")))]
    before = {one for path in photos for one in path.parent.iterdir()}
    beside = f"{roots}/sidecars"
    for body in ({}, {"folder": None}, {"folder": ""}, {"folder": " "}, {"beside": False},
                 {"folder": beside, "beside": True}):  # fmt: skip
        answer = client.post(f"/export/sidecars?{two}", json=body)
        assert answer.status_code == 422, body
    assert {one for path in photos for one in path.parent.iterdir()} == before


def test_a_report_of_these_alone(client: TestClient, two: str) -> None:
    answer = client.get(f"/export/report.html?{two}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "cat.jpg" in answer.text
    assert "dahlia.jpg" not in answer.text


def test_picks_and_everything(client: TestClient) -> None:
    assert "Export 2 photographs" in client.get("/export?picks=2").text
    assert "The best of the album" in client.get("/export?picks=2").text
    assert "The whole album" in client.get("/export").text
    assert "All that fit the filters" in client.get("/export?q=cat").text
    assert "Nothing to export" in client.get("/export?q=there-is-none").text
    assert client.get("/export?ids=1,x").status_code == 422
    assert client.get(f"/export?picks={'9' * 30}").status_code == 422


def test_hostile_names_are_harmless(
    client: TestClient, album: Album, roots: Path, site: Site
) -> None:
    text = client.get('/export?q="><script>alert(1)</script>').text
    assert "<script>alert" not in text
    answer = client.post("/export/plan", json={"folder": f"{roots}/<b>\u202e"}).json()
    assert "\u202e" not in answer["message"]
