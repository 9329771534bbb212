"""An album as one HTML file that can be sent to somebody."""

from goodside.album.report.gather import make_report
from goodside.album.report.plot import Plot, plot_scores
from goodside.album.report.render import render_report, write_report
from goodside.album.report.report import Person, Report, Series, Summary, Tile

__all__ = [
    "Person",
    "Plot",
    "Report",
    "Series",
    "Summary",
    "Tile",
    "make_report",
    "plot_scores",
    "render_report",
    "write_report",
]
