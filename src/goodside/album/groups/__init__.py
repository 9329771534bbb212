"""Photographs that belong together: near-duplicates, bursts, brackets, panoramas, scenes."""

from goodside.album.groups.frame import Frame
from goodside.album.groups.group import find_groups, regroup

__all__ = ["Frame", "find_groups", "regroup"]
