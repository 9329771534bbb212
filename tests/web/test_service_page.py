"""`docs/how-to/service.md`: every curl and the Python of it, against a service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goodside.cli.serve import serve
from tests.web.conftest import OPTIONS, TOKEN
from tests.web.live import LiveService, live_service

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "how-to" / "service.md").read_text(encoding="utf-8")
_BLOCKS = re.findall(r"^```(bash|python)\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)
_CALLS = [
    call
    for language, code in _BLOCKS
    if language == "bash"
    for call in re.findall(r"^curl (?:.*\\\n)*.*$", code, re.MULTILINE)
]


@pytest.fixture(scope="module")
def service(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    home = tmp_path_factory.mktemp("service")
    with live_service(scanned / "album.db", home, options=replace(OPTIONS)) as service:
        yield service


def _run(command: list[str], service: LiveService, folder: Path) -> str:
    done = subprocess.run(
        [part.replace("http://127.0.0.1:8765", service.origin) for part in command],
        cwd=folder,
        env={**os.environ, "TOKEN": TOKEN, "PYTHONPATH": str(_ROOT / "src")},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode(errors="replace")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_every_call_with_curl_is_answered(service: LiveService, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(_ROOT / "examples")
    assert len(_CALLS) >= 15
    for call in _CALLS:
        strict = call.replace("curl -s", "curl --fail-with-body -s", 1)
        said = _run(["bash", "-euc", strict], service, tmp_path)
        assert not said.startswith('{"type"'), call
        assert said or "-o turned.jpg" in call
    assert (tmp_path / "turned.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_the_python_of_the_page_runs(service: LiveService, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(_ROOT / "examples")
    (code,) = [code for language, code in _BLOCKS if language == "python"]
    said = _run([sys.executable, "-c", code], service, tmp_path)
    assert "astronaut.jpg" in said


def test_its_commands_name_options_that_exist() -> None:
    options = {option for parameter in serve.params for option in parameter.opts}
    for line in re.findall(r"^goodside serve .*$", _PAGE, re.MULTILINE):
        assert set(re.findall(r"--[a-z-]+", line)) <= options, line
