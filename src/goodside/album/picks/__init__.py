"""The best of a group and the best of an album, with the reasons in words."""

from goodside.album.picks.pick import Pick, Wanted, best_of, pick_best
from goodside.album.picks.shot import Shot, read_shots
from goodside.album.picks.worth import Worth, weigh

__all__ = ["Pick", "Shot", "Wanted", "Worth", "best_of", "pick_best", "read_shots", "weigh"]
