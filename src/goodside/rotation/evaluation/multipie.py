"""The Multi-PIE benchmark: rank-1 recognition by yaw, under its two published settings.

The pictures are not ours to pass on; whoever has them gives the folder. A picture's name says all,
as in `session01/multiview/001/01/05_1/001_01_01_051_07.png`: subject, session, recording, camera,
illumination. Only neutral faces and the thirteen cameras at the head's height are used.

Setting 1: session 1, subjects after the 150th; each one's frontal picture under light 07 is the
gallery. Setting 2: all four sessions, subjects after the 200th; the gallery is the frontal picture
under light 07 of each one's first session. All other pictures are probes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from goodside.errors import FaceError, ImageError, SettingsError
from goodside.rotation.evaluation.likeness import METHODS, Likeness, Likenesses
from goodside.rotation.evaluation.report import key

Setting = Literal[1, 2]
YAW_OF_CAMERA = {
    "110": -90, "120": -75, "090": -60, "080": -45, "130": -30, "140": -15, "051": 0,
    "050": 15, "041": 30, "190": 45, "200": 60, "010": 75, "240": 90,
}  # fmt: skip
"""Degrees by the camera's three digits; the sign is the benchmark's custom."""

_NAME = re.compile(r"(\d{3})_(\d{2})_(\d{2})_(\d{3})_(\d{2})\.(?:png|jpe?g|webp)", re.IGNORECASE)
_NEUTRAL = {"01": {"01"}, "02": {"01"}, "03": {"01"}, "04": {"01", "03"}}  # recordings by session
_FRONTAL_LIGHT = "07"
_TRAINING_SUBJECTS: dict[int, int] = {1: 150, 2: 200}


@dataclass(frozen=True, slots=True)
class Probe:
    """One picture of the data set; `subject`, `session`, `recording` and `light` as in its name."""

    path: Path
    subject: str
    session: str
    recording: str
    light: str
    yaw_deg: int


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Pictures to know people by, one a person, and pictures to recognise."""

    gallery: tuple[Probe, ...]
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class RankRow:
    """Rank-1 shares of the probes of one yaw, 0-1; None where no face was found.

    Attributes:
        yaw_deg: of the camera.
        count: probes in which a face was found.
        lost: probes without one.
        plain: by the photographs' vectors.
        rotated: by those of the faces turned to the camera.
        fused: by both.
    """

    yaw_deg: int = field(metadata=key("yaw"))
    count: int = field(metadata=key("n"))
    lost: int
    plain: float | None
    rotated: float | None
    fused: float | None


@dataclass(frozen=True, slots=True)
class MultipieReport:
    """Recognition on Multi-PIE.

    Attributes:
        people: in the gallery.
        probes: of those people.
        failures: gallery pictures without a face; their people are out.
        rows: one a yaw.
    """

    people: int
    probes: int
    failures: tuple[str, ...]
    rows: tuple[RankRow, ...]


def find_pictures(folder: Path, *, setting: Setting, training: bool) -> list[Probe]:
    """The pictures below a folder that a setting trains on, or those that it tests with.

    By session, then by name.
    """
    named = (_probe(path) for path in folder.rglob("*"))
    return sorted(
        (
            probe
            for probe in named
            if probe is not None
            and (setting == 2 or probe.session == "01")
            and (int(probe.subject) <= _TRAINING_SUBJECTS[setting]) is training
        ),
        key=lambda probe: (probe.session, probe.path.name),
    )


def read_multipie(folder: Path, *, setting: Setting) -> Benchmark:
    """The test part of a setting.

    Raises:
        SettingsError: the folder holds none of its pictures, or no gallery picture.
    """
    pictures = find_pictures(folder, setting=setting, training=False)
    gallery: dict[str, Probe] = {}
    for probe in pictures:
        if probe.yaw_deg == 0 and probe.light == _FRONTAL_LIGHT:
            gallery.setdefault(probe.subject, probe)
    if not gallery:
        raise SettingsError(
            f"no gallery picture of setting {setting} is there",
            path=folder,
            remedy="name the folder that holds session01/multiview/SUBJECT/RECORDING/CAMERA",
        )
    probes = [p for p in pictures if p.subject in gallery and p is not gallery[p.subject]]
    return Benchmark(tuple(gallery.values()), tuple(probes))


def evaluate_multipie(
    benchmark: Benchmark, *, read: Callable[[Path], Likenesses]
) -> MultipieReport:
    """Recognise every probe among the gallery.

    Args:
        benchmark: from `read_multipie`.
        read: a picture's likeness, as `LikenessReader.read` gives it.
    """
    known: list[tuple[str, Likeness]] = []
    failures = []
    for probe in benchmark.gallery:
        likeness = _likeness(probe, read)
        if likeness is None:
            failures.append(str(probe.path))
        else:
            known.append((probe.subject, likeness))
    subjects = {subject for subject, _ in known}
    rows, total = [], 0
    for yaw in sorted({probe.yaw_deg for probe in benchmark.probes}):
        asked = [p for p in benchmark.probes if p.yaw_deg == yaw and p.subject in subjects]
        found = [(p.subject, one) for p in asked if (one := _likeness(p, read)) is not None]
        shares = {method: _rank1(found, known, method) for method in METHODS}
        lost = len(asked) - len(found)
        total += len(asked)
        rows.append(RankRow(yaw, len(found), lost, **shares))
    return MultipieReport(len(known), total, tuple(failures), tuple(rows))


def _probe(path: Path) -> Probe | None:
    """The picture of a path, or None if it is no neutral face from the head's height."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    subject, session, recording, camera, light = named.groups()
    if camera not in YAW_OF_CAMERA or recording not in _NEUTRAL.get(session, ()):
        return None
    return Probe(path, subject, session, recording, light, YAW_OF_CAMERA[camera])


def _likeness(probe: Probe, read: Callable[[Path], Likenesses]) -> Likeness | None:
    try:
        return read(probe.path).embedder
    except (ImageError, FaceError):
        return None


def _rank1(
    found: Sequence[tuple[str, Likeness]], known: Sequence[tuple[str, Likeness]], method: str
) -> float | None:
    """The share of faces whose nearest gallery face is their own."""
    if not found:
        return None
    gallery = np.stack([getattr(likeness, method) for _, likeness in known])
    right: list[bool] = [
        known[int(np.argmax(gallery @ getattr(likeness, method)))][0] == subject
        for subject, likeness in found
    ]
    return round(float(np.mean(right)), 4)
