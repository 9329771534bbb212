"""The pages of people tell what the album says, and follow what a person decides."""

from __future__ import annotations

import threading

import pytest
from starlette.testclient import TestClient

from goodside.album.people import Evidence, Person
from goodside.album.people.evidence import YawRangeResult
from goodside.errors import WeightsError
from goodside.web.gallery.people.evidence_job import EvidenceJob
from goodside.web.site import Site
from tests.web.gallery.pages_of import ReadPage

_SCRIPT = "<script>alert('\"')</script>"


def _read(client: TestClient, address: str) -> ReadPage:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return ReadPage(answer.text)


def _two(site: Site) -> tuple[Person, Person]:
    """The two with most faces."""
    first, second, *_ = sorted(site.index.people(), key=lambda one: -len(one.faces))
    return first, second


def _keys(page: ReadPage) -> list[str]:
    return [one.attributes["data-key"] for one in page.of("li", class_="person")]


def _say(client: TestClient, path: str, **body: object) -> None:
    answer = client.post(f"/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text


def test_cards_show_everybody_with_best_crop_and_counts(
    people_client: TestClient, people_site: Site
) -> None:
    page = _read(people_client, "/people")
    first, second = _two(people_site)
    assert _keys(page) == [first.key, second.key]
    for one in (first, second):
        crops = {f"/faces/{face.id}" for face in one.faces}
        assert crops & {image.attributes["src"] for image in page.of("img")}
        photos = {face.photo_id for face in one.faces}
        assert f"{len(photos)} photographs" in page.text
    single = _read(people_client, "/people?show=single")
    assert set(_keys(single)) == {
        one.key for one in people_site.index.people() if len(one.faces) == 1
    }


def test_a_name_is_shown_searched_and_offered(people_client: TestClient, people_site: Site) -> None:
    first, second = _two(people_site)
    _say(people_client, f"people/{first.key}/name", name="Anna Berg")
    page = _read(people_client, "/people")
    assert page.of("input", id=f"name-{first.key}")[0].attributes["value"] == "Anna Berg"
    assert page.of("option", data_key=first.key)[0].attributes["value"] == "Anna Berg"
    assert _keys(_read(people_client, "/people?q=anna")) == [first.key]
    assert _keys(_read(people_client, "/people?q=nobody")) == []
    person = _read(people_client, f"/people/{first.key}")
    assert f"{len(first.faces)} confirmed" in person.text
    assert page.of("input", id=f"name-{second.key}")[0].attributes["value"] == ""


def test_a_hostile_name_is_shown_harmless(people_client: TestClient, people_site: Site) -> None:
    first, _ = _two(people_site)
    _say(people_client, f"people/{first.key}/name", name=_SCRIPT)
    burst = next(group for group in people_site.index.groups("burst") if group.shots[0].faces)
    paths = [
        "/people", f"/people/{first.key}", "/people/might-be", "/picks", "/journal",
        f"/groups/burst-{burst.shots[0].photo.id}",
    ]  # fmt: skip
    for path in paths:
        page = _read(people_client, path)
        assert page.breaches() == [], path
    assert _SCRIPT in _read(people_client, "/journal").text


def test_merged_people_are_one_and_undo_parts_them(
    people_client: TestClient, people_site: Site
) -> None:
    first, second = _two(people_site)
    _say(people_client, f"people/{second.key}/merge", into=first.key)
    assert _keys(_read(people_client, "/people")) == [first.key]
    answer = people_client.get(f"/people/{second.key}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/people/{first.key}")
    _say(people_client, "journal/undo", count=1)
    assert _keys(_read(people_client, "/people")) == [first.key, second.key]


def test_faces_stand_by_pose_from_left_to_right(
    people_client: TestClient, people_site: Site
) -> None:
    first, _ = _two(people_site)
    page = _read(people_client, f"/people/{first.key}")
    yaw = {face.id: face.pose.yaw_deg for face in first.faces}
    shown = [int(one.attributes["value"]) for one in page.of("input", name="face")]
    assert set(shown) == set(yaw)
    assert [yaw[one] for one in shown] == sorted(yaw.values())
    by_likeness = _read(people_client, f"/people/{first.key}?sort=likeness")
    assert [int(one.attributes["value"]) for one in by_likeness.of("input", name="face")] == [
        face.id for face in first.faces
    ]
    assert "frontal" in page.text


def test_faces_are_split_off_taken_away_and_left_out(
    people_client: TestClient, people_site: Site
) -> None:
    first, _ = _two(people_site)
    one, two, three = (face.id for face in first.faces[:3])
    _say(people_client, f"people/{first.key}/split", faces=[one], name="Cara")
    _say(people_client, f"people/{first.key}/not", faces=[two])
    _say(people_client, "faces/reject", faces=[three])
    page = _read(people_client, f"/people/{first.key}")
    left = {int(box.attributes["value"]) for box in page.of("input", name="face")}
    assert left == {face.id for face in first.faces} - {one, two, three}
    cara = next(person for person in people_site.index.people() if person.name == "Cara")
    assert one in {face.id for face in cara.faces}


def test_who_is_hidden_is_found_among_the_hidden(
    people_client: TestClient, people_site: Site
) -> None:
    first, second = _two(people_site)
    _say(people_client, f"people/{second.key}/hide", hidden=True)
    assert _keys(_read(people_client, "/people")) == [first.key]
    assert _keys(_read(people_client, "/people?show=hidden")) == [second.key]
    _say(people_client, f"people/{second.key}/hide", hidden=False)
    assert second.key in _keys(_read(people_client, "/people"))


def test_who_is_forgotten_is_gone(people_client: TestClient, people_site: Site) -> None:
    first, second = _two(people_site)
    _say(people_client, f"people/{second.key}/name", name="Ben")
    page = _read(people_client, f"/people/{second.key}")
    assert "This deletes for good" in page.text
    _say(people_client, f"people/{second.key}/forget")
    assert _keys(_read(people_client, "/people")) == [first.key]
    answer = people_client.get(f"/people/{second.key}")
    assert answer.status_code in {200, 404}
    assert f"/faces/{second.faces[0].id}" not in answer.text


def test_questions_offer_the_likeliest_with_the_distance(
    people_client: TestClient, people_site: Site
) -> None:
    page = _read(people_client, "/people/might-be")
    questions = page.of("article", class_="question")
    assert questions
    keys = {one.attributes["data-key"] for one in questions}
    people = {one.key: one for one in people_site.index.people()}
    assert all(people[key].name is None for key in keys)
    for question in questions:
        faces = question.attributes["data-asked-faces"].split(",")
        theirs = {str(face.id) for face in people[question.attributes["data-key"]].faces}
        assert set(faces) == theirs
    assert "distance 0." in page.text
    assert "Who might this be?" in _read(people_client, "/people").text


def test_a_question_that_was_answered_is_not_asked_again(
    people_client: TestClient, people_site: Site
) -> None:
    page = _read(people_client, "/people/might-be")
    asked = page.of("article", class_="question")[0].attributes
    faces = [int(face) for face in asked["data-asked-faces"].split(",")]
    key = asked["data-key"]
    answers = people_client.get("/people/might-be").text.split(f'data-key="{key}"')[1]
    into = answers.split('data-into="')[1].split('"')[0]
    _say(people_client, f"people/{into}/not", faces=faces)
    page = _read(people_client, "/people/might-be")
    assert key not in {o.attributes["data-key"] for o in page.of("article", class_="question")}
    _say(people_client, "journal/undo", count=1)
    page = _read(people_client, "/people/might-be")
    assert key in {o.attributes["data-key"] for o in page.of("article", class_="question")}
    _say(people_client, f"people/{key}/merge", into=into)
    page = _read(people_client, "/people/might-be")
    assert key not in {o.attributes["data-key"] for o in page.of("article", class_="question")}


def test_an_address_of_nobody_says_so(people_client: TestClient) -> None:
    assert people_client.get("/people/000000000000").status_code == 404
    assert people_client.get("/people/nonsense").status_code in {404, 422}


def _evidence() -> Evidence:
    table = {"plain": 0.5, "rotated": 0.25, "fused": 0.75}
    row = YawRangeResult(30.0, 45.0, 12, rank1=table, tar=table, far=table)
    return Evidence(3, 40, 12, (row,), "helps", "Rotation helps here: of 12 side faces <b>…")


def _computed(client: TestClient) -> ReadPage:
    """The part of the page, once the thread is done."""
    for thread in threading.enumerate():
        if thread.name == "evidence":
            thread.join(10)
    page = ReadPage(client.get("/people/evidence").text)
    assert not page.of("progress", aria_label="Computing")
    return page


def test_evidence_is_computed_on_request_and_shown_as_the_terminal_does(
    people_client: TestClient, people_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _read(people_client, "/people").of("table")
    monkeypatch.setattr(type(people_site.album), "evidence", lambda _album: _evidence())
    answer = people_client.post("/people/evidence")
    assert answer.status_code == 200
    page = _computed(people_client)
    assert "Rotation helps here: of 12 side faces <b>…" in page.text
    assert page.text.count("0.750") == 3
    assert "30–45°" in page.text
    assert page.breaches() == []


def test_evidence_that_fails_says_why(
    people_client: TestClient, people_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_album: object) -> Evidence:
        raise WeightsError("the weights are gone", remedy="install again")

    monkeypatch.setattr(type(people_site.album), "evidence", fail)
    people_client.post("/people/evidence")
    assert "the weights are gone" in _computed(people_client).text


def test_only_one_computation_runs_at_a_time() -> None:
    job, going = EvidenceJob(), threading.Event()

    def gather() -> Evidence:
        going.wait(10)
        return _evidence()

    assert job.start(gather)
    assert not job.start(gather)
    going.set()
    for thread in threading.enumerate():
        if thread.name == "evidence":
            thread.join(10)
    assert job.found == _evidence()
    assert job.start(_evidence)
