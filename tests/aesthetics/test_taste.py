"""A taste learnt from ratings: what it finds, when it holds back, and its file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from goodside.aesthetics import Assessor, Taste, learn_taste
from goodside.aesthetics.evaluation import metrics
from goodside.aesthetics.learn import fit_taste
from goodside.aesthetics.ratings import Kind, Ratings
from goodside.aesthetics.taste import Agreement, Traits
from goodside.errors import OutputError, SettingsError, UnreadableImage, WeightsError
from tests.aesthetics.made import write_weights

LIKING = np.random.default_rng(99).normal(size=24)
LIKING /= np.linalg.norm(LIKING)


def _traits(count: int, *, seed: int) -> Traits:
    rng = np.random.default_rng(seed)
    embedding = rng.normal(size=(count, 24)).astype(np.float32)
    return Traits(rng.normal(5.5, 1, count), embedding, rng.random((count, 3), dtype=np.float32))


def _liking(traits: Traits, *, own: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A mixture of the general score and of one direction of the embedding."""
    felt: np.ndarray[tuple[int], np.dtype[np.float64]]
    felt = (1 - own) * (traits.score - 5.5) + own * 5 * (traits.directions() @ LIKING)
    return felt


def _ratings(liking: np.ndarray[tuple[int], np.dtype[np.float64]], kind: Kind) -> Ratings:
    count = len(liking)
    paths = tuple(Path(f"{index}.jpg") for index in range(count))
    pairs = np.zeros((0, 2), np.int64)
    if kind == "pairs":
        chosen = np.random.default_rng(7).permutation(count).reshape(-1, 2)
        ahead = liking[chosen[:, 0]] > liking[chosen[:, 1]]
        pairs = np.where(ahead[:, None], chosen, chosen[:, ::-1])
    score = (liking > np.median(liking)).astype(float) if kind == "picks" else 3 * liking + 50
    return Ratings(kind, paths, score, pairs)


def _learnt(count: int, kind: Kind, *, own: float, seed: int = 0) -> Taste:
    traits = _traits(count, seed=seed)
    ratings = _ratings(_liking(traits, own=own), kind)
    return fit_taste(ratings, traits, model="made 1.0.0", sha256="0" * 64)


@pytest.mark.parametrize(("kind", "count"), [("scores", 60), ("picks", 100), ("pairs", 160)])
def test_a_persons_own_direction_is_found(kind: Kind, count: int) -> None:
    taste = _learnt(count, kind, own=0.8)
    strangers = _traits(300, seed=1)
    truth = _liking(strangers, own=0.8)
    general = metrics.srcc(strangers.score, truth)
    found = metrics.srcc(taste.scores(strangers), truth)
    assert found > general + 0.25
    assert found > 0.7
    assert taste.agreement.gain > 0.1
    assert taste.agreement.gain_interval[0] > 0
    assert taste.share > 0


def test_few_ratings_of_an_average_person_leave_the_general_score() -> None:
    strangers = _traits(300, seed=1)
    for seed in range(3):
        taste = _learnt(8, "scores", own=0.0, seed=seed)
        assert metrics.srcc(taste.scores(strangers), strangers.score) > 0.9


def test_ratings_that_follow_the_general_score_exactly_add_nothing_of_their_own() -> None:
    taste = _learnt(40, "scores", own=0.0)
    assert metrics.srcc(taste.scores(_traits(200, seed=2)), _traits(200, seed=2).score) > 0.99
    assert taste.agreement.general == pytest.approx(1)


def test_any_linear_scale_gives_the_same_taste() -> None:
    traits = _traits(40, seed=0)
    liking = _liking(traits, own=0.5)
    tastes = [
        fit_taste(_ratings(scaled, "scores"), traits, model="m", sha256="s")
        for scaled in (liking, 1000 * liking - 3)
    ]
    found = [taste.scores(_traits(50, seed=1)) for taste in tastes]
    assert found[0] == pytest.approx(found[1], abs=1e-4)


def test_pairs_around_one_photograph_leave_the_general_score() -> None:
    """No pair can be held out: the others share its photograph."""
    pairs = np.array([[0, other] for other in range(1, 7)], np.int64)
    ratings = Ratings("pairs", tuple(Path(f"{n}.jpg") for n in range(7)), np.full(7, np.nan), pairs)
    taste = fit_taste(ratings, _traits(7, seed=0), model="m", sha256="s")
    assert taste.agreement.taste == taste.agreement.general
    assert np.isfinite(taste.scores(_traits(5, seed=1))).all()


def test_scores_stay_on_the_general_scale() -> None:
    found = _learnt(60, "scores", own=0.8).scores(_traits(500, seed=3))
    assert found.min() >= 1
    assert found.max() <= 10
    assert 4.5 < found.mean() < 6.5
    assert 0.4 < found.std() < 1.5


