"""Training data made of made pictures: identities kept apart, poses, templates and files."""

from __future__ import annotations

import csv
import inspect
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from goodside.errors import SettingsError
from goodside.face import FaceFinder, five_points
from goodside.rotation import Templates, head_mesh
from goodside.rotation.generator.templates import FILENAME
from goodside.rotation.geometry.frame import to_shares
from goodside.types import FloatArray
from goodside_train.rotation.datasets.portraits import (
    composite,
    is_held_out,
    with_someone_held_out,
)
from goodside_train.rotation.datasets.recipe_datasets import open_datasets
from goodside_train.rotation.networks.deformable import moved
from goodside_train.rotation.pairs.make_pairs import backdrop, photo_pairs, with_roll
from goodside_train.rotation.pairs.pairs import to_signed, write_pairs
from goodside_train.rotation.pairs.prepare import PreparedPairs, pairs_digest, prepare
from goodside_train.rotation.pairs.templates import build_templates
from goodside_train.rotation.recipe import RotationDataRecipe, RotationRecipe
from tests.rotation.made import PORTRAIT
from tests.train.rotation.made import TINTS, VIEWS, tint_of


@given(st.text(min_size=1), st.floats(0, 0.9))
def test_an_identity_is_always_on_the_same_side(name: str, share: float) -> None:
    recipe = RotationDataRecipe(held_out_share=share)
    assert is_held_out(name, recipe) == is_held_out(name, recipe)
    assert is_held_out(name, recipe.model_copy(update={"held_out": (name,)}))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_the_share_of_identities_is_kept_out(share: float) -> None:
    recipe = RotationDataRecipe(held_out_share=share)
    kept = np.mean([is_held_out(f"person-{n}", recipe) for n in range(4000)])
    assert kept == pytest.approx(share, abs=0.03)


def test_no_identity_is_on_both_sides(prepared: PreparedPairs) -> None:
    trained = {tint_of(picture) for picture in prepared.pairs.target}
    kept = {tint_of(picture) for picture in prepared.held_out.target}
    assert kept == {"green"}
    assert trained == {"red", "blue"}
    for pairs in (prepared.pairs, prepared.held_out):  # source and target are one identity's
        for source, target in zip(pairs.source, pairs.target, strict=True):
            assert tint_of(source) == tint_of(target)


def test_every_photo_and_head_gives_its_number_of_pairs(
    prepared: PreparedPairs, recipe: RotationRecipe
) -> None:
    data = recipe.data
    assert len(prepared.pairs) == 2 * (data.turns + data.forward_turns + data.head_pairs)
    assert len(prepared.held_out) == data.turns + data.head_pairs
    assert prepared.pairs.photo.sum() == 2 * (data.turns + data.forward_turns)
    assert (~prepared.pairs.true).sum() == 2 * data.forward_turns
    assert prepared.held_out.true.all()  # figures are never taken against a warp


def test_pairs_have_their_size_and_ranges(prepared: PreparedPairs, recipe: RotationRecipe) -> None:
    pairs, side = prepared.pairs, recipe.size_px
    for name in ("source", "target", "warped", "mirrored"):
        values = getattr(pairs, name)
        assert values.shape[1:] == (side, side, 3)
        assert values.dtype == np.uint8
    for name in ("source_points", "target_points", "mesh_points", "true_points"):
        points = getattr(pairs, name)
        assert points.shape[1:] == (5, 2)
        assert points.dtype == np.float32
        assert ((points > 0.2) & (points < 0.8)).all()
    assert pairs.confidence.mean() > 80


def test_targets_are_not_only_frontal(prepared: PreparedPairs) -> None:
    heads = ~prepared.pairs.photo
    for name in ("target_points", "true_points"):
        nose = getattr(prepared.pairs, name)[heads, 2, 0]
        assert np.ptp(nose) > 0.08


def test_turned_photos_are_told_to_come_back_to_where_they_were(prepared: PreparedPairs) -> None:
    photos = prepared.pairs.take(np.flatnonzero(prepared.pairs.photo & prepared.pairs.true))
    assert np.ptp(photos.source_points[:, 2, 0]) > 0.05  # turned away by different angles
    np.testing.assert_array_equal(photos.true_points, photos.mesh_points)
    trusted = (photos.confidence > 240)[..., None]
    off = np.abs(photos.warped.astype(float) - photos.target)
    assert (off * trusted).sum() / (trusted.sum() * 3) < 12  # returned where it was seen
    away = np.abs(photos.source.astype(float) - photos.target)
    assert (off * trusted).mean() < (away * trusted).mean()


