"""The ten kinds of picture, learnt from our own labels where the weights saw none of PARA's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from goodside.types import FloatArray
from goodside_train.aesthetics.words.fit_head import WordHead, fit_word_head

KINDS = (
    "animal",
    "building",
    "food",
    "indoor",
    "nightScene",
    "others",
    "plant",
    "portrait",
    "scene",
    "stilllife",
)
"""As PARA names them, in its order."""

_REST = "others"


def fit_kinds(features: FloatArray, kinds: Sequence[str]) -> WordHead:
    """A head whose likeliest output is the kind.

    Nothing is learnt of `others`: it is what no other kind claims, and its chance is always the
    share of such photographs.

    Args:
        features: (N, D).
        kinds: N of `KINDS`, or empty where nobody said.
    """
    named = np.array(kinds)
    labels = np.stack([named == kind for kind in KINDS], axis=1).astype(np.float32)
    usual = float((named[named != ""] == _REST).mean())
    known = (named != "") & (named != _REST)
    head = fit_word_head(features[known], labels[known])
    rest = KINDS.index(_REST)
    head.weights[:, rest] = 0
    head.bias[rest] = np.log(usual / (1 - usual)) if usual else -10.0
    return head
