"""Browsing an album: its photographs in columns that are filtered, sorted and counted at once."""

from goodside.album.browse.index import AlbumIndex
from goodside.album.browse.query import BROWSE_SORTS, BrowseQuery, BrowseSort
from goodside.album.browse.results import FacetCount, Facets, PersonSeen, Selection

__all__ = [
    "BROWSE_SORTS",
    "AlbumIndex",
    "BrowseQuery",
    "BrowseSort",
    "FacetCount",
    "Facets",
    "PersonSeen",
    "Selection",
]
