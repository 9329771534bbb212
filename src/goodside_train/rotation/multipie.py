"""Multi-PIE for training: the subjects that a published setting trains on.

A picture's name says all, as in `001_01_01_051_07.png`: subject, session, recording, camera and
illumination. Setting 1 trains on the first 150 subjects of session 1, setting 2 on the first 200 of
all four sessions; only neutral recordings and the cameras at the head's height are used. The other
subjects are for `goodside evaluate multipie`, and never read here.
"""

from __future__ import annotations

import re
from pathlib import Path

from goodside.errors import SettingsError
from goodside.rotation.multipie import YAW_OF_CAMERA, Setting
from goodside_train.rotation.shots import Room, Shot

_NAME = re.compile(r"(\d{3})_(\d{2})_(\d{2})_(\d{3})_(\d{2})\.(?:png|jpe?g|webp)", re.IGNORECASE)
_NEUTRAL = {("01", "01"), ("02", "01"), ("03", "01"), ("04", "01"), ("04", "03")}
_SUBJECTS: dict[Setting, int] = {1: 150, 2: 200}


def multipie(folder: Path, *, setting: Setting) -> Room:
    """The training part of a setting.

    Raises:
        SettingsError: the folder holds none of its pictures.
    """
    shots = [
        shot for path in sorted(folder.rglob("*")) if (shot := _shot(path, setting)) is not None
    ]
    if not shots:
        raise SettingsError(
            f"no training picture of Multi-PIE's setting {setting} is there",
            path=folder,
            remedy="name the folder that holds session01/multiview/SUBJECT/RECORDING/CAMERA",
        )
    return Room(tuple(shots))


def _shot(path: Path, setting: Setting) -> Shot | None:
    """The picture of a path, or None if the setting does not train on it."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    subject, session, recording, camera, light = named.groups()
    wanted = (
        camera in YAW_OF_CAMERA
        and (session, recording) in _NEUTRAL
        and (setting == 2 or session == "01")
        and int(subject) <= _SUBJECTS[setting]
    )
    if not wanted:
        return None
    return Shot(
        path=path,
        identity=f"multipie-{subject}",
        moment=f"{session}-{recording}",
        light=light,
        yaw_deg=float(YAW_OF_CAMERA[camera]),
        side_known=False,
    )
