"""The weights that are shipped: their card, their templates, and a bundled portrait turned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from goodside.errors import WeightsError
from goodside.face import Embedder, FaceFinder
from goodside.images import read_photo
from goodside.rotation import Rotator
from goodside.rotation.generator.templates import FILENAME
from goodside.runtime import WeightsStore
from goodside.runtime.checksums import LIST
from goodside.types import FIVE_POINTS, Pose, Turned
from tests.rotation.made import EXAMPLES, PORTRAIT

YAWS_DEG = (-45.0, -30.0, 0.0, 30.0, 45.0)


@pytest.fixture(scope="module")
def shipped() -> Rotator:
    return Rotator()


@pytest.fixture(scope="module")
def swept(shipped: Rotator) -> list[Turned]:
    return shipped.sweep(PORTRAIT, YAWS_DEG)


def test_the_card_carries_what_the_room_needs(shipped: Rotator) -> None:
    card = shipped.card
    assert card.task == "rotation"
    assert card.facts["recipe"] == "mesh"
    assert card.facts["landmarks"] == len(FIVE_POINTS)
    assert card.preprocessing.width_px == card.preprocessing.height_px
    assert card.preprocessing.width_px % 16 == 0
    assert card.metrics["parity_with_torch"] <= 1e-4


def test_the_card_says_what_the_weights_were_trained_on(shipped: Rotator) -> None:
    for word in ("faker", "CC0-1.0", "VALID", "MIT", "No photograph of a real person"):
        assert word in shipped.card.data
    assert shipped.card.license == "Apache-2.0"
    assert "consent" in shipped.card.terms


def test_the_templates_reach_every_pose_that_is_accepted(shipped: Rotator) -> None:
    ranges = shipped.card.facts["range_deg"]
    for yaw in (*ranges["yaw"], 0.0):
        for pitch in (*ranges["pitch"], 0.0):
            for roll in ranges["roll"]:
                points = shipped.templates.at(yaw, pitch_deg=pitch, roll_deg=roll).points
                assert points.shape == (5, 2)
                assert ((points > 0.05) & (points < 0.95)).all()


def test_the_templates_are_faces_of_their_angles(shipped: Rotator) -> None:
    nose = shipped.templates.points[:, 2, 0]
    assert (np.diff(nose) > 0).all()
    mirrored = 1 - nose[::-1]
    assert np.abs(nose - mirrored).max() < 0.02
    assert shipped.templates.images.std() > 20


def test_the_measured_yaw_is_near_the_asked_one(swept: list[Turned]) -> None:
    errors = []
    for turned in swept:
        assert turned.measured is not None
        errors.append(abs(turned.measured.yaw_deg - turned.requested.yaw_deg))
    assert np.mean(errors) < 8
    assert max(errors) < 15


def test_the_turned_face_is_nearer_to_its_photograph_than_strangers_are(
    swept: list[Turned],
) -> None:
    photos = [read_photo(PORTRAIT).rgb, read_photo(EXAMPLES / "photos" / "photographer.jpg").rgb]
    finder, embedder = FaceFinder(), Embedder()
    own, stranger = (embedder.embed(rgb, [finder.find(rgb)[0]])[0] for rgb in photos)
    for turned in swept:
        assert turned.identity is not None
        assert turned.identity > float(own @ stranger) + 0.3
    level = swept[YAWS_DEG.index(0.0)]
    assert level.identity is not None
    assert level.identity > 0.9


@pytest.mark.parametrize("model", ["rotation-capg", "rotation-flow"])
def test_the_pose_images_alone_turn_a_face(model: str) -> None:
    """Of rotation-mesh the draft turns; here nothing else says where the face shall look."""
    rotator = Rotator(model=model)
    subject = rotator.prepare(PORTRAIT, size_px=256)
    finder = FaceFinder()
    for yaw in (-30.0, 30.0):
        pose = Pose(yaw, subject.face.pose.pitch_deg, 0.0)
        framed = subject.framed([pose])
        measured = []
        for variant in ("network", "unposed"):
            (picture,) = rotator.paint(framed, [pose], size_px=256, variant=variant)
            measured.append(finder.find_steep(picture)[0].pose.yaw_deg)
        assert abs(measured[0] - yaw) < 10
        assert abs(measured[1] - yaw) > 15


def test_without_templates_the_flow_turns_nobody(tmp_path: Path) -> None:
    for path in WeightsStore().folder.iterdir():
        if path.is_file() and path.name not in (FILENAME, LIST):
            (tmp_path / path.name).symlink_to(path)
    rotator = Rotator(model="rotation-flow", store=WeightsStore(tmp_path))
    with pytest.raises(WeightsError, match=FILENAME):
        rotator.rotate(PORTRAIT, 30, size_px=64)


def test_the_flow_keeps_the_photographs_own_detail() -> None:
    """Enlarged from 128 pixels, as rotation-capg's, a face has no edges of a pixel or two."""
    pose, edges = Pose(25.0, 0.0, 0.0), []
    for model in ("rotation-flow", "rotation-capg"):
        rotator = Rotator(model=model)
        subject = rotator.prepare(PORTRAIT, size_px=512).framed([pose])
        (picture,) = rotator.paint(subject, [pose], size_px=512)
        face = picture[150:350, 200:400].astype(float)
        edges.append(np.abs(np.diff(face, n=2, axis=1)).mean())
    assert edges[0] > 1.5 * edges[1]


@pytest.mark.xfail(
    reason="rotation-mesh 1.6.0 paints by its draft: black pose images change .06 of 255",
    strict=True,
)
@pytest.mark.parametrize("yaw_deg", [-45.0, 45.0])
def test_the_shipped_default_responds_to_its_pose_images(shipped: Rotator, yaw_deg: float) -> None:
    subject = shipped.prepare(PORTRAIT, size_px=256)
    pose = Pose(yaw_deg, subject.face.pose.pitch_deg, 0.0)
    framed = subject.framed([pose])
    posed, unposed = (
        shipped.paint(framed, [pose], size_px=256, variant=variant)[0].astype(float)
        for variant in ("network", "unposed")
    )
    assert np.abs(posed - unposed).mean() > 1.0
