"""Many photographs together: ranked, and shown on a page."""

from goodside.album.credits import Credit, read_credits
from goodside.album.good_side.good_side import GoodSide, find_good_side
from goodside.album.html import check_target
from goodside.album.page.page import (
    Failure,
    Page,
    Shot,
    Sitting,
    Terms,
    View,
)
from goodside.album.page.photos import failure, large_picture, short_names, take_shots
from goodside.album.page.render import render_page, write_page
from goodside.album.page.terms import gather_terms
from goodside.album.page.turned_face import find_sitter, take_sitting
from goodside.album.thumbnail import Picture, shrink, thumbnail_px

__all__ = [
    "Credit",
    "Failure",
    "GoodSide",
    "Page",
    "Picture",
    "Shot",
    "Sitting",
    "Terms",
    "View",
    "check_target",
    "failure",
    "find_good_side",
    "find_sitter",
    "gather_terms",
    "large_picture",
    "read_credits",
    "render_page",
    "short_names",
    "shrink",
    "take_shots",
    "take_sitting",
    "thumbnail_px",
    "write_page",
]
