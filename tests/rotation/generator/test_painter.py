"""The painter with a stand-in generator: what it feeds the network and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from goodside.images import resize
from goodside.rotation import Rotator, Subject, draft, split_layers, warp_to
from goodside.rotation.evaluation.cycle import turned_away
from goodside.rotation.generator.blend import sharpened, to_bytes
from goodside.rotation.generator.painter import Painter, warp_without_network
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.raster import sample
from goodside.runtime import WeightsStore
from goodside.types import FloatArray, Pose
from tests.rotation.made import FRONTAL, NETWORK_PX, PORTRAIT, write_store

Network = Callable[[dict[str, FloatArray]], dict[str, FloatArray]]


@pytest.fixture(scope="module")
def subject(rotator: Rotator) -> Subject:
    return replace(rotator.prepare(PORTRAIT, size_px=128), window=Window())


@pytest.fixture
def painter(rotator: Rotator) -> Painter:
    return rotator._painter


@pytest.fixture
def fed(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> list[FloatArray]:
    """The signals that go through the network from here on, one a turn."""
    signals: list[FloatArray] = []
    run: Network = painter._session.run

    def listen(inputs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        signals.extend(inputs["signal"])
        return run(inputs)

    monkeypatch.setattr(painter._session, "run", listen)
    return signals


def test_the_network_sees_a_large_portrait_without_aliasing(
    painter: Painter, subject: Subject, fed: list[FloatArray]
) -> None:
    grain = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    layers = split_layers(grain, subject.layers.matte)
    grainy = replace(subject, portrait=grain, layers=layers)
    painter.paint([(grainy, Pose(10, 0, 0))], size_px=512)
    for picture in (fed[0][:3], fed[0][13:16], fed[0][17:20]):
        assert np.abs(picture).mean() < 0.1  # grain averages to grey


def test_the_network_is_fed_the_draft_of_the_whole_frame(
    painter: Painter, subject: Subject, fed: list[FloatArray]
) -> None:
    pose = Pose(30, 5, 0)
    painter.paint([(replace(subject, window=Window(0.2, 0.2, 0.6)), pose)], size_px=96)
    plan = warp_to(subject.head, pose, size_px=NETWORK_PX)
    drafted = draft(subject.layers.sized(2 * NETWORK_PX), plan)
    np.testing.assert_allclose(
        (fed[0][13:16] + 1) * 127.5, drafted.warped.transpose(2, 0, 1), atol=0.01
    )
    np.testing.assert_allclose(fed[0][16], drafted.confidence, atol=1e-5)


def test_where_the_network_changes_nothing_the_mended_draft_is_shown(
    rotator: Rotator, painter: Painter, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = turned_away(subject, 50, matting=rotator.matting)  # half of the face is hidden
    plans = [warp_to(away.head, FRONTAL, size_px=side) for side in (NETWORK_PX, 96)]
    small, large = (draft(away.layers.sized(2 * len(plan.grid)), plan) for plan in plans)

    def idle(_: dict[str, FloatArray]) -> dict[str, FloatArray]:
        painted = small.mended.transpose(2, 0, 1)[None] / 127.5 - 1
        return {"painted": painted, "trust": np.zeros((1, 1, NETWORK_PX, NETWORK_PX), np.float32)}

    monkeypatch.setattr(painter._session, "run", idle)
    (made,) = painter.paint([(away, FRONTAL)], size_px=96)
    shown = sharpened(to_bytes(large.mended), stretch=plans[1].stretch)
    off = np.abs(made.astype(int) - shown)
    assert off.mean() < 0.1
    assert off.max() <= 3  # a rounding, sharpened
    assert np.abs(made - large.warped).mean() > 1


def test_of_several_sitters_each_gets_their_own_picture(painter: Painter, subject: Subject) -> None:
    grey = np.full_like(subject.portrait, 120)
    other = replace(subject, portrait=grey, layers=split_layers(grey, subject.layers.matte))
    poses = Pose(20, 0, 0), Pose(-30, 0, 0)
    orders = [(one, pose) for pose in poses for one in (subject, other)]
    made = painter.paint(orders, size_px=64)
    for order, picture in zip(orders, made, strict=True):
        np.testing.assert_array_equal(picture, painter.paint([order], size_px=64)[0])
    assert (made[1] == 120).all()
    assert (made[3] == 120).all()


def test_the_plain_alternative_turns_the_portrait_backdrop_and_all(subject: Subject) -> None:
    """Beside the head it shows what the mesh drags along, where the draft stays still."""
    pose = Pose(40, 0, 0)
    plain = warp_without_network(subject, pose, size_px=128)
    plan = warp_to(subject.head.widest(), pose, size_px=128)
    portrait = resize(subject.portrait, width_px=256, height_px=256, kernel="box")
    off = np.abs(plain - sample(portrait, plan.grid)).max(axis=-1)
    assert np.median(off) <= 0.5
    assert (off > 8).mean() < 0.1  # outlines are softened
    still = warp_without_network(subject, subject.head.pose, size_px=128)
    assert np.abs(still.astype(int) - subject.picture(size_px=128)).mean() < 4


def test_black_pose_images_leave_the_rest_of_the_signal(
    painter: Painter, subject: Subject, fed: list[FloatArray]
) -> None:
    turns = [(subject, Pose(20, 0, 0)), (subject, Pose(40, 0, 0))]
    painter.paint(turns, size_px=64)
    painter.paint(turns, size_px=64, variant="unposed")
    for posed, unposed in zip(fed[:2], fed[2:], strict=True):
        assert posed[3:13].max() > 0.9
        assert not unposed[3:13].any()
        np.testing.assert_array_equal(
            np.delete(posed, range(3, 13), 0), unposed[[0, 1, 2, *range(13, 21)]]
        )


def test_the_draft_alone_asks_no_network(
    painter: Painter, subject: Subject, fed: list[FloatArray]
) -> None:
    pose = Pose(40, 0, 0)
    (alone,) = painter.paint([(subject, pose)], size_px=NETWORK_PX, variant="draft")
    assert fed == []
    layers = subject.layers.sized(2 * NETWORK_PX)
    drafted = draft(layers, warp_to(subject.head, pose, size_px=NETWORK_PX))
    person = drafted.person > 0.99
    apart = np.abs(alone.astype(float) - drafted.mended)[person]
    assert np.median(apart) < 2  # but for what is sharpened
    assert np.abs(drafted.warped - drafted.mended)[person].max() > 20


def test_weights_without_a_draft_do_not_show_one(tmp_path: Path) -> None:
    store = WeightsStore(write_store(tmp_path / "store", recipe="capg"))
    with pytest.raises(ValueError, match="rotation-capg has no draft"):
        Painter("rotation-capg", store=store, threads=1).paint([], size_px=64, variant="draft")


@pytest.fixture(scope="module")
def follower() -> Painter:
    return Painter("rotation-flow", store=WeightsStore(), threads=1)


def _answer(
    painter: Painter, monkeypatch: pytest.MonkeyPatch, flow: FloatArray, shares: FloatArray
) -> None:
    answer = {"flow": flow[None], "shares": shares[None]}
    monkeypatch.setattr(painter._session, "run", lambda _: answer)


def test_where_the_flow_goes_nowhere_no_angle_turns_a_head(
    follower: Painter, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = np.stack([np.ones((32, 32), np.float32), np.zeros((32, 32), np.float32)])
    _answer(follower, monkeypatch, np.zeros((4, 32, 32), np.float32), shares)
    (made,) = follower.paint([(subject, Pose(50, 0, 0))], size_px=96)
    head = warp_to(subject.head, subject.head.pose, size_px=96).head
    apart = np.abs(made.astype(int) - subject.picture(size_px=96))[head]
    assert apart.mean() < 8


def test_the_head_follows_the_flow_whatever_angle_is_asked(
    follower: Painter, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, asked = Pose(25, subject.head.pose.pitch_deg, 0), Pose(-40, 0, 0)
    plan = warp_to(subject.head, shown, size_px=32)
    axis = (np.arange(32, dtype=np.float32) + 0.5) / 32
    way = 2 * (plan.grid - np.stack(np.meshgrid(axis, axis), axis=-1)).transpose(2, 0, 1)
    own = (plan.head & (plan.visible > 0.5)).astype(np.float32)
    _answer(follower, monkeypatch, np.concatenate([way, way]), np.stack([own, 0 * own]))
    (made,) = follower.paint([(subject, asked)], size_px=96)
    apart = {}
    for pose in (shown, asked, subject.head.pose):
        large = warp_to(subject.head, pose, size_px=96)
        mended = draft(subject.layers.sized(192), large).mended
        apart[pose] = np.abs(made - mended)[large.face].mean()
    assert 2 * apart[shown] < min(apart[asked], apart[subject.head.pose])


def test_a_flow_has_no_draft(follower: Painter) -> None:
    with pytest.raises(ValueError, match="rotation-flow has no draft"):
        follower.paint([], size_px=64, variant="draft")
