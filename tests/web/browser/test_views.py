"""Every view, in light, dark, on a phone and on a large screen: readable for all, and quiet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import Scheme, overflow, settle, shoot, violations

WAYS: tuple[tuple[str, Scheme], ...] = (
    ("desk", "light"),
    ("desk", "dark"),
    ("phone", "light"),
    ("phone", "dark"),
    ("wide", "light"),
)


def _first(selector: str) -> Callable[[Page], None]:
    """Follow the first link that a selector finds."""

    def go(page: Page) -> None:
        link = page.locator(selector).first
        address = link.get_attribute("href")
        assert address is not None
        page.goto("/".join(page.url.split("/", 3)[:3]) + address)

    return go


def _stay(page: Page) -> None:
    pass


def _turned(page: Page) -> None:
    _first(".faces a")(page)
    expect(page.locator("#score")).not_to_have_text("–", timeout=90_000)


_PERSON = "main a[href^='/people/']:not([href$='might-be'], [href$='evidence'])"

VIEWS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "photographs": ("/", _stay),
    "photographs-filtered": ("/?sort=score&stars=0", _stay),
    "photographs-none": ("/?q=there-is-none", _stay),
    "photo": ("/", _first("#grid .tile a")),
    "groups": ("/groups", _stay),
    "group": ("/groups", _first("main a[href^='/groups/']")),
    "people": ("/people", _stay),
    "person": ("/people", _first(_PERSON)),
    "people-might-be": ("/people/might-be", _stay),
    "picks": ("/picks", _stay),
    "errors": ("/errors", _stay),
    "journal": ("/journal", _stay),
    "good-side": ("/good-side", _stay),
    "good-side-face": ("/good-side", _turned),
    "folders": ("/folders", _stay),
    "export": ("/export", _stay),
}  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), WAYS)
def test_views(gallery: RunningGallery, open_page: OpenPage, size: str, scheme: Scheme) -> None:
    page = open_page(gallery, size=size, scheme=scheme)
    wrong: list[str] = []
    for name, (address, go) in VIEWS.items():
        page.goto(gallery.origin + address)
        go(page)
        settle(page)
        shoot(page, f"{name}-{scheme}-{size}")
        wrong += [f"{name}: wider than the window: {one}" for one in overflow(page)]
        wrong += [f"{name}: {one}" for one in violations(page)]
        if (found := page.locator("h1").count()) != 1:
            wrong.append(f"{name}: {found} headings of the first level")
        if not page.title().endswith("goodside"):
            wrong.append(f"{name}: the title is {page.title()!r}")
    assert not wrong, "\n".join(wrong)


def test_every_link_of_the_bar_leads_somewhere(
    gallery: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(gallery)
    links = page.locator(".rooms a")
    assert links.count() == 8
    for number in range(links.count()):
        name = links.nth(number).inner_text()
        links.nth(number).click()
        page.wait_for_load_state()
        expect(page.locator(".rooms a[aria-current]")).to_have_text(name)


def test_the_content_is_reached_by_keyboard(gallery: RunningGallery, open_page: OpenPage) -> None:
    page = open_page(gallery, "/errors")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_a_phone_the_open_part_of_the_album_is_in_view(
    gallery: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(gallery, "/folders", size="phone")
    expect(page.get_by_role("link", name="Folders", exact=True)).to_be_in_viewport(ratio=1)


def test_beside_a_small_photograph_stands_what_is_said_of_it(
    gallery: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(gallery, "/", size="wide")
    _first("#grid .tile a")(page)
    edges = page.locator(".large img, .beside").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect())"
        ".map((box) => [box.left, box.right])"
    )
    (_, right), (left, _) = sorted(edges)
    assert 0 < left - right < 120


def test_read_only_says_of_no_key_that_it_decided(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve(["--read-only"]))
    expect(page.locator("#grid .tile a").first).to_be_visible()
    page.locator("#grid .tile a").first.focus()
    page.keyboard.press("p")
    expect(page.locator("#toasts")).to_contain_text("--read-only")
    expect(page.locator("#toasts")).not_to_contain_text("Picked")
    expect(page.locator("#grid .tile").first.locator(".flag.pick")).to_have_count(0)
