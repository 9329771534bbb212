"""The OpenAPI document: complete, with examples that work, and true whatever is sent."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import OPTIONS, TOKEN
from tests.web.live import live_service

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
_MOST_S = 25
_METHODS = ("get", "put", "post", "delete", "patch")


def test_every_answer_is_as_documented(scanned: Path, tmp_path: Path) -> None:
    """schemathesis sends what fits the document and what does not, to every operation."""
    with live_service(scanned / "album.db", tmp_path, options=OPTIONS) as service:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{service.origin}/v1/openapi.json",
                *("--header", f"Authorization: Bearer {TOKEN}"),
                *("--phases", "examples,coverage,fuzzing", "--max-examples", "2"),
                *("--checks", ",".join(_CHECKS), "--seed", "1", "--workers", "1"),
                *("--max-time", str(_MOST_S), "--generation-database", "none", "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=10 * _MOST_S,
            check=False,
        )
        assert service.is_alive()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    selected = re.search(r"Selected: (\d+)/(\d+)\n\s+Tested: (\d+)", done.stdout)
    assert selected is not None, done.stdout[-3000:]
    assert len(set(selected.groups())) == 1
    assert int(selected[1]) >= 30


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    ]


def test_the_document_is_of_openapi_3_1_and_names_all_of_the_service(program: TestClient) -> None:
    document = program.get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    paths = set(document["paths"])
    assert {"/v1/assess", "/v1/faces", "/v1/rotate", "/v1/album/scans", "/v1/photos",
            "/v1/photos/{photo_id}", "/v1/people", "/v1/groups", "/v1/picks",
            "/v1/decisions/rating", "/healthz", "/readyz", "/metrics"} <= paths  # fmt: skip
    names = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(set(names)) == len(names)


def test_every_operation_says_how_it_fails(program: TestClient) -> None:
    document = program.get("/v1/openapi.json").json()
    for path, method, operation in _operations(document):
        responses = operation["responses"]
        assert {"400", "421", "422", "429", "500", "503"} <= set(responses), path
        if path not in ("/healthz", "/readyz"):
            assert {"401", "403"} <= set(responses), path
            assert operation["security"] == [{"token": []}], path
        if "requestBody" in operation:
            assert {"413", "415"} <= set(responses), path
        for status, response in responses.items():
            if int(status) >= 400 and path != "/readyz":
                assert list(response["content"]) == ["application/problem+json"], (path, method)
        assert operation["summary"], path
    assert "HTTPValidationError" not in str(document)


def test_nobody_reads_the_document_without_the_token(anonymous: TestClient) -> None:
    assert anonymous.get("/v1/openapi.json").status_code == 401


@pytest.mark.parametrize("path", ["/v1/assess", "/v1/faces", "/v1/rotate"])
def test_the_examples_of_the_engines_work(program: TestClient, path: str) -> None:
    """The answers that the document shows are those of the bundled photographs."""
    operation = program.get("/v1/openapi.json").json()["paths"][path]["post"]
    examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
    query = {
        one["name"]: one["schema"]["examples"][0]
        for one in operation.get("parameters", [])
        if "examples" in one["schema"]
    }
    for example in examples.values():
        photo = Path(__file__).parents[3] / example["x-photograph"]
        sent = {
            "files" if "results" in example["value"] else "file": (photo.name, photo.read_bytes())
        }
        answer = program.post(
            path, params=query, files=sent, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200
        _compare(answer.json(), example["value"])


def _compare(found: Any, shown: Any) -> None:
    """Numbers may differ a little from one processor to another, and pictures are cut short."""
    if isinstance(shown, dict):
        assert set(found) == set(shown)
        for name in shown:
            if name != "base64":
                _compare(found[name], shown[name])
    elif isinstance(shown, list):
        assert len(found) == len(shown)
        for one, other in zip(found, shown, strict=True):
            _compare(one, other)
    elif isinstance(shown, float):
        assert found == pytest.approx(shown, rel=0.02, abs=0.3)
    else:
        assert found == shown
