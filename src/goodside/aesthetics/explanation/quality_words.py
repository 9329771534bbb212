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
        Quality.COMPOSITION: phrase("well composed, as the network sees it"),
        Quality.COLOUR: phrase("good colours, as the network sees it"),
        Quality.LIGHT: phrase("good light, as the network sees it"),
        Quality.DEPTH_OF_FIELD: phrase("good depth of field, as the network sees it"),
        Quality.CONTENT: phrase("an interesting motif, as the network sees it"),
    }[quality]


def word_most(quality: Quality, others: str) -> Phrase:
    """That a photograph has the most of a quality: `the most colourful of 12 night scenes`.

    Args:
        quality: any but a level horizon.
        others: all that are compared, with their number.
    """
    match quality:
        case Quality.COLOURFUL:
            words = phrase("the most colourful of {others}", others=others)
        case Quality.WARM_COLOURS:
            words = phrase("the warmest colours of {others}", others=others)
        case Quality.COOL_COLOURS:
            words = phrase("the coolest colours of {others}", others=others)
        case Quality.CONTRAST:
            words = phrase("the strongest contrast of {others}", others=others)
        case Quality.BRIGHT:
            words = phrase("the brightest of {others}", others=others)
        case Quality.CLEAR_SUBJECT:
            words = phrase("the clearest subject of {others}", others=others)
        case Quality.SOFT_BACKGROUND:
            words = phrase("the softest background of {others}", others=others)
        case Quality.DARKER_BACKGROUND:
            words = phrase("its subject shines out of the dark most of {others}", others=others)
        case Quality.LIGHTER_BACKGROUND:
            words = phrase("its subject stands most clearly against the light of {others}",
                           others=others)
        case Quality.SYMMETRICAL:
            words = phrase("the most symmetrical of {others}", others=others)
        case Quality.SHARP:
            words = phrase("the sharpest of {others}", others=others)
        case Quality.SHARP_FACES:
            words = phrase("the sharpest faces of {others}", others=others)
        case Quality.TECHNICAL:
            words = phrase("technically the best of {others}", others=others)
        case Quality.COMPOSITION:
            words = phrase("the best-rated composition of {others}", others=others)
        case Quality.COLOUR:
            words = phrase("the best-rated colours of {others}", others=others)
        case Quality.LIGHT:
            words = phrase("the best-rated light of {others}", others=others)
        case Quality.DEPTH_OF_FIELD:
            words = phrase("the best-rated depth of field of {others}", others=others)
        case Quality.CONTENT:
            words = phrase("the best-rated motif of {others}", others=others)
        case _:
            words = word_quality(quality)
    return words


def word_more(quality: Quality, *, share: str, others: str) -> Phrase:
    """That it has more of a quality than most: `warmer colours than 90 % of 40 night scenes`.

    Args:
        quality: any but a level horizon.
        share: a percentage.
        others: all that are compared, with their number where it is known.
    """
    match quality:
        case Quality.COLOURFUL:
            words = phrase("more colourful than {share} of {others}", share=share, others=others)
        case Quality.WARM_COLOURS:
            words = phrase("warmer colours than {share} of {others}", share=share, others=others)
        case Quality.COOL_COLOURS:
            words = phrase("cooler colours than {share} of {others}", share=share, others=others)
        case Quality.CONTRAST:
            words = phrase("more contrast than {share} of {others}", share=share, others=others)
        case Quality.BRIGHT:
            words = phrase("brighter than {share} of {others}", share=share, others=others)
        case Quality.CLEAR_SUBJECT:
            words = phrase(
                "a clearer subject than in {share} of {others}", share=share, others=others
            )
        case Quality.SOFT_BACKGROUND:
            words = phrase(
                "a softer background than in {share} of {others}", share=share, others=others
            )
        case Quality.DARKER_BACKGROUND:
            words = phrase(
                "its subject shines out of the dark more than in {share} of {others}",
                share=share,
                others=others,
            )
        case Quality.LIGHTER_BACKGROUND:
            words = phrase(
                "its subject stands against the light more clearly than in {share} of {others}",
                share=share,
                others=others,
            )
        case Quality.SYMMETRICAL:
            words = phrase("more symmetrical than {share} of {others}", share=share, others=others)
        case Quality.SHARP:
            words = phrase("sharper than {share} of {others}", share=share, others=others)
        case Quality.SHARP_FACES:
            words = phrase("sharper faces than in {share} of {others}", share=share, others=others)
        case Quality.TECHNICAL:
            words = phrase(
                "technically better than {share} of {others}", share=share, others=others
            )
        case Quality.COMPOSITION:
            words = phrase(
                "composition rated above {share} of {others}", share=share, others=others
            )
        case Quality.COLOUR:
            words = phrase("colours rated above {share} of {others}", share=share, others=others)
        case Quality.LIGHT:
            words = phrase("light rated above {share} of {others}", share=share, others=others)
        case Quality.DEPTH_OF_FIELD:
            words = phrase(
                "depth of field rated above {share} of {others}", share=share, others=others
            )
        case Quality.CONTENT:
            words = phrase("motif rated above {share} of {others}", share=share, others=others)
        case _:
            words = word_quality(quality)
    return words
