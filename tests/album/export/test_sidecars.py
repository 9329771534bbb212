"""What the album says in sidecars, and what it reads back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from goodside.album.album_photo import AlbumPhoto
from goodside.album.catalog import Decisions, NamePerson, Rate
from goodside.album.export.sidecars import SidecarOptions, read_back, stars_for, write_sidecars
from goodside.errors import GoodsideError, UnreadableImage
from goodside.images.sidecars.sidecar import Written, read_sidecar, write_sidecar
from goodside.images.xmp.content import SidecarContent
from goodside.images.xmp.regions import ImageFrame, Region
from tests.album.picks.made import face, shot
from tests.images.made import encode, textured

ANN = "0" * 11 + "a"
FRAME = ImageFrame(960, 640)


@pytest.fixture
def photo(tmp_path: Path) -> AlbumPhoto:
    """A photograph of Ann, tagged, with 9 of 10 photographs below it."""
    path = tmp_path / "IMG_1.JPG"
    path.write_bytes(encode(textured(960, 640), "JPEG", quality=60))
    seen = replace(face(), person=ANN)
    made = shot(0, 7.0, faces=(seen,), percentile=90.0, tags=frozenset({"portrait"}))
    facts = replace(made.photo.facts, sharpness=0.5)
    return replace(made, photo=replace(made.photo, paths=(path,), facts=facts))


@pytest.fixture
def known() -> Decisions:
    return Decisions(names={ANN: "Ann"})


def _say(photo: AlbumPhoto, known: Decisions, saying: SidecarOptions) -> Path:
    ((path, outcome),) = write_sidecars([photo], known, saying)
    assert path == photo.photo.paths[0]
    assert not isinstance(outcome, GoodsideError)
    (written,) = outcome
    assert isinstance(written, Written)
    return written.path


def test_tags_faces_and_scores_are_said(photo: AlbumPhoto, known: Decisions) -> None:
    original = photo.photo.paths[0].read_bytes()
    said = read_sidecar(_say(photo, known, SidecarOptions()), frame=FRAME)
    assert said.tags == ("portrait",)
    assert said.scores is not None
    assert said.scores.score == pytest.approx(7.0)
    assert said.scores.percentile == pytest.approx(90.0)
    assert said.faces is not None
    (region,) = said.faces
    assert region.name == "Ann"
    box = photo.faces[0].box
    assert region.box(width=960, height=640).left == pytest.approx(box.left, abs=1)
    assert photo.photo.paths[0].read_bytes() == original


@pytest.mark.parametrize(
    ("own", "rate", "rating"),
    [({}, False, None), ({}, True, 4), ({"stars": 2}, True, 2), ({"flag": "reject"}, False, -1)],
)
def test_a_rating_only_where_it_is_asked_for(
    photo: AlbumPhoto, known: Decisions, own: dict[str, object], rate: bool, rating: int | None
) -> None:
    said = read_sidecar(_say(replace(photo, **own), known, SidecarOptions(rate=rate)))  # type: ignore[arg-type]
    assert said.rating == rating


def test_a_rating_that_is_there_stays(photo: AlbumPhoto, known: Decisions) -> None:
    (theirs,) = write_sidecar(photo.photo.paths[0], SidecarContent(rating=1))
    theirs.path.write_text(_unmarked(theirs.path.read_text()))
    _say(photo, known, SidecarOptions(rate=True))
    assert read_sidecar(theirs.path).rating == 1


def test_a_folder_of_sidecars_repeats_the_tree(
    photo: AlbumPhoto, known: Decisions, tmp_path: Path
) -> None:
    saying = SidecarOptions(folder=tmp_path / "said", root=tmp_path.parent)
    path = _say(photo, known, saying)
    assert path == tmp_path / "said" / tmp_path.name / "IMG_1.JPG.xmp"


def test_the_photograph_is_not_opened_to_bring_its_sidecar_up_to_date(
    photo: AlbumPhoto, known: Decisions
) -> None:
    path = _say(photo, known, SidecarOptions())
    photo.photo.paths[0].write_bytes(b"no longer to be read")
    said = read_sidecar(
        _say(replace(photo, tags=frozenset({"sea"})), known, SidecarOptions()), frame=FRAME
    )
    assert said.tags == ("sea",)
    assert said.faces is not None
    assert [region.name for region in said.faces] == ["Ann"]
    assert read_sidecar(path).tags == ("sea",)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_faces_are_said_on_the_stored_image(
    photo: AlbumPhoto, known: Decisions, orientation: int
) -> None:
    """The catalog knows the upright picture; a sidecar speaks of the picture as it is stored."""
    facts = replace(photo.photo.facts, orientation=orientation)
    turned = replace(photo, photo=replace(photo.photo, facts=facts))
    stored = ImageFrame.of_upright(960, 640, orientation=orientation)
    assert (stored.width > stored.height) == (orientation < 5)
    said = read_sidecar(_say(turned, known, SidecarOptions()), frame=stored)
    assert said.faces is not None
    box, face = said.faces[0].box(width=960, height=640), photo.faces[0].box
    assert box.as_list() == pytest.approx(face.as_list(), abs=1)


def test_a_missing_original_is_told_and_the_others_go_on(
    photo: AlbumPhoto, known: Decisions
) -> None:
    gone = replace(photo, photo=replace(photo.photo, paths=(Path("/nowhere/IMG_2.JPG"),)))
    outcomes = [outcome for _, outcome in write_sidecars([gone, photo], known, SidecarOptions())]
    assert isinstance(outcomes[0], UnreadableImage)
    assert isinstance(outcomes[1], tuple)


def test_a_name_too_long_for_a_sidecar_costs_itself_only(
    photo: AlbumPhoto, known: Decisions
) -> None:
    path = photo.photo.paths[0]
    long = path.with_name("n" * 251 + ".jpg")
    long.write_bytes(path.read_bytes())
    named_long = replace(photo, photo=replace(photo.photo, paths=(long,)))
    outcomes = dict(write_sidecars([named_long, photo], known, SidecarOptions()))
    assert isinstance(outcomes[long], GoodsideError)
    assert not isinstance(outcomes[path], GoodsideError)


def test_ratings_and_names_are_read_back_once(photo: AlbumPhoto) -> None:
    region = Region.of_box(photo.faces[0].box, width=960, height=640, name="Bo")
    content = SidecarContent(rating=4, faces=(region,))
    (written,) = write_sidecar(photo.photo.paths[0], content, frame=FRAME)
    written.path.write_text(_unmarked(written.path.read_text()))
    ((_, told),) = read_back([photo], Decisions())
    assert isinstance(told, tuple)
    rate, name = told
    assert rate == Rate(photos=(photo.photo.sha256,), stars=4)
    assert isinstance(name, NamePerson)
    assert (name.name, name.faces) == ("Bo", (photo.faces[0].ref,))
    knows = Decisions(names={name.person: "Bo"}, faces={photo.faces[0].ref: name.person})
    assert list(read_back([replace(photo, stars=4)], knows)) == []


def test_what_goodside_said_is_not_read_back(photo: AlbumPhoto, known: Decisions) -> None:
    _say(photo, known, SidecarOptions(rate=True))
    assert list(read_back([photo], known)) == []


@pytest.mark.parametrize(
    ("percentile", "stars"), [(0, 1), (29, 1), (30, 2), (60, 3), (80, 4), (95, 5), (100, 5)]
)
def test_stars(percentile: float, stars: int) -> None:
    assert stars_for(percentile) == stars


def _unmarked(text: str) -> str:
    """The sidecar as if another program had written it: without the marks that say it is ours."""
    return re.sub(r' goodside:\w+="[^"]*"', "", text)


def test_what_is_no_photograph_gets_its_tag_but_no_score_and_no_stars(
    photo: AlbumPhoto, known: Decisions
) -> None:
    page = replace(photo, tags=frozenset({"not a photograph"}))
    said = read_sidecar(_say(page, known, SidecarOptions(rate=True)), frame=FRAME)
    assert said.tags == ("not a photograph",)
    assert said.scores is None
    assert said.rating is None
    rated = replace(page, stars=4)
    assert read_sidecar(_say(rated, known, SidecarOptions(rate=True))).rating == 4
