"""The report: complete, sealed, and careful with what other people wrote."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from goodside.album.catalog import (
    Assigned,
    NamePerson,
    StoredAssessment,
    list_faces,
    list_photos,
    open_catalog,
    put_assignments,
    put_faces,
)
from goodside.album.groups import regroup
from goodside.album.report import (
    Credit,
    Report,
    ReportFailure,
    ReportPerson,
    ReportSeries,
    Summary,
    Terms,
    Tile,
    make_report,
    plot_scores,
    render_report,
    write_report,
)
from goodside.errors import OutputError
from tests.album.catalog.made import aesthetic, found, key
from tests.album.made import picture
from tests.album.scan.made import photo, quick_scan

_EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def _tile(name: str, score: float = 6.0, *, reasons: tuple[str, ...] = ()) -> Tile:
    return Tile(
        name=name,
        picture=picture(),
        judged=StoredAssessment("judge 1.0.0", aesthetic(score), {}),
        tags=("night scene",),
        people=("Ann",),
        taken=date(2026, 5, 4),
        reasons=reasons,
        credit=Credit(author="Bo Brown"),
    )


@pytest.fixture
def full() -> Report:
    return Report(
        title="A week",
        summary=Summary(
            9, date(2026, 5, 4), date(2026, 5, 9), ("C1",), ("week",), {"burst": 1}, 4, (6.0, 3.0)
        ),
        picks=(_tile("best.jpg", reasons=("sharp", "eyes open")), _tile("next.jpg")),
        people=(
            ReportPerson("Ann", 3, (picture(), picture())),
            ReportPerson(None, 2, (picture(),)),
        ),
        series=(ReportSeries("burst", 9, _tile("one.jpg"), (_tile("two.jpg", 5.0),)),),
        weakest=(_tile("dim.jpg", 3.0, reasons=("badly exposed",)),),
        failures=(ReportFailure("cut.jpg", "the file is damaged"),),
        more_people=1,
        terms=(Terms("judge 1.0.0", "Learning only."),),
        made=date(2026, 6, 1),
    )


def _bare(html: str) -> str:
    return re.sub(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", "data:", html)


def test_every_section_is_there(full: Report) -> None:
    html = render_report(full)
    for part in ("picks", "album", "people", "series", "weakest", "failures"):
        assert html.count(f'id="{part}"') == 1
        assert html.count(f'href="#{part}"') == 1
    text = " ".join(re.sub(r"<[^>]+>", " ", _bare(html)).split())
    for words in (
        "The best 2 of 9 photographs", "4 May 2026 to 9 May 2026", "Sharp; eyes open", "With Ann",
        "Burst of 9", "and 7 more", "Ann 3 photographs", "Not named yet", "And 1 person more",
        "Badly exposed", "cut.jpg the file is damaged", "Learning only.", "median 4.5", "Bo Brown",
    ):  # fmt: skip
        assert words in text


def test_it_needs_no_network_and_no_script(full: Report) -> None:
    html = _bare(render_report(full))
    assert "://" not in html
    assert "url(" not in html
    assert "<script" not in html
    assert "default-src 'none'" in html
    images = re.findall(r"<img [^>]*>", html)
    assert len(images) == 8
    assert all('src="data:' in image and re.search(r'alt="[^"]', image) for image in images)
    assert sum('loading="lazy"' in image for image in images) == len(images) - 1


def test_what_others_wrote_is_escaped(full: Report) -> None:
    tile = replace(_tile(_EVIL, reasons=(_EVIL,)), people=(_EVIL,), tags=(_EVIL,))
    html = render_report(
        replace(
            full,
            title=_EVIL,
            summary=replace(full.summary, cameras=(_EVIL,), folders=(_EVIL,)),
            picks=(replace(tile, credit=Credit(_EVIL, _EVIL)), tile),
            people=(ReportPerson(_EVIL, 2, (picture(),)),),
            series=(ReportSeries("burst", 2, tile, (tile,)),),
            weakest=(tile,),
            failures=(ReportFailure(_EVIL, _EVIL),),
        )
    )
    assert "<script" not in html
    assert "<img src=x" not in html
    assert html.count("&lt;script&gt;") > 10


def test_an_empty_album_makes_a_report_too(tmp_path: Path) -> None:
    with open_catalog(tmp_path / "catalog.db") as catalog:
        made = make_report(catalog, title="Nothing")
    assert (made.picks, made.weakest, made.series) == ((), (), ())
    html = render_report(made)
    assert "There is no photograph in the album" in html
    assert "<img" not in html


def test_an_album_is_gathered_from_its_catalog(tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.jpg").write_bytes(photo(number))
    (folder / "8.jpg").write_bytes(photo(0, comment=b"a copy"))
    (folder / "broken.jpg").write_bytes(b"no picture")
    with open_catalog(tmp_path / "catalog.db") as catalog:
        quick_scan(catalog, folder)
        regroup(catalog)
        with catalog.write() as session:
            first = list_photos(session)[0]
            crop = picture().jpeg
            put_faces(session, first.id, [found(crop=crop)], by="1", forgotten=())
            (face,) = list_faces(session)
            put_assignments(session, [Assigned(face.id, key(1), 0.9, confirmed=True)])
        catalog.decide(NamePerson(person=key(1), name="Ann", faces=(face.ref,)))
        made = make_report(catalog, title="A walk")
    assert (made.summary.photos, made.summary.folders, made.summary.faces) == (9, ("walk",), 1)
    assert len(made.picks) == 6
    assert [one.kind for one in made.series] == ["near_duplicate"]
    assert made.series[0].count == 2
    assert {one.name for one in made.weakest}.isdisjoint(one.name for one in made.picks)
    assert [(one.name, one.photos, len(one.faces)) for one in made.people] == [("Ann", 1, 1)]
    assert [one.name for one in made.failures] == ["broken.jpg"]


def test_the_plot_counts_every_score() -> None:
    plot = plot_scores([1.0, 5.1, 5.2, 10.0], [5.2])
    assert plot is not None
    assert [(c.low, c.count, c.picked) for c in plot.columns] == [
        (1.0, 1, 0), (5.0, 2, 1), (9.5, 1, 0)
    ]  # fmt: skip
    assert plot.columns[1].height == 2 * plot.columns[1].picked_height == 200
    assert plot_scores([], []) is None


_STEERS = "a\x1b[2J\n\u202egpj\u2066\u200b"


def test_names_end_their_own_direction_and_steer_nothing(full: Report) -> None:
    tile = replace(_tile(f"شاطئ{_STEERS}"), people=("محمد", "Ann"), tags=(_STEERS,))
    html = render_report(
        replace(
            full,
            title=f"عطلة{_STEERS}",
            summary=replace(full.summary, cameras=(f"X{_STEERS}",), folders=("צילומים", "b")),
            picks=(replace(tile, credit=Credit(author="דוד")), tile),
            people=(ReportPerson("محمد", 4, (picture(),)),),
            failures=(ReportFailure(f"شاطئ{_STEERS}", _STEERS),),
        )
    )
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066\u2067]", html)
    assert '<b><bdi>محمد</bdi></b> <span class="quiet">4 photographs</span>' in html
    assert "With <bdi>محمد</bdi>, Ann" in html
    assert "<bdi>צילומים</bdi>, b" in html
    for letters in re.findall("[\u0590-\u06ff]+", _bare(html).partition("</title>")[2]):
        isolated = rf"(<bdi>|\u2068)[^<\u2069]*{letters}"
        assert re.search(isolated, html), letters


def test_whoever_has_no_name_shows_what_names_them(full: Report) -> None:
    html = render_report(
        replace(full, people=(ReportPerson(None, 2, (picture(),), key="3f2a0c9d1b7e"),))
    )
    assert "goodside album people name 3f2a0c9d1b7e NAME" in html
    assert "people name" not in render_report(full)


def test_names_that_are_no_utf_8_can_be_read_back(full: Report) -> None:
    name = "caf\udce9 100%.jpg"
    html = render_report(
        replace(full, picks=(_tile(name),), failures=(ReportFailure(name, "why"),))
    )
    written = html.encode("utf-8", errors="replace").decode()
    found = re.findall(r'<bdi data-bytes="([^"]*)">([^<]*)</bdi>', written)
    assert set(found) == {("caf%E9%20100%25.jpg", "caf? 100%.jpg")}
    assert os.fsdecode(unquote_to_bytes(found[0][0])) == name


def test_an_empty_report_replaces_no_other(full: Report, tmp_path: Path) -> None:
    path = write_report(tmp_path / "album.html", full)
    good = path.read_bytes()
    empty = replace(full, summary=Summary(0), picks=())
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="no photograph"):
            write_report(path, empty, overwrite=overwrite)
    assert path.read_bytes() == good
    write_report(tmp_path / "other.html", empty)
