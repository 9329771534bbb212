"""What the rotator does to faces, as tables for reading."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from goodside.cli.output.counts import counted
from goodside.cli.output.terminal import console, shown
from goodside.rotation.evaluation.cycle import CycleRow
from goodside.rotation.evaluation.evaluate import RotationReport, YawRow
from goodside.rotation.evaluation.groups import FEWEST_PEOPLE, GroupFigures, Interval
from goodside.rotation.evaluation.multipie import MultipieReport
from goodside.rotation.evaluation.verification import VerificationReport, YawRange
from goodside.rotation.evaluation.views import ViewRow

_METHODS = ("plain", "rotated", "fused")
_FIGURES = ("tar_1e2", "tar_1e3", "auc")


def print_turns(report: RotationReport) -> None:
    """Outward, back home, realism, and truth where views were given."""
    target = console()
    strangers = report.strangers
    target.print(
        f"{shown(report.model)}: {counted(report.faces, 'face')}, "
        f"{len(report.refused)} refused; "
        f"strangers' cosine: mean {_text(strangers.mean)}, "
        f"99th percentile {_text(strangers.p99)}"
    )
    target.print(_outward(report.rows))
    target.print("\nturned away by the mesh, and back")
    target.print(_homeward(report.back))
    distances = report.realism.distances
    target.print(
        f"\nkernel inception distance to photographs at 45 degrees and beyond: "
        f"{_text(distances.network, 4)}, warp {_text(distances.warp, 4)}, "
        f"draft alone {_text(distances.draft, 4)}, no pose images {_text(distances.unposed, 4)}"
    )
    if report.truth:
        target.print("\nagainst true views; dB and L1 inside the head")
        target.print(_truth(report.truth))
    if report.groups:
        target.print(
            f"\nby group, all yaws together, with 95 % intervals over people; none below "
            f"{FEWEST_PEOPLE} people, and groups whose intervals overlap may be alike"
        )
        target.print(_groups(report.groups))
    if report.confidence:
        curve = report.confidence
        target.print(
            f"\nconfidence 1 / (1 + exp(-({curve.slope} identity + {curve.offset}))), "
            f"calibration error {curve.calibration_error} on people apart"
        )


def print_verification(report: VerificationReport) -> None:
    """One row a range of yaw and method."""
    target = console()
    target.print(
        f"{counted(report.pairs, 'pair')}, {counted(len(report.failures), 'photograph')} failed"
    )
    table = _table("yaw", "recogniser", "method", "TAR at 1e-2", "TAR at 1e-3", "AUC")
    ranges: list[tuple[str, VerificationReport | YawRange]] = [("all", report)]
    ranges += [(f"{row.from_deg:.0f}-{row.to_deg:.0f}", row) for row in report.by_yaw]
    for name, row in ranges:
        for recogniser, figures in (("embedder", row.embedder), ("judge", row.second)):
            for method in _METHODS if figures else ():
                one = getattr(figures, method)
                cells = (_text(getattr(one, figure)) for figure in _FIGURES)
                table.add_row(name, recogniser, method, *cells)
    target.print(table)


def print_ranks(report: MultipieReport) -> None:
    """One row a yaw."""
    target = console()
    target.print(
        f"{counted(report.people, 'person', 'people')}, {counted(report.probes, 'probe')}; "
        f"{counted(len(report.failures), 'person', 'people')} without a gallery face"
    )
    table = _table("yaw", "n", "no face", *_METHODS)
    for row in report.rows:
        shares = (_text(getattr(row, method)) for method in _METHODS)
        table.add_row(f"{row.yaw_deg:+d}", str(row.count), str(row.lost), *shares)
    target.print(table)


def _outward(rows: Sequence[YawRow]) -> Table:
    table = _table(
        "yaw", "", "n", "cosine", "rank-1", "judge", "rank-1", "yaw error", "p95", "landmarks", "ms"
    )
    for row in rows:
        for name, figures, ms in (
            ("network", row.network, row.ms),
            ("warp", row.warp, None),
            ("draft alone", row.draft, None),
            ("no pose images", row.unposed, None),
        ):
            if figures is None:
                continue
            table.add_row(
                f"{row.yaw_deg:+.0f}",
                name,
                str(figures.count),
                _text(figures.cosine),
                _text(figures.rank1),
                _text(figures.second_distance),
                _text(figures.second_rank1),
                _text(figures.yaw_error_deg, 1),
                _text(figures.yaw_error_p95_deg, 1),
                _text(figures.landmark_error),
                _text(ms, 1),
            )
    return table


def _homeward(rows: Sequence[CycleRow]) -> Table:
    table = _table("from", "", "n", "L1", "cosine", "judge")
    for row in rows:
        methods = (("network", row.network), ("warp", row.warp), ("mirror", row.mirrored))
        for name, figures in methods:
            table.add_row(
                f"{row.yaw_deg:+.0f}",
                name,
                str(row.count),
                _text(figures.l1, 2),
                _text(figures.cosine),
                _text(figures.second_distance),
            )
    return table


def _truth(rows: Sequence[ViewRow]) -> Table:
    table = _table("from", "to", "", "n", "dB", "L1", "cosine", "judge", "lost")
    for row in rows:
        angles = (f"{row.from_yaw_deg:+.0f}", f"{row.to_yaw_deg:+.0f}")
        for name, figures, psnr in (
            ("network", row.network, row.psnr),
            ("warp", row.warp, row.warp_psnr),
            ("mirror", row.mirrored, None),
        ):
            table.add_row(
                *angles,
                name,
                str(row.count),
                _text(psnr, 2),
                _text(figures.l1, 2),
                _text(figures.cosine),
                _text(figures.second_distance),
                str(figures.lost),
            )
    return table


def _groups(rows: Sequence[GroupFigures]) -> Table:
    table = _table("", "", "faces", "refused", "lost", "cosine", "judge", "yaw error")
    for row in rows:
        low, high = row.refused_interval
        figures, intervals = row.summary, row.intervals
        table.add_row(
            shown(row.column),
            shown(row.group),
            str(row.faces),
            f"{row.refused} ({low:.0%} to {high:.0%})",
            str(figures.lost),
            _with_interval(figures.cosine, intervals.cosine),
            _with_interval(figures.second_distance, intervals.second_distance),
            _with_interval(figures.yaw_error_deg, intervals.yaw_error_deg, 1),
        )
    return table


def _with_interval(value: float | None, interval: Interval | None, digits: int = 3) -> str:
    """A figure with its interval, where it has one."""
    text = _text(value, digits)
    if interval is None:
        return text
    low, high = interval
    return f"{text} ({low:.{digits}f} to {high:.{digits}f})"


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _text(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
