"""`goodside album find`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.counts import counted
from goodside.cli.output.terminal import echo, echo_data, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.export.table import TableFormat
    from goodside.album.search.order import Order, SortKey
    from goodside.album.search.query import SearchHit

_SORT_KEYS = (
    "taken", "name", "score", "percentile", "technical", "likeness", "stars", "sharpness",
    "brightness", "faces",
)  # fmt: skip
_DECIDED = {"pick": "  (picked)", "reject": "  (rejected)"}
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Tag, word or keyword it must carry, in any spelling; may be repeated.",
)
@click.option("--people", multiple=True, metavar="NAME", help="Who must be in it; likewise.")
@click.option("--min-score", type=click.FloatRange(1, 10), help="Lowest score.")
@click.option("--max-score", type=click.FloatRange(1, 10), help="Highest score.")
@click.option("--min-technical", type=click.FloatRange(1, 10), help="Lowest technical quality.")
@click.option("--max-technical", type=click.FloatRange(1, 10), help="Highest technical quality.")
@click.option("--since", type=_DAY, help="First day of capture, YYYY-MM-DD.")
@click.option("--until", type=_DAY, help="Last day of capture.")
@click.option("--camera", help="Part of the camera's name.")
@click.option("--text", help="Words of title, description, tags, keywords, people, file name.")
@click.option("--label", help="Its colour label.")
@click.option(
    "--like",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture; the most similar photographs come first.",
)
@click.option(
    "--sort",
    type=click.Choice(_SORT_KEYS),
    help="Order; by default time of capture, or likeness with --like.",
)
@click.option(
    "--ascending",
    "direction",
    flag_value="ascending",
    help="The first, earliest, lowest first: the default of names and times.",
)
@click.option(
    "--descending",
    "direction",
    flag_value="descending",
    help="The last, latest, highest first: the default of figures.",
)
@click.option("--limit", type=click.IntRange(min=1), help="How many at most.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "parquet"]),
    help="A table instead of names; by default what the suffix of --out says.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the table here."
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@album_option
def find(
    *,
    tags: tuple[str, ...],
    people: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    like: Path | None,
    sort: SortKey | None,
    direction: str | None,
    form: TableFormat | None,
    out: Path | None,
    overwrite: bool,
    album: Album,
    **bounds: Any,
) -> None:
    """Find photographs by what they show, who is in them, when, with what, and how good."""
    from goodside.album.album_photo import read_album_photos
    from goodside.album.export.table import encode_table, write_table
    from goodside.album.people import select_names
    from goodside.album.search.known_values import check_camera, check_label, check_tags
    from goodside.album.search.order import Order
    from goodside.album.search.query import Query, check_judged_by, picture_features
    from goodside.album.search.query import find as find_photos

    if form == "parquet" and out is None:
        raise click.UsageError("a Parquet table goes to a file: --out FILE")
    if sort == "likeness" and like is None:
        raise click.UsageError("likeness to what: --like PHOTO")
    features = judge = None
    if like is not None:
        assessor = album.engines.assessor()
        features, judge = picture_features(like, assessor=assessor), assessor.card.identifier
    order = Order(
        sort or ("taken" if like is None else "likeness"),
        descending=None if direction is None else direction == "descending",
    )
    with album.opened() as catalog:
        with catalog.read() as session:
            names = select_names(session, people)
        query = Query(
            tags=frozenset(tags),
            people=names,
            since=None if since is None else since.date(),
            until=None if until is None else until.date(),
            like=features,
            like_by=judge,
            order=order if sort or direction else None,
            **bounds,
        )
        shots = read_album_photos(catalog)
    if judge is not None:
        check_judged_by(shots, judge)
    check_tags(shots, tags)
    check_camera(shots, query.camera)
    check_label(shots, query.label)
    found = find_photos(shots, query)
    if out is not None:
        write_table(out, found, form=form, overwrite=overwrite)
        echo(f"{shown(out)}: {counted(len(found), 'photograph')}")
    elif form is not None:
        echo_data(encode_table(found, form=form))
    else:
        asked = {query.min_technical, query.max_technical} != {None}
        _list(found, order, technical=asked or order.key == "technical")


def _list(found: Sequence[SearchHit], order: Order, *, technical: bool) -> None:
    """Scores and names; above them, apart from the list itself, how many and in which order.

    Args:
        found: the photographs.
        order: theirs.
        technical: tell the technical quality too, as it was asked about.
    """
    many = "1 photograph" if len(found) == 1 else f"{len(found) or 'no'} photographs"
    echo(f"{many}, {order}" if len(found) > 1 else many, err=True)
    for one in found:
        judged = one.shot.photo.judged
        score = _figure(None if judged is None else judged.aesthetic.score)
        quality = f" {_figure(one.shot.technical)}" if technical else ""
        likeness = "" if one.likeness is None else f"{one.likeness:6.2f}"
        name = shown(one.shot.photo.paths[0])
        decided = _DECIDED.get(one.shot.flag or "", "")
        echo(f"{score}{quality}{likeness}  {name}{decided}")


def _figure(value: float | None) -> str:
    return "   -" if value is None else f"{value:4.1f}"
