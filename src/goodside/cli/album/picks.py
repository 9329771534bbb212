"""`goodside album picks` and `goodside album groups`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.album.catalog_option import catalog_option, names_of, open_album
from goodside.cli.output.terminal import echo, echo_error, echo_json, shown
from goodside.types import GROUP_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from goodside.album.album_photo import AlbumPhoto
    from goodside.album.catalog import Group
    from goodside.album.picks import Pick, Reason
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
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Copy the picks into this folder, with what belongs to them.",
)
@click.option("--link", is_flag=True, help="Hard-link them instead of copying.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@catalog_option
def picks(
    *,
    n: int,
    per_day: int | None,
    people: tuple[str, ...],
    tags: tuple[str, ...],
    min_percentile: float,
    folder: Path | None,
    link: bool,
    as_json: bool,
    catalog_path: Path | None,
) -> None:
    """The best photographs of the album, with the reasons; of a series only the best frame."""
    from goodside.album.album_photo import read_album_photos
    from goodside.album.picks import PickCriteria, Ranking
    from goodside.album.search.known_values import check_tags

    if link and folder is None:
        raise click.UsageError("--link says how to fill a folder: --to DIR")
    with open_album(catalog_path) as catalog:
        criteria = PickCriteria(
            n=n,
            per_day=per_day,
            people=names_of(catalog, people),
            tags=frozenset(tags),
            min_percentile=min_percentile,
        )
        shots = read_album_photos(catalog)
    check_tags(shots, tags)
    files = {shot.photo.id: _file(shot) for shot in shots}
    chosen = Ranking(shots).best(criteria)
    if folder is not None:
        from goodside.album.export.copies import copy_photos

        ids = [photo_id for pick in chosen for photo_id in (pick.shot.photo.id, *pick.kept_with)]
        there = copy_photos([files[each] for each in ids if each in files], folder, link=link)
        many = "1 photograph" if len(there) == 1 else f"{len(there)} photographs"
        echo(f"{shown(folder, err=True)}: {many}", err=True)
    if not chosen:
        echo_error("no picks: every photograph is rejected, cut short, or not what was asked for")
    for pick in chosen:
        if as_json:
            echo_json(_record(pick, files=files))
        else:
            echo(f"{shown(_file(pick.shot))}\n    {_words(pick.reasons)}")


@click.command()
@click.option("--kind", type=click.Choice(GROUP_KINDS), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@catalog_option
def groups(*, kind: str | None, as_json: bool, catalog_path: Path | None) -> None:
    """Bursts, near-duplicates, brackets, panoramas and scenes, each with its best photograph.

    A photograph may be in one group of each kind: the frames of a burst are often near-duplicates
    of each other too, and always lie in the scene around them. --kind lists only one kind.
    """
    from goodside.album.album_photo import read_album_photos
    from goodside.album.catalog import list_groups
    from goodside.album.picks import Ranking, reason_as_json, word_reasons

    with open_album(catalog_path) as catalog:
        shots = read_album_photos(catalog)
        with catalog.read() as session:
            found = list_groups(session, kind=kind)
    ranking, by_id = Ranking(shots), {shot.photo.id: shot for shot in shots}
    for group in found:
        names = {
            photo_id: _file(by_id[photo_id]) for photo_id in group.photo_ids if photo_id in by_id
        }
        members = [by_id[photo_id] for photo_id in group.photo_ids if photo_id in by_id]
        best = ranking.best_of(members, kind=group.kind)
        paths = [str(_file(member)) for member in members]
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
        echo(_HEADINGS.get(group.kind, f"{group.kind} of {{n}}").format(n=len(members)))
        made = {one["file"]: one for one in _relations(group, names)}
        for path in paths:
            mark = "*" if path == chosen else " "
            echo(f"  {mark} {shown(path)}{_made(made.get(path))}")
        echo(f"    {_words(reasons)}")


def _words(reasons: Sequence[Reason]) -> str:
    from goodside.album.picks import word_reasons

    return "; ".join(map(shown, word_reasons(reasons)))


def _relations(group: Group, names: Mapping[int, Path]) -> list[Json]:
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


def _record(pick: Pick, *, files: dict[int, Path]) -> Json:
    from goodside.album.picks import reason_as_json, word_reasons

    judged = pick.shot.photo.judged
    return {
        "file": str(_file(pick.shot)),
        "reasons": word_reasons(pick.reasons),
        "reason_details": [reason_as_json(reason) for reason in pick.reasons],
        "worth": round(pick.worth.total, 3),
        "score": None if judged is None else round(judged.aesthetic.score, 3),
        "people": sorted(pick.shot.people),
        "tags": sorted(pick.shot.tags),
        "along": [str(files[each]) for each in pick.kept_with if each in files],
    }
