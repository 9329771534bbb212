"""Photographs culled by keyboard in a real browser; the journal says what was decided."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import cycle, islice

import pytest
from playwright.sync_api import Page, Route, expect

from goodside.album.album import Album
from goodside.album.catalog import Entry, Rate, SetFlag, entries, list_photos
from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import Watch, shoot, violations

_KEYS = ("1", "2", "3", "4", "5", "p", "x", "0", "u")
_FLAGS = {"p": "pick", "x": "reject", "u": None}
_WAIT_S = 60.0


@pytest.fixture
def culled(serve: Serve) -> RunningGallery:
    """A service over a catalog in which nothing was decided yet."""
    return serve()


def _entries(gallery: RunningGallery) -> list[Entry]:
    with Album(gallery.catalog).opened() as catalog, catalog.read() as session:
        return entries(session)


def _wait(page: Page, met: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _WAIT_S
    while not met():
        assert time.monotonic() < until, what
        page.wait_for_timeout(100)  # and not `sleep`, which would hold up what is routed


def _order(page: Page, query: str = "") -> list[int]:
    """The photographs of an address, as the page's script reads them."""
    found: list[int] = page.evaluate(
        """async (query) => {
          const { readLayout } = await import("/static/js/photographs/layout.js");
          const answer = await fetch(`/photographs/layout${query}`);
          return Array.from(readLayout(await answer.arrayBuffer()).ids);
        }""",
        query,
    )
    return found


def _open(page: Page, photo_id: int) -> None:
    """Open a photograph as a person who has its address does."""
    page.goto(f"{page.url.split('#')[0].split('?')[0]}#photo={photo_id}")
    page.reload()
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(photo_id))
    expect(page.locator("#viewer-name")).not_to_be_empty()


def _said(entry: Entry) -> tuple[str, object]:
    """The photograph (the start of its hash) and what was decided."""
    decision = entry.decision
    if isinstance(decision, Rate):
        return decision.photos[0][:12], decision.stars
    assert isinstance(decision, SetFlag)
    return decision.photos[0][:12], decision.flag


def test_thirty_photographs_are_culled_as_fast_as_keys_go_and_taken_back(
    culled: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(culled)
    order = _order(page)
    _open(page, order[0])
    keys = list(islice(cycle(_KEYS), 30))
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[30]))
    _wait(page, lambda: len(_entries(culled)) == 30, "thirty decisions are saved")
    shoot(page, "culling")

    with Album(culled.catalog).opened() as catalog, catalog.read() as session:
        content = {photo.id: photo.sha256 for photo in list_photos(session)}
    expected = [
        (content[photo_id][:12], _FLAGS[key] if key in _FLAGS else int(key))
        for photo_id, key in zip(order, keys, strict=False)
    ]
    assert [_said(entry) for entry in _entries(culled)] == expected

    for number in range(30):
        page.keyboard.press("Control+z")
        taken_back = number + 1
        _wait(
            page,
            lambda taken_back=taken_back: sum(one.undone for one in _entries(culled)) >= taken_back,  # type: ignore[misc]
            f"{taken_back} decisions are taken back",
        )
        if number in {0, 9, 29}:  # each leads back to its photograph
            expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[29 - number]))
    assert page.locator("#viewer .star.on").count() == 0


