"""Lists of pictures of the same people at several angles, as CSV files.

`image,identity,yaw_deg,pitch_deg` with `light` if wanted: a line a picture, `views.csv` of rendered
heads. Photographs may leave angles empty. `source,target,identity` with `yaw_deg` and `pitch_deg`
of the target if wanted: a line a pair of photographs. Paths are relative to the list.
"""

from __future__ import annotations

import csv
from pathlib import Path

from goodside.errors import SettingsError
from goodside.rotation.evaluation.views import read_views
from goodside_train.rotation.datasets.portraits import PortraitDataset, PosedPortrait

VIEWS = "views.csv"


def rendered_heads(folder: Path) -> PortraitDataset:
    """The rendered views that a folder's `views.csv` lists; all their angles are known.

    Raises:
        SettingsError: the list is missing, lacks a column, or an angle is no number.
    """
    portraits = tuple(
        PosedPortrait(
            path=view.path,
            identity=view.identity,
            light=view.light,
            yaw_deg=view.pose.yaw_deg,
            pitch_deg=view.pose.pitch_deg,
            roll_deg=0.0,
        )
        for view in read_views(folder / VIEWS)
    )
    return PortraitDataset(portraits, rendered=True)


def listed_photos(path: Path) -> PortraitDataset:
    """The photographs of a list of either kind.

    Raises:
        SettingsError: the list is missing, lacks a column, or an angle is no number.
    """
    try:
        rows = _rows(path)
        pairwise = bool(rows) and "source" in rows[0]
        portraits = [
            portrait
            for number, row in enumerate(rows)
            for portrait in (
                _pair(row, path.parent, number) if pairwise else [_one(row, path.parent)]
            )
        ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SettingsError(
            f"the list of photographs cannot be read: {error}",
            path=path,
            remedy="it needs the columns source, target, identity, or image, identity",
        ) from error
    return PortraitDataset(tuple(portraits))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def _one(row: dict[str, str], folder: Path) -> PosedPortrait:
    return PosedPortrait(
        path=folder / row["image"],
        identity=row["identity"],
        light=row.get("light") or "",
        yaw_deg=_angle(row, "yaw_deg"),
        pitch_deg=_angle(row, "pitch_deg"),
    )


def _pair(row: dict[str, str], folder: Path, number: int) -> list[PosedPortrait]:
    """Both photographs of a line; the line's number keeps them from being paired with others."""
    moment = str(number)
    source = PosedPortrait(folder / row["source"], row["identity"], moment)
    target = PosedPortrait(
        path=folder / row["target"],
        identity=row["identity"],
        moment=moment,
        yaw_deg=_angle(row, "yaw_deg"),
        pitch_deg=_angle(row, "pitch_deg"),
    )
    return [source, target]


def _angle(row: dict[str, str], name: str) -> float | None:
    return float(row[name]) if row.get(name) else None
