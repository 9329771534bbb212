"""Pairs of pictures as arrays: mirrored, damaged, filed, and laid out as the runtime does."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from goodside.errors import WeightsError
from goodside.rotation import Draft, build_signal
from goodside.rotation.generator.signal import Recipe, signal_channels
from goodside.types import FloatArray
from goodside_train.rotation.pairs.damage import damage, spoil_drafts
from goodside_train.rotation.pairs.pairs import (
    Pairs,
    flow_goal,
    join,
    read_digest,
    read_pairs,
    signal_of,
    stack,
    to_signed,
    write_pairs,
)
from tests.train.rotation.made import made_pairs


def _same(one: Pairs, other: Pairs) -> bool:
    return all(
        np.allclose(getattr(one, f.name), getattr(other, f.name), atol=1e-6) for f in fields(Pairs)
    )


def test_a_mirror_of_a_mirror_is_the_thing_itself(pairs: Pairs) -> None:
    assert _same(pairs.flipped().flipped(), pairs)
    assert not _same(pairs.flipped(), pairs)


def test_in_a_mirror_left_and_right_change_places(pairs: Pairs) -> None:
    flipped = pairs.flipped()
    np.testing.assert_array_equal(flipped.target, pairs.target[:, :, ::-1])
    np.testing.assert_array_equal(flipped.confidence, pairs.confidence[:, :, ::-1])
    np.testing.assert_array_equal(flipped.photo, pairs.photo)
    for name in ("source_points", "target_points", "mesh_points", "true_points"):
        before, after = getattr(pairs, name), getattr(flipped, name)
        assert after.dtype == np.float32
        for left, right in ((0, 1), (3, 4)):  # eyes, mouth corners
            np.testing.assert_allclose(after[:, left, 0], 1 - before[:, right, 0], atol=1e-6)
            np.testing.assert_allclose(after[:, right, 1], before[:, left, 1], atol=1e-6)
            assert (after[:, left, 0] < after[:, right, 0]).all()
        np.testing.assert_allclose(after[:, 2, 0], 1 - before[:, 2, 0], atol=1e-6)


@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_the_signal_of_a_mirrored_pair_is_the_mirrored_signal(pairs: Pairs, recipe: Recipe) -> None:
    straight = signal_of(pairs, recipe=recipe)
    mirrored = signal_of(pairs.flipped(), recipe=recipe)[..., ::-1].copy()
    order = np.arange(straight.shape[1])
    order[3:13] = [4, 3, 5, 7, 6, 9, 8, 10, 12, 11]
    np.testing.assert_allclose(mirrored[:, order], straight, atol=1e-4)


def test_taking_joining_and_stacking(pairs: Pairs) -> None:
    some = pairs.take(np.array([5, 0, 5]))
    assert len(some) == 3
    np.testing.assert_array_equal(some.source[1], pairs.source[0])
    both = join([some, pairs])
    assert len(both) == 3 + len(pairs)
    np.testing.assert_array_equal(both.photo[3:], pairs.photo)
    singles = [pairs.take(np.int64(index)) for index in range(len(pairs))]  # type: ignore[arg-type]
    assert _same(stack(singles), pairs)


def test_a_file_gives_back_what_was_written(tmp_path: Path, pairs: Pairs) -> None:
    path = tmp_path / "deep" / "pairs.npz"
    assert read_digest(path) is None
    write_pairs(path, pairs, pairs_digest="abc")
    assert read_digest(path) == "abc"
    read = read_pairs(path)
    for field in fields(Pairs):
        np.testing.assert_array_equal(getattr(read, field.name), getattr(pairs, field.name))


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "cut", "other"])
def test_a_file_that_is_none_is_told_with_its_path(tmp_path: Path, pairs: Pairs, kind: str) -> None:
    path = tmp_path / "pairs.npz"
    write_pairs(path, pairs, pairs_digest="")
    whole = path.read_bytes()
    if kind == "missing":
        path.unlink()
    elif kind == "other":
        np.savez(path, source=pairs.source)
    else:
        path.write_bytes({"empty": b"", "text": b"pairs", "cut": whole[: len(whole) // 2]}[kind])
    with pytest.raises(WeightsError) as caught:
        read_pairs(path)
    assert caught.value.path == str(path)
    assert caught.value.remedy


@pytest.mark.parametrize("recipe", ["capg", "mesh"])
def test_training_lays_the_signal_out_as_the_runtime_does(pairs: Pairs, recipe: Recipe) -> None:
    one = pairs.take(np.array([3]))
    size_px = one.source.shape[1]
    drafted = Draft(
        warped=one.warped[0].astype(np.float32),
        confidence=one.confidence[0] / np.float32(255),
        mirrored=one.mirrored[0].astype(np.float32),
        mirrored_confidence=one.mirrored_confidence[0] / np.float32(255),
        person=np.ones((size_px, size_px), np.float32),
    )
    signal = build_signal(
        one.source[0],
        size_px=size_px,
        source_points=one.source_points[0],
        target_points=one.target_points[0],
        draft=drafted if recipe == "mesh" else None,
    )
    made = signal_of(one, recipe=recipe)[0]
    assert made.shape[0] == signal_channels(recipe, landmarks=5)
    np.testing.assert_allclose(made, signal, atol=1e-5)


def test_colours_go_to_the_range_from_minus_one_to_one() -> None:
    picture = np.array([0, 51, 255], np.uint8).reshape(1, 1, 1, 3)
    np.testing.assert_allclose(to_signed(picture).ravel(), [-1, -0.6, 1], atol=1e-6)


def test_damage_touches_low_confidence_and_a_patch_that_says_so(pairs: Pairs) -> None:
    before = {f.name: getattr(pairs, f.name).copy() for f in fields(Pairs)}
    damaged = damage(pairs, rng=np.random.default_rng(0), probability=1.0)
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(pairs, name), value)  # the pairs given stay
    changed = (damaged.warped != pairs.warped).any(axis=-1)
    assert changed.any(axis=(1, 2)).all()
    assert (damaged.confidence <= pairs.confidence).all()
    assert (damaged.confidence[changed] < 128).all()  # nothing spoilt is said to be good
    lowered = damaged.confidence < pairs.confidence
    assert lowered.any(axis=(1, 2)).all()
    assert (changed | (pairs.confidence >= 128))[~lowered].mean() > 0.9  # and the low ones are
    half = (damaged.mirrored != pairs.mirrored).any(axis=(1, 2, 3))
    assert half.any()
    assert not half.all()
    for name in ("source", "target", "source_points", "target_points", "true_points"):
        np.testing.assert_array_equal(getattr(damaged, name), before[name])


def test_damage_erases_stretches_and_blurs(pairs: Pairs) -> None:
    """Seen by what is left inside the spoilt texels: nothing, wide texels, smooth colours."""
    trusted = replace(pairs, confidence=np.full_like(pairs.confidence, 255)).take(
        np.arange(60) % len(pairs)
    )
    damaged = damage(trusted, rng=np.random.default_rng(0), probability=1.0)
    kinds = set()
    for warped, confidence in zip(damaged.warped, damaged.confidence, strict=True):
        rows, columns = np.nonzero(confidence < 255)
        patch = warped[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].astype(int)
        steps = np.abs(np.diff(patch, axis=1)).sum(axis=-1)
        if (patch == patch[0, 0]).all():
            kinds.add("erased")
            assert confidence.min() == 0
        elif steps.size and (steps == 0).mean() > 0.3:
            kinds.add("stretched")
            assert confidence.min() > 0
        elif patch.size:
            kinds.add("blurred")
    assert kinds == {"erased", "stretched", "blurred"}


def test_the_targets_pose_images_come_from_the_template_or_the_persons_mesh(pairs: Pairs) -> None:
    template = signal_of(pairs, recipe="capg")
    mesh = signal_of(pairs, recipe="capg", target="mesh")
    np.testing.assert_array_equal(template[:, :8], mesh[:, :8])
    for k, points in ((template, pairs.target_points), (mesh, pairs.mesh_points)):
        peaks = k[0, 8:].reshape(5, -1).argmax(axis=1)
        found = np.stack([peaks % 32, peaks // 32], axis=1)
        np.testing.assert_allclose(found, points[0] * 32 - 0.5, atol=0.51)


def test_damage_has_its_probability_and_its_seed(pairs: Pairs) -> None:
    untouched = damage(pairs, rng=np.random.default_rng(0), probability=0.0)
    assert _same(untouched, pairs)
    many = pairs.take(np.arange(400) % len(pairs))
    some = damage(many, rng=np.random.default_rng(1), probability=0.3)
    share = (some.warped != many.warped).any(axis=(1, 2, 3)).mean()
    assert 0.2 < share < 0.4
    again = damage(many, rng=np.random.default_rng(1), probability=0.3)
    assert _same(some, again)


def _read(picture: FloatArray, flow: FloatArray) -> FloatArray:
    """(h, h) values of (S, S) where a flow (2, h, h) looks, each at the nearest pixel."""
    half, size_px = flow.shape[-1], len(picture)
    axis = (np.arange(half) + 0.5) / half
    x, y = (
        np.floor((place + off / 2) * size_px).clip(0, size_px - 1).astype(int)
        for place, off in zip(np.meshgrid(axis, axis), flow, strict=True)
    )
    values: FloatArray = picture[y, x]
    return values


def test_what_is_hidden_is_found_at_the_same_place_in_the_mirrored_picture(pairs: Pairs) -> None:
    hidden = replace(
        pairs,
        confidence=np.zeros_like(pairs.confidence),
        mirrored_confidence=np.full_like(pairs.confidence, 255),
    )
    goal = flow_goal(hidden)
    assert goal.shape == (len(pairs), 2, 4, 16, 16)
    assert goal[:, 0, 2:].max() == 0  # the photograph itself has no say
    np.testing.assert_allclose(goal[:, 1, 2], pairs.flow[..., 2], atol=1e-3)
    ramp = pairs.source[0, ..., 0].astype(np.float32)
    own = pairs.flow[0, ..., :2].astype(np.float32).transpose(2, 0, 1)
    mirrored = _read(ramp[:, ::-1], goal[0, 1, :2] + np.array([1e-4, 0], np.float32)[:, None, None])
    agrees = _read(ramp, own - np.array([1e-4, 0], np.float32)[:, None, None]) == mirrored
    assert agrees.mean() > 0.95  # the nearest pixel differs where a place lies on a border


def test_what_is_shown_is_found_in_the_picture_itself(pairs: Pairs) -> None:
    shown = replace(pairs, mirrored_confidence=np.zeros_like(pairs.confidence))
    goal = flow_goal(shown)
    np.testing.assert_allclose(goal[:, 0, :3].transpose(0, 2, 3, 1), pairs.flow, atol=1e-3)
    assert goal[:, 1, 2:].max() == 0
    assert goal[:, 0, 3].min() > 0  # even where hardly anything shows it


def test_the_goal_of_a_mirrored_pair_is_the_mirrored_goal(pairs: Pairs) -> None:
    straight, mirrored = flow_goal(pairs), flow_goal(pairs.flipped())[..., ::-1]
    sign = np.array([-1, 1, 1, 1])[:, None, None]
    np.testing.assert_allclose(mirrored * sign, straight, atol=2e-3)


def test_drafts_are_withheld_or_lose_their_detail_in_their_shares() -> None:
    pairs = made_pairs(200, size_px=32, rng=np.random.default_rng(1))
    spoilt = spoil_drafts(pairs, rng=np.random.default_rng(2), dropout=0.3, coarse=0.5)
    gone = ~spoilt.confidence.any(axis=(1, 2))
    assert 0.2 < gone.mean() < 0.4
    for name in ("warped", "mirrored"):
        assert (getattr(spoilt, name)[gone] == 128).all()
    assert not spoilt.mirrored_confidence[gone].any()
    np.testing.assert_array_equal(spoilt.confidence[~gone], pairs.confidence[~gone])
    changed = (spoilt.warped != pairs.warped).any(axis=(1, 2, 3)) & ~gone
    assert 0.4 < changed.sum() / (~gone).sum() < 0.6
    detail = [
        np.abs(np.diff(one.warped[changed].astype(float), axis=2)).mean() for one in (pairs, spoilt)
    ]
    assert detail[1] < detail[0]
    for name in ("source", "target", "source_points", "target_points", "flow"):
        assert getattr(spoilt, name) is getattr(pairs, name)


def test_no_draft_is_spoilt_without_a_share() -> None:
    pairs = made_pairs(8, size_px=32, rng=np.random.default_rng(1))
    spoilt = spoil_drafts(pairs, rng=np.random.default_rng(2), dropout=0, coarse=0)
    for name in ("warped", "mirrored", "confidence", "mirrored_confidence"):
        np.testing.assert_array_equal(getattr(spoilt, name), getattr(pairs, name))
