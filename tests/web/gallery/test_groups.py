"""The pages of groups tell what the album says, and hostile names do nothing in them."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from goodside.album.album_photo import AlbumPhoto
from goodside.web.site import Site
from tests.web.gallery.made_people import HOSTILE
from tests.web.gallery.pages_of import Element, ReadPage


def _burst(site: Site, name: str) -> list[AlbumPhoto]:
    """The frames of the burst that a file is in."""
    for group in site.index.groups("burst"):
        if any(shot.name == name for shot in group.shots):
            return list(group.shots)
    raise AssertionError(name)


def _read(client: TestClient, address: str) -> ReadPage:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return ReadPage(answer.text)


def _frames(page: ReadPage) -> list[Element]:
    return [one for one in page.of("li") if one.attributes.get("id", "").startswith("frame-")]


def _marks(page: ReadPage, photo: int) -> dict[str, str]:
    (said,) = page.of("div", id=f"verdict-{photo}")
    return said.attributes


def test_the_list_shows_each_burst_with_its_best(
    people_client: TestClient, people_site: Site
) -> None:
    page = _read(people_client, "/groups")
    links = page.of("a", class_="group-link")
    bursts = people_site.index.groups("burst")
    assert len(bursts) == 3
    assert [int(one.attributes["data-chosen"]) for one in links] == [
        group.best.shot.photo.id for group in bursts if group.best
    ]
    for group in bursts:
        assert f"Burst of {len(group.shots)}" in page.text
    assert "sharper than the others" in page.text.lower()


def test_kinds_are_counted_and_chosen_by_address(
    people_client: TestClient, people_site: Site
) -> None:
    for kind in ("burst", "near_duplicate", "scene"):
        page = _read(people_client, f"/groups?kind={kind}")
        (tab,) = [
            one
            for one in page.of("a", href=f"/groups?kind={kind}")
            if "aria-current" in one.attributes
        ]
        assert tab
        assert len(page.of("a", class_="group-link")) == len(people_site.index.groups(kind))
    assert _read(people_client, "/groups?kind=nonsense").of("a", href="/groups?kind=burst")


def test_what_is_decided_leaves_those_that_are_left(
    people_client: TestClient, people_site: Site
) -> None:
    frames = _burst(people_site, "nuthatch-1.jpg")
    body = {"photos": [frames[0].photo.id], "group": f"burst-{frames[0].photo.id}"}
    assert people_client.post("/v1/decisions/best", json=body).status_code == 200
    left = _read(people_client, "/groups?kind=burst&left=1")
    addresses = [one.attributes["data-address"] for one in left.of("a", class_="group-link")]
    assert len(addresses) == 2
    assert f"burst-{frames[0].photo.id}" not in addresses
    assert len(_read(people_client, "/groups?kind=burst").of("a", class_="group-link")) == 3


def test_the_chosen_frame_and_what_speaks_for_it_against_each_other(
    people_client: TestClient, people_site: Site
) -> None:
    frames = _burst(people_site, "couple-1.jpg")
    page = _read(people_client, f"/groups/burst-{frames[0].photo.id}")
    by_name = {shot.name: shot.photo.id for shot in frames}
    assert _marks(page, by_name["couple-1.jpg"])["data-chosen"] == "yes"
    assert [
        shot.name for shot in frames if _marks(page, shot.photo.id)["data-chosen"] == "yes"
    ] == ["couple-1.jpg"]
    verdicts = people_client.get(f"/groups/burst-{frames[0].photo.id}/verdicts").text
    blurred = verdicts.split(f'id="verdict-{by_name["couple-4.jpg"]}"')[1].split("frame-actions")[0]
    assert "less sharp" in blurred
    assert "lower score" in blurred
    best = verdicts.split(f'id="verdict-{by_name["couple-1.jpg"]}"')[1].split("frame-actions")[0]
    assert "less sharp" not in best


def test_every_frame_has_its_figures_and_every_face_its_row(
    people_client: TestClient, people_site: Site
) -> None:
    frames = _burst(people_site, "couple-1.jpg")
    page = _read(people_client, f"/groups/burst-{frames[0].photo.id}")
    listed = _frames(page)
    assert [int(one.attributes["data-photo"]) for one in listed] == [s.photo.id for s in frames]
    assert all(one.attributes["data-width"] == "1600" for one in listed)
    crops = page.of("button", class_="crop")
    assert {one.attributes["data-track"] for one in crops} == {"1", "2"}
    for track in "12":
        photos = [o.attributes["data-photo"] for o in crops if o.attributes["data-track"] == track]
        assert len(photos) == len(set(photos)) >= 4
    for shot in frames:
        for face in shot.faces:
            assert page.of("button", data_box=",".join(map(str, face.ref.box)))


def test_another_frame_is_the_best_and_the_verdicts_follow(
    people_client: TestClient, people_site: Site
) -> None:
    frames = _burst(people_site, "couple-1.jpg")
    address, third = f"burst-{frames[0].photo.id}", frames[2].photo.id
    body = {"photos": [third], "group": address}
    assert people_client.post("/v1/decisions/best", json=body).status_code == 200
    answer = people_client.get(f"/groups/{address}/verdicts")
    assert answer.headers["x-frames"] == ",".join(str(shot.photo.id) for shot in frames)
    page = ReadPage(answer.text)
    assert _marks(page, third) | {"data-kept": "yes", "data-chosen": "yes"} == _marks(page, third)
    assert "your choice" in page.text.lower()
    assert people_client.post("/v1/journal/undo", json={"count": 1}).status_code == 200
    page = ReadPage(people_client.get(f"/groups/{address}/verdicts").text)
    assert _marks(page, third)["data-chosen"] == "no"


def test_a_frame_that_is_split_off_is_no_frame_any_more(
    people_client: TestClient, people_site: Site
) -> None:
    frames = _burst(people_site, "couple-1.jpg")
    address, last = f"burst-{frames[0].photo.id}", frames[-1].photo.id
    body = {"photos": [last], "group": address}
    assert people_client.post("/v1/decisions/separate", json=body).status_code == 200
    page = _read(people_client, f"/groups/{address}")
    assert len(_frames(page)) == len(frames) - 1
    assert not page.of("li", id=f"frame-{last}")


def test_any_frame_leads_to_the_group_and_neighbours_to_each_other(
    people_client: TestClient, people_site: Site
) -> None:
    groups = people_site.index.groups("burst")
    firsts = [group.shots[0].photo.id for group in groups]
    second = groups[0].shots[1].photo.id
    answer = people_client.get(f"/groups/burst-{second}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/groups/burst-{firsts[0]}")
    page = _read(people_client, f"/groups/burst-{firsts[1]}")
    assert page.of("a", id="previous-group")[0].attributes["href"] == f"/groups/burst-{firsts[0]}"
    assert page.of("a", id="next-group")[0].attributes["href"] == f"/groups/burst-{firsts[2]}"
    assert not _read(people_client, f"/groups/burst-{firsts[2]}").of("a", id="next-group")


@pytest.mark.parametrize(
    "address", ["burst-999999", "nonsense-1", "burst-", "x", "burst-1e3", "%3Cscript%3E", "-5"]
)
def test_an_address_of_nothing_says_so(people_client: TestClient, address: str) -> None:
    for path in (f"/groups/{address}", f"/groups/{address}/verdicts"):
        answer = people_client.get(path)
        assert answer.status_code == 404
        assert "There is nothing here" in answer.text


def test_hostile_names_are_shown_harmless(people_client: TestClient, people_site: Site) -> None:
    frames = _burst(people_site, HOSTILE)
    for path in ("/groups", f"/groups/burst-{frames[0].photo.id}"):
        page = _read(people_client, path)
        assert page.breaches() == []
        assert not [one for one in page.of("img") if one.attributes.get("src") == "x"]
        assert "\u202e" not in page.html
    assert r"onerror=alert(1)> \u202egpj.jpg" in page.text


def test_whoever_has_no_cookie_sees_nothing(people_client: TestClient) -> None:
    people_client.cookies.clear()
    for path in ("/groups", "/people", "/picks", "/journal"):
        answer = people_client.get(path)
        assert answer.status_code in {302, 303, 307, 401, 403}
        assert "couple" not in answer.text


def test_a_reader_is_offered_no_decision(reader: TestClient) -> None:
    links = _read(reader, "/groups").of("a", class_="group-link")
    people = [o for o in _read(reader, "/people").of("li") if "data-key" in o.attributes]
    paths = [
        links[0].attributes["href"], "/people", f"/people/{people[0].attributes['data-key']}",
        "/journal",
    ]  # fmt: skip
    decisions = {"best", "keep", "reject", "split", "merge", "hide", "forget", "not_person"}
    for path in paths:
        page = _read(reader, path)
        offered = {one.attributes.get("data-do") for one in page.of("button")}
        assert not offered & decisions, path
        assert not page.of("button", id="undo")
        assert not page.of("button", id="accept")
