"""People: whose face is whose, what a person says about it, and whether rotation helps."""

from goodside.album.people.clustering import Standard, find_people
from goodside.album.people.commands import (
    confirm_faces,
    deny_faces,
    merge_people,
    name_person,
    reject_faces,
    split_person,
)
from goodside.album.people.evidence import Evidence, gather_evidence
from goodside.album.people.frontal_vectors import TurnedFaces, Turner, turn_side_faces
from goodside.album.people.gate import Gate
from goodside.album.people.people import Person, list_people, people_of, settle
from goodside.album.people.selectors import (
    face_numbers,
    point_at_face,
    point_at_name,
    point_at_names,
    point_at_person,
)
from goodside.album.people.sheet import measured, people_sheet
from goodside.album.people.update import following_decisions, update_people

__all__ = [
    "Evidence",
    "Gate",
    "Person",
    "Standard",
    "TurnedFaces",
    "Turner",
    "confirm_faces",
    "deny_faces",
    "face_numbers",
    "find_people",
    "following_decisions",
    "gather_evidence",
    "list_people",
    "measured",
    "merge_people",
    "name_person",
    "people_of",
    "people_sheet",
    "point_at_face",
    "point_at_name",
    "point_at_names",
    "point_at_person",
    "reject_faces",
    "settle",
    "split_person",
    "turn_side_faces",
    "update_people",
]
