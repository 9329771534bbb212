"""Faces: found, compared, assigned, forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from goodside.album.catalog import (
    Assigned,
    Catalog,
    FaceFacts,
    FaceRecord,
    MergePeople,
    NamePerson,
    PhotoFacts,
    entries,
    export_journal,
    forget,
    import_journal,
    list_faces,
    list_files,
    photo_ids,
    put_assignments,
    put_faces,
    put_facts,
    put_frontal,
    read_crops,
    read_face_vectors,
    reset_faces,
    undo,
)
from goodside.album.catalog.faces import Which
from goodside.errors import CatalogError
from goodside.types import FloatArray
from tests.album.catalog.made import LATER, NOW, add, face, found, fresh, key, sha, vector
from tests.postgres.places import stored_bytes

pytestmark = pytest.mark.both_databases

_WHICH: tuple[Which, ...] = ("plain", "frontal", "fused")
_ANN, _BO = key(1), key(2)
_SECRET = b"the picture of a face " * 500


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Two photos: p with three faces, q with one."""
    with fresh(tmp_path / "catalog.db") as opened:
        _fill(opened)
        yield opened


def _fill(catalog: Catalog) -> None:
    for name, faces in (("p", [found(0, seed=1, crop=_SECRET), found(1, seed=2), found(2, seed=3)]),
                        ("q", [found(0, seed=4, crop=_SECRET)])):  # fmt: skip
        add(catalog, Path(f"/a/{name}.jpg"), name)
        _scan(catalog, name, faces)


def _scan(catalog: Catalog, name: str, faces: list[FaceFacts]) -> None:
    forgotten = catalog.decisions().forgotten
    with catalog.write() as session:
        photo_id = photo_ids(session)[sha(name)]
        facts = PhotoFacts(width=1000, height=500)
        put_facts(session, photo_id, facts, thumbnail=None, by="1")
        put_faces(session, photo_id, faces, by="faces 1", forgotten=forgotten)


def _faces(catalog: Catalog, person: str | None = None) -> list[FaceRecord]:
    with catalog.read() as session:
        return list_faces(session, person=person)


def _assign(catalog: Catalog, people: dict[object, str]) -> None:
    there = {face.ref: face.id for face in _faces(catalog)}
    with catalog.write() as session:
        put_assignments(
            session,
            [Assigned(there[ref], who, 0.75, True) for ref, who in people.items() if ref in there],
        )


def test_faces_come_back_in_an_order_that_rows_do_not_decide(catalog: Catalog) -> None:
    expected = sorted([face("p", 0), face("p", 1), face("p", 2), face("q", 0)],
                      key=lambda ref: (ref.photo, ref.box))  # fmt: skip
    there = _faces(catalog)
    assert [one.ref for one in there] == expected
    one = next(one for one in there if one.ref == face("p", 1))
    facts = found(1, seed=2)
    assert (one.box, one.pose, one.score, one.mesh_score) == (
        facts.box, facts.pose, facts.score, facts.mesh_score
    )  # fmt: skip
    assert (one.sharpness, one.eyes_open, one.person, one.confirmed) == (0.4, 0.8, None, False)
    np.testing.assert_array_equal(one.points, facts.points)


def test_a_new_analysis_takes_the_place_of_the_old(catalog: Catalog) -> None:
    _scan(catalog, "p", [found(5)])
    assert [one.ref for one in _faces(catalog) if one.ref.photo == sha("p")] == [face("p", 5)]
    _scan(catalog, "p", [])
    with catalog.read() as session:
        assert [file.faces_by for file in list_files(session)] == ["faces 1", "faces 1"]


def _vectors(catalog: Catalog, which: Which) -> dict[int, FloatArray]:
    with catalog.read() as session:
        numbers, matrix = read_face_vectors(session, which)
    return dict(zip(numbers.tolist(), matrix, strict=True))


def test_vectors_plain_frontal_and_fused(catalog: Catalog) -> None:
    one, *others = _faces(catalog)
    with catalog.write() as session:
        put_frontal(session, one.id, frontal=vector(8), fused=vector(9))
    plain, frontal, fused = [_vectors(catalog, which) for which in _WHICH]
    assert set(plain) == set(fused) == {one.id, *(other.id for other in others)}
    assert set(frontal) == {one.id}
    np.testing.assert_allclose(frontal[one.id], vector(8), atol=1e-4)
    np.testing.assert_allclose(fused[one.id], vector(9), atol=1e-4)
    for other in others:
        np.testing.assert_array_equal(fused[other.id], plain[other.id])


def test_assignments_are_replaced_together(catalog: Catalog) -> None:
    _assign(catalog, {face("p", 0): _ANN, face("p", 1): _BO})
    _assign(catalog, {face("p", 0): _BO, face("q", 0): _BO})
    assert _faces(catalog, _ANN) == []
    assert {one.ref for one in _faces(catalog, _BO)} == {face("p", 0), face("q", 0)}
    assert {(one.similarity, one.confirmed) for one in _faces(catalog, _BO)} == {(0.75, True)}
    with catalog.write() as session:
        put_assignments(session, [])
    assert _faces(catalog, _BO) == []


