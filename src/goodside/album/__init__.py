"""Many photographs together: an album, its people and picks, and which side of a face is better."""

from goodside.album.good_side.good_side import GoodSide, find_good_side

__all__ = ["GoodSide", "find_good_side"]
