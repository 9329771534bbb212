"""Every decision can be taken at a terminal and over HTTP: both are compared, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import click
from fastapi import FastAPI

from goodside.album.catalog import Decision
from goodside.cli import cli

# Kind of the decision: commands below `goodside album`, and routes, that take it.
_TAKEN = {
    "flag": (("pick", "reject", "unmark"), ("POST /v1/decisions/flag",)),
    "rate": (("rate",), ("POST /v1/decisions/rating",)),
    "tags": (("tag",), ("POST /v1/decisions/tags",)),
    "keep": (("keep",), ("POST /v1/decisions/best",)),
    "separate": (("separate",), ("POST /v1/decisions/separate",)),
    "name": (
        ("people name", "people confirm"),
        ("POST /v1/people/{key}/name", "POST /v1/people/{key}/confirm"),
    ),
    "merge": (("people merge",), ("POST /v1/people/{key}/merge",)),
    "split": (("people split",), ("POST /v1/people/{key}/split",)),
    "not_person": (("people not",), ("POST /v1/people/{key}/not",)),
    "reject_faces": (("people reject",), ("POST /v1/faces/reject",)),
    "hide": (("people hide", "people unhide"), ("POST /v1/people/{key}/hide",)),
    "forget": (("people forget",), ("POST /v1/people/{key}/forget",)),
    "folder": (("faces",), ("PUT /v1/folders/{folder_id}",)),
    "exclude": (("folders",), ("PUT /v1/folders/{folder_id}", "DELETE /v1/folders/{folder_id}")),
    "undo": (("undo",), ("POST /v1/journal/undo", "POST /v1/journal/redo")),
}
_OF_SCANS = {"replace"}
"""Noted by scans, never by a person."""
_SEVERAL = {"sidecars": ("POST /v1/sidecars", "POST /v1/sidecars/read")}
"""Take decisions of several kinds, those that others noted."""
_NO_DECISION = {
    "errors", "find", "groups", "people", "people list", "people show", "people update", "picks",
    "repair", "report", "review", "scan", "verify",
}  # fmt: skip
_TERMINAL_ONLY = {"journal"}
"""Carries a journal in a file from catalog to catalog; a service has one."""
_ENGINES = ("/v1/assess", "/v1/faces", "/v1/rotate")


def _commands(group: click.Group, above: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{above}{name}"
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")


def _album_commands() -> set[str]:
    album = cli.get_command(click.Context(cli), "album")
    assert isinstance(album, click.Group)
    return set(_commands(album))


def _kinds() -> set[str]:
    members = get_args(get_args(Decision)[0]) or get_args(Decision)
    return {member.model_fields["kind"].default for member in members}


def test_every_kind_has_a_command_and_a_route(app: FastAPI) -> None:
    assert set(_TAKEN) | _OF_SCANS == _kinds()
    commands = _album_commands()
    routes = _writes(app)
    for kind, (at_terminal, over_http) in _TAKEN.items():
        assert commands.issuperset(at_terminal), kind
        assert routes.issuperset(over_http), kind


def test_no_other_command_and_no_other_route_decides(app: FastAPI) -> None:
    taken = {one for commands, _ in _TAKEN.values() for one in commands}
    assert _album_commands() == taken | set(_SEVERAL) | _NO_DECISION | _TERMINAL_ONLY
    served = {one for _, routes in _TAKEN.values() for one in routes}
    served |= {one for routes in _SEVERAL.values() for one in routes}
    other = {one for one in _writes(app) - served if not one.split()[1].startswith(_ENGINES)}
    assert {one for one in other if "/v1/album/scans" not in one} == {
        "POST /v1/errors/retry"
    }  # what a scan does, and is told to do, is no decision


def _writes(app: FastAPI) -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        if path.startswith("/v1/")
        for method in methods
        if method != "get"
    }
