"""Copies, edited versions, and which one is the original."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from PIL import Image, ImageFilter

from goodside.album.catalog import PhotoFacts, Relation, Source
from goodside.album.groups.comparable_photo import ComparablePhoto
from goodside.album.groups.comparison import compare_pictures
from goodside.album.groups.copies import Origin, find_copy
from goodside.album.groups.crops import join_crops
from goodside.album.groups.relations import find_relations
from goodside.images.similarity.phash import perceptual_hash
from goodside.images.similarity.spectrum import measure_spectrum
from goodside.types import RgbImage
from tests.album.groups.made import frame
from tests.album.scan.made import EXAMPLES

_TAKEN = datetime(2026, 5, 4, 10, 0)

Alter = Callable[[Image.Image], Image.Image]


def _half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def _double(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)


def _sharp(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(2, 150, 3))


def _same(image: Image.Image) -> Image.Image:
    return image


def _warm(image: Image.Image) -> Image.Image:
    warm = np.asarray(image, dtype=np.float64) * (1.12, 1.0, 0.8)
    return Image.fromarray(np.clip(warm, 0, 255).astype(np.uint8))


def _light(image: Image.Image) -> Image.Image:
    return Image.eval(image, lambda level: min(255, round(1.15 * level)))


def _gray(image: Image.Image) -> Image.Image:
    return image.convert("L").convert("RGB")


def _crop(image: Image.Image) -> Image.Image:
    wide, high = image.size
    return image.crop((wide // 10, high // 15, wide // 10 + wide * 4 // 5, high * 13 // 15))


def _view(name: str = "mountain-path") -> Image.Image:
    with Image.open(EXAMPLES / "photos" / f"{name}.jpg") as image:
        return image.convert("RGB")


def _saved(image: Image.Image, quality: int) -> tuple[Image.Image, int]:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB"), stream.tell()


def _origin(
    image: Image.Image, quality: int, *, camera: bool = False, program: str | None = None
) -> Origin:
    saved, size = _saved(image, quality)
    facts = PhotoFacts(
        width=image.width,
        height=image.height,
        camera="C1" if camera else None,
        taken_at=_TAKEN if camera else None,
    )
    return Origin(facts, Source(size, program, measure_spectrum(saved)))


def _small(image: Image.Image) -> RgbImage:
    small = image.copy()
    small.thumbnail((240, 240))
    return np.asarray(small)


@pytest.mark.parametrize("name", ["mountain-path", "raccoon", "astronaut"])
@pytest.mark.parametrize(
    ("alter", "quality", "why"),
    [
        (_half, 75, "smaller"),
        (lambda image: _sharp(_half(image)), 90, "smaller"),
        (_double, 90, "enlarged"),
        (_sharp, 95, "sharpened"),
        (_same, 60, "recompressed"),
        (_same, 30, "recompressed"),
    ],
)
def test_the_original_is_told_from_its_copy(
    name: str, alter: Alter, quality: int, why: str
) -> None:
    view = _view(name)
    original, copy = _origin(view, 90), _origin(alter(view), quality)
    assert find_copy(original, copy) == (1, why)
    assert find_copy(copy, original) == (0, why)


@pytest.mark.parametrize(
    ("camera", "program", "why"),
    [(False, None, "without its metadata"), (True, "GIMP 3.0", "saved by GIMP 3.0")],
)
def test_metadata_tell_where_pixels_do_not(camera: bool, program: str | None, why: str) -> None:
    view = _view()
    original = _origin(view, 90, camera=True)
    copy = Origin(
        original.facts if camera else PhotoFacts(width=view.width, height=view.height),
        Source(original.source.size_bytes, program, original.source.spectrum),
    )
    assert find_copy(original, copy) == (1, why)


def test_two_frames_of_one_camera_are_told_by_nothing() -> None:
    one = _origin(_view(), 90, camera=True)
    assert find_copy(one, one) is None


def test_without_spectra_pixels_and_bytes_tell() -> None:
    large = Origin(PhotoFacts(width=900, height=600), Source(90_000))
    small = Origin(PhotoFacts(width=450, height=300), Source(30_000))
    light = Origin(PhotoFacts(width=900, height=600), Source(40_000))
    assert find_copy(large, small) == (1, "smaller")
    assert find_copy(light, large) == (0, "recompressed")


@pytest.mark.parametrize("name", ["mountain-path", "raccoon", "dragonfly"])
@pytest.mark.parametrize(
    ("alter", "difference", "edited"),
    [
        (_half, "none", None),
        (_double, "none", None),
        (_sharp, "none", None),
        (_gray, "black and white", 1),
        (_warm, "colour", None),
        (_light, "brightness", None),
        (_crop, "crop", 1),
    ],
)
def test_how_looks_differ(name: str, alter: Alter, difference: str, edited: int | None) -> None:
    view = _view(name)
    look = compare_pictures(_small(view), _small(_saved(alter(view), 80)[0]))
    assert look is not None
    assert (look.kind, look.edited) == (difference, edited)


def test_another_shot_of_a_view_is_neither_copy_nor_crop() -> None:
    view = _view("fig")
    wide, high = view.size
    one = view.crop((0, 0, wide - 60, high - 40))
    other = view.crop((60, 40, wide, high))
    assert compare_pictures(_small(one), _small(other)) is None
    assert compare_pictures(_small(view), _small(_view("dragonfly"))) is None


@dataclass
class _Album:
    """One view, altered and saved in several ways, as photos 0, 1, 2 ..."""

    frames: list[ComparablePhoto] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    pictures: dict[int, RgbImage] = field(default_factory=dict)

    def add(self, alter: Alter, quality: int, *, at: datetime | None = None) -> None:
        number = len(self.frames)
        image, size = _saved(alter(_view()), quality)
        facts = PhotoFacts(
            width=image.width,
            height=image.height,
            taken_at=at,
            camera=None if at is None else "C1",
            phash=perceptual_hash(np.asarray(image)),
        )
        self.frames.append(ComparablePhoto(replace(frame(number).photo, facts=facts)))
        self.sources[number] = Source(size, None, measure_spectrum(image))
        self.pictures[number] = _small(image)

    def relations(self) -> set[Relation]:
        return set(
            find_relations(self.frames, sources=self.sources, read_thumbnail=self.pictures.get)
        )


def test_copies_and_versions_of_one_picture() -> None:
    album = _Album()
    album.add(_half, 70)
    album.add(_same, 92)
    album.add(_gray, 88)
    album.add(lambda image: _half(_gray(image)), 80)
    album.add(_sharp, 95)
    assert album.relations() == {
        Relation(0, "copy", 1, "smaller"),
        Relation(2, "version", 1, "black and white"),
        Relation(3, "copy", 2, "smaller"),
        Relation(4, "copy", 1, "sharpened"),
    }


def test_shots_of_different_times_are_related_to_nothing() -> None:
    album = _Album()
    album.add(_same, 92, at=_TAKEN)
    album.add(_half, 70, at=_TAKEN + timedelta(seconds=1))
    assert album.relations() == set()


def test_a_crop_joins_what_it_was_cut_from() -> None:
    album = _Album()
    album.add(_same, 92, at=_TAKEN)
    album.add(_crop, 90, at=_TAKEN)
    (group,) = join_crops([], album.frames, read_thumbnail=album.pictures.get)
    assert [one.photo.id for one in group] == [0, 1]
    assert album.relations() == {Relation(1, "version", 0, "crop")}
