"""Where weights come from: the chain of runs in a card, and the start that a recipe names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from goodside.errors import SettingsError, WeightsError
from goodside_train.checkpoint import save_checkpoint
from goodside_train.config import StartRecipe
from goodside_train.provenance import Provenance, Start, describe_runs, find_start

CONTENT = b"weights of an earlier run"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAMED = StartRecipe(weights="made 1.0.0", sha256=SHA256, source="Made by hand.")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    path = tmp_path / "earlier.pt"
    path.write_bytes(CONTENT)
    return path


def _run(folder: Path, provenance: Provenance | None) -> Path:
    state = {} if provenance is None else {"provenance": provenance.state(), "step": 1200}
    save_checkpoint(folder / "checkpoint.pt", state)
    return folder


def test_the_start_is_the_one_that_the_recipe_names(earlier: Path) -> None:
    found = find_start(NAMED, given=earlier)
    assert found == Start("made 1.0.0", SHA256, "Made by hand.")


def test_another_file_than_the_recipe_names_is_refused(earlier: Path) -> None:
    earlier.write_bytes(b"other weights")
    with pytest.raises(WeightsError, match=r"these are not made 1\.0\.0"):
        find_start(NAMED, given=earlier)


def test_a_start_whose_hash_was_not_kept_may_be_any_file(earlier: Path) -> None:
    unsure = NAMED.model_copy(update={"sha256": None})
    assert find_start(unsure, given=earlier) == Start("made 1.0.0", SHA256, "Made by hand.")


def test_a_recipe_that_names_a_start_does_not_train_without_it() -> None:
    with pytest.raises(SettingsError, match=r"starts from made 1\.0\.0") as caught:
        find_start(NAMED, given=None)
    assert "--from-scratch" in str(caught.value.remedy)
    assert find_start(NAMED, given=None, from_scratch=True) is None
    assert find_start(NAMED, given=None, resume=True) is None
    assert find_start(None, given=None) is None


@pytest.mark.parametrize(
    ("given", "from_scratch", "resume"),
    [(True, True, False), (True, False, True), (False, True, True)],
)
def test_a_run_has_one_start(earlier: Path, given: bool, from_scratch: bool, resume: bool) -> None:
    with pytest.raises(SettingsError, match="all but one"):
        find_start(
            NAMED, given=earlier if given else None, from_scratch=from_scratch, resume=resume
        )


def test_a_missing_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read") as caught:
        find_start(NAMED, given=tmp_path / "none.pt")
    assert caught.value.path == str(tmp_path / "none.pt")


def test_a_start_that_no_recipe_names_says_itself_what_it_is(tmp_path: Path) -> None:
    _run(tmp_path, Provenance("first.toml", seed=3))
    found = find_start(None, given=tmp_path / "checkpoint.pt")
    assert found is not None
    assert found.weights == "the checkpoint of the recipe first.toml, seed 3, 1,200 steps"


def test_a_card_tells_the_whole_chain(tmp_path: Path) -> None:
    start = Start("made 1.0.0", SHA256, "Made by hand.")
    run = _run(tmp_path, Provenance("second.toml", seed=7, start=start))
    assert describe_runs([run], also="And a teacher.") == (
        "Training run of our own by the recipe second.toml, seed 7, 1,200 steps, "
        f"started from made 1.0.0 (sha256 {SHA256[:12]}…): Made by hand. And a teacher."
    )


def test_a_mean_names_every_run(tmp_path: Path) -> None:
    runs = [_run(tmp_path / str(seed), Provenance(f"{seed}.toml", seed=seed)) for seed in (1, 2)]
    runs.append(_run(tmp_path / "old", None))
    assert describe_runs(runs) == (
        "Mean of the weights of 3 training runs of our own: "
        "(1) by the recipe 1.toml, seed 1, 1,200 steps. "
        "(2) by the recipe 2.toml, seed 2, 1,200 steps. "
        "(3) by a run that did not record its recipe."
    )
