"""The recipes of the service: checked by the programs that read them where those are here."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from goodside.cli.serve import serve

_RECIPES = Path(__file__).parents[2] / "docs" / "how-to" / "service"
_OPTIONS = {option for parameter in serve.params for option in parameter.opts}


def _words_of(recipe: str) -> list[str]:
    text = (_RECIPES / recipe).read_text(encoding="utf-8")
    return re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)


@pytest.mark.parametrize("recipe", ["goodside.service", "nginx.conf"])
def test_recipes_name_options_that_exist(recipe: str) -> None:
    assert set(_words_of(recipe)) <= _OPTIONS


def test_the_container_starts_the_service_with_options_that_exist() -> None:
    text = (_RECIPES / "Containerfile").read_text(encoding="utf-8")
    (entry,) = re.findall(r"^ENTRYPOINT \[(.*)\]$", text, re.MULTILINE)
    words = re.findall(r'"([^"]*)"', entry)
    assert words[:2] == ["goodside", "serve"]
    context = click.Context(serve)
    rest = serve.make_parser(context).parse_args(words[2:])[1]
    assert rest == []


def test_the_container_is_nobody_and_checks_its_health() -> None:
    lines = (
        (_RECIPES / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").split("\n")
    )
    words = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK",
             "STOPSIGNAL", "ENTRYPOINT", "CMD"}  # fmt: skip
    assert {word for word, _ in words} <= known
    users = [rest for word, rest in words if word == "USER"]
    assert users == ["10001:10001"]
    order = [word for word, _ in words]
    assert order.index("USER") > max(n for n, word in enumerate(order) if word == "RUN")
    assert any(word == "HEALTHCHECK" and "/healthz" in rest for word, rest in words)
    root = Path(__file__).parents[2]
    for _, rest in (pair for pair in words if pair[0] == "COPY" and "--from" not in pair[1]):
        assert all((root / source).exists() for source in rest.split()[:-1]), rest


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="needs hadolint")
def test_hadolint_finds_nothing_in_the_container() -> None:
    subprocess.run(["hadolint", str(_RECIPES / "Containerfile")], check=True)


def test_the_unit_is_hardened() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(_RECIPES / "goodside.service", encoding="utf-8")
    service = unit["Service"]
    for name in ("DynamicUser", "PrivateTmp", "NoNewPrivileges", "ProtectHome"):
        assert service[name] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["IPAddressDeny"] == "any"
    assert "secret" not in service["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    text = (_RECIPES / "goodside.service").read_text(encoding="utf-8")
    unit = tmp_path / "goodside.service"
    unit.write_text(text.replace("/usr/local/bin/goodside", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "goodside.service" in line]
    assert complaints == []
    assert done.returncode == 0, done.stderr


def test_the_server_of_nginx_is_closed_where_it_is_opened() -> None:
    text = re.sub(r"#.*", "", (_RECIPES / "nginx.conf").read_text(encoding="utf-8"))
    depth = 0
    for line in filter(None, map(str.strip, text.splitlines())):
        assert line.endswith((";", "{", "}")), line
        depth += line.count("{") - line.count("}")
        assert depth >= 0
    assert depth == 0
    for wanted in ("proxy_set_header Host $host;", "proxy_buffering off;", "client_max_body_size"):
        assert wanted in text


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_nginx_reads_it(tmp_path: Path) -> None:
    text = (_RECIPES / "nginx.conf").read_text(encoding="utf-8")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=photos.example",
         "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    text = text.replace("/etc/ssl/photos.example", str(tmp_path))
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{text}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    subprocess.run(["nginx", "-t", "-c", str(tmp_path / "nginx.conf")], check=True)
