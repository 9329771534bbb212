"""Photographs ranked: well formed, complete, sealed, and careful with what other people wrote."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from goodside.album.report import (
    Credit,
    Report,
    ReportFailure,
    Summary,
    Terms,
    Tile,
    TurnedFace,
    TurnedView,
    check_target,
    render_report,
    write_report,
)
from goodside.errors import OutputError
from goodside.types import Pose
from tests.album.made import picture, tile

_VOID = {"meta", "img", "link", "br", "hr", "input"}
_ADDRESSES = {"src", "href", "srcset", "data", "action", "poster", "xlink:href", "background"}


class _Reader(HTMLParser):
    """Reads a page strictly: every element closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.styles: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.styles if self.open[-1:] == ["style"] else self.texts).append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _ranked(title: str, *tiles: Tile) -> Report:
    return Report(title=title, summary=Summary(len(tiles)), picks=tiles, ranked=True)


@pytest.fixture
def page() -> Report:
    views = (
        TurnedView(picture(40, 40), yaw_deg=-30, measured=Pose(-28.4, 0, 0), identity=0.713),
        TurnedView(picture(40, 40), yaw_deg=0, measured=Pose(0.3, 0, 0), identity=0.95),
        TurnedView(picture(40, 40), yaw_deg=60, measured=None, identity=None),
    )
    roses = Credit("Roses", "Ann Ample", "CC0-1.0", "cut")
    return replace(
        _ranked(
            "A walk",
            replace(tile("best.jpg", 7.9), picture=picture(120, 80)),
            replace(tile("middle.jpg", 5.5), credit=roses),
            tile("weak.jpg", 3.1),
        ),
        failures=(ReportFailure("cut.jpg", "the file is damaged or cut short"),),
        turned=TurnedFace(
            name="ann.jpg",
            portrait=picture(50, 50),
            source=Pose(-12.0, 0, 0),
            views=views,
            model="rotation-mesh 1.0.0",
            credit=Credit(author="NASA", licence="public domain"),
            strangers=0.525,
            limits="Usable to 45 degrees.",
        ),
        terms=(Terms("judge 1.0.0", "Research and learning only."),),
        made=date(2025, 11, 22),
    )


def test_it_is_well_formed_and_says_its_language(page: Report) -> None:
    read = _Reader(render_report(page))
    assert read.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in read.all(
        "meta"
    )
    assert [len(read.all(tag)) for tag in ("title", "h1", "main", "header", "footer")] == [1] * 5


