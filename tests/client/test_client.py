"""`goodside.client` against a service on the loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import goodside
from goodside.client import Client
from goodside.client.results import assessment_of
from goodside.errors import (
    NoFace,
    OutOfRange,
    ServiceBusy,
    ServiceError,
    UnreadableImage,
)
from goodside.result_records import assessment_record
from goodside.types import Tag
from tests.album.made import assessment
from tests.web.conftest import OPTIONS, TOKEN, scanned
from tests.web.live import LiveService, live_service

__all__ = ["scanned"]  # the fixture

_EXAMPLES = Path(__file__).parents[2] / "examples"
_CAT = _EXAMPLES / "photos" / "cat.jpg"
_PORTRAIT = _EXAMPLES / "faces" / "astronaut.jpg"


@pytest.fixture(scope="module")
def service(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    options = replace(OPTIONS, roots=(scanned,))
    home = tmp_path_factory.mktemp("service")
    with live_service(scanned / "album.db", home, options=options) as service:
        yield service


@pytest.fixture
def client(service: LiveService) -> Iterator[Client]:
    with Client(service.origin, token=TOKEN) as client:
        yield client


def test_an_assessment_is_the_engines(client: Client) -> None:
    here = goodside.assess(_CAT)
    there = client.assess(_CAT)
    assert there.path == str(_CAT)
    assert there.aesthetic.score == pytest.approx(here.aesthetic.score, abs=1e-3)
    assert there.aesthetic.distribution == pytest.approx(here.aesthetic.distribution, abs=1e-4)
    assert there.model == here.model
    assert (there.width, there.height) == (here.width, here.height)
    assert here.technical is not None
    assert there.technical == pytest.approx(here.technical, abs=1e-3)
    assert [tag.label for tag in there.words] == [tag.label for tag in here.words]
    assert [tag.probability for tag in there.words] == pytest.approx(
        [tag.probability for tag in here.words], abs=1e-3
    )
    assert client.assess(_CAT.read_bytes()) == replace(there, path=None)


def test_words_come_as_they_were_sent() -> None:
    here = replace(assessment(6.0), technical=6.54321, words=(Tag("wild animal", 0.9),))
    there = assessment_of(assessment_record(None, here), path=None)
    assert (there.technical, there.words) == (6.543, here.words)
    old = replace(here, technical=None, words=())
    assert assessment_of(assessment_record(None, old), path=None).technical is None


def test_photographs_tell_their_technical_quality(client: Client) -> None:
    photos = list(client.photos(sort="technical"))
    figures = [photo.technical for photo in photos if photo.technical is not None]
    assert len(figures) == len(photos) == 5
    assert figures == sorted(figures, reverse=True)
    assert all((one.technical or 0) >= figures[1] for one in client.photos(technical=figures[1]))


def test_a_row_of_photographs_with_what_cannot_be_read(client: Client, tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no photograph")
    missing_file, no_photo = tmp_path / "missing.jpg", tmp_path / "notes.jpg"
    sources: list[str | Path | bytes] = [_CAT, missing_file, no_photo, _PORTRAIT.read_bytes()]
    first, missing, notes, last = client.assess_each(sources, batch=3)
    assert isinstance(first, goodside.Assessment)
    assert isinstance(missing, UnreadableImage)
    assert isinstance(notes, UnreadableImage)
    assert notes.path == str(tmp_path / "notes.jpg")
    assert isinstance(last, goodside.Assessment)
    assert last.width == 512


def test_faces_and_a_turned_one(client: Client) -> None:
    found = client.faces(_PORTRAIT)
    (here,) = goodside.faces(_PORTRAIT)
    assert found.faces[0].pose.yaw_deg == pytest.approx(here.pose.yaw_deg, abs=0.1)
    turned = client.rotate(_PORTRAIT, 20, size_px=96, face=0, kind="png")
    assert turned.image.shape == (96, 96, 3)
    assert turned.media_type == "image/png"
    assert turned.requested.yaw_deg == 20
    assert turned.identity is not None
    assert turned.identity > 0.5


def test_errors_are_those_of_the_engines(client: Client) -> None:
    with pytest.raises(NoFace) as no_face:
        client.rotate(_CAT, 10)
    assert no_face.value.path == str(_CAT)
    assert no_face.value.remedy is not None
    with pytest.raises(OutOfRange, match="no model"):
        client.assess(_CAT, model="another")
    with pytest.raises(UnreadableImage):
        client.assess(b"no photograph")


def test_photographs_come_page_by_page(client: Client) -> None:
    every = list(client.photos())
    assert len(every) == 5
    assert [one.id for one in client.photos(page=2)] == [one.id for one in every]
    best = list(client.photos(sort="score", order="desc"))
    assert best[0].score == max(one.score or 0 for one in every)
    portrait = next(one for one in every if one.name == "astronaut.jpg")
    assert portrait.faces == 1
    assert client.photo(portrait.id)["name"] == "astronaut.jpg"
    assert client.picture(portrait.id, side_px=64)[:2] == b"\xff\xd8"
    assert client.original(portrait.id)[:2] == b"\xff\xd8"


def test_decisions_and_back(client: Client) -> None:
    first, second, *_ = client.photos()
    assert client.flag([first.id], "pick")["entry"] is not None
    assert client.rate([first.id, second.id], 4)["message"]
    client.tag([first.id], add=["holiday"])
    assert [one.id for one in client.photos(tag="holiday")] == [first.id]
    assert [one.id for one in client.photos(flag="pick")] == [first.id]
    client.undo(3)
    assert list(client.photos(flag="pick")) == []
    assert list(client.photos(stars=4)) == []


def test_people_groups_and_picks(client: Client) -> None:
    (somebody,) = client.people()
    client.name_person(somebody["key"], "Ann")
    assert [one["name"] for one in client.people()] == ["Ann"]
    client.undo()
    assert isinstance(list(client.groups()), list)
    assert len(client.picks(3)) == 3


def test_a_scan_is_followed_to_its_end(client: Client, scanned: Path) -> None:
    begun = client.scan([scanned / "photos"])
    steps = list(client.follow(begun))
    assert steps[-1].state == "done"
    assert steps[-1].is_over
    assert steps[-1].failed == 0
    with pytest.raises(OutOfRange):
        client.scan(["/"])


def test_a_wrong_token_is_told(service: LiveService) -> None:
    with Client(service.origin, token="wrong") as client, pytest.raises(ServiceError) as caught:
        client.assess(_CAT)
    assert caught.value.status == 401
    assert caught.value.request_id


def test_a_service_that_is_not_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}") as client, pytest.raises(ServiceError) as caught:
        client.assess(_CAT)
    assert caught.value.status is None
    assert "goodside serve" in str(caught.value)
    with pytest.raises(ServiceError):
        Client("http://127.0.0.1:port")


def _answers(*answers: bytes) -> str:
    """The address of a server that gives one answer to each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with listener:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(1_000_000)
                    connection.sendall(answer)

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _answer(status: str, body: bytes, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def test_a_busy_service_is_asked_again() -> None:
    busy = _answer("429 Too Many Requests", b"{}", "Retry-After: 1")
    picks = _answer("200 OK", b'{"picks": []}', "Content-Type: application/json")
    with Client(_answers(busy, picks), retries=1) as client:
        assert client.picks() == []
    with Client(_answers(busy), retries=0) as client, pytest.raises(ServiceBusy) as caught:
        client.picks()
    assert caught.value.retry_after_s == 1


@pytest.mark.parametrize(
    "answer",
    [
        _answer("200 OK", b"<html>another program</html>"),
        _answer("500 Internal Server Error", b"trouble"),
        _answer("422 Unprocessable Entity", b'["no", "problem"]'),
        _answer("422 Unprocessable Entity", b'{"type": "urn:goodside:error:Path", "detail": 3}'),
    ],
)
def test_what_another_program_answers_is_an_error(answer: bytes) -> None:
    with Client(_answers(answer)) as client, pytest.raises(ServiceError):
        client.picks()
