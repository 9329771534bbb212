"""Photographs that belong together: near-duplicates, bursts, brackets, panoramas, scenes."""

from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.group import find_groups, regroup

__all__ = ["ComparablePhoto", "find_groups", "regroup"]
