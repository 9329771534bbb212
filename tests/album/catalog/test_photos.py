"""Photos: figures, thumbnails, assessments, vectors, groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from goodside.album.catalog import (
    Catalog,
    Group,
    PhotoFacts,
    StoredAssessment,
    list_files,
    list_groups,
    list_photos,
    photo_ids,
    put_facts,
    put_groups,
    put_judged,
    read_thumbnails,
    read_vectors,
)
from tests.album.catalog.made import add, aesthetic, fresh, sha, vector

pytestmark = pytest.mark.both_databases

_FACTS = PhotoFacts(
    width=4000, height=3000, orientation=6, taken_at=datetime(2026, 1, 2, 3, 4, 5, 670_000),
    camera="Maker Model", lens="35 mm", exposure_s=0.004, f_number=2.8, iso=200, bias_ev=-1 / 3,
    focal_mm=35.0, latitude_deg=-33.9, longitude_deg=151.2, phash=2**64 - 5, sharpness=0.7,
    brightness=0.4, contrast=0.2, clipped_dark=0.01, clipped_bright=0.02, colourfulness=61.5,
    warmth=-0.2, warmth_spread=0.3, focus_share=0.6, subject_x=0.4, subject_y=0.7,
    subject_light=0.1, background_blur=0.5, symmetry=-0.3, horizon_tilt_deg=-1.5,
)  # fmt: skip


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with fresh(tmp_path / "catalog.db") as opened:
        for name in "abc":
            add(opened, Path(f"/a/{name}.jpg"), name)
        yield opened


def _ids(catalog: Catalog) -> list[int]:
    with catalog.read() as session:
        known = photo_ids(session)
    return [known[sha(name)] for name in "abc"]


def test_figures_come_back_and_are_replaced_as_a_whole(catalog: Catalog) -> None:
    first, *_ = _ids(catalog)
    with catalog.write() as session:
        put_facts(session, first, _FACTS, thumbnail=b"small", by="measure 1")
    with catalog.read() as session:
        (photo,) = [photo for photo in list_photos(session) if photo.id == first]
        assert (photo.sha256, photo.facts) == (sha("a"), _FACTS)
        assert read_thumbnails(session, _ids(catalog)) == {first: b"small"}
        assert [file.measured_by for file in list_files(session)] == ["measure 1", None, None]
    with catalog.write() as session:
        put_facts(session, first, PhotoFacts(width=1, height=2), thumbnail=None, by="measure 2")
    with catalog.read() as session:
        (photo,) = [photo for photo in list_photos(session) if photo.id == first]
        assert photo.facts == PhotoFacts(width=1, height=2)
        assert read_thumbnails(session, [first]) == {}


def test_an_assessment_comes_back_and_is_replaced(catalog: Catalog) -> None:
    first, *_ = _ids(catalog)
    for score, technical, words in ((6.0, 4.5, {"bridge": 0.9, "river": 0.75}), (7.0, None, {})):
        judged = StoredAssessment(
            "judge 1.0.0",
            aesthetic(score),
            {"sea": 0.75},
            technical=technical,
            words=words,
            attributes={"light": 6.5} if words else {},
        )
        with catalog.write() as session:
            put_judged(session, first, judged, embedding=vector(1))
        with catalog.read() as session:
            assert [photo.judged for photo in list_photos(session)] == [judged, None, None]
    with catalog.read() as session:
        assert [file.judged_by for file in list_files(session)] == ["judge 1.0.0", None, None]


def test_vectors_are_kept_to_half_precision(catalog: Catalog) -> None:
    first, second, third = _ids(catalog)
    judged = StoredAssessment("judge 1.0.0", aesthetic(), {})
    with catalog.read() as session:
        numbers, matrix = read_vectors(session)
        assert (numbers.shape, matrix.shape) == ((0,), (0, 0))
    with catalog.write() as session:
        put_judged(session, third, judged, embedding=vector(3))
        put_judged(session, first, judged, embedding=vector(1))
        put_judged(session, second, judged, embedding=None)
    with catalog.read() as session:
        numbers, matrix = read_vectors(session)
        assert read_vectors(session, [second, third])[0].tolist() == [third]
    assert numbers.tolist() == sorted([first, third])
    assert matrix.dtype == np.float16
    wanted = {first: vector(1), third: vector(3)}
    for number, row in zip(numbers, matrix, strict=True):
        np.testing.assert_allclose(row, wanted[int(number)], atol=1e-4)


def test_photos_come_by_time_then_by_name(catalog: Catalog) -> None:
    first, second, third = _ids(catalog)
    for number, moment in ((third, datetime(2020, 1, 1)), (first, datetime(2020, 1, 1, 0, 0, 1))):
        with catalog.write() as session:
            put_facts(session, number, PhotoFacts(taken_at=moment), thumbnail=None, by="1")
    with catalog.read() as session:
        assert [photo.id for photo in list_photos(session)] == [third, first, second]


def test_groups_of_a_kind_are_replaced_together(catalog: Catalog) -> None:
    first, second, third = _ids(catalog)
    with catalog.write() as session:
        put_groups(session, "scene", [Group("scene", (first, second, third))])
        put_groups(session, "burst", [Group("burst", (first, second))])
        put_groups(session, "burst", [Group("burst", (third, second)), Group("burst", (first,))])
    with catalog.read() as session:
        found = [(group.kind, group.photo_ids) for group in list_groups(session)]
        bursts = [group.photo_ids for group in list_groups(session, kind="burst")]
    assert found == [
        ("scene", (first, second, third)), ("burst", (third, second)), ("burst", (first,))
    ]  # fmt: skip
    assert bursts == [(third, second), (first,)]
