"""`goodside serve`: what it asks for, prints and refuses; the service has tests of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from goodside.cli import cli
from goodside.web.security.passwords import is_password
from tests.album.scan.made import photo

_PASSWORD = "correct horse battery"
_HASH = "scrypt$32768$8$1$" + "QUFBQUFBQUFBQUFBQUFBQQ==" + "$" + "A" * 43 + "="


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(photo(1))
    return folder


def _started(home: Path, *options: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "goodside", "serve", "--catalog", str(home / "album.db"),
         "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env={**os.environ, "HOME": str(home), "DISPLAY": ":99", **variables},
    )  # fmt: skip


def _link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"open (http://\S+)", line)
        if found:
            return found[1]
    raise AssertionError(process.stderr.read() if process.stderr else "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_scans_serves_and_ends_in_order(
    tmp_path: Path, photos: Path, number: signal.Signals
) -> None:
    process = _started(tmp_path, str(photos))  # no browser is opened: nobody sees this one
    try:
        link = _link(process)
        origin, _, token = link.partition("/?token=")
        assert len(token) >= 43
        until = time.monotonic() + 120
        while True:
            request = urllib.request.Request(
                f"{origin}/v1/photos", headers={"Authorization": f"Bearer {token}"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                if b'"one.jpg"' in answer.read():
                    break
            assert time.monotonic() < until
            time.sleep(0.5)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
    finally:
        process.kill()
        process.communicate()


def test_it_listens_on_the_loopback_alone(tmp_path: Path) -> None:
    process = _started(tmp_path, "--no-open")
    try:
        port = int(_link(process).partition("/?")[0].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        own = socket.gethostbyname(socket.gethostname())
        if not own.startswith("127."):
            with (
                pytest.raises(ConnectionRefusedError),
                socket.create_connection((own, port), timeout=5),
            ):
                pass
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_a_public_one_says_what_is_open_to_whom(tmp_path: Path) -> None:
    variables = {"GOODSIDE_PASSWORD_HASH": _HASH}
    process = _started(tmp_path, "--no-open", "--name", "photos.example", **variables)
    try:
        _link(process)
        assert process.stdout is not None
        said = process.stdout.readline() + process.stdout.readline()
        assert "photos.example" in said
        assert "knows the password" in said
        assert "not encrypted" in said
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--name", "photos.example")])
def test_others_need_a_password(tmp_path: Path, options: tuple[str, str]) -> None:
    process = _started(tmp_path, "--no-open", *options)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "needs a password" in errors
    assert output == ""


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = _started(tmp_path, "--no-open", "--port", port)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"at port {port}" in errors
    assert "--port" in errors


def test_a_password_is_hashed_from_a_pipe() -> None:
    result = CliRunner().invoke(cli, ["serve", "--hash-password"], input=f"{_PASSWORD}\n")
    assert result.exit_code == 0
    assert _PASSWORD not in result.output
    assert is_password(_PASSWORD, result.output.strip())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--token-file", "short"], "32 letters"),
        (["--token-file", "missing"], "no such file"),
        (["--password-file", "short"], "no hash of a password"),
        (["--root", "missing"], "no such folder"),
        (["missing"], "no such folder"),
        (["--read-only", "."], "--read-only scans nothing"),
        (["--host", "nowhere.invalid", "--password-file", "hash"], "no address"),
        (["--max-upload", "0"], "max-upload"),
        (["--concurrency", "0"], "concurrency"),
        (["--read-only"], "there is no catalog"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short").write_text("secret")
    Path("hash").write_text(_HASH)
    words = ["serve", "--catalog", "album.db", "--port", "0", "--no-open", *words]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code != 0
    assert said in result.output + str(result.exception)


def test_no_secret_can_stand_in_the_command_line() -> None:
    from goodside.cli.serve import serve

    for parameter in serve.params:
        assert parameter.name not in ("password", "token", "password_hash")