def test_a_decision_is_shown_at_once_and_goes_on(
    culled: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(culled)
    order = _order(page)
    _open(page, order[3])
    page.keyboard.press("4")
    expect(page.locator("#sign")).to_contain_text("★★★★")
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[4]))
    page.keyboard.press("a")  # stay from now on
    page.keyboard.press("x")
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[4]))
    expect(page.locator(".viewer .flag.reject")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#viewer .star.on").count() == 4
    assert violations(page) == []


def test_what_the_server_refuses_is_taken_back_and_said(
    culled: RunningGallery, open_page: OpenPage, watches: list[Watch]
) -> None:
    page = open_page(culled)
    watches[0].allowed.append("409")
    order = _order(page)
    page.evaluate("localStorage.setItem('goodside-advance', 'off')")
    _open(page, order[0])
    refusals: list[str] = []

    def refuse(route: Route) -> None:
        refusals.append(route.request.url)
        problem = {"title": "Forbidden", "detail": "not today", "remedy": "come tomorrow"}
        body = json.dumps(problem)
        route.fulfill(status=409, content_type="application/problem+json", body=body)

    page.route("**/v1/decisions/*", refuse)
    page.keyboard.press("p")
    expect(page.locator(".toast.error")).to_contain_text("not today")
    expect(page.locator(".toast.error")).to_contain_text("come tomorrow")
    expect(page.locator(".viewer .flag.pick")).to_have_attribute("aria-pressed", "false")
    assert len(refusals) == 1
    assert _entries(culled) == []


def test_a_busy_server_is_asked_again(
    culled: RunningGallery, open_page: OpenPage, watches: list[Watch]
) -> None:
    page = open_page(culled)
    order = _order(page)
    _open(page, order[0])
    answers = iter([429, 503])

    def hold(route: Route) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "0"}, body="")

    watches[0].allowed.append("503|429")
    page.route("**/v1/decisions/*", hold)
    page.keyboard.press("p")
    page.keyboard.press("2")
    _wait(page, lambda: len(_entries(culled)) == 2, "both are saved")
    assert [_said(entry)[1] for entry in _entries(culled)] == ["pick", 2]


def test_own_keys_hold(culled: RunningGallery, open_page: OpenPage) -> None:
    culled.catalog.with_name("keys.json").write_text(json.dumps({"pick": ["g"], "stars5": ["+"]}))
    page = open_page(culled)
    order = _order(page)
    _open(page, order[0])
    page.keyboard.press("p")  # nothing any more
    page.keyboard.press("g")
    page.keyboard.press("+")
    _wait(page, lambda: len(_entries(culled)) == 2, "both are saved")
    assert [_said(entry)[1] for entry in _entries(culled)] == ["pick", 5]
    page.keyboard.press("?")
    help_row = page.locator("#help [data-action=pick]")
    expect(help_row.locator("kbd")).to_have_text("G")


def test_zoom_faces_bursts_and_comparing(gallery: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(gallery)
    order = _order(page)
    tiles = page.evaluate(
        "async (ids) => (await fetch(`/photographs/tiles?ids=${ids.join()}`)).json()", order
    )
    face = next(tile for tile in tiles if tile["faces"])
    _open(page, face["id"])
    page.keyboard.press("z")
    expect(page.locator("#viewer-zoom")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer-zoom")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("f")
    expect(page.locator("#viewer-zoom")).to_have_attribute("aria-pressed", "true")
    box = page.locator("#viewer .photo:not([hidden])").bounding_box()
    stage = page.locator("#stage").bounding_box()
    assert box is not None
    assert stage is not None
    left, top, right, bottom = face["faces"][0]
    middle_x = box["x"] + box["width"] * (left + right) / 2
    middle_y = box["y"] + box["height"] * (top + bottom) / 2
    assert abs(middle_x - (stage["x"] + stage["width"] / 2)) < stage["width"] / 3
    assert abs(middle_y - (stage["y"] + stage["height"] / 2)) < stage["height"] / 3
    page.keyboard.press("Escape")

    burst = next(tile for tile in tiles if tile["name"].startswith("burst-"))
    page.keyboard.press("Home")
    page.keyboard.press("b")
    expect(page.locator("#viewer-name")).to_contain_text("burst-")
    assert burst["group"].startswith("burst-")
    page.keyboard.press("c")
    page.wait_for_url("**/groups/burst-*")


def test_the_viewer_is_in_the_address(gallery: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(gallery, "/?sort=score")
    order = _order(page, "?sort=score")
    page.locator("#grid .tile a").first.click()
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[0]))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/?sort=score#photo={order[2]}")
    page.keyboard.press("Escape")
    page.wait_for_url("**/?sort=score")
    expect(page.locator("#viewer")).not_to_be_visible()
    focused = page.locator(".tile:has(a:focus)")
    expect(focused).to_have_attribute("data-id", str(order[2]))


def test_keys_do_nothing_under_the_help_and_escape_closes_it_alone(
    serve: Serve, open_page: OpenPage
) -> None:
    gallery = serve()
    page = open_page(gallery)
    order = _order(page)
    _open(page, order[2])
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[2]))
    assert _entries(gallery) == []
    page.keyboard.press("p")
    _wait(page, lambda: len(_entries(gallery)) == 1, "keys act again")
    expect(page.locator("#viewer")).to_have_attribute("data-id", str(order[3]))