def test_it_refers_to_nothing_outside(page: Report) -> None:
    html = render_report(page)
    read = _Reader(html)
    addresses = [
        value
        for _, attributes in read.elements
        for name, value in attributes.items()
        if name in _ADDRESSES
    ]
    assert addresses
    assert all(address.startswith("data:image/jpeg;base64,") for address in addresses)
    styles = " ".join(read.styles) + " ".join(a.get("style", "") for _, a in read.elements)
    assert "url(" not in styles
    assert "@import" not in styles
    assert not {"script", "link", "iframe", "object", "embed", "base"} & {
        t for t, _ in read.elements
    }
    assert "://" not in re.sub(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", "", html)
    policy = [m["content"] for m in read.all("meta") if "http-equiv" in m]
    assert policy == ["default-src 'none'; img-src data:; style-src 'unsafe-inline'"]


def test_photographs_stand_best_first_and_the_best_is_the_large_one(page: Report) -> None:
    read = _Reader(render_report(page))
    alts = [image["alt"] for image in read.all("img")]
    assert alts[:3] == ["best.jpg: portrait", "middle.jpg: portrait", "weak.jpg: portrait"]
    images = read.all("img")
    assert [image["width"] for image in images[:3]] == ["120", "60", "60"]
    for image in images:
        content = base64.b64decode(image["src"].removeprefix("data:image/jpeg;base64,"))
        with Image.open(BytesIO(content)) as decoded:
            assert decoded.size == (int(image["width"]), int(image["height"]))
    assert [a["start"] for a in read.all("ol")] == ["2"]


def test_every_figure_is_there(page: Report) -> None:
    text = _Reader(render_report(page)).text
    for shown in page.picks:
        assert shown.judged is not None
        aesthetic = shown.judged.aesthetic
        assert f"{aesthetic.score:.1f}" in text
        assert f"± {aesthetic.std:.1f}" in text
        assert f"{aesthetic.percentile:.0f} %" in text
        assert f"{100 * aesthetic.high_quality:.0f} %" in text
    for words in (
        "A walk", "3 photographs", "22 November 2025", "1200 × 800",
        "Roses, Ann Ample, CC0-1.0", "middle.jpg Roses, Ann Ample, CC0-1.0 (cut)",
        "Research and learning only.", "NASA, public domain",
    ):  # fmt: skip
        assert words in text


def test_the_bars_stand_for_the_distribution(page: Report) -> None:
    read = _Reader(render_report(page))
    drawings = read.all("svg")
    assert len(drawings) == 3
    bars = read.all("rect")[:10]
    assert page.picks[0].judged is not None
    best = page.picks[0].judged.aesthetic
    heights = [float(bar["height"]) for bar in bars]
    expected = [max(0.8, 32 * share / max(best.distribution)) for share in best.distribution]
    assert heights == pytest.approx(expected, abs=0.01)
    assert [index for index, bar in enumerate(bars) if bar.get("class") == "mean"] == [7]
    assert drawings[0]["role"] == "img"
    assert drawings[0]["aria-label"].startswith("Expected verdicts from 1 to 10, in per cent: ")
    assert drawings[0]["aria-label"].count(",") == 10


def test_failures_are_shown_with_their_reason(page: Report) -> None:
    text = _Reader(render_report(page)).text
    assert "Not judged cut.jpg the file is damaged or cut short" in text
    assert "Not judged" not in _Reader(render_report(replace(page, failures=()))).text


def test_the_turned_face_is_marked_as_synthetic_and_carries_its_figures(page: Report) -> None:
    read = _Reader(render_report(page))
    assert "Synthetic pictures." in read.text
    assert "12° to the picture's left" in read.text
    assert "of a hundred pairs of strangers one exceeds 0.53. Usable to 45 degrees." in read.text
    assert "−30° measured −28° likeness 0.71" in read.text
    assert "0° measured 0° likeness 0.95" in read.text
    assert "+60° no face found in the result" in read.text
    assert sum(image["alt"].startswith("Synthetic picture:") for image in read.all("img")) == 3
    strip = [d for d in read.all("div") if d.get("class") == "strip"]
    assert strip[0]["tabindex"] == "0"
    assert strip[0]["aria-label"]
    assert "turned" not in _Reader(render_report(replace(page, turned=None))).text


def test_what_others_wrote_is_escaped() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>.jpg"
    credit = Credit(evil, evil, evil, evil)
    shown = replace(tile(evil, 5, labels=(evil, evil)), credit=credit, picture=picture())
    views = (TurnedView(picture(), yaw_deg=0, measured=None, identity=None),)
    html = render_report(
        replace(
            _ranked(evil, shown, replace(shown, tags=(evil,))),
            failures=(ReportFailure(evil, evil),),
            turned=TurnedFace(
                evil, picture(), Pose(0, 0, 0), views, model=evil, credit=Credit(evil), limits=evil
            ),
            terms=(Terms(evil, evil),),
        )
    )
    read = _Reader(html)
    assert not read.all("script")
    assert not any(name.startswith("on") for _, attrs in read.elements for name in attrs)
    assert all(image["src"].startswith("data:") for image in read.all("img"))
    assert read.all("img")[0]["alt"].startswith(evil)
    assert evil in " ".join(read.texts)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_photographs_make_a_page_too(count: int) -> None:
    read = _Reader(render_report(_ranked("Few", *(tile(f"{n}.jpg", 5) for n in range(count)))))
    assert len(read.all("img")) == count
    assert ("No photograph could be judged" in read.text) == (count == 0)
    assert ("1 photograph," in read.text) == (count == 1)


def test_names_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    written = write_report(tmp_path / "page.html", _ranked("Odd", tile("a\udcff.jpg", 5)))
    assert "a?.jpg" in written.read_text(encoding="utf-8")


def test_it_makes_its_folder_and_replaces_its_earlier_page(page: Report, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "page.html"
    write_report(path, page)
    write_report(path, replace(page, title="Another walk"))
    assert "Another walk" in path.read_text(encoding="utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]


def test_it_replaces_nobody_elses_file_unless_asked(page: Report, tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text("<!doctype html><p>mine", encoding="utf-8")
    with pytest.raises(OutputError, match="--overwrite"):
        write_report(path, page)
    assert path.read_text(encoding="utf-8") == "<!doctype html><p>mine"
    write_report(path, page, overwrite=True)
    assert "A walk" in path.read_text(encoding="utf-8")
    with pytest.raises(OutputError, match="folder"):
        check_target(tmp_path)
    with pytest.raises(OutputError, match="folder cannot be made"):
        write_report(path / "below" / "page.html", page)
