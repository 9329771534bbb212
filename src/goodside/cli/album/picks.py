"""`goodside album picks` and `goodside album groups`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.terminal import echo, echo_error, echo_json, shown
from goodside.types import GROUP_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from goodside.album.album import Album
    from goodside.album.album_photo import AlbumPhoto
    from goodside.album.picks import Reason
    from goodside.album.results import AlbumGroup, PickedPhoto
    from goodside.types import Json

_HEADINGS = {"near_duplicate": "{n} near-duplicates"}


@click.command()
@click.option(
    "-n", "--n", default=20, show_default=True, type=click.IntRange(min=1), help="How many at most."
)
@click.option("--per-day", type=click.IntRange(min=1), help="How many of one day at most.")
@click.option("--people", multiple=True, metavar="NAME", help="Who must be in it; may be repeated.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="What it must carry; likewise.")
@click.option(
    "--min-percentile",
    default=0.0,
    type=click.FloatRange(0, 100),
    help="Lowest rank of the score among the model's reference photographs.",
)
@click.option(
    "--taste",
    is_flag=True,
    help="Choose by your own taste, learnt from the album's stars, picks and rejects.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Copy the picks into this folder, with what belongs to them.",
)
@click.option("--link", is_flag=True, help="Hard-link them instead of copying.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@album_option
def picks(
    *,
    n: int,
    per_day: int | None,
    people: tuple[str, ...],
    tags: tuple[str, ...],
    min_percentile: float,
    taste: bool,
    folder: Path | None,
    link: bool,
    as_json: bool,
    album: Album,
) -> None:
    """The best photographs of the album, with the reasons; of a series only the best frame."""
    if link and folder is None:
        raise click.UsageError("--link says how to fill a folder: --to DIR")
    chosen = album.picks(
        n, per_day=per_day, people=people, tags=tags, min_percentile=min_percentile, taste=taste
    )
    if folder is not None:
        from goodside.album.export.copies import copy_photos

        files = [path for one in chosen for path in (one.path, *one.along)]
        there = copy_photos(files, folder, link=link)
        many = "1 photograph" if len(there) == 1 else f"{len(there)} photographs"
        echo(f"{shown(folder, err=True)}: {many}", err=True)
    if not chosen:
        echo_error("no picks: every photograph is rejected, cut short, or not what was asked for")
    for one in chosen:
        if as_json:
            echo_json(_record(one))
        else:
            echo(f"{shown(one.path)}\n    {_words(one.pick.reasons)}")


@click.command()
@click.option("--kind", type=click.Choice(GROUP_KINDS), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@album_option
def groups(*, kind: str | None, as_json: bool, album: Album) -> None:
    """Bursts, near-duplicates, brackets, panoramas and scenes, each with its best photograph.

    A photograph may be in one group of each kind: the frames of a burst are often near-duplicates
    of each other too, and always lie in the scene around them. --kind lists only one kind.
    """
    from goodside.album.picks import reason_as_json, word_reasons

    for group in album.groups(kind):
        names = {shot.photo.id: _file(shot) for shot in group.shots}
        best = group.best
        paths = [str(path) for path in names.values()]
        chosen = None if best is None else str(_file(best.shot))
        reasons = () if best is None else best.reasons
        if as_json:
            echo_json(
                {
                    "kind": group.kind,
                    "files": paths,
                    "best": chosen,
                    "reasons": word_reasons(reasons),
                    "reason_details": [reason_as_json(one) for one in reasons],
                    "relations": _relations(group, names),
                }
            )
            continue
        echo(_HEADINGS.get(group.kind, f"{group.kind} of {{n}}").format(n=len(paths)))
        made = {one["file"]: one for one in _relations(group, names)}
        for path in paths:
            mark = "*" if path == chosen else " "
            echo(f"  {mark} {shown(path)}{_made(made.get(path))}")
        echo(f"    {_words(reasons)}")


def _words(reasons: Sequence[Reason]) -> str:
    from goodside.album.picks import word_reasons

    return "; ".join(map(shown, word_reasons(reasons)))


def _relations(group: AlbumGroup, names: Mapping[int, Path]) -> list[Json]:
    """Which files of a group are copies or edited versions of which others."""
    return [
        {
            "file": str(names[one.photo_id]),
            "is": one.kind,
            "of": str(names[one.of_id]),
            "why": one.why,
        }
        for one in group.relations
        if one.photo_id in names and one.of_id in names
    ]


def _made(one: Json | None) -> str:
    if one is None:
        return ""
    return f"  ({one['is']} of {shown(Path(one['of']).name)}: {shown(one['why'])})"


def _file(shot: AlbumPhoto) -> Path:
    return shot.photo.paths[0]


def _record(one: PickedPhoto) -> Json:
    from goodside.album.picks import reason_as_json, word_reasons

    pick = one.pick
    judged = pick.shot.photo.judged
    return {
        "file": str(one.path),
        "reasons": word_reasons(pick.reasons),
        "reason_details": [reason_as_json(reason) for reason in pick.reasons],
        "worth": round(pick.worth.total, 3),
        "score": None if judged is None else round(judged.aesthetic.score, 3),
        "technical": None if pick.shot.technical is None else round(pick.shot.technical, 3),
        "taste": None if pick.shot.taste is None else round(pick.shot.taste, 3),
        "people": sorted(pick.shot.people),
        "tags": sorted(pick.shot.tags),
        "words": pick.shot.words,
        "along": [str(path) for path in one.along],
    }
