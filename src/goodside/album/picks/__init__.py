"""The best of a group and the best of an album, with the reasons as data and in words."""

from goodside.album.picks.comparison import AlbumComparison, compared_places
from goodside.album.picks.criteria import PickCriteria
from goodside.album.picks.explanation import find_faults
from goodside.album.picks.leads import Lead, find_leads, part_share
from goodside.album.picks.ranking import Pick, Ranking, repetition_cost
from goodside.album.picks.reasons import (
    AlbumScore,
    BestOfGroup,
    HasTrait,
    HasVersion,
    ModelScore,
    OnlyOneOfGroup,
    OnlyTrait,
    OriginalOfCopies,
    RatedByOwner,
    Reason,
    Shows,
    StandsForGroup,
    StandsOut,
    TasteScore,
    Trait,
    VersionOf,
    reason_as_json,
)
from goodside.album.picks.series import MIXED, Series, find_series
from goodside.album.picks.wording import word_change, word_reason, word_reasons
from goodside.album.picks.worth import Worth, compute_worth

__all__ = [
    "MIXED",
    "AlbumComparison",
    "AlbumScore",
    "BestOfGroup",
    "HasTrait",
    "HasVersion",
    "Lead",
    "ModelScore",
    "OnlyOneOfGroup",
    "OnlyTrait",
    "OriginalOfCopies",
    "Pick",
    "PickCriteria",
    "Ranking",
    "RatedByOwner",
    "Reason",
    "Series",
    "Shows",
    "StandsForGroup",
    "StandsOut",
    "TasteScore",
    "Trait",
    "VersionOf",
    "Worth",
    "compared_places",
    "compute_worth",
    "find_faults",
    "find_leads",
    "find_series",
    "part_share",
    "reason_as_json",
    "repetition_cost",
    "word_change",
    "word_reason",
    "word_reasons",
]
