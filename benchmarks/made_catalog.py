"""A large catalog made by script: rows, thumbnails, faces, groups and decisions, no photograph."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from PIL import Image
from sqlalchemy import insert

from goodside.album.catalog import (
    CatalogLocation,
    FaceRef,
    NamePerson,
    Rate,
    Session,
    SetFlag,
    append,
    open_catalog,
    prepare_search,
)
from goodside.album.catalog.models import (
    AssessmentRow,
    AssignmentRow,
    FaceRow,
    FileRow,
    FolderRow,
    GroupMemberRow,
    GroupRow,
    PhotoRow,
    ThumbnailRow,
)
from goodside.database_url import parse_location

_LABELS = ("animal", "plant", "food", "portrait", "building", "scene", "nightScene", "indoor")
_CAMERAS = ("Canon EOS 5D Mark IV", "NIKON D850", "FUJIFILM X-T4", "iPhone 12", None)
_FIRST_DAY = datetime(2018, 1, 1, 8)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FEATURES, _IDENTITY = 1280, 192
_DIRECTIONS, _SUBJECTS = 48, 3000
_AT_ONCE = 2000
Item = TypeVar("Item")


def make_catalog(
    location: CatalogLocation, *, photos: int, people: int = 400, decided: int = 3000, seed: int = 0
) -> None:
    """Make the catalog of an album of many photographs that are nowhere.

    Args:
        location: of the new catalog.
        photos: how many; a third of them in bursts, one in four with a face.
        people: how many, of whom a quarter has a name.
        decided: photographs that are flagged or rated.
        seed: of everything random.
    """
    rng = np.random.default_rng(seed)
    thumbnails = [_thumbnail(rng, *shape) for shape in [(320, 213), (213, 320)] for _ in range(40)]
    root = Path("/photos/made")
    moments, sizes = _moments(rng, photos), rng.random(photos) < 0.3
    with open_catalog(location) as catalog:
        with catalog.write() as session:
            session.execute(insert(FolderRow), [{"id": 1, "path": root, "added_at": _NOW}])
        for some in _parts(range(1, photos + 1)):
            with catalog.write() as session:
                _put_photos(
                    session,
                    some,
                    rng=rng,
                    root=root,
                    moments=moments,
                    upright=sizes,
                    thumbnails=thumbnails,
                )
        with catalog.write() as session:
            _put_groups(session, moments)
        with catalog.write() as session:
            refs = _put_faces(session, rng, photos=photos, people=people)
        with catalog.write() as session:
            prepare_search(session)
        with catalog.write() as session:
            _decide(session, rng, photos=photos, count=decided, refs=refs, named=people // 4)


def _moments(rng: np.random.Generator, photos: int) -> list[datetime]:
    """Of capture, in order: bursts, minutes, half hours and days apart."""
    gaps = rng.choice([0.4, 45.0, 1500.0, 90_000.0], size=photos, p=[0.33, 0.5, 0.155, 0.015])
    seconds = np.cumsum(gaps * rng.uniform(0.5, 1.5, photos))
    return [_FIRST_DAY + timedelta(seconds=float(one)) for one in seconds]


def _put_photos(
    session: Session,
    ids: Sequence[int],
    *,
    rng: np.random.Generator,
    root: Path,
    moments: Sequence[datetime],
    upright: Any,
    thumbnails: Sequence[bytes],
) -> None:
    scores = np.clip(rng.normal(5.4, 1.1, len(ids)), 1, 10)
    sharp, bright = rng.random(len(ids)), rng.uniform(0.2, 0.8, len(ids))
    features = _features(rng, len(ids))
    photos, files, judged, small = [], [], [], []
    for at, one in enumerate(ids):
        moment, tall = moments[one - 1], bool(upright[one - 1])
        width, height = (4000, 6000) if tall else (6000, 4000)
        name = root / f"{moment:%Y}" / f"{moment:%Y-%m-%d}" / f"IMG_{one:06d}.JPG"
        photos.append(
            {
                "id": one, "sha256": content(one), "first_seen": _NOW, "width": width,
                "height": height, "orientation": 1, "taken_at": moment,
                "taken_offset_min": 60 if one % 3 else None,
                "camera": _CAMERAS[one // 700 % len(_CAMERAS)], "phash": int(rng.integers(2**62)),
                "sharpness": float(sharp[at]), "brightness": float(bright[at]), "contrast": 0.2,
                "clipped_dark": 0.0, "clipped_bright": 0.0, "measured_by": "made",
                "faces_by": "made",
            }
        )  # fmt: skip
        files.append(
            {
                "id": one, "folder_id": 1, "path": name, "role": "photo", "photo_id": one,
                "first_sha256": content(one), "size": 8_000_000, "mtime_ns": one, "inode": one,
            }
        )  # fmt: skip
        chances = rng.dirichlet(np.full(len(_LABELS), 0.3))
        judged.append(
            {
                "photo_id": one, "model": "made 1.0.0", "score": float(scores[at]), "std": 1.3,
                "high_quality": float(scores[at] / 10), "percentile": float(scores[at] * 10),
                "distribution": [0.1] * 10,
                "tags": dict(zip(_LABELS, map(float, chances), strict=True)),
                "embedding": features[at],
            }
        )  # fmt: skip
        pool = len(thumbnails) // 2
        small.append({"photo_id": one, "jpeg": thumbnails[(one % pool) + (pool if tall else 0)]})
    for table, rows in (
        (PhotoRow, photos), (FileRow, files), (AssessmentRow, judged), (ThumbnailRow, small),
    ):  # fmt: skip
        session.execute(insert(table), rows)


def _put_groups(session: Session, moments: Sequence[datetime]) -> None:
    number = 0
    for kind, gap_s in (("burst", 1.0), ("scene", 1800.0)):
        groups, members = [], []
        for group in _runs(moments, gap_s):
            number += 1
            groups.append({"id": number, "kind": kind})
            members += [
                {"group_id": number, "position": at, "photo_id": one}
                for at, one in enumerate(group)
            ]
        for some in _parts(groups):
            session.execute(insert(GroupRow), some)
        for some in _parts(members):
            session.execute(insert(GroupMemberRow), some)


def _put_faces(
    session: Session, rng: np.random.Generator, *, photos: int, people: int
) -> dict[int, list[FaceRef]]:
    """A face in one photograph of four; by person, the first few of theirs."""
    means = [_unit(rng, _IDENTITY) for _ in range(people)]
    refs: dict[int, list[FaceRef]] = {}
    crop = _thumbnail(rng, 96, 96)
    for some in _parts(range(1, photos + 1, 4)):
        faces, assigned = [], []
        for one in some:
            who = min(int(rng.exponential(people / 6)), people - 1)
            left, top = rng.uniform(500, 2500, 2)
            vector = means[who] + 0.5 * _unit(rng, _IDENTITY)
            points = rng.random((5, 2)) * 400
            faces.append(
                {
                    "id": one, "photo_id": one, "left": left, "top": top, "right": left + 600,
                    "bottom": top + 800, "points": points, "yaw_deg": float(rng.normal(0, 20)),
                    "pitch_deg": 0.0, "roll_deg": 0.0, "pose_error": 0.02, "score": 0.95,
                    "mesh_score": 0.95, "sharpness": float(rng.random()), "eyes_open": 0.9,
                    "quality": 0.9, "embedding": vector / np.linalg.norm(vector), "crop": crop,
                }
            )  # fmt: skip
            assigned.append(
                {
                    "face_id": one, "person": f"{who:012x}", "similarity": 0.8,
                    "confirmed": False,
                }
            )  # fmt: skip
            if len(refs.setdefault(who, [])) < 10:
                width, height = 6000, 4000
                box = tuple(
                    round(10_000 * edge)
                    for edge in (left / width, top / height, (left + 600) / width,
                                 (top + 800) / height)
                )  # fmt: skip
                refs[who].append(FaceRef(photo=content(one).hex(), box=box))
        session.execute(insert(FaceRow), faces)
        session.execute(insert(AssignmentRow), assigned)
    return refs


def _decide(
    session: Session,
    rng: np.random.Generator,
    *,
    photos: int,
    count: int,
    refs: dict[int, list[FaceRef]],
    named: int,
) -> None:
    for one in rng.choice(photos, size=min(count, photos), replace=False).tolist():
        shot = (content(one + 1).hex(),)
        if one % 2:
            append(session, Rate(photos=shot, stars=one % 6), at=_NOW)
        else:
            flag: Literal["pick", "reject"] = "pick" if one % 3 else "reject"
            append(session, SetFlag(photos=shot, flag=flag), at=_NOW)
    for who in range(named):
        faces = tuple(refs.get(who, ()))
        append(
            session, NamePerson(person=f"{who:012x}", name=f"Person {who}", faces=faces), at=_NOW
        )


def content(number: int) -> bytes:
    """The sha256 that the made photograph of a row number is said to have."""
    return number.to_bytes(32, "big")


def _runs(moments: Sequence[datetime], gap_s: float) -> Iterator[list[int]]:
    run: list[int] = []
    for at, moment in enumerate(moments):
        if run and (moment - moments[at - 1]).total_seconds() > gap_s:
            if len(run) > 1:
                yield run
            run = []
        run.append(at + 1)
    if len(run) > 1:
        yield run


def _thumbnail(rng: np.random.Generator, width: int, height: int) -> bytes:
    """A small JPEG that costs as much to send and to decode as one of a photograph."""
    coarse = rng.integers(0, 255, (height // 12 + 1, width // 12 + 1, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _features(rng: np.random.Generator, count: int) -> Any:
    """(N, 1280) unit vectors as networks give them: of few directions, with subjects among them.

    Vectors of 1280 independent numbers would all be equally far from each other: no photograph
    would look like another, and no index could find what is nearest.
    """
    directions, subjects = _subjects()
    places = subjects[rng.integers(len(subjects), size=count)]
    places = places + 0.6 * rng.standard_normal(places.shape, dtype=np.float32)
    found = places @ directions
    found += 0.1 * rng.standard_normal(found.shape, dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@cache
def _subjects() -> tuple[Any, Any]:
    rng = np.random.default_rng(1)
    directions = rng.standard_normal((_DIRECTIONS, _FEATURES), dtype=np.float32)
    directions /= np.sqrt(_FEATURES)
    return directions, rng.standard_normal((_SUBJECTS, _DIRECTIONS), dtype=np.float32)


def _unit(rng: np.random.Generator, length: int) -> Any:
    vector = rng.standard_normal(length, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def _parts(items: Sequence[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while some := list(islice(left, _AT_ONCE)):
        yield some


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalog", type=parse_location, help="a file, or postgresql://HOST/NAME")
    parser.add_argument("--photos", type=int, default=100_000)
    arguments = parser.parse_args()
    make_catalog(arguments.catalog, photos=arguments.photos)
