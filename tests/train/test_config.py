"""Recipes: what is wrong is said with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodside.errors import SettingsError
from goodside_train.config import LoopRecipe, read_recipe


def test_a_recipe_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text('steps = 5\nprecision = "bf16"\n', encoding="utf-8")
    recipe = read_recipe(tmp_path / "r.toml", LoopRecipe)
    assert (recipe.steps, recipe.precision, recipe.seed) == (5, "bf16", 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("steps = 0", "greater than 0"),
        ("steps = 5\nstep = 6", "step"),
        ("steps = ", "no TOML"),
        ("steps = 5\nlog_every = -1", "log_every: Input should be greater"),
        ("steps = 5\nprecision = 'half'", "precision"),
    ],
)
def test_a_wrong_recipe_says_what_and_where(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=reason) as caught:
        read_recipe(tmp_path / "r.toml", LoopRecipe)
    assert caught.value.path == str(tmp_path / "r.toml")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x89PNG\r\n"])
def test_a_file_that_is_no_text_is_no_recipe(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="no TOML"):
        read_recipe(tmp_path / "r.toml", LoopRecipe)


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_recipe(tmp_path / "none.toml", LoopRecipe)