def test_a_turn_away_starts_from_the_photograph_and_ends_at_its_draft(
    prepared: PreparedPairs,
) -> None:
    away = prepared.pairs.take(np.flatnonzero(~prepared.pairs.true))
    assert away.photo.all()
    off = np.abs(away.target.astype(float) - away.warped)
    borrowed = away.mirrored_confidence.astype(float) - away.confidence > 63
    assert off[~borrowed].max() <= 1  # else the mirror image stands in
    assert np.ptp(away.source_points[:, 2, 0]) < 0.01
    assert np.ptp(away.true_points[:, 2, 0]) > 0.03


def test_the_flow_reads_the_source_where_the_warp_does(prepared: PreparedPairs) -> None:
    away = prepared.pairs.take(np.flatnonzero(~prepared.pairs.true))
    assert away.flow.dtype == np.float16
    flow = torch.from_numpy(away.flow[..., :2].astype(np.float32).transpose(0, 3, 1, 2))
    read = moved(torch.from_numpy(to_signed(away.source)), flow).numpy()
    shown = (away.confidence > 200)[:, None]
    before, after = (
        np.abs((picture - to_signed(away.target)) * shown).mean()
        for picture in (to_signed(away.source), read)
    )
    assert after < before / 2
    assert 0 <= away.flow[..., 2].min() <= away.flow[..., 2].max() <= 1


def test_turns_home_end_at_the_photograph(
    data: Path, tmp_path: Path, recipe: RotationRecipe
) -> None:
    asked = recipe.data.model_copy(update={"home_turns": 3, "turns": 1, "forward_turns": 1})
    made = prepare(data, recipe=asked, size_px=32, out=tmp_path)
    photos = made.pairs.take(np.flatnonzero(made.pairs.photo))
    assert len(photos) == 2 * (1 + 1 + 3)
    assert len(made.held_out) == 1 + asked.head_pairs
    home, away = photos.take(np.arange(2, 5)), photos.take(np.arange(1, 2))
    assert home.true.all()
    assert np.ptp(home.source_points[:, 2, 0]) > 0.03  # turned by different angles
    for answer in home.target:
        np.testing.assert_array_equal(answer, away.source[0])


def _draw_roll_deg(points: FloatArray) -> FloatArray:
    across = points[:, 1] - points[:, 0]
    lean: FloatArray = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    return lean


def test_sources_stand_upright_and_half_of_the_targets_lean(
    prepared: PreparedPairs, recipe: RotationRecipe
) -> None:
    for photo in (True, False):
        pairs = prepared.pairs.take(np.flatnonzero(prepared.pairs.photo == photo))
        assert np.abs(_draw_roll_deg(pairs.source_points)).max() < 8
        lean = _draw_roll_deg(pairs.true_points)
        assert 8 < np.abs(lean).max() < recipe.data.roll_deg + 8
        assert (np.abs(lean) < 5).any()
        for other in (pairs.target_points, pairs.mesh_points):  # all say the same of the pose
            np.testing.assert_allclose(_draw_roll_deg(other), lean, atol=8)


def test_a_leaning_frame_turns_the_head_about_its_pivot() -> None:
    photograph = np.asarray(Image.open(PORTRAIT).convert("RGB"))
    face = FaceFinder().find(photograph)[0]
    head = head_mesh(face)
    rolled = with_roll(head, 20)
    seen = to_shares(rolled.frame, face.points)
    np.testing.assert_allclose(seen, five_points(rolled.landmarks(rolled.pose)), atol=0.02)
    assert _draw_roll_deg(seen[None])[0] == pytest.approx(20, abs=2)
    pivots = [one.frame.to_picture(one.pivot - 0.5, size_px=1) for one in (head, rolled)]
    np.testing.assert_allclose(pivots[0], pivots[1], atol=1e-3)
    measured = FaceFinder().find(rolled.frame.cut(photograph, size_px=224))[0].pose
    assert measured.roll_deg == pytest.approx(20, abs=4)


