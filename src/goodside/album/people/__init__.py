"""People: whose face is whose, what a person says about it, and whether rotation helps."""

from goodside.album.people.clustering import ClusteringCriteria, find_people
from goodside.album.people.commands import (
    confirm_faces,
    hide_person,
    mark_not_person,
    merge_people,
    name_person,
    reject_faces,
    split_person,
)
from goodside.album.people.evidence import Evidence, gather_evidence
from goodside.album.people.frontal_vectors import Turner, TurningResult, turn_side_faces
from goodside.album.people.fusion_range import FusionRange
from goodside.album.people.likely_matches import LikelyMatch, LikenessTable, find_likely_matches
from goodside.album.people.people import Person, apply_decisions, group_by_person, list_people
from goodside.album.people.selectors import (
    number_faces,
    select_face,
    select_name,
    select_names,
    select_person,
    sort_from_left,
)
from goodside.album.people.sheet import draw_people_sheet, face_caption
from goodside.album.people.update import update_people, updating_people

__all__ = [
    "ClusteringCriteria",
    "Evidence",
    "FusionRange",
    "LikelyMatch",
    "LikenessTable",
    "Person",
    "Turner",
    "TurningResult",
    "apply_decisions",
    "confirm_faces",
    "draw_people_sheet",
    "face_caption",
    "find_likely_matches",
    "find_people",
    "gather_evidence",
    "group_by_person",
    "hide_person",
    "list_people",
    "mark_not_person",
    "merge_people",
    "name_person",
    "number_faces",
    "reject_faces",
    "select_face",
    "select_name",
    "select_names",
    "select_person",
    "sort_from_left",
    "split_person",
    "turn_side_faces",
    "update_people",
    "updating_people",
]
