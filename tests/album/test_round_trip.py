"""Any decisions, written to sidecars, come back in a fresh catalog that scans the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import (
    Catalog,
    Decision,
    Decisions,
    FaceFacts,
    MergePeople,
    NamePerson,
    NotPerson,
    Rate,
    SetFlag,
    SetTags,
    list_faces,
    list_photos,
    put_faces,
)
from goodside.album.export.sidecars import SidecarOptions, write_sidecars
from goodside.album.scan.metadata_refresh import note_decisions
from goodside.errors import GoodsideError
from goodside.types import Box
from tests.album.catalog.made import found as found_face
from tests.album.catalog.made import fresh, key, words
from tests.album.scan.made import photo, quick_scan

_LONG = int(os.environ.get("GOODSIDE_FUZZ_EXAMPLES", "0"))
_NAMES = ("Ann", "Bo", "Zoë née Ö", "猫", "محمد")
_PHOTOS = 2


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        album = Path(name) / "album"
        album.mkdir()
        for number in range(_PHOTOS):
            (album / f"{number}.jpg").write_bytes(photo(number))
        yield album


def _scanned(path: Path, album: Path) -> Catalog:
    """A fresh catalog of the folder, with two faces in each photograph."""
    catalog = fresh(path)
    quick_scan(catalog, album)
    with catalog.read() as session:
        photos = list_photos(session)
    with catalog.write() as session:
        for one in photos:
            put_faces(session, one.id, _faces(), by="1", forgotten=frozenset())
    return catalog


def _faces() -> tuple[FaceFacts, ...]:
    boxes = (Box(2, 4, 20, 30), Box(30, 8, 52, 40))
    return tuple(
        FaceFacts(
            box=box,
            points=one.points,
            pose=one.pose,
            score=one.score,
            mesh_score=one.mesh_score,
            sharpness=one.sharpness,
        )
        for box, one in zip(boxes, (found_face(0), found_face(1)), strict=True)
    )


_stars = st.none() | st.integers(0, 5)
_flags = st.sampled_from(["pick", "reject", None])
_tags = st.lists(words | st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=9))


@st.composite
def _decided(draw: st.DrawFn, photos: list[str], faces: list[object]) -> list[Decision]:
    chosen = st.lists(st.sampled_from(photos), min_size=1, max_size=2, unique=True).map(tuple)
    some = st.lists(st.sampled_from(faces), max_size=2, unique=True).map(tuple)
    people = st.integers(0, len(_NAMES) - 1)
    return draw(
        st.lists(
            st.one_of(
                st.builds(SetFlag, photos=chosen, flag=_flags),
                st.builds(Rate, photos=chosen, stars=_stars),
                st.builds(SetTags, photos=chosen, add=_tags.map(tuple), remove=_tags.map(tuple)),
                people.flatmap(
                    lambda at: st.builds(
                        NamePerson, person=st.just(key(at)), name=st.just(_NAMES[at]), faces=some
                    )
                ),
                st.builds(NotPerson, person=people.map(key), faces=some),
                st.builds(
                    MergePeople, person=people.map(key), into=people.map(key), faces=st.just(())
                ),
            ),
            max_size=10,
        )
    )


def _carried(decisions: Decisions) -> tuple[object, ...]:
    """What sidecars carry: people as they are after merges, of those who have a name and a face."""
    faces = {ref: decisions.person(person) for ref, person in decisions.faces.items()}
    faces = {ref: person for ref, person in faces.items() if person in decisions.names}
    names = {person: decisions.names[person] for person in faces.values()}
    return decisions.flags, decisions.stars, decisions.tags, decisions.tags_off, faces, names


@settings(
    max_examples=_LONG or 6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a case takes too long to be shrunk
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_decisions_come_back_from_sidecars(data: st.DataObject) -> None:
    with _folder() as album, _scanned(album.parent / "a.db", album) as first:
        with first.read() as session:
            faces = [one.ref for one in list_faces(session)]
            photos = [one.sha256 for one in list_photos(session)]
        for decision in data.draw(_decided(photos, list(faces))):
            first.decide(decision)
        wanted = first.decisions()
        for _, outcome in write_sidecars(read_album_photos(first), wanted, SidecarOptions()):
            assert not isinstance(outcome, GoodsideError)
        with _scanned(album.parent / "b.db", album) as second:
            note_decisions(second, retry=True)
            assert _carried(second.decisions()) == _carried(wanted)
            told = second.decisions()
            assert quick_scan(second, album).decisions_noted == 0
            assert second.decisions() == told


def _sidecar(attributes: str) -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:digiKam="http://www.digikam.org/ns/1.0/" '
        'xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/" '
        'xmlns:photomechanic="http://ns.camerabits.com/photomechanic/1.0/" '
        'xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/" '
        f"{attributes}/></rdf:RDF></x:xmpmeta>"
    )


def _opinion(catalog: Catalog) -> tuple[int | None, str | None]:
    decided = catalog.decisions()
    (shot,) = [one for one in read_album_photos(catalog) if one.photo.paths[0].name == "0.jpg"]
    return decided.stars.get(shot.photo.sha256), decided.flags.get(shot.photo.sha256)


@pytest.fixture
def album() -> Iterator[Path]:
    with _folder() as folder:
        yield folder


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with fresh(tmp_path / "catalog.db") as opened:
        yield opened


@pytest.mark.parametrize("place", ["sidecar", "embedded"])
@pytest.mark.parametrize(
    ("said", "opinion"),
    [
        ('xmp:Rating="-1"', (None, "reject")),
        ('xmp:Rating="3"', (3, None)),
        ('xmp:Rating="0"', (None, None)),
        ('xmp:Rating="4" digiKam:PickLabel="1"', (4, "reject")),
        ('digiKam:PickLabel="3"', (None, "pick")),
        ('digiKam:PickLabel="2"', (None, None)),
        ('xmpDM:pick="1"', (None, "pick")),
        ('xmpDM:pick="-1" xmp:Rating="2"', (2, "reject")),
        ('xmpDM:pick="0" xmpDM:good="true"', (None, None)),
        ('xmpDM:good="True"', (None, "pick")),
        ('photomechanic:Tagged="True"', (None, "pick")),
        ('MicrosoftPhoto:Rating="75"', (4, None)),
    ],
)
def test_what_other_programs_think_is_taken_on_the_first_scan(
    said: str, opinion: tuple[int | None, str | None], place: str, catalog: Catalog, album: Path
) -> None:
    if place == "sidecar":
        (album / "0.jpg.xmp").write_text(_sidecar(said))
    else:
        (album / "0.jpg").write_bytes(photo(0, xmp=_sidecar(said).encode()))
    quick_scan(catalog, album)
    assert _opinion(catalog) == opinion
    told = catalog.decisions()
    assert quick_scan(catalog, album).decisions_noted == 0
    assert catalog.decisions() == told


@pytest.mark.parametrize("place", ["sidecar", "embedded"])
@pytest.mark.parametrize(
    ("said", "opinions"),
    [
        (['xmp:Rating="2"', 'xmp:Rating="-1"', ""], [(2, None), (None, "reject"), (None, None)]),
        (
            ['xmp:Rating="-1"', 'xmp:Rating="2"', 'xmp:Rating="0"'],
            [(None, "reject"), (2, None), (None, None)],
        ),
        (["", 'xmp:Rating="5"', 'xmp:Rating="5"'], [(None, None), (5, None), (5, None)]),
    ],
)
def test_what_they_think_by_now_is_followed(
    said: list[str],
    opinions: list[tuple[int | None, str | None]],
    place: str,
    catalog: Catalog,
    album: Path,
) -> None:
    for words_now, opinion in zip(said, opinions, strict=True):
        if place == "sidecar":
            (album / "0.jpg.xmp").write_text(_sidecar(words_now))
        else:
            (album / "0.jpg").write_bytes(photo(0, xmp=_sidecar(words_now).encode()))
        quick_scan(catalog, album)
        assert _opinion(catalog) == opinion


def test_a_person_has_the_last_word_until_somebody_says_something_new(
    catalog: Catalog, album: Path
) -> None:
    beside = album / "0.jpg.xmp"
    beside.write_text(_sidecar('xmp:Rating="2"'))
    quick_scan(catalog, album)
    (shot,) = [one for one in read_album_photos(catalog) if one.stars]
    catalog.decide(Rate(photos=(shot.photo.sha256,), stars=5))
    beside.write_text(_sidecar('xmp:Rating="2" xmp:Label="Red"'))
    assert quick_scan(catalog, album).decisions_noted == 0
    assert _opinion(catalog) == (5, None)
    beside.unlink()  # gone is not taken back
    quick_scan(catalog, album)
    assert _opinion(catalog) == (5, None)
    beside.write_text(_sidecar('xmp:Rating="3"'))
    quick_scan(catalog, album)
    assert _opinion(catalog) == (3, None)
    (album / "copy.jpg").write_bytes((album / "0.jpg").read_bytes())
    catalog.decide(Rate(photos=(shot.photo.sha256,), stars=1))
    quick_scan(catalog, album)
    assert catalog.decisions().stars[shot.photo.sha256] == 1


def test_a_sidecar_that_is_gone_takes_nothing_back(catalog: Catalog, album: Path) -> None:
    (album / "0.jpg.xmp").write_text(_sidecar('xmp:Rating="2"'))
    quick_scan(catalog, album)
    (album / "0.jpg.xmp").unlink()
    quick_scan(catalog, album)
    assert _opinion(catalog) == (2, None)


def test_another_picture_under_the_name_says_its_own(catalog: Catalog, album: Path) -> None:
    packet = _sidecar('xmp:Rating="2"').encode()
    (album / "0.jpg").write_bytes(photo(0, xmp=packet))
    quick_scan(catalog, album)
    (album / "0.jpg").write_bytes(photo(77, xmp=packet))
    quick_scan(catalog, album)
    assert _opinion(catalog) == (2, None)


def test_a_decision_taken_back_leaves_the_sidecar(catalog: Catalog, album: Path) -> None:
    """And a rating of ours that somebody changes or takes out is followed."""
    quick_scan(catalog, album)
    shots = read_album_photos(catalog)
    sha = next(one.photo.sha256 for one in shots if one.photo.paths[0].name == "0.jpg")
    beside = album / "0.jpg.xmp"

    def say() -> str:
        list(write_sidecars(read_album_photos(catalog), catalog.decisions(), SidecarOptions()))
        return beside.read_text()

    catalog.decide(SetFlag(photos=(sha,), flag="reject"))
    assert 'xmp:Rating="-1"' in say()
    quick_scan(catalog, album)
    beside.write_text(beside.read_text().replace('xmp:Rating="-1"', 'xmp:Rating="3"'))
    quick_scan(catalog, album)
    assert _opinion(catalog) == (3, None)
    beside.unlink()
    assert 'xmp:Rating="3"' in say()
    quick_scan(catalog, album)
    beside.write_text(beside.read_text().replace('xmp:Rating="3"', ""))
    quick_scan(catalog, album)
    assert _opinion(catalog) == (None, None)
    catalog.decide(SetFlag(photos=(sha,), flag="reject"))
    assert 'xmp:Rating="-1"' in say()
    catalog.decide(SetFlag(photos=(sha,), flag=None))
    assert "xmp:Rating=" not in say()


@pytest.mark.parametrize(("ours", "theirs"), [("3", "5"), ("-1", "4"), ("2", "-1"), ("4", "")])
def test_a_rating_of_ours_that_somebody_gives_again_counts(
    ours: str, theirs: str, catalog: Catalog, album: Path
) -> None:
    quick_scan(catalog, album)
    shots = read_album_photos(catalog)
    sha = next(one.photo.sha256 for one in shots if one.photo.paths[0].name == "0.jpg")
    if ours == "-1":
        catalog.decide(SetFlag(photos=(sha,), flag="reject"))
    else:
        catalog.decide(Rate(photos=(sha,), stars=int(ours)))
    decided = _opinion(catalog)
    list(write_sidecars(read_album_photos(catalog), catalog.decisions(), SidecarOptions()))
    beside = album / "0.jpg.xmp"
    said = beside.read_text()
    changed = said.replace(f'xmp:Rating="{ours}"', f'xmp:Rating="{theirs}"' if theirs else "")
    assert changed != said
    for text, opinion in [(said, decided), (changed, None), (said, decided), (changed, None)]:
        beside.write_text(text)
        quick_scan(catalog, album)
        assert (_opinion(catalog) == decided) == (opinion == decided)
    beside.unlink()  # gone is not taken back
    before = _opinion(catalog)
    quick_scan(catalog, album)
    assert _opinion(catalog) == before


def test_names_wait_for_their_faces(catalog: Catalog, album: Path) -> None:
    list_of = _sidecar("").replace(
        "/></rdf:RDF>",
        ' xmlns:MP="http://ns.microsoft.com/photo/1.2/"'
        ' xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"'
        ' xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"><MP:RegionInfo '
        'rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li MPReg:Rectangle='
        f'"{2.5 / 64}, {4.5 / 48}, {18 / 64}, {26 / 48}" MPReg:PersonDisplayName="Ann"/>'
        "</rdf:Bag></MPRI:Regions></MP:RegionInfo></rdf:Description></rdf:RDF>",
    )
    (album / "0.jpg.xmp").write_text(list_of)
    assert quick_scan(catalog, album).decisions_noted == 0
    (shot,) = [one for one in read_album_photos(catalog) if one.people]
    assert shot.people == {"Ann"}
    assert quick_scan(catalog, album).decisions_noted == 0
    with catalog.write() as session:
        put_faces(session, shot.photo.id, _faces(), by="1", forgotten=frozenset())
    assert note_decisions(catalog, retry=True) == 1
    decided = catalog.decisions()
    assert list(decided.names.values()) == ["Ann"]
    assert len(decided.faces) == 1
    assert note_decisions(catalog, retry=True) == 0
