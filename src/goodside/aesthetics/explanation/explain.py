"""Why a photograph got its score: its kind, its attributes, and the parts that move the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodside.aesthetics.explanation.kinds import plural, singular
from goodside.aesthetics.explanation.norms import ALL, Norms
from goodside.aesthetics.explanation.occlusion import EffectMap
from goodside.aesthetics.explanation.qualities import (
    VIEWS,
    Quality,
    find_qualities,
    usual_percentile,
)
from goodside.aesthetics.explanation.quality_words import word_more, word_quality
from goodside.images.features import Tones, VisualFeatures
from goodside.phrase import listed, phrase
from goodside.tags import display_name, tag_key
from goodside.types import Assessment, FloatArray, Json

CAVEAT = phrase(
    "Parts were blurred away one by one and the score taken anew: "
    "this is what the network reacts to, not why a person likes the picture."
)

_PERSONAL = frozenset({"content_preference", "willingness_to_share", "object_emphasis"})
"""What raters would do, or how the picture is built: neither good nor bad in itself."""

_SURE_FROM = 0.3  # probability from which a tag names the kind of a picture
_NOTABLE = 0.1  # points
_NAMES = {  # of attributes, in the middle of a sentence
    "composition": phrase("composition"),
    "color": phrase("colour"),
    "depth_of_field": phrase("depth of field"),
    "light": phrase("light"),
    "content": phrase("content"),
    "content_preference": phrase("content preference"),
    "willingness_to_share": phrase("willingness to share"),
    "object_emphasis": phrase("object emphasis"),
    "technical": phrase("technical quality"),
}
_DEGREES = (
    (90, phrase("very high")),
    (70, phrase("high")),
    (30, phrase("middling")),
    (10, phrase("low")),
    (0, phrase("very low")),
)
_ABOVE, _BELOW = 75, 25  # percentiles of an attribute among its kind
_PLACES = (
    (phrase("at the top left"), phrase("at the top"), phrase("at the top right")),
    (phrase("on the left"), phrase("in the middle"), phrase("on the right")),
    (phrase("at the bottom left"), phrase("at the bottom"), phrase("at the bottom right")),
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
        """Its name in words, a phrase where goodside knows it."""
        return _NAMES.get(self.name, self.name.replace("_", " "))


@dataclass(frozen=True, slots=True)
class ShownQuality:
    """Something that a photograph's pixels show.

    Attributes:
        quality: what.
        percentile: share of the measured photographs that show less of it, 0-100; None: it has no
            degrees.
    """

    quality: Quality
    percentile: float | None


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
        sentence: the same in words, a phrase.
        qualities: what its pixels show, the rarest first; empty where they were not measured.
    """

    assessment: Assessment
    kind: str | None
    percentile: float | None
    attributes: tuple[Attribute, ...]
    effect: EffectMap
    sentence: str
    qualities: tuple[ShownQuality, ...] = ()

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
            "qualities": [
                {
                    "quality": one.quality.value,
                    "percentile": None if one.percentile is None else round(one.percentile, 1),
                }
                for one in self.qualities
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
    measured: tuple[VisualFeatures, Tones] | None = None,
) -> Explanation:
    """Put a score beside what is usual, and into words.

    Args:
        assessment: of the whole photograph.
        effect: of its parts.
        attributes: the network's figures by name, 1-10.
        reference: what is usual; may be empty.
        measured: what its pixels show; None: nothing is said of it.
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
    qualities = () if measured is None else _qualities(assessment, *measured)
    parts = (
        _verdict(assessment, kind, percentile),
        _of_attributes(rated, is_of_kind=kind is not None),
        _of_qualities(qualities),
        _of_parts(effect),
    )
    sentence = listed((part for part in parts if part), " ")
    return Explanation(assessment, kind, percentile, rated, effect, sentence, qualities)


def _of_no_photograph(
    assessment: Assessment, *, effect: EffectMap, attributes: Mapping[str, float]
) -> Explanation:
    """Figures without a comparison: the reference photographs say nothing about it."""
    rated = tuple(
        Attribute(name, value) for name, value in attributes.items() if name not in _PERSONAL
    )
    score = assessment.aesthetic.score
    sentence = phrase(
        "This is not a photograph: {score} of 10 says nothing about it.", score=f"{score:.1f}"
    )
    return Explanation(assessment, None, None, rated, effect, sentence)


def _kind(assessment: Assessment, reference: Norms) -> tuple[str | None, float]:
    score, everyone = assessment.aesthetic.score, assessment.aesthetic.percentile
    for tag in assessment.semantics[:1]:
        found = reference.percentile(score, kind=tag.label)
        if found is not None and tag.probability >= _SURE_FROM:
            return tag.label, found
    return None, everyone


def _verdict(assessment: Assessment, kind: str | None, percentile: float) -> str:
    degree = next(word for least, word in _DEGREES if percentile >= least)
    score = f"{assessment.aesthetic.score:.1f}"
    share = f"{min(max(percentile, 1), 99):.0f} %"
    others = plural(kind)
    if kind is None:
        return phrase(
            "{score} of 10, {degree}: better than {share} of {others}.",
            score=score,
            degree=degree,
            share=share,
            others=others,
        )
    return phrase(
        "{score} of 10, {degree} for {kind}: better than {share} of {others}.",
        score=score,
        degree=degree,
        kind=singular(kind),
        share=share,
        others=others,
    )


def _of_attributes(attributes: Sequence[Attribute], *, is_of_kind: bool) -> str:
    """Which attributes stand out, at most three a side; without a reference, the two ends."""
    if not attributes:
        return ""
    placed = [(one.percentile, one.spoken) for one in attributes if one.percentile is not None]
    if not placed:
        return _of_ends(attributes)
    placed.sort(reverse=True)
    above = [name for percentile, name in placed if percentile >= _ABOVE][:3]
    below = [name for percentile, name in reversed(placed) if percentile <= _BELOW][:3]
    others = phrase("its kind") if is_of_kind else phrase("the reference photographs")
    if above and below:
        return phrase(
            "Above what is usual for {others}: {above}; below: {below}.",
            others=others,
            above=_listed(above),
            below=_listed(below),
        )
    if above:
        return phrase(
            "Above what is usual for {others}: {above}.", others=others, above=_listed(above)
        )
    if below:
        return phrase(
            "Below what is usual for {others}: {below}.", others=others, below=_listed(below)
        )
    return _of_usual([name for _, name in placed], others=others)


def _of_usual(names: Sequence[str], *, others: str) -> str:
    if len(names) == 1:
        return phrase(
            "Its {name} is near what is usual for {others}.", name=names[0], others=others
        )
    return phrase("All its attributes are near what is usual for {others}.", others=others)


def _qualities(
    assessment: Assessment, features: VisualFeatures, tones: Tones
) -> tuple[ShownQuality, ...]:
    """What is above most photographs, or has no degrees; the rarest first."""
    sure = [tag for tag in assessment.semantics if tag.probability >= _SURE_FROM]
    views = set(map(tag_key, VIEWS))
    is_view = any(tag_key(tag.label) in views for tag in (*sure, *assessment.words))
    shown = [
        ShownQuality(quality, usual_percentile(quality, amount))
        for quality, amount in find_qualities(features, tones, is_view=is_view)
    ]
    notable = [one for one in shown if one.percentile is None or one.percentile >= _ABOVE]
    return tuple(sorted(notable, key=lambda one: -(one.percentile or 0.0)))


def _of_qualities(qualities: Sequence[ShownQuality]) -> str:
    if not qualities:
        return ""
    return phrase(
        "Its pixels show: {qualities}.",
        qualities=listed((_word_shown(one) for one in qualities[:3]), "; "),
    )


def _word_shown(one: ShownQuality) -> str:
    if one.percentile is None:
        return word_quality(one.quality)
    share = f"{min(int(one.percentile), 99)} %"
    return word_more(one.quality, share=share, others=phrase("photographs"))


def _of_ends(attributes: Sequence[Attribute]) -> str:
    """The highest and the lowest attribute, where nothing is known to compare with."""
    if len(attributes) == 1:
        value = f"{attributes[0].value:.1f}"
        return phrase("Its {name} is rated {value}.", name=attributes[0].spoken, value=value)
    ordered = sorted(attributes, key=lambda one: -one.value)
    best, worst = ordered[0], ordered[-1]
    most, least = f"{best.value:.1f}", f"{worst.value:.1f}"
    return phrase(
        "Of its attributes {best} is rated highest ({most}) and {worst} lowest ({least}).",
        best=best.spoken,
        most=most,
        worst=worst.spoken,
        least=least,
    )


def _of_parts(effect: EffectMap) -> str:
    points = effect.points
    highest, lowest = float(points.max()), -float(points.min())
    lifts, lowers = f"+{highest:.1f}", f"-{lowest:.1f}"
    if max(highest, lowest) < _NOTABLE:
        return phrase(
            "No single part decides: each moves the score by less than {points} points.",
            points=_NOTABLE,
        )
    best, worst = _where(points, at=int(points.argmax())), _where(points, at=int(points.argmin()))
    if lowest < _NOTABLE:
        return phrase(
            "What lifts the score most lies {best} ({lifts} points).", best=best, lifts=lifts
        )
    if highest < _NOTABLE:
        return phrase(
            "What lowers the score most lies {worst} ({lowers} points).", worst=worst, lowers=lowers
        )
    if best == worst:
        return phrase(
            "What moves the score most lies {best}, both ways ({lifts}, {lowers}).",
            best=best,
            lifts=lifts,
            lowers=lowers,
        )
    return phrase(
        "What lifts the score most lies {best} ({lifts} points), what lowers it most {worst} "
        "({lowers}).",
        best=best,
        lifts=lifts,
        worst=worst,
        lowers=lowers,
    )


def _where(points: FloatArray, *, at: int) -> str:
    """Which of nine places holds the cell of this flat index."""
    row, column = divmod(at, points.shape[1])
    down, across = (row + 0.5) / points.shape[0], (column + 0.5) / points.shape[1]
    return _PLACES[int(3 * down)][int(3 * across)]


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return phrase("{first} and {last}", first=listed(first), last=last) if first else last
