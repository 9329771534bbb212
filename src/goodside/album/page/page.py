"""The page: photographs ranked and a face turned, in one HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from goodside.album.credits import Credit
from goodside.album.thumbnail import Picture
from goodside.types import Assessment, Pose


@dataclass(frozen=True, slots=True)
class Shot:
    """One photograph that was judged.

    Attributes:
        name: as the page calls it, mostly the file's name.
        picture: its thumbnail.
        assessment: what the network says.
        credit: who made it, if known.
    """

    name: str
    picture: Picture
    assessment: Assessment
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One photograph that could not be judged, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class View:
    """A face at one angle: a synthetic picture with what was measured on it.

    Attributes:
        picture: the turned portrait.
        yaw_deg: the angle that was asked for.
        measured: the pose found in the picture; None where no face was found.
        identity: cosine of the face to the photograph's, -1 to 1; None likewise.
    """

    picture: Picture
    yaw_deg: float
    measured: Pose | None
    identity: float | None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One face turned through its angles.

    Attributes:
        name: the photograph's name.
        portrait: the face's surroundings, cut out of the photograph.
        source: where the face looks in the photograph.
        views: in the order to show.
        model: name and version of the weights.
        credit: of the photograph, if known.
        strangers: identity that one pair of strangers in a hundred exceeds, if known.
        limits: how far the weights can be trusted, in words, if known.
    """

    name: str
    portrait: Picture
    source: Pose
    views: tuple[View, ...]
    model: str
    credit: Credit | None = None
    strangers: float | None = None
    limits: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the terms of some weights allow; `models` names them with their versions."""

    models: str
    terms: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a page shows.

    Attributes:
        title: its heading.
        shots: photographs in any order; the page ranks them.
        best: a larger picture of the photograph that ranks first, if there is one.
        failures: photographs that could not be judged.
        sitting: a face turned, if one is shown.
        terms: of the weights whose results the page shows.
        made: the day that stands on the page, if any.
    """

    title: str
    shots: tuple[Shot, ...] = ()
    best: Picture | None = None
    failures: tuple[Failure, ...] = ()
    sitting: Sitting | None = None
    terms: tuple[Terms, ...] = field(default=())
    made: date | None = None

    @property
    def ranked(self) -> tuple[Shot, ...]:
        """The photographs, best first; equal scores keep their order."""
        return tuple(sorted(self.shots, key=lambda shot: -shot.assessment.aesthetic.score))

    @property
    def credits(self) -> dict[str, Credit]:
        """Who made the photographs, by their names on the page, best first."""
        shown = [*self.ranked, *(() if self.sitting is None else (self.sitting,))]
        return {one.name: one.credit for one in shown if one.credit is not None}
