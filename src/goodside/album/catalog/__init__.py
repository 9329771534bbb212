"""The album's memory: what was computed about photographs, and what a person decided about them.

SQL stands in this package only. Others open a catalog, take a session from `Catalog.read` or
`Catalog.write`, and hand it to the functions here.
"""

from goodside.album.catalog.catalog import Catalog, default_catalog_path, open_catalog
from goodside.album.catalog.decisions import (
    Decision,
    Decisions,
    FaceRef,
    ForgetPerson,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    RejectFaces,
    ReplacePhoto,
    SetFlag,
    SetFolder,
    SetTags,
    SplitPerson,
    Undo,
    fold,
    new_person_key,
)
from goodside.album.catalog.journal import Entry, append, decisions, entries, undo

GROUP_KINDS = ("near_duplicate", "burst", "bracket", "panorama", "scene")

__all__ = [
    "GROUP_KINDS",
    "Catalog",
    "Decision",
    "Decisions",
    "Entry",
    "FaceRef",
    "ForgetPerson",
    "MergePeople",
    "NamePerson",
    "NotPerson",
    "Rate",
    "RejectFaces",
    "ReplacePhoto",
    "SetFlag",
    "SetFolder",
    "SetTags",
    "SplitPerson",
    "Undo",
    "append",
    "decisions",
    "default_catalog_path",
    "entries",
    "fold",
    "new_person_key",
    "open_catalog",
    "undo",
]
