"""Faces at another angle: the pose-guided generator and the geometry around it."""

from goodside.rotation.encode import encode_pose
from goodside.rotation.mesh import HeadMesh, Warp, head_mesh, warp_to
from goodside.rotation.rotate import Rotator
from goodside.rotation.sheet import contact_sheet
from goodside.rotation.signal import Recipe, build_signal, signal_channels
from goodside.rotation.sitter import Series, Sitter
from goodside.rotation.target import Template, Templates, read_templates, write_templates

__all__ = [
    "HeadMesh",
    "Recipe",
    "Rotator",
    "Series",
    "Sitter",
    "Template",
    "Templates",
    "Warp",
    "build_signal",
    "contact_sheet",
    "encode_pose",
    "head_mesh",
    "read_templates",
    "signal_channels",
    "warp_to",
    "write_templates",
]