def test_the_true_landmarks_are_near_the_templates(prepared: PreparedPairs) -> None:
    off = prepared.pairs.true_points - prepared.pairs.target_points
    assert np.abs(off).mean() < 0.03


def test_a_template_is_the_mean_of_several_training_images_of_its_angle(
    prepared: PreparedPairs, data: Path, recipe: RotationRecipe, tmp_path: Path
) -> None:
    templates = prepared.templates
    assert templates.yaw_deg.tolist() == [-30, 0, 30]
    assert templates.pitch_yaw_deg.tolist() == [0]
    assert templates.pitch_step_deg == 15
    means = templates.images.reshape(3, -1, 3).mean(axis=1)
    assert (means[:, 0] > means[:, 1] + 4).all()  # red and blue went in, green was kept out
    assert (means[:, 2] > means[:, 1] + 4).all()
    alone = build_templates(
        data / "heads",
        recipe=recipe.data.model_copy(update={"held_out": ("head-green", "head-blue")}),
    )
    assert (alone.images != templates.images).any()


def test_the_nose_of_the_templates_follows_yaw_and_pitch(prepared: PreparedPairs) -> None:
    templates: Templates = prepared.templates
    assert (np.diff(templates.points[:, 2, 0]) > 0.03).all()
    up, down = templates.pitch_points[0, :, 2, 1]
    assert up < templates.points[1, 2, 1] < down


def test_what_is_rendered_already_is_read_again(
    prepared: PreparedPairs, rendered: Path, recipe: RotationRecipe, tmp_path: Path
) -> None:
    again = prepare(tmp_path, recipe=recipe.data, size_px=recipe.size_px, out=rendered)
    np.testing.assert_array_equal(again.pairs.source, prepared.pairs.source)


