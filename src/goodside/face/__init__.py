"""Faces: where they are, where they look, how crisp they are, who is the same, and whose pixels."""

from goodside.face.align import ALIGNED_PX, TEMPLATE, align, alignment_matrix
from goodside.face.calibration import Calibration, read_calibration
from goodside.face.canonical import CanonicalMesh, five_points, load_canonical
from goodside.face.crop import Crop, warp
from goodside.face.detect import Detection, Detector
from goodside.face.draw import draw_faces
from goodside.face.embed import Embedder
from goodside.face.finder import FACE_MODELS, FaceFinder
from goodside.face.landmarks import Landmarker, Mesh
from goodside.face.matte import PersonMatte
from goodside.face.pose import (
    Similarity,
    angles,
    fit_pose,
    fit_similarity,
    measure_pose,
    rotation_matrix,
)
from goodside.face.sharpness import measure_sharpness

__all__ = [
    "ALIGNED_PX",
    "FACE_MODELS",
    "TEMPLATE",
    "Calibration",
    "CanonicalMesh",
    "Crop",
    "Detection",
    "Detector",
    "Embedder",
    "FaceFinder",
    "Landmarker",
    "Mesh",
    "PersonMatte",
    "Similarity",
    "align",
    "alignment_matrix",
    "angles",
    "draw_faces",
    "fit_pose",
    "fit_similarity",
    "five_points",
    "load_canonical",
    "measure_pose",
    "measure_sharpness",
    "read_calibration",
    "rotation_matrix",
    "warp",
]
