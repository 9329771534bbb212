"""`goodside portrait`: which side of a face looks better, by our own measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.angles import Sweep
from goodside.cli.arguments.invocation import Invocation
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.terminal import shown
from goodside.version import __version__

if TYPE_CHECKING:
    from goodside.album import GoodSide


@click.command()
@click.argument("photo", type=click.Path(path_type=Path))
@click.option(
    "--yaws",
    type=Sweep(),
    default="-30:30:10",
    show_default=True,
    help="Where to turn the face; only angles with their opposite decide.",
)
@click.option("--face", type=click.IntRange(min=0), help="Which face, as `goodside faces` counts.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Write the sheet of views here.")
@click.option("--overwrite", is_flag=True, help="Replace a picture that is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
@click.pass_obj
def portrait(
    invocation: Invocation,
    *,
    photo: Path,
    yaws: tuple[float, ...],
    face: int | None,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Turn the face in PHOTO both ways, judge every view, and name the better side if one is.

    The turned views are synthetic; the answer compares left with right at equal angles and is
    checked on the photograph's mirror image.
    """
    from goodside.album import find_good_side
    from goodside.album.good_side.sheet import CAVEAT
    from goodside.errors import FaceError, ImageError, OutOfRange, OutputError
    from goodside.images import check_output

    outcome = Outcome(as_json=as_json, debug=invocation.debug)
    rotator, assessor = invocation.engines.rotator(), invocation.engines.assessor()
    try:
        if out is not None:
            check_output(out, overwrite=overwrite)
        answer = find_good_side(photo, rotator=rotator, assessor=assessor, yaws_deg=yaws, face=face)
        if out is not None:
            _save(out, answer, overwrite=overwrite)
    except (ImageError, FaceError, OutOfRange, OutputError) as error:
        outcome.fail(photo, error)
    else:
        sheet = None if out is None else str(out)
        outcome.show({**answer.as_json(), "sheet": sheet, "caveat": CAVEAT}, _text(answer, sheet))
    outcome.finish()


def _text(answer: GoodSide, sheet: str | None) -> str:
    from goodside.album.good_side.sheet import CAVEAT, explain, headline

    lines = [headline(answer), explain(answer)]
    for angle in answer.angles:
        refused = "" if angle.refused is None else f"  does not count: {angle.refused}"
        lines.append(
            f"  yaw {angle.yaw_deg:+4.0f}°  score {angle.score:.2f}  "
            f"corrected {angle.corrected:.2f}{refused}"
        )
    lines += [CAVEAT, *answer.notes]
    return "\n".join(lines if sheet is None else [*lines, f"{shown(sheet)}: the sheet"])


def _save(path: Path, answer: GoodSide, *, overwrite: bool) -> None:
    from goodside.album.good_side.sheet import good_side_sheet
    from goodside.images import SyntheticMark, save_image

    mark = SyntheticMark(
        tool=f"goodside {__version__}",
        description="One face turned to several angles and judged; not photographs of these views.",
    )
    save_image(path, good_side_sheet(answer), synthetic=mark, overwrite=overwrite)
