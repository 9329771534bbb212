"""Teachers: the probe that tags, a peer's main axes, and what is kept from one run to the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from goodside.errors import SettingsError, WeightsError
from goodside.types import RgbImage
from goodside_train.aesthetics.datasets.labels import Labels
from goodside_train.aesthetics.datasets.para_shards import SEMANTICS, read_labels
from goodside_train.aesthetics.datasets.tar_images import read_images
from goodside_train.aesthetics.distillation.teacher_outputs import PEER_AXES, TeacherOutputs
from goodside_train.aesthetics.distillation.teachers import (
    check_teachers,
    principal_components,
    run_teachers,
    tags_by_linear_probe,
)
from goodside_train.aesthetics.recipe import TeacherRecipe
from goodside_train.device import Device
from tests.aesthetics.made import ALL_HEADS, write_weights

CPU = Device(torch.device("cpu"))


@pytest.fixture(scope="module")
def labels(para_folder: Path) -> Labels:
    return read_labels(para_folder)


@pytest.fixture(scope="module")
def images(para_folder: Path, labels: Labels) -> RgbImage:
    return read_images(para_folder, labels.names, size_px=16)


def test_the_probe_carries_classes_from_known_rows_to_the_others() -> None:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, size=300)
    features = (np.eye(3)[classes] * 3 + rng.normal(0, 0.6, (300, 3))).astype(np.float32)
    known = np.arange(300) < 60
    tags = np.where(known[:, None], np.eye(3)[classes], np.nan).astype(np.float32)
    teacher_outputs = tags_by_linear_probe(features, tags, known=known)
    np.testing.assert_allclose(teacher_outputs.sum(axis=1), 1, atol=1e-5)
    assert (teacher_outputs[~known].argmax(axis=1) == classes[~known]).mean() > 0.95


def test_principal_axes_have_unit_spread_and_are_not_correlated() -> None:
    rng = np.random.default_rng(2)
    hidden = rng.normal(0, [9, 3, 1], (500, 3))
    mixed = hidden @ np.linalg.qr(rng.normal(size=(8, 8)))[0][:3] + 40
    found = principal_components(mixed.astype(np.float32), axes=2)
    np.testing.assert_allclose(np.cov(found.T, bias=True), np.eye(2), atol=1e-3)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-3)
    strongest = np.abs(np.corrcoef(found[:, 0], hidden[:, 0])[0, 1])
    assert strongest > 0.99


def test_the_probe_is_scikit_learns_logistic_regression() -> None:
    """Where tags exclude each other; theirs weighs the sum of losses against a half of the norm."""
    rng = np.random.default_rng(5)
    features = rng.normal(size=(200, 6)).astype(np.float32)
    classes = (features[:, :3] + rng.normal(0, 1, (200, 3))).argmax(axis=1)
    known, tags = np.arange(200) < 120, np.eye(3, dtype=np.float32)[classes]
    found = tags_by_linear_probe(features, tags, known=known, decay=0.05)
    scaled = (features - features[known].mean(axis=0)) / (features[known].std(axis=0) + 1e-3)
    peer = LogisticRegression(C=1 / (2 * 0.05 * known.sum()), tol=1e-8, max_iter=1000)
    peer.fit(scaled[known], classes[known])
    np.testing.assert_allclose(found, peer.predict_proba(scaled), atol=1e-3)


def test_principal_components_are_scikit_learns_but_for_their_sign() -> None:
    features = np.random.default_rng(6).normal(0, [5, 3, 2, 1], (300, 4)).astype(np.float32)
    found = principal_components(features, axes=3)
    peer = PCA(3, whiten=True).fit_transform(features) * np.sqrt(300 / 299)
    np.testing.assert_allclose(np.abs(found), np.abs(peer), atol=1e-3)


def test_no_teacher_says_nothing(images: RgbImage, labels: Labels, tmp_path: Path) -> None:
    said = run_teachers(TeacherRecipe(), images, labels, device=CPU, peers=None, cache=tmp_path)
    assert said == TeacherOutputs()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("asked", [{"peer": "made-2"}, {"tagger": "made-2"}])
def test_a_teacher_without_weights_is_told_before_anything_is_read(
    tmp_path: Path, asked: dict[str, str]
) -> None:
    write_weights(tmp_path)
    check_teachers(TeacherRecipe(peer="made", tagger="made"), peers=tmp_path, cache=tmp_path)
    with pytest.raises(WeightsError, match=r"teacher made-2 .*--peers"):
        check_teachers(TeacherRecipe.model_validate(asked), peers=tmp_path, cache=tmp_path)


def test_the_imagenet_teacher_is_looked_for_unless_its_outputs_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "goodside_train.aesthetics.networks.efficientnet_lite.find_spec", lambda _: None
    )
    recipe = TeacherRecipe(trunk="lite2")
    with pytest.raises(WeightsError, match="not installed"):
        check_teachers(recipe, peers=None, cache=tmp_path)
    (tmp_path / "lite2.npy").touch()
    check_teachers(recipe, peers=None, cache=tmp_path)


def test_the_imagenet_teachers_outputs_are_read_from_the_cache(
    images: RgbImage, labels: Labels, tmp_path: Path
) -> None:
    """The first columns are features, which find the tag; the last 1000 are the classes."""
    rng = np.random.default_rng(3)
    said = rng.normal(0, 0.01, (len(labels), 8 + 1000)).astype(np.float16)
    known = np.isfinite(labels.tags).all(axis=1)
    said[:, 0] = np.where(known, labels.tags[:, 2] * 8, 8)
    np.save(tmp_path / "lite0.npy", said)
    recipe = TeacherRecipe(trunk="lite0", tag_weight=0.2)
    teacher_outputs = run_teachers(recipe, images, labels, device=CPU, peers=None, cache=tmp_path)
    assert teacher_outputs.tags is not None
    assert teacher_outputs.imagenet is not None
    np.testing.assert_array_equal(teacher_outputs.imagenet, said[:, 8:])
    assert (teacher_outputs.tags[~known].argmax(axis=1) == 2).mean() > 0.9


def test_the_tagger_and_the_peer_run_once(images: RgbImage, labels: Labels, tmp_path: Path) -> None:
    three = Labels(**{name: getattr(labels, name) for name in Labels.__slots__} | {
        "tag_names": ("red", "green", "blue"), "tags": labels.tags[:, :3],
    })  # fmt: skip
    write_weights(tmp_path)
    recipe = TeacherRecipe(tagger="made")
    first = run_teachers(recipe, images, three, device=CPU, peers=tmp_path, cache=tmp_path / "kept")
    assert first.tags is not None
    assert first.tags.shape == (len(labels), 3)
    assert ((first.tags > 0) & (first.tags < 1)).all()
    cached = tmp_path / "kept" / "made-semantic_logits.npy"
    np.save(cached, np.zeros_like(np.load(cached)))
    again = run_teachers(recipe, images, three, device=CPU, peers=tmp_path, cache=tmp_path / "kept")
    assert again.tags is not None
    assert (again.tags == 0.5).all()


def test_a_cache_of_other_photographs_is_not_used(
    images: RgbImage, labels: Labels, tmp_path: Path
) -> None:
    facts = ALL_HEADS | {"semantic_labels": list(SEMANTICS)}
    write_weights(tmp_path, facts=facts)
    np.save(tmp_path / "made-semantic_logits.npy", np.zeros((len(labels) + 1, 3), dtype=np.float16))
    said = run_teachers(
        TeacherRecipe(tagger="made"), images, labels, device=CPU, peers=tmp_path, cache=tmp_path
    )
    assert said.tags is not None
    assert len(said.tags) == len(labels)


def test_a_peers_features_become_its_main_axes(
    images: RgbImage, labels: Labels, tmp_path: Path
) -> None:
    write_weights(tmp_path)
    features = np.random.default_rng(4).normal(3, 2, (len(labels), 80)).astype(np.float16)
    np.save(tmp_path / "made-embedding.npy", features)
    said = run_teachers(
        TeacherRecipe(peer="made"), images, labels, device=CPU, peers=tmp_path, cache=tmp_path
    )
    assert said.peer is not None
    assert said.peer.shape == (len(labels), PEER_AXES)
    np.testing.assert_allclose(said.peer.std(axis=0), 1, atol=0.01)


def test_a_peer_is_asked_for_its_features_and_its_scores(
    images: RgbImage, labels: Labels, tmp_path: Path
) -> None:
    write_weights(tmp_path)
    recipe = TeacherRecipe(peer="made", score_weight=0.2)
    first, again = (
        run_teachers(recipe, images, labels, device=CPU, peers=tmp_path, cache=tmp_path / "kept")
        for _ in range(2)
    )
    assert first.peer_scores is not None
    assert again.peer_scores is not None
    assert first.peer_scores.shape == (len(labels),)
    assert (first.peer_scores >= 1).all()
    assert first.peer_scores.std() > 0
    np.testing.assert_array_equal(first.peer_scores, again.peer_scores)


def test_one_model_may_be_tagger_and_peer(images: RgbImage, labels: Labels, tmp_path: Path) -> None:
    """Each of its outputs is kept under a name of its own."""
    write_weights(tmp_path, facts=ALL_HEADS | {"semantic_labels": list(SEMANTICS)})
    alone, both = (
        run_teachers(
            recipe, images, labels, device=CPU, peers=tmp_path, cache=tmp_path / str(place)
        )
        for place, recipe in enumerate(
            (TeacherRecipe(peer="made"), TeacherRecipe(peer="made", tagger="made"))
        )
    )
    assert alone.peer is not None
    assert both.peer is not None
    np.testing.assert_array_equal(both.peer, alone.peer)


def test_a_score_weight_without_a_peer_is_refused() -> None:
    with pytest.raises(ValueError, match="name the peer"):
        TeacherRecipe(score_weight=0.2)


def test_a_tagger_of_other_tags_is_refused(
    images: RgbImage, labels: Labels, tmp_path: Path
) -> None:
    write_weights(tmp_path)
    with pytest.raises(SettingsError, match="made knows other tags"):
        run_teachers(
            TeacherRecipe(tagger="made"), images, labels, device=CPU, peers=tmp_path, cache=tmp_path
        )
