"""Faces: where they are, where they look, how crisp they are, and who is the same."""

from goodside.faces.align import ALIGNED_PX, TEMPLATE, align, alignment_matrix
from goodside.faces.calibration import Calibration, read_calibration
from goodside.faces.canonical import CanonicalMesh, five_points, load_canonical
from goodside.faces.crop import Crop, warp
from goodside.faces.detect import Detection, Detector
from goodside.faces.draw import draw_faces
from goodside.faces.embed import Embedder
from goodside.faces.finder import FaceFinder
from goodside.faces.landmarks import Landmarker, Mesh
from goodside.faces.pose import (
    Similarity,
    angles,
    fit_pose,
    fit_similarity,
    measure_pose,
    rotation_matrix,
)
from goodside.faces.sharpness import measure_sharpness

__all__ = [
    "ALIGNED_PX",
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
