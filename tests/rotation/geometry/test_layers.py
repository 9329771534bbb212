"""A portrait taken apart and turned: the person over a still backdrop, and what is made up."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from goodside.face import five_points
from goodside.rotation import Draft, HeadMesh, Layers, draft, split_layers, warp_to
from goodside.rotation.geometry.frame import Window
from goodside.rotation.geometry.head import SIDE_RINGS
from goodside.rotation.geometry.head_fit import fit_rim
from goodside.rotation.geometry.layers import MATTE_PX
from goodside.rotation.geometry.raster import sample
from goodside.types import FloatArray, Pose, RgbImage
from tests.images.made import textured
from tests.rotation.made import (
    BEHIND,
    FRONTAL,
    PERSON,
    made_head,
    made_matte,
    made_portrait,
)

Mask = NDArray[np.bool_]
SIGNAL = (0, 255, 0)
HAIR = (40, 20, 10)
MATTE = made_matte()
HEAD = fit_rim(made_head(), MATTE)
FLAT = made_portrait(MATTE)
VIVID = made_portrait(MATTE, person=textured(256, 256, seed=1), backdrop=textured(256, 256, seed=2))


def _shrunk(mask: Mask, by_px: int) -> Mask:
    """(256, 256) the mask without a border; a negative number grows it instead."""
    kind = ImageFilter.MinFilter if by_px > 0 else ImageFilter.MaxFilter
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.filter(kind(2 * abs(by_px) + 1))) > 0


def _spotted(portrait: RgbImage, place: FloatArray) -> RgbImage:
    """The portrait with a spot of the signal's colour at a place, a share of its side."""
    axis = (np.arange(len(portrait)) + 0.5) / len(portrait)
    spot = np.hypot(axis - place[0], axis[:, None] - place[1]) < 0.02
    return np.where(spot[..., None], np.array(SIGNAL, np.uint8), portrait)


def _off(picture: RgbImage | FloatArray, colour: tuple[int, int, int]) -> FloatArray:
    """(S, S) how far each pixel is from a colour, in the channel that is farthest."""
    far: FloatArray = np.abs(picture.astype(np.float32) - np.array(colour, np.float32)).max(axis=-1)
    return far


def _signals(picture: RgbImage | FloatArray) -> int:
    """How many pixels have the signal's colour, not a mixture with the person's."""
    return int((_off(picture, SIGNAL) < 60).sum())


@pytest.fixture(scope="module")
def flat() -> Layers:
    return split_layers(FLAT, MATTE)


@pytest.fixture(scope="module")
def vivid() -> Layers:
    return split_layers(VIVID, MATTE)


def _outside(head: HeadMesh, pose: Pose, *, margin: float) -> Mask:
    """(256, 256) what lies beside, above and below a turned head."""
    outline = head.posed(pose)[:-36, :2]
    axis = (np.arange(MATTE_PX) + 0.5) / MATTE_PX
    places = np.stack(np.meshgrid(axis, axis), axis=-1)
    low, high = outline.min(axis=0) - margin, outline.max(axis=0) + margin
    outside: Mask = ((places < low) | (places > high)).any(axis=-1)
    return outside


def test_the_person_goes_on_beyond_their_outline_and_the_backdrop_behind_it(flat: Layers) -> None:
    assert flat.person.shape == flat.backdrop.shape == FLAT.shape
    assert flat.person.dtype == flat.backdrop.dtype == np.uint8
    assert _off(flat.person, PERSON).max() <= 1
    assert _off(flat.backdrop, BEHIND).max() <= 1


def test_a_soft_outline_leaves_no_trace_in_either_layer() -> None:
    image = Image.fromarray((MATTE * 255).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.5)), np.float32) / np.float32(255)
    layers = split_layers(made_portrait(soft), soft)
    assert _off(layers.person, PERSON).max() < 16  # halves of both lie in the outline
    assert _off(layers.backdrop, BEHIND).max() < 16