def test_crops(catalog: Catalog) -> None:
    with catalog.read() as session:
        crops = read_crops(session, [one.id for one in _faces(catalog)])
    assert list(crops.values()) == [_SECRET, _SECRET]


def test_faces_can_be_taken_away_to_be_found_again(catalog: Catalog) -> None:
    with catalog.write() as session:
        reset_faces(session, [photo_ids(session)[sha("p")]])
    assert [one.ref.photo for one in _faces(catalog)] == [sha("q")]
    with catalog.read() as session:
        assert {file.path.name: file.faces_by for file in list_files(session)} == {
            "p.jpg": None, "q.jpg": "faces 1"
        }  # fmt: skip


def _name_ann(catalog: Catalog) -> None:
    """Ann is in both photos: named, clustered, and merged from another cluster that was named."""
    _assign(catalog, {face("p", 0): _ANN, face("q", 0): _ANN, face("p", 1): _BO})
    catalog.decide(NamePerson(person=_ANN, name="Ann Example", faces=(face("p", 0),)), at=NOW)
    catalog.decide(NamePerson(person=key(7), name="Annie", faces=(face("p", 2),)), at=NOW)
    catalog.decide(MergePeople(person=key(7), into=_ANN), at=NOW)
    catalog.decide(NamePerson(person=_BO, name="Bo", faces=(face("p", 1),)), at=NOW)


def test_forgetting_leaves_nothing_of_a_person(catalog: Catalog) -> None:
    _name_ann(catalog)
    if isinstance(catalog.location, Path):
        catalog.path.with_name("catalog.db.before-0001").write_bytes(stored_bytes(catalog))
    traces = [_SECRET[:200], b"Ann Example", b"Annie"]
    traces += [vector(seed).astype("<f2").tobytes() for seed in (1, 3, 4)]
    held = stored_bytes(catalog)
    assert all(trace in held for trace in traces)
    assert forget(catalog, _ANN, at=LATER) == 3
    held = stored_bytes(catalog)
    assert not any(trace in held for trace in traces)
    assert vector(2).astype("<f2").tobytes() in held
    assert [one.ref for one in _faces(catalog)] == [face("p", 1)]
    decided = catalog.decisions()
    assert decided.names == {_BO: "Bo"}
    assert decided.faces == {face("p", 1): _BO}
    assert decided.forgotten == {face("p", 0), face("p", 2), face("q", 0)}
    catalog.check()


def test_forgetting_says_so_while_another_reads_what_was(catalog: Catalog) -> None:
    _name_ann(catalog)
    hasty = Catalog(catalog.location, patience_s=0.05)
    with catalog.read() as session:
        list_faces(session)
        with pytest.raises(CatalogError, match=r"still be in the (file|database)"):
            forget(hasty, _ANN, at=LATER)
    assert _SECRET[:200] in stored_bytes(catalog)
    forget(hasty, _ANN, at=LATER)
    assert _SECRET[:200] not in stored_bytes(catalog)
    hasty.close()


def test_the_forgotten_are_not_analysed_again(catalog: Catalog) -> None:
    _name_ann(catalog)
    forget(catalog, key(7), at=LATER)
    _fill(catalog)
    assert [one.ref for one in _faces(catalog)] == [face("p", 1)]


def test_undoing_it_lets_the_faces_be_found_again_without_the_name(catalog: Catalog) -> None:
    _name_ann(catalog)
    forget(catalog, _ANN, at=LATER)
    undo(catalog, at=LATER)
    with catalog.read() as session:
        assert {file.faces_by for file in list_files(session)} == {None}
        (newest, *_) = reversed(entries(session))
    _fill(catalog)
    assert len(_faces(catalog)) == 4
    assert catalog.decisions().names == {_BO: "Bo"}
    assert catalog.decisions().faces[face("p", 0)] == _ANN
    undo(catalog, [newest.number], at=LATER)
    assert [one.ref for one in _faces(catalog)] == [face("p", 1)]
    assert _SECRET[:200] not in stored_bytes(catalog)


def test_a_journal_that_forgets_forgets_where_it_is_imported(
    catalog: Catalog, tmp_path: Path
) -> None:
    with fresh(tmp_path / "other.db") as other:
        _fill(other)
        _name_ann(catalog)
        export_journal(catalog, tmp_path / "before.jsonl")
        import_journal(other, tmp_path / "before.jsonl")
        assert other.decisions().names == {_ANN: "Ann Example", _BO: "Bo"}
        forget(catalog, _ANN, at=LATER)
        export_journal(catalog, tmp_path / "after.jsonl")
        assert "Ann" not in (tmp_path / "after.jsonl").read_text(encoding="utf-8")
        assert import_journal(other, tmp_path / "after.jsonl") == 1
        assert [one.ref for one in _faces(other)] == [face("p", 1)]
        assert b"Ann Example" not in stored_bytes(other)
        assert other.decisions() == catalog.decisions()
