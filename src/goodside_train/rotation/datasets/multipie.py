"""Multi-PIE for training: the subjects that a published setting trains on.

Setting 1 trains on the first 150 subjects of session 1, setting 2 on the first 200 of all four
sessions. The other subjects are for `goodside evaluate multipie`, and never read here.
"""

from __future__ import annotations

from pathlib import Path

from goodside.errors import SettingsError
from goodside.rotation.evaluation.multipie import Setting, find_pictures
from goodside_train.rotation.datasets.portraits import PortraitDataset, PosedPortrait


def multipie(folder: Path, *, setting: Setting) -> PortraitDataset:
    """The training part of a setting.

    Raises:
        SettingsError: the folder holds none of its pictures.
    """
    portraits = tuple(
        PosedPortrait(
            path=picture.path,
            identity=f"multipie-{picture.subject}",
            moment=f"{picture.session}-{picture.recording}",
            light=picture.light,
            yaw_deg=float(picture.yaw_deg),
            yaw_sign_known=False,
        )
        for picture in find_pictures(folder, setting=setting, training=True)
    )
    if not portraits:
        raise SettingsError(
            f"no training picture of Multi-PIE's setting {setting} is there",
            path=folder,
            remedy="name the folder that holds session01/multiview/SUBJECT/RECORDING/CAMERA",
        )
    return PortraitDataset(portraits)
