"""An album, or photographs ranked, as one HTML file that can be sent to somebody."""

from goodside.album.report.credits import Credit, read_credits
from goodside.album.report.gather import make_report
from goodside.album.report.html import check_target
from goodside.album.report.plot import Plot, plot_scores
from goodside.album.report.ranking import rank_photos
from goodside.album.report.render import render_report, write_report
from goodside.album.report.report import (
    Report,
    ReportFailure,
    ReportPerson,
    ReportSeries,
    Summary,
    Tile,
)
from goodside.album.report.terms import Terms, gather_terms, models_shown
from goodside.album.report.turned_face import (
    SWEEP_DEG,
    TurnedFace,
    TurnedView,
    find_subject,
    turn_face,
)

__all__ = [
    "SWEEP_DEG",
    "Credit",
    "Plot",
    "Report",
    "ReportFailure",
    "ReportPerson",
    "ReportSeries",
    "Summary",
    "Terms",
    "Tile",
    "TurnedFace",
    "TurnedView",
    "check_target",
    "find_subject",
    "gather_terms",
    "make_report",
    "models_shown",
    "plot_scores",
    "rank_photos",
    "read_credits",
    "render_report",
    "turn_face",
    "write_report",
]
