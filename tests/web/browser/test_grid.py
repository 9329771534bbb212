"""The grid of all photographs in a real browser: quick, without jumps, and with its state kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from goodside.album.album import Album
from goodside.album.catalog import Entry, SetFlag, SetTags, entries
from tests.web.browser.conftest import OpenPage
from tests.web.browser.large_album import make_large_album
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import SIZES, overflow, shoot, violations

PHOTOS = 3000
_BOXES = """() => [...document.querySelectorAll("#grid .tile")]
  .map((one) => [one.dataset.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.top < innerHeight)
  .map(([id, box]) => [id, box.left, box.top, box.width, box.height])
  .sort((a, b) => a[2] - b[2] || a[1] - b[1])"""
_COVERED = """() => {
  const box = document.getElementById("grid").getBoundingClientRect();
  const seen = [0.2, 0.5, 0.8].map((down) => {
    const y = 90 + (innerHeight - 90) * down;
    return [0.1, 0.3, 0.5].some((across) => document
      .elementsFromPoint(box.left + box.width * across, y)
      .some((one) => one.closest(".tile, .section")));
  });
  return seen.every(Boolean);
}"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGallery]:
    """A service over an album of many photographs."""
    home = tmp_path_factory.mktemp("large")
    make_large_album(home / "album.db", photos=PHOTOS)
    with RunningGallery(home / "album.db", home=home) as gallery:
        yield gallery


def _ready(page: Page) -> None:
    expect(page.locator("#grid")).to_have_class("grid placed")


def _count(page: Page) -> int:
    return int(page.locator("#found").inner_text().split()[0].replace(",", ""))


@pytest.mark.parametrize("size", list(SIZES))
def test_the_script_puts_every_photograph_where_it_stands_already(
    large: RunningGallery, browser: Browser, open_page: OpenPage, size: str
) -> None:
    page = open_page(large, size=size)
    _ready(page)
    placed = page.evaluate(_BOXES)
    cookies = page.context.cookies()
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=False,
        has_touch=size == "phone",
        locale="en-US",
    )
    try:
        context.add_cookies(cookies)  # type: ignore[arg-type]
        plain = context.new_page()
        plain.goto(large.origin)
        tiles = plain.locator("#grid .tile")
        sent = []
        for number in range(tiles.count()):
            box = tiles.nth(number).bounding_box()
            assert box is not None
            if box["y"] < height:
                sent.append((tiles.nth(number).get_attribute("data-id"), box))
    finally:
        context.close()
    assert len(sent) >= 6
    for (identity, box), there in zip(sorted(sent, key=_reading), placed, strict=False):
        assert identity == there[0]
        wanted = (box["x"], box["y"], box["width"], box["height"])
        assert there[1:] == pytest.approx(wanted, abs=1.5), identity


def _reading(sent: tuple[str | None, FloatRect]) -> tuple[float, float]:
    return round(sent[1]["y"]), sent[1]["x"]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nothing_jumps_while_the_page_comes(
    large: RunningGallery, open_page: OpenPage, size: str
) -> None:
    page = open_page(large, size=size)
    _ready(page)
    page.wait_for_load_state("networkidle")
    shifted = page.evaluate(
        """() => new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(sum), 300);
        })"""
    )
    assert shifted < 0.01
    assert overflow(page) == []


def test_only_what_is_near_the_window_stands_in_the_page(
    large: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(large)
    _ready(page)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 20 * 800
    for share in (0.0, 0.31, 0.72, 1.0):
        page.evaluate("(y) => scrollTo(0, y)", share * height)
        page.wait_for_timeout(250)
        assert 5 <= page.locator("#grid .tile").count() < 150
        assert page.evaluate(_COVERED)
    shown = page.locator("#grid .tile").last
    expect(shown.locator("img")).to_have_js_property("complete", value=True)
    last = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.tile')].map((t) => t.dataset.id))"
    )
    assert last == PHOTOS


