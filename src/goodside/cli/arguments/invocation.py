"""What holds for the whole of a command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodside.album.catalog import CatalogLocation
    from goodside.engines import Engines


@dataclass(frozen=True, slots=True)
class Invocation:
    """What options before the command say, and the engines of all that it calls.

    `@click.pass_obj` gives it to a command.

    Attributes:
        engines: as the settings say, which are read when they are first needed.
        debug: show the traceback of an error.
        catalog: of `--catalog` before a command of `goodside album people`.
    """

    engines: Engines
    debug: bool = False
    catalog: CatalogLocation | None = None
