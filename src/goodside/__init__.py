"""goodside judges photographs and turns faces, offline, on an ordinary computer.

The short way, one call each:

    goodside.assess("photo.jpg").aesthetic.score
    goodside.rotate("portrait.jpg", yaw_deg=30).image
    goodside.faces("group.jpg")
    goodside.portrait("portrait.jpg").side

The long way loads once and takes many: `Assessor`, `Rotator`, `FaceFinder`. `Album` scans folders
and picks their best.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from goodside.version import __version__ as __version__

if TYPE_CHECKING:
    from goodside.aesthetics import Assessor, Taste, learn_taste
    from goodside.album import GoodSide
    from goodside.album.album import Album
    from goodside.calls import assess, faces, portrait, rotate
    from goodside.errors import (
        AmbiguousFace,
        CatalogError,
        DoubtfulTurn,
        FaceError,
        GoodsideError,
        ImageError,
        ImageTimeout,
        ImageTooLarge,
        NoFace,
        OutOfMemory,
        OutOfRange,
        OutputError,
        ServiceBusy,
        ServiceError,
        SettingsError,
        SidecarError,
        UnfitFace,
        UnreadableImage,
        UnsupportedImage,
        WeightsError,
        WorkerError,
    )
    from goodside.face import FaceFinder
    from goodside.rotation import Rotator
    from goodside.types import Aesthetic, Assessment, Box, Doubt, Face, Pose, Tag, Turned

_HOMES = {
    "Aesthetic": "types",
    "Album": "album.album",
    "AmbiguousFace": "errors",
    "Assessment": "types",
    "Assessor": "aesthetics",
    "Box": "types",
    "CatalogError": "errors",
    "Doubt": "types",
    "DoubtfulTurn": "errors",
    "Face": "types",
    "FaceError": "errors",
    "FaceFinder": "face",
    "GoodSide": "album",
    "GoodsideError": "errors",
    "ImageError": "errors",
    "ImageTimeout": "errors",
    "ImageTooLarge": "errors",
    "NoFace": "errors",
    "OutOfMemory": "errors",
    "OutOfRange": "errors",
    "OutputError": "errors",
    "Pose": "types",
    "Rotator": "rotation",
    "ServiceBusy": "errors",
    "ServiceError": "errors",
    "SettingsError": "errors",
    "SidecarError": "errors",
    "Tag": "types",
    "Taste": "aesthetics",
    "Turned": "types",
    "UnfitFace": "errors",
    "UnreadableImage": "errors",
    "UnsupportedImage": "errors",
    "WeightsError": "errors",
    "WorkerError": "errors",
    "assess": "calls",
    "faces": "calls",
    "learn_taste": "aesthetics",
    "portrait": "calls",
    "rotate": "calls",
}

__all__ = [
    "Aesthetic",
    "Album",
    "AmbiguousFace",
    "Assessment",
    "Assessor",
    "Box",
    "CatalogError",
    "Doubt",
    "DoubtfulTurn",
    "Face",
    "FaceError",
    "FaceFinder",
    "GoodSide",
    "GoodsideError",
    "ImageError",
    "ImageTimeout",
    "ImageTooLarge",
    "NoFace",
    "OutOfMemory",
    "OutOfRange",
    "OutputError",
    "Pose",
    "Rotator",
    "ServiceBusy",
    "ServiceError",
    "SettingsError",
    "SidecarError",
    "Tag",
    "Taste",
    "Turned",
    "UnfitFace",
    "UnreadableImage",
    "UnsupportedImage",
    "WeightsError",
    "WorkerError",
    "assess",
    "faces",
    "learn_taste",
    "portrait",
    "rotate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'goodside' has no attribute {name!r}")
    value = getattr(import_module(f"goodside.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
