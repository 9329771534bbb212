"""The shipped assessor on made pictures: shapes, ranges, and what must not move a score."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from goodside.aesthetics import Assessor
from goodside.errors import ImageError, UnreadableImage, WeightsError
from goodside.runtime import WeightsStore
from goodside.types import Assessment, RgbImage

PHOTOS = sorted((Path(__file__).parents[2] / "examples" / "photos").glob("*.jpg"))
MOVED = 0.15
"""By how much a score may move when a photograph is only stored otherwise."""


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor()


@pytest.fixture(scope="module")
def photo() -> RgbImage:
    return np.asarray(Image.open(next(p for p in PHOTOS if p.stem == "raccoon")).convert("RGB"))


def _saved(rgb: RgbImage, path: Path, **options: object) -> Path:
    Image.fromarray(rgb).save(path, **options)  # type: ignore[arg-type]
    return path


def _check(found: Assessment) -> None:
    aesthetic = found.aesthetic
    assert 1 <= aesthetic.score <= 10
    assert len(aesthetic.distribution) == 10
    assert sum(aesthetic.distribution) == pytest.approx(1, abs=1e-5)
    mean = sum(s * p for s, p in zip(range(1, 11), aesthetic.distribution, strict=True))
    assert aesthetic.score == pytest.approx(mean, abs=1e-4)
    assert 0 < aesthetic.std < 4.5
    assert 0 <= aesthetic.high_quality <= 1
    assert 0 <= aesthetic.percentile <= 100
    probabilities = [tag.probability for tag in found.semantics]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= p <= 1 for p in probabilities)


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_bundled_photographs_are_assessed(assessor: Assessor, path: Path) -> None:
    found = assessor.assess(path)
    _check(found)
    with Image.open(path) as image:
        assert (found.width, found.height) == image.size
    assert found.path == str(path)
    assert found.model == assessor.card.identifier


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 900, 3), (900, 7, 3), (192, 192, 3)])
def test_any_shape_is_assessed(assessor: Assessor, shape: tuple[int, int, int]) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    found = assessor.assess(rgb)
    _check(found)
    assert (found.height, found.width) == shape[:2]
    assert found.path is None


def test_a_batch_equals_its_photographs_alone(assessor: Assessor) -> None:
    alone = [assessor.assess(path).aesthetic.score for path in PHOTOS[:5]]
    together = [one.aesthetic.score for one in assessor.assess_batch(PHOTOS[:5])]
    assert together == pytest.approx(alone, abs=1e-4)
    assert assessor.assess_batch([]) == []


@pytest.mark.parametrize(
    ("suffix", "options"),
    [("png", {}), ("webp", {"quality": 90}), ("tif", {}), ("jpg", {"quality": 92})],
)
def test_saving_again_hardly_moves_the_score(
    assessor: Assessor, photo: RgbImage, tmp_path: Path, suffix: str, options: dict[str, object]
) -> None:
    again = assessor.assess(_saved(photo, tmp_path / f"again.{suffix}", **options))
    assert again.aesthetic.score == pytest.approx(assessor.assess(photo).aesthetic.score, abs=MOVED)


@pytest.mark.parametrize("scale", [2.0, 0.6])
def test_another_size_hardly_moves_the_score(
    assessor: Assessor, photo: RgbImage, tmp_path: Path, scale: float
) -> None:
    height, width = (round(side * scale) for side in photo.shape[:2])
    resized = Image.fromarray(photo).resize((width, height), Image.Resampling.LANCZOS)
    resized.save(tmp_path / "resized.jpg", quality=92)
    found = assessor.assess(tmp_path / "resized.jpg")
    assert found.aesthetic.score == pytest.approx(assessor.assess(photo).aesthetic.score, abs=MOVED)


def test_a_photograph_turned_in_its_exif_hardly_moves(
    assessor: Assessor, photo: RgbImage, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise for looking at
    lying = np.ascontiguousarray(np.rot90(photo))
    turned = assessor.assess(_saved(lying, tmp_path / "turned.jpg", quality=95, exif=exif))
    assert (turned.height, turned.width) == photo.shape[:2]
    assert turned.aesthetic.score == pytest.approx(
        assessor.assess(photo).aesthetic.score, abs=MOVED
    )


def test_each_keeps_the_order_and_goes_on_after_bad_ones(
    assessor: Assessor, photo: RgbImage, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("no picture\n", encoding="utf-8")
    good = [_saved(photo[: 100 + 40 * i], tmp_path / f"good{i}.png") for i in range(3)]
    sources = [good[0], tmp_path / "empty.jpg", good[1], tmp_path / "text.jpg", good[2]]
    found = list(assessor.assess_each(sources, batch=2))
    assert [type(one).__name__ for one in found] == [
        "Assessment",
        "UnreadableImage",
        "Assessment",
        "UnreadableImage",
        "Assessment",
    ]
    judged = [one for one in found if isinstance(one, Assessment)]
    assert [one.path for one in judged] == [str(path) for path in good]


def test_a_bad_photograph_alone_raises(assessor: Assessor, tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="no such file"):
        assessor.assess(tmp_path / "none.jpg")


def test_an_array_of_another_kind_is_refused(assessor: Assessor) -> None:
    with pytest.raises(ImageError, match="uint8"):
        assessor.assess(np.zeros((4, 4, 3), dtype=np.float32))


@pytest.mark.parametrize("source", [None, 5, Image.new("RGB", (9, 9))], ids=type)
def test_what_is_no_photograph_at_all_is_refused(assessor: Assessor, source: Any) -> None:
    with pytest.raises(ImageError, match=f"got {type(source).__name__}"):
        assessor.assess(source)


def test_no_photographs_give_nothing(assessor: Assessor) -> None:
    assert assessor.assess_batch([]) == []
    assert assessor.embed([]).shape == (0, 1280)


def test_a_mistyped_model_is_told_the_names_there_are() -> None:
    with pytest.raises(WeightsError, match="no model aesthetics-lite") as caught:
        Assessor(model="aesthetics-lite")
    assert "aesthetics-lite0" in str(caught.value.remedy)


def test_other_networks_are_refused() -> None:
    with pytest.raises(WeightsError, match="cannot be used to assess"):
        Assessor(model="face-mesh")


def test_embeddings_are_near_for_the_same_picture(
    assessor: Assessor, photo: RgbImage, tmp_path: Path
) -> None:
    other = next(path for path in PHOTOS if path.stem == "coffee")
    again = _saved(photo, tmp_path / "again.jpg", quality=85)
    one, same, else_ = assessor.embed([photo, again, other])
    cosine = float(one @ same / np.linalg.norm(one) / np.linalg.norm(same))
    apart = float(one @ else_ / np.linalg.norm(one) / np.linalg.norm(else_))
    assert cosine > 0.98 > apart


def test_the_card_says_what_the_weights_are() -> None:
    card = WeightsStore().card("aesthetics-lite0")
    assert "commercial" in card.terms
    assert card.size_bytes < 20_000_000
    assert card.metrics["para_validation"]["srcc"] >= 0.80
    assert not math.isnan(card.facts["temperature"])
