"""The journal tells what was decided, and what is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from goodside.album.catalog import ForgetPerson, SetFlag, SetFolder, append
from goodside.web.site import Site
from tests.web.gallery.made_people import HOSTILE
from tests.web.gallery.pages_of import ReadPage


def _read(client: TestClient, address: str = "/journal") -> ReadPage:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return ReadPage(answer.text)


def _say(client: TestClient, path: str, **body: object) -> None:
    answer = client.post(f"/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text


def _photo(site: Site, name: str) -> int:
    for group in site.index.groups("burst"):
        for shot in group.shots:
            if shot.name == name:
                return shot.photo.id
    raise AssertionError(name)


def _steps(page: ReadPage) -> list[str]:
    """Their numbers with `~` before those that do not count, the newest first."""
    found = []
    for one in page.of("li"):
        classes = one.attributes.get("class", "").split()
        if "step" in classes:
            mark = "~" if "undone" in classes else ""
            found.append(mark + one.attributes["id"].removeprefix("step-"))
    return found


def _button(page: ReadPage, number: int) -> bool:
    return bool(page.of("button", data_take_back=str(number)))


def test_an_empty_journal_says_so(people_client: TestClient) -> None:
    page = _read(people_client)
    assert "Nothing was decided yet" in page.text
    assert not page.of("button", id="undo")


def test_decisions_stand_in_the_names_that_people_know(
    people_client: TestClient, people_site: Site
) -> None:
    photo = _photo(people_site, "couple-1.jpg")
    person = max(people_site.index.people(), key=lambda one: len(one.faces))
    _say(people_client, "decisions/flag", photos=[photo], flag="pick")
    _say(people_client, "decisions/rating", photos=[photo], stars=4)
    _say(people_client, f"people/{person.key}/name", name="Anna Berg")
    page = _read(people_client)
    assert _steps(page) == ["3", "2", "1"]
    assert "pick couple-1.jpg" in page.text
    assert "rate 4 couple-1.jpg" in page.text
    assert f"name Anna Berg: {len(person.faces)} faces" in page.text
    assert page.of("img", src=f"/thumbnails/{photo}")
    crops = [o for o in page.of("img") if o.attributes["src"].startswith("/faces/")]
    assert len(crops) == min(6, len(person.faces))


def test_what_is_taken_back_is_struck_out_and_done_again(
    people_client: TestClient, people_site: Site
) -> None:
    photo = _photo(people_site, "couple-1.jpg")
    _say(people_client, "decisions/flag", photos=[photo], flag="pick")
    _say(people_client, "decisions/rating", photos=[photo], stars=4)
    _say(people_client, "journal/undo", numbers=[1])
    page = _read(people_client)
    assert _steps(page) == ["2", "~1"]  # the undo is told of where the decision stands
    assert "taken back at" in page.text
    assert _button(page, 3)
    assert not _button(page, 1)
    assert page.text.count("Redo") == 2  # of the decision, and of the last that was taken back
    assert _steps(_read(people_client, "/journal?topic=undos")) == ["~1"]
    answer = people_client.post("/v1/journal/undo", json={"numbers": [3]}).json()
    assert answer["message"] == "done again: pick couple-1.jpg"
    page = _read(people_client)
    assert _steps(page) == ["2", "1"]
    assert _button(page, 1)
    assert "taken back at" not in page.text
    assert people_site.index.photo(photo).flag == "pick"


def test_people_without_a_name_are_not_called_by_their_keys(
    people_client: TestClient, people_site: Site
) -> None:
    first, second = [one for one in people_site.index.people() if len(one.faces) > 1][:2]
    _say(people_client, f"people/{first.key}/hide", hidden=True)
    _say(people_client, f"people/{first.key}/merge", into=second.key)
    answer = people_client.post("/v1/journal/undo", json={}).json()
    assert "somebody not named yet" in answer["message"]
    _say(people_client, "faces/reject", faces=[second.faces[0].id])
    page = _read(people_client)
    assert "no face of interest: 1 face" in page.text
    assert first.key not in page.text + answer["message"]
    assert second.key not in page.text + answer["message"]


def test_entries_that_only_make_sense_together_are_one_step(
    people_client: TestClient, people_site: Site
) -> None:
    person = max(people_site.index.people(), key=lambda one: len(one.faces))
    face = person.faces[0].id
    _say(people_client, f"people/{person.key}/split", faces=[face], name="Cara")
    page = _read(people_client)
    assert _steps(page) == ["1"]
    assert "1, 2, 3" in page.text
    _say(people_client, "journal/undo", numbers=[1])
    assert _steps(_read(people_client))[-1] == "~1"


def test_topics_are_counted_and_chosen_by_address(
    people_client: TestClient, people_site: Site
) -> None:
    photo = _photo(people_site, "couple-1.jpg")
    _say(people_client, "decisions/flag", photos=[photo], flag="pick")
    _say(people_client, "decisions/flag", photos=[photo], flag="reject")
    _say(people_client, "decisions/tags", photos=[photo], add=["sea"])
    assert _steps(_read(people_client, "/journal?topic=flags")) == ["2", "1"]
    assert _steps(_read(people_client, "/journal?topic=tags")) == ["3"]
    assert _steps(_read(people_client, "/journal?topic=people")) == []
    assert _steps(_read(people_client, "/journal?topic=nonsense")) == ["3", "2", "1"]


def test_a_long_journal_comes_in_pages(people_client: TestClient, people_site: Site) -> None:
    content = people_site.index.photo(_photo(people_site, "couple-1.jpg")).photo.sha256
    with people_site.album.opened() as catalog, catalog.write() as session:
        for _ in range(120):
            append(session, SetFlag(photos=(content,), flag="pick"), at=datetime.now(UTC))
    people_site.index.invalidate()
    first, last = _read(people_client), _read(people_client, "/journal?page=3")
    assert (len(_steps(first)), len(_steps(last))) == (50, 20)
    assert _steps(first)[0] == "120"
    assert _steps(last)[-1] == "1"
    assert first.of("a", rel="next")[0].attributes["href"] == "/journal?page=2"
    assert _steps(_read(people_client, "/journal?page=99")) == _steps(last)


def test_hostile_names_are_shown_harmless(people_client: TestClient, people_site: Site) -> None:
    _say(people_client, "decisions/flag", photos=[_photo(people_site, HOSTILE)], flag="pick")
    _say(
        people_client,
        "decisions/tags",
        photos=[_photo(people_site, HOSTILE)],
        add=["<img src=x onerror=alert(1)>"],
    )
    with people_site.album.opened() as catalog:
        catalog.decide(SetFolder.of(Path("/<script>alert(1)</script>/שלום"), faces=False))
    people_site.index.invalidate()
    page = _read(people_client)
    assert page.breaches() == []
    assert not page.of("img", src="x")
    assert "\u202e" not in page.html
    assert r"\u202egpj.jpg" in page.text
    assert "faces off in \u2068/<script>alert(1)</script>/שלום\u2069" in page.text


def test_what_was_forgotten_says_that_it_does_not_come_back(
    people_client: TestClient, people_site: Site
) -> None:
    person = max(people_site.index.people(), key=lambda one: len(one.faces))
    _say(people_client, f"people/{person.key}/forget")
    assert "does not come back" in _read(people_client).text
    assert isinstance(people_site.index.journal()[0].decision, ForgetPerson)


@pytest.mark.parametrize("path", ["/journal?page=0", "/journal?page=x"])
def test_a_page_that_is_none_is_refused(people_client: TestClient, path: str) -> None:
    assert people_client.get(path).status_code == 422