@pytest.mark.parametrize("change", ["recipe", "size", "code"])
def test_pairs_of_another_recipe_size_or_code_are_rendered_again(
    recipe: RotationRecipe, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    data, size_px = recipe.data, recipe.size_px
    before = pairs_digest(data, size_px=size_px)
    assert pairs_digest(data, size_px=size_px) == before
    if change == "recipe":
        data = data.model_copy(update={"roll_deg": 1.0})
    elif change == "size":
        size_px *= 2
    else:
        read = inspect.getsource
        monkeypatch.setattr(inspect, "getsource", lambda one: read(one) + "\n# a comment\n")
        assert pairs_digest(data, size_px=size_px) == before  # a comment changes nothing
        monkeypatch.setattr(inspect, "getsource", lambda one: read(one) + "\nCHANGED = 1\n")
    assert pairs_digest(data, size_px=size_px) != before


def test_outdated_pairs_are_not_read(
    data: Path, rendered: Path, prepared: PreparedPairs, recipe: RotationRecipe, tmp_path: Path
) -> None:
    for path in rendered.iterdir():
        shutil.copy(path, tmp_path)
    write_pairs(tmp_path / "pairs.npz", prepared.pairs, pairs_digest="of earlier code")
    with pytest.raises(SettingsError, match="list of views"):  # it sets out to render them
        prepare(tmp_path / "no data", recipe=recipe.data, size_px=recipe.size_px, out=tmp_path)


def test_rendering_twice_gives_the_same_pairs(
    data: Path, prepared: PreparedPairs, recipe: RotationRecipe
) -> None:
    first = next(
        photo_pairs(
            data / "photos",
            recipe=recipe.data,
            templates=prepared.templates,
            size_px=recipe.size_px,
            held_out=True,
        )
    )
    kept = prepared.held_out.take(np.flatnonzero(prepared.held_out.photo))
    np.testing.assert_array_equal(first.source, kept.source)
    np.testing.assert_array_equal(first.warped, kept.warped)


def test_no_head_pairs_are_made_when_none_are_asked_for(data: Path, recipe: RotationRecipe) -> None:
    assert open_datasets(data, recipe.data.model_copy(update={"head_pairs": 0})) == []


def test_a_picture_that_cannot_be_used_is_left_out(
    tmp_path: Path,
    prepared: PreparedPairs,
    recipe: RotationRecipe,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    made = photo_pairs(
        tmp_path, recipe=recipe.data, templates=prepared.templates, size_px=32, held_out=False
    )
    assert list(made) == []
    assert "broken.jpg" in caplog.text


def test_a_missing_view_is_told(data: Path, tmp_path: Path, recipe: RotationRecipe) -> None:
    shutil.copy(data / "heads" / "views.csv", tmp_path)
    with pytest.raises(SettingsError, match=r"head-.*\.png"):
        build_templates(tmp_path, recipe=recipe.data)


def test_too_few_views_make_no_templates(
    data: Path, tmp_path: Path, recipe: RotationRecipe
) -> None:
    with (data / "heads" / "views.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    level = [row for row in rows if row[3] in ("pitch_deg", "0")]
    with (tmp_path / "views.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(level)
    for row in level[1:]:
        shutil.copy(data / "heads" / row[0], tmp_path)
    with pytest.raises(SettingsError, match="too few views"):
        build_templates(tmp_path, recipe=recipe.data)


def test_nothing_to_render_is_told(tmp_path: Path, recipe: RotationRecipe) -> None:
    (tmp_path / "photos").mkdir()
    alone = recipe.data.model_copy(update={"heads": ""})  # its templates are the package's
    with pytest.raises(SettingsError, match="nothing to render"):
        prepare(tmp_path, recipe=alone, size_px=32, out=tmp_path / "out")
    assert (tmp_path / "out" / FILENAME).exists()


def test_a_head_is_laid_over_its_background() -> None:
    rgba = np.zeros((1, 3, 4), np.uint8)
    rgba[..., :3] = 200
    rgba[0, :, 3] = (255, 0, 51)
    laid = composite(rgba, np.full((1, 3, 3), 100, np.uint8))
    assert laid[0, :, 0].tolist() == [200, 100, 120]


def test_backdrops_differ_and_come_from_their_seed() -> None:
    first, again, other = (backdrop(np.random.default_rng(s), size_px=48) for s in (1, 1, 2))
    assert first.shape == (48, 48, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_made_data_is_what_these_tests_think(data: Path) -> None:
    assert len(list((data / "heads").glob("*.png"))) == len(TINTS) * len(VIEWS)


def test_of_other_peoples_data_somebody_is_kept_out(
    data: Path, tmp_path: Path, recipe: RotationRecipe
) -> None:
    """The recipe names people that are not there, and its share is none."""
    others = tmp_path / "others"
    others.mkdir()
    for path in sorted((data / "photos").iterdir()):
        (others / f"somebody-{path.name}").symlink_to(path)
    asked = recipe.data.model_copy(update={"photos": (others.name,), "heads": "", "turns": 1})
    made = prepare(tmp_path, recipe=asked, size_px=32, out=tmp_path / "pairs")
    assert len(made.held_out) == 1
    assert len(made.pairs) == 2 * (1 + asked.forward_turns)


def test_whoever_is_kept_out_already_stays_the_only_one(recipe: RotationRecipe) -> None:
    asked = recipe.data
    assert with_someone_held_out(asked, {"person-green", "person-red"}) is asked
    assert with_someone_held_out(asked, {"ann"}) is asked
    changed = with_someone_held_out(asked, {"ann", "bo", "cy"})
    (added,) = set(changed.held_out) - set(asked.held_out)
    assert [name for name in ("ann", "bo", "cy") if is_held_out(name, changed)] == [added]


def test_a_wrong_draft_leaves_answer_and_pose_images_as_they_are(
    data: Path, tmp_path: Path, recipe: RotationRecipe
) -> None:
    asked = recipe.data.model_copy(update={"turns": 1, "forward_turns": 0, "head_pairs": 2})
    wrong = asked.model_copy(update={"draft_wrong_share": 1.0, "draft_wrong_deg": 30.0})
    right, off = (
        prepare(data, recipe=one, size_px=32, out=tmp_path / name).held_out
        for name, one in (("right", asked), ("off", wrong))
    )
    assert len(right) == len(off)
    np.testing.assert_array_equal(right.target[0], off.target[0])
    np.testing.assert_array_equal(right.target_points[0], off.target_points[0])
    np.testing.assert_array_equal(right.flow[0], off.flow[0])
    assert np.abs(right.warped[0].astype(float) - off.warped[0]).mean() > 2
