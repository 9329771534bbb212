"""The best of a group and the best of an album, with the reasons in words."""

from goodside.album.picks.pick import Pick, Wanted, best_of, pick_best
from goodside.album.picks.series import MIXED, Series, find_series
from goodside.album.picks.shot import Shot, read_shots
from goodside.album.picks.worth import Worth, weigh

__all__ = [
    "MIXED",
    "Pick",
    "Series",
    "Shot",
    "Wanted",
    "Worth",
    "best_of",
    "find_series",
    "pick_best",
    "read_shots",
    "weigh",
]
