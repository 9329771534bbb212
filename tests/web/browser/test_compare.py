"""A burst's frames in a real browser: compared, zoomed together, chosen by key, taken back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.made_album import copy_catalog
from tests.web.browser.people_album import scanned_people
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import overflow, shoot, violations

_PLACE = """
(frame) => {
  const pane = frame.querySelector(".pane").getBoundingClientRect();
  const plate = frame.querySelector(".plate").getBoundingClientRect();
  return {
    x: (pane.x + pane.width / 2 - plate.x) / plate.width,
    y: (pane.y + pane.height / 2 - plate.y) / plate.height,
    scale: plate.width * devicePixelRatio / Number(frame.dataset.width),
  };
}
"""

_UNDER = """
(frame, [x, y]) => {
  const plate = frame.querySelector(".plate").getBoundingClientRect();
  return [(x - plate.x) / plate.width, (y - plate.y) / plate.height];
}
"""


@pytest.fixture(scope="module")
def bursts(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> RunningGallery:
    """A service over an album with bursts of two people."""
    base = tmp_path_factory.getbasetemp()
    made = scanned_people(base if worker_id == "master" else base.parent)
    own = copy_catalog(made.catalog, tmp_path_factory.mktemp("bursts") / "album.db")
    return serve(catalog=own)


@pytest.fixture
def couple(bursts: RunningGallery, open_page: OpenPage) -> Page:
    """The burst of two people."""
    page = open_page(bursts, "/groups?kind=burst")
    page.locator(".group-link").first.click()
    expect(page.locator(".frame")).to_have_count(5)
    _await_keys(page)
    return page


def _await_keys(page: Page) -> None:
    """Keys act once the page has read which they are."""
    page.wait_for_load_state("networkidle")


def _verdict(page: Page, number: int) -> dict[str, str]:
    said = page.locator(".frame .said").nth(number - 1)
    found: dict[str, str] = said.evaluate("(one) => ({...one.dataset})")
    return found


def _chosen(page: Page) -> int:
    """Number of the frame that is chosen."""
    return next(n for n in range(1, 6) if _verdict(page, n)["chosen"] == "yes")


def test_frames_stand_side_by_side_and_nothing_is_cut_off(couple: Page) -> None:
    tops = couple.locator(".pane").evaluate_all("(all) => all.map((one) => one.offsetTop)")
    assert len(set(tops)) == 1
    assert overflow(couple) == []
    assert violations(couple) == []
    shoot(couple, "compare")


def test_one_key_takes_another_frame_and_one_takes_it_back(couple: Page) -> None:
    first = _chosen(couple)
    couple.locator(".frame").nth(first - 1).focus()
    couple.keyboard.press("ArrowRight")
    couple.keyboard.press("t")
    toast = couple.locator(".toast").last
    expect(toast).to_contain_text(f"Frame {first + 1} is the best")
    expect(couple.locator(".frame .said").nth(first)).to_have_attribute("data-kept", "yes")
    assert _chosen(couple) == first + 1
    expect(couple.locator("#reasons")).to_contain_text(f"frame {first + 1}")
    couple.keyboard.press("Control+z")
    expect(couple.locator(".frame .said").nth(first)).to_have_attribute("data-kept", "no")
    assert _chosen(couple) == first


def test_several_are_kept_and_undone_from_the_message(couple: Page) -> None:
    first = _chosen(couple)
    couple.locator(".frame").nth(first - 1).focus()
    couple.keyboard.press("ArrowRight")
    couple.keyboard.press("w")
    expect(couple.locator(".toast").last).to_contain_text(f"Kept: {first}, {first + 1}")
    for number in (first, first + 1):
        said = couple.locator(".frame .said").nth(number - 1)
        expect(said).to_have_attribute("data-kept", "yes")
    couple.locator(".toast button").last.click()
    expect(couple.locator('.frame .said[data-kept="yes"]')).to_have_count(0)


def test_zoomed_frames_move_together(couple: Page) -> None:
    couple.locator('[data-zoom="1"]').click()
    expect(couple.locator("#frames")).to_have_class("frames zoomed")
    frames = couple.locator(".frame")
    couple.wait_for_timeout(200)
    before = [frames.nth(place).evaluate(_PLACE) for place in range(5)]
    assert [round(one["scale"], 2) for one in before] == [1.0] * 5
    box = couple.locator(".pane").nth(1).bounding_box()
    assert box is not None
    couple.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    couple.mouse.down()
    couple.mouse.move(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2 - 40, steps=4)
    couple.mouse.up()
    couple.wait_for_timeout(200)
    after = [frames.nth(place).evaluate(_PLACE) for place in range(5)]
    for old, new in zip(before, after, strict=True):
        assert new["x"] - old["x"] == pytest.approx(60 / 1600, abs=0.003)
        assert new["y"] - old["y"] == pytest.approx(40 / 1000, abs=0.003)
    couple.keyboard.press("Escape")
    expect(couple.locator("#frames")).to_have_class("frames")


@pytest.mark.parametrize("panes", [(0, 0), (0, 1)], ids=["one frame", "two frames"])
def test_two_fingers_zoom_every_frame_at_the_place_between_them(
    bursts: RunningGallery, open_page: OpenPage, panes: tuple[int, int]
) -> None:
    page = open_page(bursts, "/groups?kind=burst", size="phone")
    page.locator(".group-link").first.click()
    expect(page.locator(".frame")).to_have_count(5)
    _await_keys(page)
    frames = page.locator(".frame")
    boxes = [page.locator(".pane").nth(place).bounding_box() for place in panes]
    assert boxes[0] is not None
    assert boxes[1] is not None
    shown = [frames.nth(place).evaluate(_PLACE) for place in range(5)]
    touch = page.context.new_cdp_session(page)

    def fingers(kind: str, apart_px: float) -> None:
        """Two fingers, as far apart as said around where they began."""
        points = []
        for box, side, finger in zip(boxes, (-1, 1), (1, 2), strict=True):
            assert box is not None
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            points.append({"x": x + side * apart_px, "y": y, "id": finger})
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [] if kind == "touchEnd" else points},
        )

    fingers("touchStart", 20)
    for apart_px in (24, 30, 40, 50, 60):
        fingers("touchMove", apart_px)
    page.wait_for_timeout(200)
    zoomed = [frames.nth(place).evaluate(_PLACE) for place in range(5)]
    between = (boxes[1]["x"] - boxes[0]["x"]) / 2
    wanted = (60 + between) / (20 + between)
    for old, new in zip(shown, zoomed, strict=True):
        assert new["scale"] / old["scale"] == pytest.approx(wanted, rel=0.02)
        assert (new["x"], new["y"]) == pytest.approx((zoomed[0]["x"], zoomed[0]["y"]), abs=0.01)
    if panes == (0, 0):  # what was between the fingers still is
        middle = [boxes[0]["x"] + boxes[0]["width"] / 2, boxes[0]["y"] + boxes[0]["height"] / 2]
        assert frames.first.evaluate(_UNDER, middle) == pytest.approx([0.5, 0.5], abs=0.02)
    for apart_px in (40, 20, 15):
        fingers("touchMove", apart_px)
    fingers("touchEnd", 15)
    expect(page.locator("#frames")).to_have_class("frames")  # smaller than fitted: all of it
    assert page.evaluate("visualViewport.scale") == 1


def test_a_key_goes_from_face_to_face_in_every_frame(couple: Page) -> None:
    couple.keyboard.press("f")
    expect(couple.locator("#zoom-note")).to_contain_text("face 1 of 2")
    couple.wait_for_timeout(300)
    for place in range(5):
        frame = couple.locator(".frame").nth(place)
        photo = frame.get_attribute("data-photo")
        crop = couple.locator(f'.crop[data-track="1"][data-photo="{photo}"]')
        if crop.count() == 0:
            continue
        left, top, right, bottom = map(int, (crop.get_attribute("data-box") or "").split(","))
        seen = frame.evaluate(_PLACE)
        assert seen["x"] == pytest.approx((left + right) / 20000, abs=0.004)
        assert seen["y"] == pytest.approx((top + bottom) / 20000, abs=0.004)
    shoot(couple, "compare-faces")
    couple.keyboard.press("f")
    expect(couple.locator("#zoom-note")).to_contain_text("face 2 of 2")
    couple.keyboard.press("f")
    expect(couple.locator("#zoom-note")).to_contain_text("face 1 of 2")


def test_of_a_large_picture_only_the_part_that_is_seen_is_fetched(
    bursts: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(bursts, "/groups?kind=burst")
    with page.expect_event("load"):  # before, the script does not listen yet
        page.locator(".group-link", has=page.locator("img[alt^='wide']")).click()
    expect(page.locator(".frame")).to_have_count(2)
    page.locator('[data-zoom="1"]').click()
    parts = page.locator(".part")
    expect(parts).to_have_count(2, timeout=30_000)
    for place in range(2):
        part = parts.nth(place)
        source = part.get_attribute("src") or ""
        left, width = (int(re.findall(rf"{key}=(\d+)", source)[0]) for key in ("left", "width"))
        drawn = part.evaluate("(one) => one.getBoundingClientRect().width * devicePixelRatio")
        assert drawn == pytest.approx(width, abs=2)
        assert width < 4500
        pane = page.locator(".pane").nth(place)
        shift = part.evaluate(
            "(one) => one.getBoundingClientRect().x - one.parentElement.getBoundingClientRect().x"
        )
        assert shift == pytest.approx(left, abs=2)
        box, seen = part.bounding_box(), pane.bounding_box()
        assert box is not None
        assert seen is not None
        assert box["x"] <= seen["x"] + 1
        assert box["x"] + box["width"] >= seen["x"] + seen["width"] - 1


def test_only_two_are_compared_and_all_again(couple: Page) -> None:
    couple.locator(".frame").nth(3).focus()
    couple.keyboard.press("c")
    assert couple.locator(".frame:visible").count() == 2
    couple.keyboard.press("c")
    assert couple.locator(".frame:visible").count() == 5


def test_keys_lead_through_the_groups(couple: Page) -> None:
    first = couple.url
    couple.keyboard.press("b")
    couple.wait_for_url(lambda url: url != first)
    expect(couple.locator("#previous-group")).to_be_visible()
    _await_keys(couple)
    couple.keyboard.press("Shift+B")
    couple.wait_for_url(first)


def test_a_frame_that_is_split_off_leaves_and_comes_back(couple: Page) -> None:
    origin = couple.url.split("/groups")[0]
    couple.locator(".frame").nth(4).focus()
    couple.keyboard.press("s")
    expect(couple.locator(".frame")).to_have_count(4)
    expect(couple.locator("#toasts button")).to_be_visible()  # said by the page that follows
    _await_keys(couple)
    couple.keyboard.press("Control+z")
    expect(couple.locator(".frame")).to_have_count(5)
    expect(couple.locator("#toasts")).to_contain_text("undone: separate")
    _await_keys(couple)
    noted = couple.request.get(f"{origin}/v1/journal").json()["total"]
    couple.locator(".frame").nth(4).focus()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    couple.route("**/groups/*", hold)
    couple.keyboard.press("s")
    while not held:
        couple.wait_for_timeout(50)
    couple.keyboard.press("Control+z")  # the page of four is asked for and not there yet
    held[0].continue_()
    couple.unroute("**/groups/*")
    deadline = time.monotonic() + 30
    while couple.request.get(f"{origin}/v1/journal").json()["total"] < noted + 2:
        assert time.monotonic() < deadline, "the undo was lost"
        couple.wait_for_timeout(200)
    couple.wait_for_load_state("networkidle")
    expect(couple.locator(".frame")).to_have_count(5)


def test_the_chosen_is_kept_and_the_next_comes(bursts: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(bursts, "/groups?kind=burst&left=1")
    before = page.locator(".group-link").count()
    page.locator("a.main").click()
    expect(page.locator(".frame").first).to_be_visible()
    _await_keys(page)
    first = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    page.goto(f"{bursts.origin}/groups?kind=burst&left=1")
    expect(page.locator(".group-link")).to_have_count(before - 1)
    _await_keys(page)
    page.keyboard.press("Control+z")
    expect(page.locator(".group-link")).to_have_count(before)


def test_on_a_phone_two_frames_stand_side_by_side(
    bursts: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(bursts, "/groups?kind=burst", size="phone")
    page.locator(".group-link").first.click()
    expect(page.locator(".frame")).to_have_count(5)
    page.wait_for_function(
        "() => (([first, second, third]) => first === second && second < third)"
        "([...document.querySelectorAll('.pane')].map((one) => one.offsetTop))"
    )
    assert overflow(page) == []
    shoot(page, "compare-phone", whole=True)
