"""The layout of 300W-LP and AFLW2000: beside every `.jpg` a `.mat` with the pose of its face.

300W-LP shows every photograph turned further and further, as `NAME_0.jpg`, `NAME_1.jpg` and so on:
views of one moment. AFLW2000 has one picture a person, which makes no pair; name its folder under
`photos` to turn its faces there and back.

`Pose_Para` holds pitch, yaw and roll in radians. Their axes are x right, y up, z toward the viewer,
and the head is rolled first, then turned, then nodded (3DDFA); here it is turned, nodded, rolled.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np

from goodside.errors import SettingsError
from goodside.face import angles, rotation_matrix
from goodside.types import Pose
from goodside_train.rotation.datasets.portraits import PortraitDataset, PosedPortrait

_VARIABLE = "Pose_Para"
_TURN = re.compile(r"_\d+$")  # the last number of a name counts the turns of one photograph


def large_pose(folder: Path) -> PortraitDataset:
    """All faces below a folder; the mirrored copies in folders named `…_Flip` are left out.

    Raises:
        SettingsError: there are none, or a `.mat` file cannot be read or holds no pose.
    """
    portraits = []
    for path in sorted(folder.rglob("*.jpg")):
        if path.parent.name.endswith("_Flip") or not path.with_suffix(".mat").exists():
            continue
        pose = read_pose(path.with_suffix(".mat"))
        moment = _TURN.sub("", path.stem)
        portraits.append(
            PosedPortrait(
                path=path,
                identity=moment,
                moment=moment,
                yaw_deg=pose.yaw_deg,
                pitch_deg=pose.pitch_deg,
                roll_deg=pose.roll_deg,
            )
        )
    if not portraits:
        raise SettingsError(
            "no .jpg with a .mat beside it is there",
            path=folder,
            remedy="name the folder of 300W-LP or AFLW2000",
        )
    return PortraitDataset(tuple(portraits))


def read_pose(path: Path) -> Pose:
    """The pose that a `.mat` file states, in degrees and in goodside's sense.

    Raises:
        SettingsError: the file cannot be read or holds no `Pose_Para`.
    """
    from scipy.io import loadmat  # takes a third of a second to import

    try:
        found = np.ravel(loadmat(path, variable_names=_VARIABLE).get(_VARIABLE, ()))
    except Exception as error:  # scipy raises many kinds for a damaged file
        raise SettingsError(
            f"the MATLAB file cannot be read: {error}",
            path=path,
            remedy="save it again with save -v7",
        ) from error
    if found.size < 3 or not np.issubdtype(found.dtype, np.number):
        raise SettingsError(f"the file holds no {_VARIABLE}", path=path)
    pitch, yaw, roll = (math.degrees(value) for value in found[:3])
    nod, turn = rotation_matrix(0, -pitch), rotation_matrix(-yaw)
    return Pose(*angles(nod @ turn @ rotation_matrix(0, 0, roll)))
