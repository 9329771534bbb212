"""Which photograph is in which part: by name alone, themes whole, nothing trained on twice."""

from __future__ import annotations

from collections import Counter

import pytest

from goodside_train.aesthetics.datasets.kept_apart import (
    Part,
    biq_part,
    oasis_part,
    oasis_theme,
    para_part,
)
from goodside_train.aesthetics.datasets.para_shards import is_validation


@pytest.mark.parametrize(
    ("name", "theme"),
    [
        ("Dog12.avif", "dog"),
        ("Nude couple 3.avif", "nude couple"),
        ("Sunset1.jpg", "sunset"),
        ("Lake.avif", "lake"),
    ],
)
def test_the_theme_is_the_name_without_its_number(name: str, theme: str) -> None:
    assert oasis_theme(name) == theme


def test_a_theme_is_in_one_part() -> None:
    for theme in ("Dog", "Shark", "Lake", "Sunset"):
        assert len({oasis_part(f"{theme}{number}.avif") for number in range(40)}) == 1


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Dog1.avif", Part.TRAIN),
        ("Cat7.avif", Part.TRAIN),
        ("Lake4.avif", Part.DEVELOPMENT),
        ("Sunset2.avif", Part.TEST),
        ("Shark7.avif", Part.TEST),
    ],
)
def test_parts_do_not_move(name: str, part: Part) -> None:
    """Weights were chosen on this split."""
    assert oasis_part(name) is part


def test_shares_are_about_those_stated() -> None:
    themes = Counter(oasis_part(f"theme{'x' * n}1.avif") for n in range(2000))
    assert themes[Part.TEST] == pytest.approx(2000 / 3, abs=80)
    assert themes[Part.DEVELOPMENT] == pytest.approx(2000 / 9, abs=50)
    photos = Counter(biq_part(f"biq-{n}.avif") for n in range(4800))
    assert photos[Part.TEST] == pytest.approx(800, abs=80)
    assert photos[Part.DEVELOPMENT] == pytest.approx(200, abs=45)


def test_validation_rows_of_para_are_its_test_and_no_others() -> None:
    names = [f"photo{n}.webp" for n in range(3000)]
    for name in names:
        tested = para_part(name, split="labelled") is Part.TEST
        assert tested == is_validation(name, split="labelled")
        assert para_part(name, split="labelled") is not Part.DEVELOPMENT
    unlabelled = Counter(para_part(name, split="train") for name in names)
    assert unlabelled[Part.TEST] == 0
    assert 40 < unlabelled[Part.DEVELOPMENT] < 110
