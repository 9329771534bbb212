"""What the rotator does to faces, as tables for reading."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from goodside.cli.output.terminal import console, shown
from goodside.rotation.evaluation.groups import LEAST_PEOPLE
from goodside.types import Json

_METHODS = ("plain", "rotated", "fused")
_FIGURES = ("tar_1e2", "tar_1e3", "auc")


def print_turns(report: Json) -> None:
    """Outward, back home, realism, and truth where views were given."""
    target = console()
    strangers = report["strangers"]
    target.print(
        f"{shown(report['model'])}: {report['faces']} faces, {len(report['refused'])} refused; "
        f"strangers' cosine: mean {_text(strangers['mean'])}, "
        f"99th percentile {_text(strangers['p99'])}"
    )
    target.print(_outward(report["rows"]))
    target.print("\nturned away by the mesh, and back")
    target.print(_homeward(report["back"]))
    realism = report["realism"]
    target.print(
        f"\nkernel inception distance to photographs at 45 degrees and beyond: "
        f"{_text(realism['kid'], 4)}, warp {_text(realism['warp_kid'], 4)}"
    )
    if report["truth"]:
        target.print("\nagainst true views, dB inside the head")
        target.print(_truth(report["truth"]))
    if report["groups"]:
        target.print(
            f"\nby group, all yaws together, with 95 % intervals over people; none below "
            f"{LEAST_PEOPLE} people, and groups whose intervals overlap may be alike"
        )
        target.print(_groups(report["groups"]))
    if report["confidence"]:
        curve = report["confidence"]
        target.print(
            f"\nconfidence 1 / (1 + exp(-({curve['slope']} identity + {curve['offset']}))), "
            f"calibration error {curve['calibration_error']} on people apart"
        )


def print_verification(report: Json) -> None:
    """One row a range of yaw and method."""
    target = console()
    target.print(f"{report['pairs']} pairs, {len(report['failures'])} photographs failed")
    table = _table("yaw", "recogniser", "method", "TAR at 1e-2", "TAR at 1e-3", "AUC")
    ranges = [("all", report)]
    ranges += [(f"{row['from_deg']:.0f}-{row['to_deg']:.0f}", row) for row in report["by_yaw"]]
    for name, row in ranges:
        for recogniser in ("embedder", "judge"):
            figures = row if recogniser == "embedder" else row["judge"]
            for method in _METHODS if figures else ():
                cells = (_text(figures[method][key]) for key in _FIGURES)
                table.add_row(name, recogniser, method, *cells)
    target.print(table)


def print_ranks(report: Json) -> None:
    """One row a yaw."""
    target = console()
    target.print(
        f"{report['people']} people, {report['probes']} probes; "
        f"{len(report['failures'])} people without a gallery face"
    )
    table = _table("yaw", "n", "no face", *_METHODS)
    for row in report["rows"]:
        shares = (_text(row[method]) for method in _METHODS)
        table.add_row(f"{row['yaw']:+d}", str(row["n"]), str(row["lost"]), *shares)
    target.print(table)


def _outward(rows: Sequence[Json]) -> Table:
    table = _table(
        "yaw", "", "n", "cosine", "rank-1", "judge", "rank-1", "yaw error", "p95", "landmarks", "ms"
    )
    for row in rows:
        for name, marks in (("network", row), ("warp", row["warp"])):
            table.add_row(
                f"{row['yaw']:+.0f}",
                name,
                str(marks["n"]),
                _text(marks["embedder_cosine"]),
                _text(marks["embedder_rank1"]),
                _text(marks["judge_distance"]),
                _text(marks["judge_rank1"]),
                _text(marks["pose_error_deg"], 1),
                _text(marks["pose_error_p95_deg"], 1),
                _text(marks["landmark_error"]),
                _text(marks.get("ms"), 1),
            )
    return table


def _homeward(rows: Sequence[Json]) -> Table:
    table = _table("from", "", "n", "L1", "cosine", "judge")
    for row in rows:
        for name, figures in (("network", row), ("warp", row["warp"]), ("mirror", row["mirrored"])):
            table.add_row(
                f"{row['yaw']:+.0f}",
                name,
                str(row["n"]),
                _text(figures["l1"], 2),
                _text(figures["embedder_cosine"]),
                _text(figures["judge_distance"]),
            )
    return table


def _truth(rows: Sequence[Json]) -> Table:
    table = _table("from", "to", "n", "network", "warp")
    for row in rows:
        angles = (f"{row['from_yaw']:+.0f}", f"{row['to_yaw']:+.0f}", str(row["n"]))
        table.add_row(*angles, _text(row["psnr"], 2), _text(row["warp_psnr"], 2))
    return table


def _groups(rows: Sequence[Json]) -> Table:
    table = _table("", "", "faces", "refused", "lost", "cosine", "judge", "yaw error")
    for row in rows:
        low, high = row["refused_interval"]
        refused = f"{row['refused']} ({low:.0%} to {high:.0%})"
        table.add_row(
            shown(row["column"]),
            shown(row["group"]),
            str(row["faces"]),
            refused,
            str(row["lost"]),
            _ranged(row, "embedder_cosine"),
            _ranged(row, "judge_distance"),
            _ranged(row, "pose_error_deg", 1),
        )
    return table


def _ranged(row: Json, name: str, digits: int = 3) -> str:
    """A figure with its interval, where it has one."""
    text, interval = _text(row[name], digits), row["intervals"][name]
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