@pytest.mark.parametrize("side", [256, 512])
def test_what_the_portrait_shows_stays_as_it_is(side: int) -> None:
    picture = np.asarray(Image.fromarray(VIVID).resize((side, side)))
    layers = split_layers(picture, MATTE)
    inside, around = _shrunk(MATTE > 0, 4), ~_shrunk(MATTE > 0, -6)
    scale = np.ones((side // MATTE_PX, side // MATTE_PX), bool)
    for layer, clear in ((layers.person, inside), (layers.backdrop, around)):
        mask = np.kron(clear, scale).astype(bool)
        assert mask.sum() > 0.2 * side**2
        np.testing.assert_array_equal(layer[mask], picture[mask])
    np.testing.assert_array_equal(layers.matte, MATTE)
    assert (layers.bare[around] == 1).all()
    assert (layers.bare[MATTE > 0] == 0).all()


def test_what_lies_beyond_the_photograph_enters_neither_layer() -> None:
    shown = np.ones_like(MATTE)
    shown[:, :110] = 0  # through the person
    junk = FLAT.copy()
    junk[:, :110] = SIGNAL
    layers = split_layers(junk, MATTE, shown=shown)
    assert _off(layers.person, PERSON).max() <= 1
    assert _off(layers.backdrop, BEHIND).max() <= 1
    assert (layers.bare[:, :110] == 0).all()


def test_layers_of_another_size_keep_their_mattes(vivid: Layers) -> None:
    small = vivid.sized(64)
    assert small.person.shape == small.backdrop.shape == (64, 64, 3)
    blocks = vivid.person.reshape(64, 4, 64, 4, 3).mean(axis=(1, 3))
    assert np.abs(small.person - blocks).max() <= 1
    for name in ("matte", "bare", "shown"):
        assert getattr(small, name) is getattr(vivid, name)
    assert vivid.sized(256) is vivid
    assert vivid.sized(64) is small  # made once


def test_coarser_pictures_shrink_the_person_and_keep_their_colours(vivid: Layers) -> None:
    person, sides = vivid.person, [len(level) for level in vivid.coarser]
    assert len(sides) >= 2
    assert sides == sorted(set(sides), reverse=True)
    assert sides[0] < len(person)
    for level in (level[..., :3] for level in vivid.coarser):
        np.testing.assert_allclose(level.mean(axis=(0, 1)), person.mean(axis=(0, 1)), atol=1.5)
        factor = len(person) // len(level)
        blocks = person.reshape(len(level), factor, len(level), factor, 3).mean(axis=(1, 3))
        assert np.abs(level - blocks).max() <= 2
    assert split_layers(VIVID[:2, :2], MATTE).coarser == ()


@pytest.mark.parametrize("size_px", [64, 256])
def test_the_person_is_cut_out_with_their_matte(vivid: Layers, size_px: int) -> None:
    layers = vivid.sized(size_px)
    np.testing.assert_array_equal(layers.cut_out[..., :3], layers.person)
    matte = layers.matte.reshape(size_px, 256 // size_px, size_px, 256 // size_px).mean((1, 3))
    sure = (matte == 0) | (matte == 1)
    assert sure.mean() > 0.8
    np.testing.assert_allclose(layers.cut_out[sure, 3] / 255, matte[sure], atol=0.01)


def test_what_stands_behind_is_cut_to_the_window_once(vivid: Layers) -> None:
    window = Window(0.25, 0.125, 0.5)
    backdrop, bare = vivid.behind(window, size_px=128)
    np.testing.assert_allclose(backdrop, vivid.backdrop[32:160, 64:192], atol=1)
    np.testing.assert_allclose(bare, vivid.bare[32:160, 64:192], atol=1e-3)
    assert vivid.behind(Window(0.25, 0.125, 0.5), size_px=128)[0] is backdrop
    assert vivid.behind(window, size_px=64)[0].shape == (64, 64, 3)
    assert vivid.sized(128).behind(window, size_px=128)[0] is not backdrop


def test_at_its_own_pose_the_draft_is_the_portrait(vivid: Layers) -> None:
    made = draft(vivid, warp_to(HEAD, FRONTAL, size_px=256))
    inside, around = _shrunk(MATTE > 0, 4), ~_shrunk(MATTE > 0, -6)
    off = np.abs(made.warped - VIVID).max(axis=-1)
    assert off[inside | around].max() < 0.1
    assert off.mean() < 2.5  # along the outline the layers meet
    assert made.confidence[inside | around].min() > 0.99


@pytest.mark.parametrize("yaw_deg", [-45, 45])
def test_a_turn_leaves_the_backdrop_as_it_is(vivid: Layers, yaw_deg: float) -> None:
    pose = Pose(yaw_deg, 0, 0)
    made = draft(vivid, warp_to(HEAD, pose, size_px=256))
    away = _outside(HEAD, pose, margin=0.03) & ~_shrunk(MATTE > 0, -6)
    assert away.mean() > 0.3
    assert np.abs(made.warped - VIVID)[away].max() < 0.1
    assert made.confidence[away].min() > 0.999


@pytest.mark.parametrize("pose", [Pose(45, 0, 0), Pose(-45, 0, 0), Pose(20, -15, 30)])
def test_a_turned_head_shows_no_backdrop(flat: Layers, pose: Pose) -> None:
    plan = warp_to(HEAD, pose, size_px=256)
    made = draft(flat, plan)
    within = _shrunk(plan.head, 2)
    assert within.mean() > 0.3
    for picture in (made.warped, made.mirrored, made.mended):
        assert _off(picture, PERSON)[within].max() < 1
    plain = sample(FLAT, warp_to(HEAD.widest(), pose, size_px=256).grid)
    assert (_off(plain, BEHIND)[within] < 30).sum() > 100  # which turning the whole portrait does


@pytest.mark.parametrize("pose", [FRONTAL, Pose(30, 0, 0)])
def test_the_head_is_solid_where_the_matte_has_a_hole(pose: Pose) -> None:
    matte = MATTE.copy()
    matte[:85] = matte[120:140, 70:90] = 0  # brow and cheek
    plan = warp_to(HEAD, pose, size_px=256)
    own = sample(matte[..., None], plan.grid)[..., 0]
    made = draft(split_layers(made_portrait(matte), matte), plan)
    holes = _shrunk(plan.head, 2) & (own == 0)
    assert holes.sum() > 500
    assert _off(made.warped, PERSON)[holes].max() < 1
    assert made.confidence[holes].max() < 0.05


@pytest.mark.parametrize("pose", [Pose(50, 0, 0), Pose(-50, 0, 0)])
@pytest.mark.parametrize("part", ["nose", "far eye", "far corner of the mouth"])
def test_hidden_places_show_no_second_face(pose: Pose, part: str) -> None:
    head = fit_rim(made_head(pose), MATTE)
    points = five_points(head.landmarks(head.pose))
    far = int(pose.yaw_deg > 0)
    place = points[{"nose": 2, "far eye": far, "far corner of the mouth": 3 + far}[part]]
    spotted = _spotted(FLAT, place)
    plan = warp_to(head, FRONTAL, size_px=256)
    true, plain = _signals(spotted), _signals(sample(spotted, plan.grid))
    made = draft(split_layers(spotted, MATTE), plan)
    assert plain > 4 * true  # the plan alone draws the part again and again
    assert _signals(made.warped) < 2.5 * true  # what the photograph shows from aside is wider
    assert _off(made.warped, BEHIND)[plan.head & (plan.visible < 0.05)].min() > 60


@pytest.mark.parametrize("yaw_deg", [-50, 50])
def test_hidden_places_borrow_from_their_mirror_twins(yaw_deg: float) -> None:
    head = fit_rim(made_head(Pose(yaw_deg, 0, 0)), MATTE)
    near, far = (205, 425) if yaw_deg > 0 else (425, 205)  # cheeks
    spotted = _spotted(FLAT, head.landmarks(head.pose)[near])
    made = draft(split_layers(spotted, MATTE), warp_to(head, FRONTAL, size_px=256))
    cheeks = head.landmarks(FRONTAL)[[near, far]]
    shown = [_off(sample(p, cheeks[None]), SIGNAL)[0] for p in (made.warped, made.mended)]
    assert shown[0][0] < 30
    assert shown[0][1] > 100
    assert (shown[1] < 60).all()


def _mended(confidence: float, mirrored_confidence: float) -> float:
    """What a draft of level 40 whose mirror image has level 200 is mended to."""
    level, share = np.ones((2, 2, 3), np.float32), np.ones((2, 2), np.float32)
    made = Draft(
        40 * level, confidence * share, 200 * level, mirrored_confidence * share, person=share
    ).mended
    assert np.ptp(made) == 0
    return float(made.mean())


@pytest.mark.parametrize(
    ("confidence", "mirrored", "expected"),
    [(1.0, 1.0, 40), (1.0, 0.0, 40), (0.0, 0.0, 40), (0.0, 1.0, 200)],
)
def test_a_draft_is_mended_where_it_is_blind_and_its_mirror_is_not(
    confidence: float, mirrored: float, expected: float
) -> None:
    assert _mended(confidence, mirrored) == pytest.approx(expected)


def test_the_better_the_mirror_image_is_known_the_more_is_borrowed() -> None:
    steps = np.linspace(0, 1, 9)
    assert (np.diff([_mended(0.2, share) for share in steps]) >= 0).all()
    assert (np.diff([_mended(share, 0.8) for share in steps]) <= 0).all()
    assert 40 < _mended(0.4, 0.8) < 200


@pytest.mark.parametrize("yaw_deg", [-45, 45])
def test_a_backdrop_never_seen_is_not_trusted(flat: Layers, yaw_deg: float) -> None:
    """Between the outline the person had and the one they have now."""
    plan = warp_to(HEAD, Pose(yaw_deg, 0, 0), size_px=256)
    made = draft(flat, plan)
    laid_bare = (_off(made.warped, BEHIND) < 1) & (MATTE > 0)
    assert laid_bare.sum() > 300
    assert made.confidence[laid_bare].max() < 0.05
    assert (made.mirrored_confidence[~_shrunk(plan.head, -3)] > 0.05).mean() < 0.001


@pytest.mark.parametrize("pose", [FRONTAL, Pose(40, 0, 0)])
def test_beyond_the_photograph_nothing_is_trusted(pose: Pose) -> None:
    shown = np.ones_like(MATTE)
    shown[:, :100] = shown[220:] = 0
    layers = split_layers(FLAT, MATTE, shown=shown)
    plan = warp_to(HEAD, pose, size_px=256)
    whole, part = (draft(one, plan) for one in (split_layers(FLAT, MATTE), layers))
    own, read = np.moveaxis(sample(np.stack([MATTE, shown], axis=-1), plan.grid), -1, 0)
    head = _shrunk(plan.head, 2)
    backdrop = ~_shrunk(plan.head, -2) & (own == 0)
    beyond = (head & (read == 0)) | (backdrop & (shown == 0))
    assert (whole.confidence[beyond] > 0.9).sum() > 1000
    assert part.confidence[beyond].max() < 0.01
    twins = sample(shown[..., None], plan.mirrored)[..., 0]
    assert (whole.mirrored_confidence[head & (twins == 0)] > 0.9).any()
    assert part.mirrored_confidence[head & (twins == 0)].max() < 0.01
    within = (head & (read == 1)) | (backdrop & _shrunk(shown > 0, 1))
    assert within.sum() > 1000
    np.testing.assert_allclose(part.confidence[within], whole.confidence[within], atol=0.01)


def test_stretched_places_are_smooth_and_others_keep_their_grain() -> None:
    grain = np.random.default_rng(0).integers(60, 200, (256, 256, 1), np.uint8).repeat(3, axis=2)
    layers = split_layers(grain, np.ones_like(MATTE))
    plan = warp_to(HEAD, Pose(45, 0, 0), size_px=256)
    made, plain = draft(layers, plan).warped, sample(grain, plan.grid)
    streaks = plan.head & (plan.stretch > 5)
    assert streaks.sum() > 1000
    assert made[streaks].std() < 0.5 * plain[streaks].std()
    clear = _shrunk(plan.head & (plan.stretch < 1.5) & (plan.visible == 1), 2)
    assert clear.sum() > 1000
    assert np.abs(made - plain)[clear].mean() < 2


def test_a_window_shows_its_part_of_the_whole(vivid: Layers) -> None:
    pose, window = Pose(30, 0, 0), Window(0.25, 0.125, 0.5)
    whole = draft(vivid, warp_to(HEAD, pose, size_px=256))
    part = draft(vivid, warp_to(HEAD, pose, size_px=128, window=window), window=window)
    cut = np.s_[32:160, 64:192]
    assert np.abs(part.warped - whole.warped[cut]).mean() < 1
    assert np.abs(part.confidence - whole.confidence[cut]).mean() < 0.01
    assert part.warped.shape == (128, 128, 3)


def test_the_mirror_image_is_drafted_as_the_mirror_image(vivid: Layers) -> None:
    mirrored = split_layers(np.ascontiguousarray(VIVID[:, ::-1]), MATTE[:, ::-1])
    one = draft(vivid, warp_to(HEAD, Pose(40, 5, 0), size_px=256))
    two = draft(mirrored, warp_to(HEAD, Pose(-40, 5, 0), size_px=256))
    for name, apart in (("warped", 2.0), ("mended", 2.0), ("confidence", 0.01)):
        first, second = getattr(one, name), getattr(two, name)[:, ::-1]
        assert np.abs(first - second).mean() < apart
        assert np.abs(first - second[:, ::-1]).mean() > 5 * apart


@pytest.mark.parametrize("size_px", [32, 100])
def test_a_drafts_arrays_have_the_plans_size_and_their_ranges(vivid: Layers, size_px: int) -> None:
    made = draft(vivid, warp_to(HEAD, Pose(20, 5, 10), size_px=size_px))
    for picture in (made.warped, made.mirrored, made.mended):
        assert picture.shape == (size_px, size_px, 3)
        assert picture.dtype == np.float32
        assert picture.min() > -1
        assert picture.max() < 256
    for share in (made.confidence, made.mirrored_confidence):
        assert share.shape == (size_px, size_px)
        assert share.dtype == np.float32
        assert share.min() >= 0
        assert share.max() <= 1 + 1e-6


def _short_haired() -> tuple[HeadMesh, RgbImage]:
    """A head whose ears are its outline, marked by the signal's colour, with hair atop."""
    matte = made_matte(across=0.29, down=0.42)
    head = fit_rim(made_head(), matte)
    portrait = made_portrait(matte)
    hairline = head.posed(FRONTAL)[10, 1]
    portrait[: round(float(hairline) * 256)][matte[: round(float(hairline) * 256)] > 0] = HAIR
    return head, portrait


@pytest.mark.parametrize("yaw_deg", [-45, 45, 60])
def test_an_ear_is_turned_and_not_drawn_over_the_back_of_the_head(yaw_deg: float) -> None:
    head, portrait = _short_haired()
    rings = head.posed(FRONTAL)[468:].reshape(-1, 36, 3)
    spoke = 8 if yaw_deg < 0 else 28  # the near side's
    marked = _spotted(portrait, rings[1:3, spoke, :2].mean(axis=0, dtype=np.float32))
    matte = made_matte(across=0.29, down=0.42)
    made = draft(split_layers(marked, matte), warp_to(head, Pose(yaw_deg, 0, 0), size_px=256))
    assert 0.3 * _signals(marked) < _signals(made.warped) < 4 * _signals(marked)


@pytest.mark.parametrize("yaw_deg", [-60, 60])
def test_behind_the_ear_there_is_hair_that_is_not_trusted(yaw_deg: float) -> None:
    head, portrait = _short_haired()
    layers = split_layers(portrait, made_matte(across=0.29, down=0.42))
    pose = Pose(yaw_deg, 0, 0)
    made = draft(layers, warp_to(head, pose, size_px=256))
    spoke = 8 if yaw_deg < 0 else 28
    rings = head.posed(pose)[468:].reshape(-1, 36, 3)
    place = rings[SIDE_RINGS + 1, spoke, :2]
    assert _off(sample(made.warped, place[None]), HAIR)[0] < 40
    assert sample(made.confidence[..., None], place[None])[0, 0] < 0.05
    assert sample(made.mirrored_confidence[..., None], place[None])[0, 0] < 0.05


@pytest.mark.parametrize("yaw_deg", [-45, 45])
def test_only_the_back_of_a_head_with_short_hair_is_lent(yaw_deg: float) -> None:
    head, _ = _short_haired()
    pose = Pose(yaw_deg, 0, 0)
    plan = warp_to(head, pose, size_px=256)
    spoke = 8 if yaw_deg < 0 else 28
    rings = head.posed(pose)[468:].reshape(-1, 36, 3)[:, spoke, :2]
    back, ear, still = rings[SIDE_RINGS + 1], rings[1], rings[-1]
    lent = sample(plan.hair_fill[..., None], np.stack([back, ear, (2 * back + still) / 3]))[:, 0]
    assert lent[0] > 0.9
    assert lent[1] < 0.1
    assert lent[2] < 0.2
    assert plan.hair_fill[plan.face].max() == 0
    assert warp_to(head.widest(), pose, size_px=256).hair_fill.max() == 0
