"""`goodside album people`: whose face is whose, and whether rotation helps to know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.album_option import album_option
from goodside.cli.output.counts import counted
from goodside.cli.output.progress import StageBars
from goodside.cli.output.terminal import echo, echo_json, shown

if TYPE_CHECKING:
    from goodside.album.album import Album
    from goodside.album.catalog import Catalog, Entry, FaceRecord, Session
    from goodside.album.people import Evidence, Person
    from goodside.types import Json

_who = click.argument("who")
_faces = click.argument("faces", nargs=-1, required=True, metavar="PHOTO#N...")


@click.group(invoke_without_command=True)
@click.option("--evidence", is_flag=True, help="Whether rotation helps with your confirmed people.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; with --evidence.")
@album_option
@click.pass_context
def people(ctx: click.Context, *, evidence: bool, as_json: bool, album: Album) -> None:
    """Know who is in the photographs; without a command, list the people.

    WHO is a name, the first four or more digits of a key, or PHOTO#N: the Nth face from the left
    in a photograph. `goodside album undo` takes back what you say.
    """
    if ctx.invoked_subcommand is not None:
        if evidence:
            raise click.UsageError("--evidence goes with no command")
        ctx.obj = replace(ctx.obj, catalog=album.location)
    elif evidence:
        _print_evidence(album.evidence(), as_json=as_json)
    else:
        _print_people(album, every=False, as_json=as_json)


@people.command()
@album_option
def update(*, album: Album) -> None:
    """Group the faces anew: after a scan, or when decisions have piled up.

    Side faces are turned to the camera first where the rotation weights' card says that it helps.
    """
    with closing(StageBars()) as bars:
        done = album.update_people(on_progress=bars.show)
    side_faces = done.side_faces
    said = counted(done.people, "person", "people")
    if side_faces.fusion_range is None:
        said += "; side faces as photographed: turning them does not help with these weights"
    elif side_faces.turned or side_faces.passed_over:
        turned = counted(side_faces.turned, "side face")
        said += f"; {turned} turned, {side_faces.passed_over} passed over"
    echo(said)


@people.command("list")
@click.option("--all", "every", is_flag=True, help="Also hidden people, and single unnamed faces.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a person.")
@album_option
def list_(*, every: bool, as_json: bool, album: Album) -> None:
    """List the people: key, faces, name."""
    _print_people(album, every=every, as_json=as_json)


@people.command()
@_who
@click.option("--sheet", type=click.Path(path_type=Path), help="Write a picture of the faces here.")
@click.option("--overwrite", is_flag=True, help="Replace a picture that is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@album_option
def show(
    *,
    who: str,
    sheet: Path | None,
    overwrite: bool,
    as_json: bool,
    album: Album,
) -> None:
    """List the faces of WHO, the surest first."""
    from goodside.album.catalog import read_crops
    from goodside.album.people import draw_people_sheet, face_caption, select_person
    from goodside.images import save_image

    with album.opened() as catalog, catalog.read() as session:
        person = select_person(session, who)
        names = _face_names(session)
        crops = read_crops(session, [face.id for face in person.faces]) if sheet else {}
    if sheet is not None:
        captions = {id_: Path(name).name for id_, name in names.items()}
        picture = draw_people_sheet(person, crops=crops, captions=captions)
        save_image(sheet, picture, overwrite=overwrite)
    if as_json:
        faces = [_face(face, names) for face in person.faces]
        echo_json({**_record(person), "faces": faces})
        return
    echo(_line(person))
    for face in person.faces:
        echo(f"  {shown(names[face.id])}  {face_caption(face)}")


@people.command()
@_who
@click.argument("name")
@album_option
def name(*, who: str, name: str, album: Album) -> None:
    """Call WHO by a NAME; the faces they have now are theirs for ever."""
    from goodside.album.people import name_person

    def say(catalog: Catalog) -> list[Entry]:
        return [name_person(catalog, _person(catalog, who), name)]

    _decide(album, say)


@people.command()
@_who
@click.argument("into")
@album_option
def merge(*, who: str, into: str, album: Album) -> None:
    """WHO is the same human as INTO."""
    from goodside.album.people import merge_people

    def say(catalog: Catalog) -> list[Entry]:
        return [merge_people(catalog, _person(catalog, who), _person(catalog, into))]

    _decide(album, say)


@people.command()
@_who
@_faces
@click.option("--as", "new_name", metavar="NAME", help="Name of the new person.")
@album_option
def split(
    *,
    who: str,
    faces: tuple[str, ...],
    new_name: str | None,
    album: Album,
) -> None:
    """These faces of WHO are together somebody else."""
    from goodside.album.people import split_person

    def say(catalog: Catalog) -> list[Entry]:
        chosen = _selected(catalog, faces)
        return split_person(catalog, _person(catalog, who), chosen, name=new_name)[1]

    _decide(album, say)


@people.command()
@_who
@click.argument("faces", nargs=-1, metavar="[PHOTO#N]...")
@album_option
def confirm(*, who: str, faces: tuple[str, ...], album: Album) -> None:
    """These faces, or all that WHO has now, are WHO for ever."""
    from goodside.album.people import confirm_faces

    def say(catalog: Catalog) -> list[Entry]:
        return [confirm_faces(catalog, _person(catalog, who), _selected(catalog, faces))]

    _decide(album, say)


@people.command("not")
@_who
@_faces
@album_option
def not_(*, who: str, faces: tuple[str, ...], album: Album) -> None:
    """These faces are not WHO, whoever else they are."""
    from goodside.album.people import mark_not_person

    def say(catalog: Catalog) -> list[Entry]:
        return mark_not_person(catalog, _person(catalog, who), _selected(catalog, faces))

    _decide(album, say)


@people.command()
@_faces
@album_option
def reject(*, faces: tuple[str, ...], album: Album) -> None:
    """These faces are of no interest, strangers or mistakes: they stay out for ever."""
    from goodside.album.people import reject_faces

    def say(catalog: Catalog) -> list[Entry]:
        return [reject_faces(catalog, _selected(catalog, faces))]

    _decide(album, say)


@people.command()
@_who
@album_option
def hide(*, who: str, album: Album) -> None:
    """Leave WHO out of what is shown of people; `people list --all` shows them."""
    _hide(album, who, hidden=True)


@people.command()
@_who
@album_option
def unhide(*, who: str, album: Album) -> None:
    """Show WHO among the people again."""
    _hide(album, who, hidden=False)


@people.command()
@_who
@click.option("--yes", is_flag=True, help="Do not ask.")
@album_option
def forget(*, who: str, yes: bool, album: Album) -> None:
    """Delete everything computed about the face of WHO, and the name: it cannot be brought back.

    Vectors and crops are erased from the file. What stays is where the faces are, so that they are
    not analysed again; `goodside album undo` lets the next scan do that.
    """
    from goodside.album.catalog import forget as erase

    with album.opened() as catalog:
        person = _person(catalog, who)
        if not yes:
            count = counted(len(person.faces), "face")
            click.confirm(f"forget {shown(person.label)} ({count})?", abort=True)
        gone = erase(catalog, person.key, at=datetime.now(UTC))
    echo(f"{counted(gone, 'face')} deleted")


def _hide(album: Album, who: str, *, hidden: bool) -> None:
    from goodside.album.people import hide_person

    def say(catalog: Catalog) -> list[Entry]:
        return hide_person(catalog, _person(catalog, who), hidden=hidden)

    _decide(album, say)


def _decide(album: Album, say: Callable[[Catalog], list[Entry]]) -> None:
    """Note what is said and group the faces by it."""
    from goodside.album.people import updating_people

    with album.opened() as catalog, updating_people(catalog):
        made = say(catalog)
    numbers = " and ".join(str(entry.number) for entry in made)
    echo(f"noted as {numbers}; goodside album undo takes it back")


def _person(catalog: Catalog, who: str) -> Person:
    from goodside.album.people import select_person

    with catalog.read() as session:
        return select_person(session, who)


def _selected(catalog: Catalog, faces: Sequence[str]) -> list[FaceRecord]:
    from goodside.album.people import select_face

    with catalog.read() as session:
        return [select_face(session, one) for one in faces]


def _print_people(album: Album, *, every: bool, as_json: bool) -> None:
    everybody = album.people()
    for one in everybody:
        if as_json:
            echo_json(_record(one))
        elif every or (not one.hidden and (one.known or len(one.faces) > 1)):
            echo(_line(one))
    alone = sum(not one.known and len(one.faces) == 1 for one in everybody)
    hidden = sum(one.hidden for one in everybody)
    left_out = [f"{alone} with a single face"] * bool(alone) + [f"{hidden} hidden"] * bool(hidden)
    if left_out and not every and not as_json:
        echo(f"and {', '.join(left_out)} (--all)")


def _print_evidence(found: Evidence, *, as_json: bool) -> None:
    if as_json:
        echo_json(found.as_json())
    else:
        echo(_evidence(found))


def _evidence(found: Evidence) -> str:
    from goodside.album.people.evidence import THRESHOLD

    lines = []
    if found.rows:
        people = counted(found.people, "person", "people")
        lines = [
            f"{people}, {counted(found.faces, 'confirmed face')}, {found.turned} of them turned",
            f"right person nearest | right person at {THRESHOLD:g} | somebody else at {THRESHOLD:g}"
            " (plain, rotated, fused)",
        ]
    for row in found.rows:
        figures = " | ".join(
            " ".join(f"{table[method]:.3f}" for method in ("plain", "rotated", "fused"))
            for table in (row.rank1, row.tar, row.far)
        )
        at = f"yaw {row.from_deg:.0f}-{row.to_deg:.0f}°"
        faces = "face " if row.faces == 1 else "faces"
        lines.append(f"{at:<12} {row.faces:>5} {faces}   {figures}")
    return "\n".join([*lines, found.words])


def _face_names(session: Session) -> dict[int, str]:
    """Row number of a face to how one points at it."""
    from goodside.album.catalog import list_faces, list_photos
    from goodside.album.people import number_faces

    faces = list_faces(session)
    photos = {one.id: one for one in list_photos(session, gone=True)}
    numbers = number_faces(faces)
    names = {}
    for face in faces:
        photo = photos[face.photo_id]
        where = str(photo.paths[0]) if photo.paths else f"{photo.sha256[:12]}…"
        names[face.id] = f"{where}#{numbers[face.id]}"
    return names


def _line(person: Person) -> str:
    return f"{person.key}  {len(person.faces):>5}  {shown(person.name or '')}".rstrip()


def _record(person: Person) -> Json:
    return {
        "key": person.key,
        "name": person.name,
        "known": person.known,
        "hidden": person.hidden,
        "count": len(person.faces),
    }


def _face(face: FaceRecord, names: dict[int, str]) -> Json:
    path, _, number = names[face.id].rpartition("#")
    return {
        "path": path,
        "number": int(number),
        "box": face.box.as_list(),
        "yaw_deg": round(face.pose.yaw_deg, 1),
        "similarity": None if face.similarity is None else round(face.similarity, 4),
        "confirmed": face.confirmed,
    }
