"""`goodside page`: photographs ranked and a face turned, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goodside.cli.arguments.angles import Sweep
from goodside.cli.arguments.invocation import Invocation
from goodside.cli.arguments.photographs import list_photographs
from goodside.cli.output.outcome import Outcome
from goodside.cli.output.progress import watched
from goodside.cli.output.terminal import echo, shown

if TYPE_CHECKING:
    from goodside.album import Credit, Failure, Picture, Shot, Sitting, Terms
    from goodside.engines import Engines
    from goodside.errors import GoodsideError


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default="page.html",
    show_default=True,
    help="The page; its folder is made if it is missing.",
)
@click.option("--title", default="Photographs, ranked", show_default=True, help="Its heading.")
@click.option(
    "--portrait",
    type=click.Path(path_type=Path),
    help="Turn the face in this photograph. [the largest frontal face of PATHS]",
)
@click.option("--no-portrait", is_flag=True, help="Turn no face.")
@click.option(
    "--yaws",
    type=Sweep(),
    default="-45:45:15",
    show_default=True,
    help="The angles at which the face is shown.",
)
@click.option(
    "--credits",
    "credits_path",
    type=click.Path(path_type=Path),
    help="Markdown table of who made the photographs: | file | title | author | licence |.",
)
@click.option("--overwrite", is_flag=True, help="Replace other results too, not only a page.")
@click.pass_obj
def page(
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    out: Path,
    title: str,
    portrait: Path | None,
    no_portrait: bool,
    yaws: tuple[float, ...],
    credits_path: Path | None,
    overwrite: bool,
) -> None:
    """Rank the photographs PATHS, turn a face, and show both on one HTML page.

    The page holds its pictures and styles itself and loads nothing from elsewhere. An earlier page
    at the same place is replaced, another file is not.
    """
    if no_portrait and portrait is not None:
        raise click.UsageError("give --portrait or --no-portrait, not both")
    from goodside.album import Page, check_target, read_credits, write_page

    check_target(out, overwrite=overwrite)
    outcome = Outcome(as_json=False, debug=invocation.debug)
    photos = list_photographs(paths, outcome)
    credit_of = {} if credits_path is None else read_credits(credits_path)
    studio = _Studio(outcome, credit_of, invocation.engines)
    sitting = None if no_portrait else studio.sitting(photos, portrait=portrait, yaws_deg=yaws)
    shots = studio.shots(photos)
    made = Page(
        title=title,
        shots=tuple(shot for _, shot in shots),
        best=studio.best(shots),
        failures=tuple(studio.failures),
        sitting=sitting,
        terms=studio.terms(with_face=sitting is not None),
        made=date.today(),
    )
    write_page(out, made, overwrite=overwrite)
    counted = f"{len(shots)} photograph{'' if len(shots) == 1 else 's'} ranked"
    turned = "" if sitting is None else f", a face turned to {len(sitting.views)} angles"
    echo(f"{counted}{turned}\n{shown(out)}: open it in a browser, {out.resolve().as_uri()}")
    outcome.finish()


@dataclass(frozen=True, slots=True)
class _Studio:
    """The engines with what they share; tells failures and keeps them for the page."""

    outcome: Outcome
    credit_of: Mapping[str, Credit]
    engines: Engines
    failures: list[Failure] = field(default_factory=list)

    def shots(self, photos: Sequence[Path]) -> list[tuple[Path, Shot]]:
        """Judge the photographs; those that fail are told and left out."""
        from goodside.album import short_names, take_shots
        from goodside.errors import ImageError

        assessor = self.engines.assessor()
        names = short_names(photos)
        results = take_shots(
            photos, assessor=assessor, limits=self.engines.limits, credit_of=self.credit_of
        )
        shots = []
        for photo, result in watched(results, total=len(photos), description="judging"):
            if isinstance(result, ImageError):
                self._fail(photo, result, name=names[photo])
            else:
                shots.append((photo, result))
        return shots

    def best(self, shots: Sequence[tuple[Path, Shot]]) -> Picture | None:
        """The photograph that ranks first, larger."""
        from goodside.album import large_picture

        if not shots:
            return None
        photo, _ = max(shots, key=lambda pair: pair[1].assessment.aesthetic.score)
        return large_picture(photo, limits=self.engines.limits)

    def sitting(
        self, photos: Sequence[Path], *, portrait: Path | None, yaws_deg: Sequence[float]
    ) -> Sitting | None:
        """Turn the face of the portrait, or of the photograph that suits best."""
        from goodside.album import find_sitter, take_sitting
        from goodside.errors import FaceError, ImageError

        finder = self.engines.face_finder()
        if portrait is None:
            looked = watched(photos, total=len(photos), description="looking for a face")
            portrait = find_sitter(looked, finder=finder, limits=self.engines.limits)
        if portrait is None:
            return None
        try:
            return take_sitting(
                portrait,
                rotator=self.engines.rotator(),
                finder=finder,
                yaws_deg=yaws_deg,
                credit=self.credit_of.get(portrait.name),
                limits=self.engines.limits,
            )
        except (ImageError, FaceError) as error:
            self._fail(portrait, error, name=portrait.name)
            return None

    def terms(self, *, with_face: bool) -> tuple[Terms, ...]:
        """Terms of the weights whose results the page shows."""
        from goodside.aesthetics.assess import DEFAULT_MODEL
        from goodside.album import gather_terms
        from goodside.face import FACE_MODELS
        from goodside.rotation.rotate import TURNING_MODELS

        names = [DEFAULT_MODEL, *((*TURNING_MODELS, *FACE_MODELS) if with_face else ())]
        return gather_terms(self.engines.store.card(name) for name in names)

    def _fail(self, photo: Path, error: GoodsideError, *, name: str) -> None:
        from goodside.album import failure

        self.outcome.fail(photo, error)
        self.failures.append(failure(name, error))
