"""Qualities of photographs in words: alone, and beside others."""

from __future__ import annotations

from goodside.aesthetics.explanation.qualities import Quality
from goodside.phrase import Phrase, phrase


def word_quality(quality: Quality) -> Phrase:
    """What a photograph shows, without a comparison: `strong colours`."""
    return {
        Quality.COLOURFUL: phrase("strong colours"),
        Quality.WARM_COLOURS: phrase("warm colours"),
        Quality.COOL_COLOURS: phrase("cool colours"),
        Quality.WARM_AND_COOL: phrase("warm against cool colours"),
        Quality.CONTRAST: phrase("strong contrast"),
        Quality.BRIGHT: phrase("bright and airy"),
        Quality.CLEAR_SUBJECT: phrase("a clear subject"),
        Quality.SOFT_BACKGROUND: phrase("a soft background"),
        Quality.DARKER_BACKGROUND: phrase("the subject stands out from a darker background"),
        Quality.LIGHTER_BACKGROUND: phrase("the subject stands out from a lighter background"),
        Quality.SYMMETRICAL: phrase("symmetrical"),
        Quality.LEVEL_HORIZON: phrase("a level horizon"),
        Quality.SHARP: phrase("crisp detail"),
        Quality.SHARP_FACES: phrase("sharp where the faces are"),
        Quality.TECHNICAL: phrase("technically clean"),
        Quality.LIGHT: phrase("good light"),
    }[quality]


def word_most(quality: Quality, others: str) -> Phrase:
    """That a photograph has the most of a quality: `the most colourful of 12 night scenes`.

    Args:
        quality: any; a level horizon has no degrees.
        others: all that are compared, with their number.
    """
    return {
        Quality.COLOURFUL: phrase("the most colourful of {others}", others=others),
        Quality.WARM_COLOURS: phrase("the warmest colours of {others}", others=others),
        Quality.COOL_COLOURS: phrase("the coolest colours of {others}", others=others),
        Quality.WARM_AND_COOL: phrase(
            "the strongest play of warm against cool colours of {others}", others=others
        ),
        Quality.CONTRAST: phrase("the strongest contrast of {others}", others=others),
        Quality.BRIGHT: phrase("the brightest of {others}", others=others),
        Quality.CLEAR_SUBJECT: phrase("the clearest subject of {others}", others=others),
        Quality.SOFT_BACKGROUND: phrase("the softest background of {others}", others=others),
        Quality.DARKER_BACKGROUND: phrase(
            "its subject shines out of the dark most of {others}", others=others
        ),
        Quality.LIGHTER_BACKGROUND: phrase(
            "its subject stands most clearly against the light of {others}", others=others
        ),
        Quality.SYMMETRICAL: phrase("the most symmetrical of {others}", others=others),
        Quality.SHARP: phrase("the sharpest of {others}", others=others),
        Quality.SHARP_FACES: phrase("the sharpest faces of {others}", others=others),
        Quality.TECHNICAL: phrase("technically the best of {others}", others=others),
        Quality.LIGHT: phrase("the best lit of {others}", others=others),
        Quality.LEVEL_HORIZON: word_quality(Quality.LEVEL_HORIZON),
    }[quality]


def word_more(quality: Quality, *, share: str, others: str) -> Phrase:
    """That it has more of a quality than most: `warmer colours than 90 % of 40 night scenes`.

    Args:
        quality: any; a level horizon has no degrees.
        share: a percentage.
        others: all that are compared, with their number where it is known.
    """
    return {
        Quality.COLOURFUL: phrase(
            "more colourful than {share} of {others}", share=share, others=others
        ),
        Quality.WARM_COLOURS: phrase(
            "warmer colours than {share} of {others}", share=share, others=others
        ),
        Quality.COOL_COLOURS: phrase(
            "cooler colours than {share} of {others}", share=share, others=others
        ),
        Quality.WARM_AND_COOL: phrase(
            "warm against cool colours, more than in {share} of {others}",
            share=share,
            others=others,
        ),
        Quality.CONTRAST: phrase(
            "more contrast than {share} of {others}", share=share, others=others
        ),
        Quality.BRIGHT: phrase("brighter than {share} of {others}", share=share, others=others),
        Quality.CLEAR_SUBJECT: phrase(
            "a clearer subject than in {share} of {others}", share=share, others=others
        ),
        Quality.SOFT_BACKGROUND: phrase(
            "a softer background than in {share} of {others}", share=share, others=others
        ),
        Quality.DARKER_BACKGROUND: phrase(
            "its subject shines out of the dark more than in {share} of {others}",
            share=share,
            others=others,
        ),
        Quality.LIGHTER_BACKGROUND: phrase(
            "its subject stands against the light more clearly than in {share} of {others}",
            share=share,
            others=others,
        ),
        Quality.SYMMETRICAL: phrase(
            "more symmetrical than {share} of {others}", share=share, others=others
        ),
        Quality.SHARP: phrase("sharper than {share} of {others}", share=share, others=others),
        Quality.SHARP_FACES: phrase(
            "sharper faces than in {share} of {others}", share=share, others=others
        ),
        Quality.TECHNICAL: phrase(
            "technically better than {share} of {others}", share=share, others=others
        ),
        Quality.LIGHT: phrase("better lit than {share} of {others}", share=share, others=others),
        Quality.LEVEL_HORIZON: word_quality(Quality.LEVEL_HORIZON),
    }[quality]
