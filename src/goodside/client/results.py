"""What a service answers, as frozen results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np

from goodside.types import Aesthetic, Assessment, Box, Json, PhotoVerdict, Pose, RgbImage, Tag


@dataclass(frozen=True, slots=True)
class RemoteFace:
    """A face that the service found; without the mesh, which stays there.

    Attributes:
        number: from 0, the largest first; what `Client.rotate` takes as `face`.
        box: px of the upright picture.
        score, mesh_score, sharpness, quality: 0-1, as in `goodside.Face`.
        pose: where it looks.
        points: five pairs of pixels in the order of `goodside.types.FIVE_POINTS`.
    """

    number: int
    box: Box
    score: float
    mesh_score: float
    pose: Pose
    sharpness: float
    quality: float
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class RemoteFaces:
    """The faces of a photograph.

    Attributes:
        width, height: of the upright picture, px.
        faces: the largest first.
    """

    width: int
    height: int
    faces: tuple[RemoteFace, ...]


@dataclass(frozen=True, slots=True)
class RemoteTurned:
    """A face at another angle.

    Attributes:
        picture: the bytes of the file, marked as synthetic.
        media_type: `image/jpeg`, `image/png` or `image/webp`.
        source: the pose in the photograph.
        requested: the pose asked for.
        measured: the pose found in the result; None: no face was found in it.
        identity: cosine to the person's face, -1 to 1; None likewise.
        confidence: probability that a second recogniser takes it for the person, 0-1, or None.
        model: name and version of the weights.
    """

    picture: bytes
    media_type: str
    source: Pose
    requested: Pose
    measured: Pose | None
    identity: float | None
    confidence: float | None
    model: str

    @property
    def image(self) -> RgbImage:
        """(H, W, 3) uint8 sRGB, decoded."""
        from PIL import Image

        with Image.open(BytesIO(self.picture)) as image:
            return np.asarray(image.convert("RGB"))


@dataclass(frozen=True, slots=True)
class RemotePhoto:
    """A photograph of the album.

    Attributes:
        id: what the other calls take.
        name: of its first file.
        width, height: px; None: not known.
        taken_at: by the camera's clock; None: not said.
        camera: its name, or None.
        score: of the network, 1-10; None: not assessed.
        percentile: among the model's reference photographs, 0-100, or None: not assessed, or not a
            photograph.
        flag: `pick`, `reject` or None.
        stars: 0-5 or None.
        tags: what it shows, and the person's own.
        people: by key, names or None.
        faces: how many.
        technical: technical quality, 1-10; None: not measured.
    """

    id: int
    name: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    camera: str | None
    score: float | None
    percentile: float | None
    flag: str | None
    stars: int | None
    tags: tuple[str, ...]
    people: Mapping[str, str | None]
    faces: int
    technical: float | None = None


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How a scan is doing.

    Attributes:
        id: of the scan.
        state: `running`, `paused`, `stopping`, `done`, `stopped` or `failed`.
        stage: what is being done; None: it has ended.
        done, total: files of how many; 0 of 0 where nobody counts.
        rate: a second, lately; None: not known.
        eta_s: time left, in seconds; None: not known.
        failed: files that could not be used so far.
        error: what ended it, if something did.
    """

    id: int
    state: str
    stage: str | None
    done: int
    total: int
    rate: float | None
    eta_s: float | None
    failed: int
    error: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "stopped", "failed")


def assessment_of(record: Json, *, path: str | None) -> Assessment:
    """From JSON; labels of tags are as they are shown to people.

    The percentile of what is not a photograph is NaN: the service does not say it.
    """
    aesthetic = record["aesthetic"]
    return Assessment(
        width=record["width"],
        height=record["height"],
        aesthetic=Aesthetic(
            score=aesthetic["score"],
            std=aesthetic["std"],
            distribution=tuple(aesthetic["distribution"]),
            high_quality=aesthetic["high_quality"],
            percentile=math.nan if aesthetic["percentile"] is None else aesthetic["percentile"],
        ),
        semantics=tuple(Tag(one["label"], one["probability"]) for one in record["semantics"]),
        model=record["model"],
        path=path,
        incomplete=record.get("incomplete", False),
        notes=tuple(record.get("notes", ())),
        technical=record.get("technical"),
        words=tuple(Tag(one["label"], one["probability"]) for one in record.get("words", ())),
        verdict=PhotoVerdict(**record["photograph"]) if "photograph" in record else None,
    )


def faces_of(record: Json) -> RemoteFaces:
    """From JSON."""
    return RemoteFaces(
        record["width"],
        record["height"],
        tuple(
            RemoteFace(
                number=one["face"],
                box=Box(*one["box"]),
                score=one["score"],
                mesh_score=one["mesh_score"],
                pose=_pose(one["pose"]),
                sharpness=one["sharpness"],
                quality=one["quality"],
                points=tuple((x, y) for x, y in one["points"]),
            )
            for one in record["faces"]
        ),
    )


def turned_of(record: Json, *, picture: bytes, media_type: str) -> RemoteTurned:
    """From JSON, and the picture."""
    measured = record["measured"]
    return RemoteTurned(
        picture=picture,
        media_type=media_type,
        source=_pose(record["source"]),
        requested=_pose(record["requested"]),
        measured=None if measured is None else _pose(measured),
        identity=record["identity"],
        confidence=record["confidence"],
        model=record["model"],
    )


def photo_of(record: Json) -> RemotePhoto:
    """From JSON."""
    taken_at = record["taken_at"]
    return RemotePhoto(
        **{
            name: record[name]
            for name in (
                "id", "name", "width", "height", "camera", "score", "percentile", "flag", "stars",
                "faces",
            )
        },
        taken_at=None if taken_at is None else datetime.fromisoformat(taken_at),
        tags=tuple(record["tags"]),
        people={one["key"]: one["name"] for one in record["people"]},
        technical=record.get("technical"),
    )  # fmt: skip


def progress_of(record: Json) -> ScanProgress:
    """From JSON."""
    names = ("id", "state", "stage", "done", "total", "rate", "eta_s", "failed", "error")
    values: dict[str, Any] = {name: record[name] for name in names}
    return ScanProgress(**values)


def _pose(angles: Json) -> Pose:
    return Pose(
        angles["yaw_deg"], angles["pitch_deg"], angles["roll_deg"], angles.get("error", 0.0)
    )