def test_scrolling_fast_never_leaves_the_window_blank(
    large: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(large)
    _ready(page)
    blank_ms = page.evaluate(
        f"""() => new Promise((resolve) => {{
          const covered = {_COVERED};
          const last = document.documentElement.scrollHeight - innerHeight;
          const started = performance.now();
          let since = null;
          let longest = 0;
          const step = (now) => {{
            if (covered()) since = null;
            else {{
              since ??= now;
              longest = Math.max(longest, now - since);
            }}
            const share = (now - started) / 2500;
            if (share >= 1) resolve(longest);
            else {{
              scrollTo(0, share * last);
              requestAnimationFrame(step);
            }}
          }};
          requestAnimationFrame(step);
        }})"""
    )
    assert blank_ms < 200


def test_filters_search_and_order_stand_in_the_address(
    large: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(large)
    _ready(page)
    assert _count(page) == PHOTOS
    page.locator("[data-key=camera] .filter", has_text="Nikon Z 6").click()
    page.wait_for_url("**/?camera=Nikon+Z+6")
    expect(page.locator("#found")).to_have_text("1,000 photographs")
    page.locator("[data-key=tags] .filter", has_text="animal").click()
    page.wait_for_url("**/?tag=animal&camera=Nikon+Z+6")
    expect(page.locator("#found")).to_have_text("250 photographs")
    page.locator("#sort").select_option(label="Score")
    page.wait_for_url("**&sort=score")
    _ready(page)
    page.reload()
    _ready(page)
    expect(page.locator("#found")).to_have_text("250 photographs")
    expect(page.locator("#sort option:checked")).to_have_text("Score")
    page.go_back()
    page.go_back()
    expect(page.locator("#found")).to_have_text("1,000 photographs")
    page.keyboard.press("/")
    expect(page.locator("#search-text")).to_be_focused()
    page.keyboard.type("IMG_00003")
    expect(page.locator("#found")).to_have_text("1 photograph")
    assert "q=IMG_00003" in page.url
    page.locator(".active .chip").first.click()
    page.locator(".active .chip").first.click()
    expect(page.locator("#found")).to_have_text("3,000 photographs")
    assert page.url == large.origin + "/"
    shoot(page, "grid")


def test_photographs_are_read_in_the_order_in_which_they_are_seen(
    large: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(large)
    _ready(page)
    order = """() => [...document.querySelectorAll("#grid.placed > .tile, #grid.placed > .section")]
      .map((one) => one.getBoundingClientRect()).map(({ top, left }) => [Math.round(top), left])"""
    for y in (6000, 4500, 300, 0):
        page.evaluate("(y) => scrollTo(0, y)", y)
        page.wait_for_timeout(300)
        found = page.evaluate(order)
        assert len(found) > 5
        assert found == sorted(found)
    page.locator("#sort").select_option(label="Score")
    page.wait_for_url("**sort=score")
    page.wait_for_timeout(500)
    found = page.evaluate(order)
    assert found == sorted(found)
    top = page.locator("#found").bounding_box()
    page.goto(f"{large.origin}/?q=IMG_00003")  # one alone
    _ready(page)
    assert page.locator("#found").bounding_box()["y"] == top["y"]  # type: ignore[index]


def test_a_query_that_finds_nothing_says_so(large: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(large, "/?q=there-is-none")
    expect(page.locator("#nothing")).to_be_visible()
    page.locator("#nothing a.filter").click()
    expect(page.locator("#nothing")).to_be_hidden()
    expect(page.locator("#found")).to_have_text("3,000 photographs")


def test_the_way_back_leads_to_the_same_place(large: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(large)
    _ready(page)
    page.evaluate("scrollTo(0, 30000)")
    page.wait_for_timeout(300)
    y = page.evaluate("scrollY")
    page.locator("[data-key=tags] .filter", has_text="animal").click()
    page.wait_for_url("**/?tag=animal")
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.locator("#found")).to_have_text("3,000 photographs")
    page.wait_for_function("(y) => Math.abs(scrollY - y) < 400", arg=y)


def test_many_are_selected_and_decided_at_once(large: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(large, "/?sort=name")
    _ready(page)
    page.locator("#grid .tile").nth(0).hover()
    page.locator("#grid .tile .check").nth(0).click()
    page.locator("#grid .tile a").nth(4).click(modifiers=["Shift"])
    expect(page.locator("#selected-number")).to_have_text("5 selected")
    page.locator("#grid .tile a").nth(2).click(modifiers=["Control"])
    expect(page.locator("#selected-number")).to_have_text("4 selected")
    assert violations(page) == []
    before = len(_entries(large.catalog))
    page.keyboard.press("p")
    expect(page.locator(".toast")).to_contain_text("Picked: 4 photographs")
    page.locator("#tag-text").fill("harbour")
    page.keyboard.press("Enter")
    _wait_for(large.catalog, before + 2)
    flagged, tagged = [entry.decision for entry in _entries(large.catalog)[before:]]
    assert isinstance(flagged, SetFlag)
    assert (len(flagged.photos), flagged.flag) == (4, "pick")
    assert isinstance(tagged, SetTags)
    assert (len(tagged.photos), tagged.add) == (4, ("harbour",))
    page.keyboard.press("Escape")
    page.locator("body").press("Escape")
    expect(page.locator("#selected")).to_be_hidden()
    page.keyboard.press("Control+a")
    expect(page.locator("#selected-number")).to_have_text("3,000 selected")


def test_the_grid_is_walked_by_keyboard(large: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(large, "/?sort=name")
    _ready(page)
    focused = page.locator(".tile:has(a:focus)")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-id", "1")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-id", "2")
    page.keyboard.press("ArrowDown")
    below = int(focused.get_attribute("data-id") or 0)
    assert below > 3
    page.keyboard.press("ArrowUp")
    expect(focused).to_have_attribute("data-id", "2")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#selected-number")).to_have_text("2 selected")
    page.keyboard.press("End")
    expect(focused).to_have_attribute("data-id", str(PHOTOS))
    assert page.evaluate("scrollY") > 10_000


def test_the_scrubber_leads_anywhere(large: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(large)
    _ready(page)
    scrubber = page.get_by_role("slider", name="Where in the album")
    expect(scrubber).to_be_visible()
    scrubber.focus()
    page.keyboard.press("End")
    page.wait_for_function("scrollY > 10000")
    expect(scrubber).to_have_attribute("aria-valuenow", "100")
    assert scrubber.get_attribute("aria-valuetext")
    box = scrubber.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.up()
    expect(scrubber).to_have_attribute("aria-valuenow", "50")


def _entries(catalog: Path) -> list[Entry]:
    with Album(catalog).opened() as opened, opened.read() as session:
        return entries(session)


def _wait_for(catalog: Path, count: int) -> None:
    until = time.monotonic() + 30
    while len(_entries(catalog)) < count:
        assert time.monotonic() < until
        time.sleep(0.1)