def test_held_out_agreement_does_not_flatter() -> None:
    """Ratings without any order: the taste must not claim to know them."""
    claims = []
    for seed in range(4):
        traits = _traits(40, seed=seed)
        noise = np.random.default_rng(100 + seed).normal(size=40)
        taste = fit_taste(_ratings(noise, "scores"), traits, model="m", sha256="s")
        claims.append(taste.agreement.taste)
        low, high = taste.agreement.taste_interval
        assert low < taste.agreement.taste < high
    assert abs(np.mean(claims)) < 0.2


def test_pairs_that_share_a_photograph_are_not_held_out_from_each_other() -> None:
    """Random order of few photographs in many pairs: memory of a photograph must not count."""
    claims = []
    for seed in range(3):
        traits = _traits(12, seed=seed)
        order = np.random.default_rng(seed).permutation(12)
        pairs = [(a, b) for at, a in enumerate(order) for b in order[at + 1 :]]
        ratings = Ratings(
            "pairs", tuple(Path(f"{i}") for i in range(12)), np.full(12, np.nan), np.array(pairs)
        )
        claims.append(fit_taste(ratings, traits, model="m", sha256="s").agreement.taste)
    assert np.mean(claims) < 0.72


def test_a_taste_returns_from_its_file(tmp_path: Path) -> None:
    taste = _learnt(20, "scores", own=0.5)
    path = tmp_path / "taste.json"
    taste.write(path)
    assert Taste.read(path) == taste
    with pytest.raises(OutputError, match="exists"):
        taste.write(path)
    taste.write(path, overwrite=True)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "goodside taste 99"},
        {"on_tags": [1.0, "much"]},
        {"on_embedding": [float("nan")]},
        {"agreement": {}},
        {"base": None},
    ],
)
def test_a_damaged_taste_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "taste.json"
    told = _learnt(10, "scores", own=0.5).as_json() | change
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"taste\.json: no taste can be read"):
        Taste.read(path)


@pytest.mark.parametrize("text", ["", "[1, 2]", "{}"])
def test_another_file_is_no_taste(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match="no taste can be read"):
        Taste.read(path)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Sixteen plain photographs of random colours; a person likes them the bluer."""
    rng = np.random.default_rng(5)
    rows = ["image,score"]
    for index in range(16):
        color = rng.integers(30, 220, 3)
        Image.new("RGB", (32, 24), tuple(color.tolist())).save(tmp_path / f"{index}.png")
        rows.append(f"{index}.png,{color[2] - color[:2].mean():.1f}")
    (tmp_path / "ratings.csv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_an_assessor_scores_by_a_taste(album: Path) -> None:
    store = write_weights(album)
    assessor = Assessor(store=store, model="made")
    taste = learn_taste(album / "ratings.csv", assessor=assessor)
    liking = Assessor(store=store, model="made", taste=taste)
    plain = [np.full((8, 8, 3), color, np.uint8) for color in ((30, 30, 230), (230, 30, 30))]
    blue, red = liking.assess_batch(plain)
    assert blue.taste is not None
    assert red.taste is not None
    assert blue.taste > red.taste + 0.5
    assert assessor.assess(plain[0]).taste is None
    assert liking.assess(plain[0]).aesthetic == assessor.assess(plain[0]).aesthetic


def test_a_photograph_that_cannot_be_read_raises_or_is_left_out(album: Path) -> None:
    (album / "3.png").write_bytes(b"")
    assessor = Assessor(store=write_weights(album), model="made")
    with pytest.raises(UnreadableImage, match=r"3\.png"):
        learn_taste(album / "ratings.csv", assessor=assessor)
    left_out: list[Path] = []
    taste = learn_taste(
        album / "ratings.csv", assessor=assessor, on_error=lambda path, _: left_out.append(path)
    )
    assert left_out == [album / "3.png"]
    assert taste.ratings == 15
    for index in range(13):
        (album / f"{index}.png").write_bytes(b"")
    with pytest.raises(SettingsError, match="3 scores are too few") as caught:
        learn_taste(album / "ratings.csv", assessor=assessor, on_error=lambda *_: None)
    assert caught.value.path == str(album / "ratings.csv")


def test_a_taste_of_other_weights_is_refused(tmp_path: Path) -> None:
    taste = _learnt(10, "scores", own=0.5)
    with pytest.raises(WeightsError, match="goodside taste learn") as caught:
        Assessor(store=write_weights(tmp_path), model="made", taste=taste)
    assert "learnt on made 1.0.0 (000000000000…)" in str(caught.value)


def test_a_gain_is_the_difference() -> None:
    found = Agreement("srcc", 0.6, 0.4, (0.5, 0.7), (0.1, 0.3))
    assert found.gain == pytest.approx(0.2)
