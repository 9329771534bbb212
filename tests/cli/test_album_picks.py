"""`goodside album groups`: what it can be asked for."""

from __future__ import annotations

import click

from goodside.album.catalog import GROUP_KINDS
from goodside.cli.album.picks import groups


def test_every_kind_of_group_can_be_asked_for() -> None:
    """The command names the kinds itself, so that its help needs no database."""
    (kind,) = (option.type for option in groups.params if option.name == "kind")
    assert isinstance(kind, click.Choice)
    assert set(kind.choices) == set(GROUP_KINDS)
