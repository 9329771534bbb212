"""Why a photograph got its score: its kind, its attributes, and the parts that move the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodside.aesthetics.explanation.norms import ALL, Norms
from goodside.aesthetics.explanation.occlusion import EffectMap
from goodside.tags import display_name
from goodside.types import Assessment, FloatArray, Json

CAVEAT = (
    "Parts were blurred away one by one and the score taken anew: "
    "this is what the network reacts to, not why a person likes the picture."
)

_PERSONAL = frozenset({"content_preference", "willingness_to_share", "object_emphasis"})
"""What raters would do, or how the picture is built: neither good nor bad in itself."""

_SURE_FROM = 0.3  # probability from which a tag names the kind of a picture
_NOTABLE = 0.1  # points
_KINDS = {  # one, and many
    "animal": ("a picture of animals", "pictures of animals"),
    "building": ("a picture of buildings", "pictures of buildings"),
    "food": ("a picture of food", "pictures of food"),
    "indoor": ("an indoor picture", "indoor pictures"),
    "nightScene": ("a night scene", "night scenes"),
    "plant": ("a picture of plants", "pictures of plants"),
    "portrait": ("a portrait", "portraits"),
    "scene": ("a view", "views"),
    "stilllife": ("a still life", "still lifes"),
}
_NAMES = {"color": "colour", "technical": "technical quality"}
_DEGREES = ((90, "very high"), (70, "high"), (30, "middling"), (10, "low"), (0, "very low"))
_ABOVE, _BELOW = 75, 25  # percentiles of an attribute among its kind
_PLACES = (
    ("at the top left", "at the top", "at the top right"),
    ("on the left", "in the middle", "on the right"),
    ("at the bottom left", "at the bottom", "at the bottom right"),
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One side of a photograph as the network sees it, 1-10.

    Attributes:
        name: as the card writes it.
        value: the network's figure.
        usual: the median of the reference photographs of the same kind; None where the card does
            not say.
        percentile: share of them that have less of it, 0-100; None likewise.
    """

    name: str
    value: float
    usual: float | None = None
    percentile: float | None = None

    @property
    def spoken(self) -> str:
        return _NAMES.get(self.name, self.name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What moved a photograph's score.

    Attributes:
        assessment: the score itself.
        kind: the label it is compared within; None where it is compared with all photographs.
        percentile: share of the reference photographs of this kind that score lower, 0-100; None:
            it is not a photograph.
        attributes: in the card's order; empty where the network has none.
        effect: which parts lift the score.
        sentence: the same in words.
    """

    assessment: Assessment
    kind: str | None
    percentile: float | None
    attributes: tuple[Attribute, ...]
    effect: EffectMap
    sentence: str

    def as_json(self) -> Json:
        """Kind, attributes, map and sentence as plain numbers; the assessment is left out."""
        return {
            "sentence": self.sentence,
            "kind": None if self.kind is None else display_name(self.kind),
            "percentile": None if self.percentile is None else round(self.percentile, 1),
            "attributes": [
                {
                    "name": one.name,
                    "value": round(one.value, 2),
                    "usual": None if one.usual is None else round(one.usual, 2),
                    "percentile": None if one.percentile is None else round(one.percentile, 1),
                }
                for one in self.attributes
            ],
            "effect": {
                "points": [[round(float(v), 3) for v in row] for row in self.effect.points],
                "patch": [round(share, 3) for share in self.effect.patch],
            },
        }


def explain(
    assessment: Assessment,
    *,
    effect: EffectMap,
    attributes: Mapping[str, float],
    reference: Norms,
) -> Explanation:
    """Put a score beside what is usual, and into words.

    Args:
        assessment: of the whole photograph.
        effect: of its parts.
        attributes: the network's figures by name, 1-10.
        reference: what is usual; may be empty.
    """
    if not assessment.is_photo:
        return _of_no_photograph(assessment, effect=effect, attributes=attributes)
    kind, percentile = _kind(assessment, reference)
    among = ALL if kind is None else kind
    rated = tuple(
        Attribute(
            name,
            value,
            reference.usual(name, kind=among),
            reference.attribute_percentile(name, value, kind=among),
        )
        for name, value in attributes.items()
        if name not in _PERSONAL
    )
    parts = (
        _verdict(assessment, kind, percentile),
        _of_attributes(rated, "the reference photographs" if kind is None else "its kind"),
        _of_parts(effect),
    )
    return Explanation(
        assessment, kind, percentile, rated, effect, " ".join(part for part in parts if part)
    )


def _of_no_photograph(
    assessment: Assessment, *, effect: EffectMap, attributes: Mapping[str, float]
) -> Explanation:
    """Figures without a comparison: the reference photographs say nothing about it."""
    rated = tuple(
        Attribute(name, value) for name, value in attributes.items() if name not in _PERSONAL
    )
    score = assessment.aesthetic.score
    sentence = f"This is not a photograph: {score:.1f} of 10 says nothing about it."
    return Explanation(assessment, None, None, rated, effect, sentence)


def plural(kind: str | None) -> str:
    """`night scenes`, or `the reference photographs` for no kind in particular."""
    if kind is None:
        return "the reference photographs"
    return _KINDS.get(kind, ("", f"pictures tagged {kind}"))[1]


def _kind(assessment: Assessment, reference: Norms) -> tuple[str | None, float]:
    score, everyone = assessment.aesthetic.score, assessment.aesthetic.percentile
    for tag in assessment.semantics[:1]:
        found = reference.percentile(score, kind=tag.label)
        if found is not None and tag.probability >= _SURE_FROM:
            return tag.label, found
    return None, everyone


def _verdict(assessment: Assessment, kind: str | None, percentile: float) -> str:
    degree = next(word for least, word in _DEGREES if percentile >= least)
    score = f"{assessment.aesthetic.score:.1f} of 10"
    share = f"better than {min(max(percentile, 1), 99):.0f} % of {plural(kind)}"
    if kind is None:
        return f"{score}, {degree}: {share}."
    one = _KINDS.get(kind, (f"a picture tagged {kind}", ""))[0]
    return f"{score}, {degree} for {one}: {share}."


def _of_attributes(attributes: Sequence[Attribute], others: str) -> str:
    """Which attributes stand out, at most three a side; without a reference, the two ends."""
    if not attributes:
        return ""
    placed = [(one.percentile, one.spoken) for one in attributes if one.percentile is not None]
    if not placed:
        ordered = sorted(attributes, key=lambda one: -one.value)
        best, least = ordered[0], ordered[-1]
        return (
            f"Of its attributes {best.spoken} is rated highest ({best.value:.1f}) "
            f"and {least.spoken} lowest ({least.value:.1f})."
        )
    placed.sort(reverse=True)
    above = [name for percentile, name in placed if percentile >= _ABOVE][:3]
    below = [name for percentile, name in reversed(placed) if percentile <= _BELOW][:3]
    usual = f"what is usual for {others}"
    if above and below:
        return f"Above {usual}: {_listed(above)}; below: {_listed(below)}."
    if above or below:
        return f"{'Above' if above else 'Below'} {usual}: {_listed(above or below)}."
    return f"All its attributes are near {usual}."


def _of_parts(effect: EffectMap) -> str:
    points = effect.points
    lifts, lowers = float(points.max()), -float(points.min())
    if max(lifts, lowers) < _NOTABLE:
        return f"No single part decides: each moves the score by less than {_NOTABLE} points."
    best, worst = _where(points, at=int(points.argmax())), _where(points, at=int(points.argmin()))
    if lowers < _NOTABLE:
        return f"What lifts the score most lies {best} (+{lifts:.1f} points)."
    if lifts < _NOTABLE:
        return f"What lowers the score most lies {worst} (-{lowers:.1f} points)."
    if best == worst:
        return f"What moves the score most lies {best}, both ways (+{lifts:.1f}, -{lowers:.1f})."
    return (
        f"What lifts the score most lies {best} (+{lifts:.1f} points), "
        f"what lowers it most {worst} (-{lowers:.1f})."
    )


def _where(points: FloatArray, *, at: int) -> str:
    """Which of nine places holds the cell of this flat index."""
    row, column = divmod(at, points.shape[1])
    down, across = (row + 0.5) / points.shape[0], (column + 0.5) / points.shape[1]
    return _PLACES[int(3 * down)][int(3 * across)]


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
