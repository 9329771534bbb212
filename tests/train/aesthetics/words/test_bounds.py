"""Bounds: a word is silent below its own, and ships only where it was right on enough pictures."""

from __future__ import annotations

import numpy as np
import pytest

from goodside_train.aesthetics.words.bounds import (
    PRECISION,
    WordFigures,
    choose_threshold,
    measure_words,
)


def test_the_threshold_is_the_lowest_that_is_right_often_enough() -> None:
    chances = np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7])
    truth = np.array([True, True, True, False, True, False])
    assert choose_threshold(chances, truth, precision=0.8) == pytest.approx(0.725)
    assert choose_threshold(chances, truth, precision=0.9) == pytest.approx(0.825)


def test_a_word_that_is_likelier_absent_is_never_said() -> None:
    assert choose_threshold(np.linspace(0, 1, 9), np.ones(9, bool), precision=0.85) == 0.5


def test_a_word_that_is_never_right_is_never_said() -> None:
    assert choose_threshold(np.linspace(0, 1, 9), np.zeros(9, bool), precision=0.85) == 1.0


def _measured(noise: float, *, shown: int = 200) -> WordFigures:
    rng = np.random.default_rng(0)
    truth = np.arange(2000) < shown
    logits = np.where(truth, 3.0, -3.0)[:, None] + rng.normal(size=(2000, 1)) * noise
    return measure_words(
        ["dog"],
        logits.astype(np.float32),
        truth[:, None].astype(np.float32),
        groups=np.arange(2000),
    )[0]


def test_a_clear_word_ships_and_a_vague_one_stays_silent() -> None:
    clear, vague = _measured(0.5), _measured(30.0)
    assert clear.ships
    assert clear.precision >= PRECISION
    assert clear.right == pytest.approx(200, abs=5)
    assert not vague.ships


def test_a_clear_word_that_few_photographs_show_stays_silent() -> None:
    few = _measured(0.1, shown=5)
    assert few.precision >= PRECISION
    assert not few.ships


def test_photographs_that_nobody_is_sure_of_count_neither_way() -> None:
    logits = np.linspace(-3, 3, 400, dtype=np.float32)[:, None]
    labels = (logits > 0).astype(np.float32)
    labels[100:300] = np.nan
    figures = measure_words(["sky"], logits, labels, groups=np.arange(400))[0]
    assert figures.shown == 100
    assert figures.said <= 200


def test_the_interval_holds_the_precision_and_narrows_with_more() -> None:
    few, many = (WordFigures("sky", 0.5, 100, said, said * 9 // 10) for said in (10, 1000))
    for figures in (few, many):
        low, high = figures.interval
        assert 0 <= low < figures.precision < high <= 1
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]
    assert few.interval == pytest.approx((0.596, 0.982), abs=0.002)  # Wilson, 9 of 10


def test_what_was_never_said_has_no_precision() -> None:
    assert WordFigures("sky", 1.0, 3, 0, 0).as_json() == {
        "shown": 3,
        "said": 0,
        "right": 0,
        "precision": 0.0,
        "interval": [0.0, 1.0],
        "recall": 0.0,
    }
