"""`/v1/assess`, `/v1/faces` and `/v1/rotate`."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from starlette.testclient import TestClient

from goodside.cli import cli
from goodside.images import read_mark

_EXAMPLES = Path(__file__).parents[3] / "examples"
CAT = _EXAMPLES / "photos" / "cat.jpg"
PORTRAIT = _EXAMPLES / "faces" / "astronaut.jpg"
JPEG = {"Content-Type": "image/jpeg"}


def _of_command(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(cli, [*words, "--json"])
    record: dict[str, object] = json.loads(result.stdout)
    del record["path"]
    return record


def test_assess_says_what_the_command_says(program: TestClient) -> None:
    wanted = _of_command("assess", str(CAT))
    as_body = program.post("/v1/assess", content=CAT.read_bytes(), headers=JPEG)
    in_form = program.post("/v1/assess", files={"file": CAT.read_bytes()})
    assert as_body.status_code == in_form.status_code == 200
    assert as_body.json() == in_form.json() == wanted


def test_faces_says_what_the_command_says(program: TestClient) -> None:
    answer = program.post("/v1/faces", files={"file": PORTRAIT.read_bytes()})
    assert answer.json() == _of_command("faces", str(PORTRAIT))


@pytest.mark.parametrize("route", ["assess", "faces"])
def test_a_batch_names_what_cannot_be_read(program: TestClient, route: str) -> None:
    files = [
        ("files", ("../../etc/cat.jpg", CAT.read_bytes())),
        ("files", ("notes.txt", b"no photograph")),
        ("files", ("C:\\pictures\\face.jpg", PORTRAIT.read_bytes())),
    ]
    answer = program.post(f"/v1/{route}", files=files)
    assert answer.status_code == 200
    first, second, third = answer.json()["results"]
    assert [one["name"] for one in (first, second, third)] == ["cat.jpg", "notes.txt", "face.jpg"]
    assert first["result"]["width"] == 451
    assert third["result"]["width"] == 512
    assert second["problem"]["type"] == "urn:goodside:error:UnreadableImage"
    assert "result" not in second


def test_a_batch_of_one_is_a_list(program: TestClient) -> None:
    answer = program.post("/v1/assess", files=[("files", ("cat.jpg", CAT.read_bytes()))])
    assert len(answer.json()["results"]) == 1


def test_rotate_answers_the_marked_picture_and_its_record(
    program: TestClient, tmp_path: Path
) -> None:
    answer = program.post(
        "/v1/rotate", params={"yaw": 20, "size": 128}, files={"file": PORTRAIT.read_bytes()}
    )
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.content)).size == (128, 128)
    (tmp_path / "turned.jpg").write_bytes(answer.content)
    assert read_mark(tmp_path / "turned.jpg") is not None
    record = json.loads(answer.headers["x-goodside-result"])
    assert record["requested"]["yaw_deg"] == 20
    assert abs(record["measured"]["yaw_deg"] - 20) < 5
    assert record["identity"] > 0.5


def test_rotate_answers_json_to_whoever_accepts_only_that(program: TestClient) -> None:
    answer = program.post(
        "/v1/rotate",
        params={"frontal": True, "size": 64, "format": "png"},
        headers={"Accept": "application/json", **JPEG},
        content=PORTRAIT.read_bytes(),
    )
    picture = answer.json()["picture"]
    assert picture["media_type"] == "image/png"
    assert Image.open(BytesIO(base64.b64decode(picture["base64"]))).format == "PNG"


def test_a_sweep_of_a_batch(program: TestClient) -> None:
    files = [
        ("files", ("face.jpg", PORTRAIT.read_bytes())),
        ("files", ("cat.jpg", CAT.read_bytes())),
    ]
    answer = program.post("/v1/rotate", params={"sweep": "-10:10:20", "size": 64}, files=files)
    turned, none = answer.json()["results"]
    assert [one["requested"]["yaw_deg"] for one in turned["result"]["turned"]] == [-10, 10]
    assert none["problem"]["type"] == "urn:goodside:error:NoFace"


def test_paste_answers_the_whole_photograph(program: TestClient) -> None:
    answer = program.post(
        "/v1/rotate", params={"yaw": 10, "paste": True}, content=PORTRAIT.read_bytes(), headers=JPEG
    )
    assert Image.open(BytesIO(answer.content)).size == (512, 512)


@pytest.mark.parametrize(
    "query",
    ["", "yaw=10&frontal=true", "yaw=10&sweep=0:1:1", "sweep=0:10:10&paste=true", "sweep=now",
     "sweep=0:90:1", "yaw=nan", "yaw=inf", "yaw=1000", "yaw=80", "yaw=10&size=8", "yaw=10&face=7",
     "yaw=10&size=100000", "yaw=10&format=gif", "yaw=10&model=aesthetics-lite0",
     "yaw=10&model=../secret", "yaw=10&angle=3", "yaw=10&face=-1"],
)  # fmt: skip
def test_angles_that_do_not_go_are_refused(program: TestClient, query: str) -> None:
    answer = program.post(f"/v1/rotate?{query}", content=PORTRAIT.read_bytes(), headers=JPEG)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_photograph_without_a_face_is_said_so(program: TestClient) -> None:
    answer = program.post("/v1/rotate?yaw=10", content=CAT.read_bytes(), headers=JPEG)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:goodside:error:NoFace"
    assert problem["status"] == 422
    assert problem["instance"] == "/v1/rotate"
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_many_pictures_at_once_are_refused(program: TestClient) -> None:
    files = [("files", ("face.jpg", PORTRAIT.read_bytes()))] * 4
    answer = program.post("/v1/rotate", params={"sweep": "-20:20:2"}, files=files)
    assert answer.status_code == 422
    assert "84 pictures" in answer.json()["detail"]


def test_another_model_is_named(program: TestClient) -> None:
    answer = program.post(
        "/v1/assess?model=aesthetics-lite0-int8", content=CAT.read_bytes(), headers=JPEG
    )
    assert answer.json()["model"].startswith("aesthetics-lite0-int8 ")
    unknown = program.post("/v1/assess?model=another", content=CAT.read_bytes(), headers=JPEG)
    assert unknown.status_code == 422
    assert "aesthetics-lite0-int8" in unknown.json()["remedy"]
