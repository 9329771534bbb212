"""Faces at another angle: the pose-guided generator and the geometry around it."""

from goodside.rotation.generator.pose_images import encode_pose
from goodside.rotation.generator.signal import Recipe, build_signal, signal_channels
from goodside.rotation.generator.templates import (
    Template,
    Templates,
    read_templates,
    write_templates,
)
from goodside.rotation.geometry.head import HeadMesh
from goodside.rotation.geometry.head_fit import head_mesh
from goodside.rotation.geometry.layers import Draft, Layers, draft, split_layers
from goodside.rotation.geometry.warp import Warp, warp_to
from goodside.rotation.rotate import Rotator
from goodside.rotation.sheet import contact_sheet
from goodside.rotation.subject import Subject, TurnSeries

__all__ = [
    "Draft",
    "HeadMesh",
    "Layers",
    "Recipe",
    "Rotator",
    "Subject",
    "Template",
    "Templates",
    "TurnSeries",
    "Warp",
    "build_signal",
    "contact_sheet",
    "draft",
    "encode_pose",
    "head_mesh",
    "read_templates",
    "signal_channels",
    "split_layers",
    "warp_to",
    "write_templates",
]
