"""Why a photograph was chosen, or what speaks against it: as data; `wording` puts it in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Literal

from goodside.aesthetics.explanation.qualities import Quality
from goodside.types import Json


class Trait(StrEnum):
    """What can be said of a photograph without a figure."""

    OWN_PICK = "own_pick"
    """The person picked it."""
    OWN_CHOICE = "own_choice"
    """The person chose it of its group."""
    SHARPER = "sharper"
    """Sharper than the others of its group."""
    BETTER_EXPOSED = "better_exposed"
    """Better exposed than the others of its group."""
    FACES_CAMERA = "faces_camera"
    """Its people face the camera, more than in the others of its group."""
    EYES_OPEN = "eyes_open"
    """Its people's eyes are open, more than in the others of its group."""
    SHARP = "sharp"
    FACING_CAMERA = "facing_camera"
    EYES_OPEN_FACING_CAMERA = "eyes_open_facing_camera"
    NOTHING_AGAINST = "nothing_against"
    """There is no other reason."""
    NOT_SHARP = "not_sharp"
    EYES_SHUT = "eyes_shut"
    BADLY_EXPOSED = "badly_exposed"
    INCOMPLETE = "incomplete"
    """The file is cut short."""


class OnlyTrait(StrEnum):
    """What one photograph of a group can have that no other of it has."""

    OPEN_EYES = "open_eyes"
    SHARP_EYES = "sharp_eyes"
    """Sharp faces with open eyes."""
    SHARP = "sharp"
    FACES_CAMERA = "faces_camera"
    WELL_EXPOSED = "well_exposed"


@dataclass(frozen=True, slots=True)
class HasTrait:
    """It has a trait."""

    kind: Trait


@dataclass(frozen=True, slots=True)
class RatedByOwner:
    """The person gave it 4 or 5 stars."""

    stars: int


@dataclass(frozen=True, slots=True)
class BestOfGroup:
    """It is the best of its group or series.

    Attributes:
        group: kind of the group or series, none of `KEPT_WHOLE`.
        count: photographs in it.
    """

    group: str
    count: int


@dataclass(frozen=True, slots=True)
class StandsForGroup:
    """It stands for a group that is one picture only together.

    Attributes:
        group: kind of the group, one of `KEPT_WHOLE`.
        count: photographs in it.
    """

    group: str
    count: int


@dataclass(frozen=True, slots=True)
class OriginalOfCopies:
    """It is the original of others in its group.

    Attributes:
        count: how many copies.
        changes: what was done to them, each kind once: `smaller`, `recompressed`, …
    """

    count: int
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelScore:
    """What the network gives it.

    Attributes:
        score: 1-10.
        percentile: 0-100, among the model's reference photographs.
    """

    score: float
    percentile: float


@dataclass(frozen=True, slots=True)
class TasteScore:
    """What the person's own taste gives it.

    Attributes:
        score: 1-10.
    """

    score: float


@dataclass(frozen=True, slots=True)
class VersionOf:
    """It is an edited version of another photograph.

    Attributes:
        original: the other's name; None: it is not in the album.
        change: how they differ: `crop`, `black and white`, …
    """

    original: str | None
    change: str


@dataclass(frozen=True, slots=True)
class HasVersion:
    """There is an edited version of it.

    Attributes:
        version: the version's name.
        change: how they differ.
    """

    version: str
    change: str


@dataclass(frozen=True, slots=True)
class StandsOut:
    """It shows more of a quality than what it is compared with.

    Attributes:
        quality: what.
        among: all of the album, those of one kind in it, or photographs in general.
        label: the kind: a tag; None for the others.
        count: photographs compared, itself among them; None for photographs in general.
        rank: 1: none of them shows as much; None likewise.
        percentile: share of the others that show less, 0-100.
    """

    quality: Quality
    among: Literal["album", "kind", "photographs"]
    label: str | None
    count: int | None
    rank: int | None
    percentile: float


@dataclass(frozen=True, slots=True)
class Shows:
    """It shows a quality that is there or not."""

    quality: Quality


@dataclass(frozen=True, slots=True)
class OnlyOneOfGroup:
    """It alone of its group has a trait.

    Attributes:
        trait: `OPEN_EYES`, `SHARP_EYES`, `SHARP`, `FACES_CAMERA` or `WELL_EXPOSED`.
        count: photographs in the group, three at least.
    """

    trait: OnlyTrait
    count: int


@dataclass(frozen=True, slots=True)
class AlbumScore:
    """Its score among those of the album, or of its kind in it.

    Attributes:
        label: the kind: a tag; None: all of the album.
        count: photographs compared, itself among them.
        rank: 1: the best.
        percentile: share of the others that score lower, 0-100.
    """

    label: str | None
    count: int
    rank: int
    percentile: float


Reason = (
    HasTrait
    | StandsOut
    | Shows
    | OnlyOneOfGroup
    | AlbumScore
    | RatedByOwner
    | BestOfGroup
    | StandsForGroup
    | OriginalOfCopies
    | ModelScore
    | TasteScore
    | VersionOf
    | HasVersion
)

_KINDS: dict[type[Reason], str] = {
    StandsOut: "stands_out",
    Shows: "shows",
    OnlyOneOfGroup: "only_one_of_group",
    AlbumScore: "album_score",
    RatedByOwner: "rated_by_owner",
    BestOfGroup: "best_of_group",
    StandsForGroup: "stands_for_group",
    OriginalOfCopies: "original_of_copies",
    ModelScore: "model_score",
    TasteScore: "taste_score",
    VersionOf: "version_of",
    HasVersion: "has_version",
}


def reason_as_json(reason: Reason) -> Json:
    """A reason for programs: `kind`, a name that stays, and the reason's own figures."""
    if isinstance(reason, HasTrait):
        return {"kind": reason.kind.value}
    figures = {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in asdict(reason).items()
    }
    return {"kind": _KINDS[type(reason)], **figures}
