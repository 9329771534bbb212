"""Picks that follow their form, and decisions taken back from the journal, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.web.browser.conftest import OpenPage
from tests.web.browser.running_gallery import RunningGallery


def test_picks_follow_the_form_and_the_address_says_which(
    gallery: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(gallery, "/picks")
    page.wait_for_load_state("networkidle")
    picks = page.locator("#picks figure")
    assert picks.count() > 3
    page.locator("input[name=picks]").fill("3")
    page.locator("input[name=picks]").press("Tab")
    expect(picks).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/picks\?picks=3$"))
    page.locator(".check", has=page.locator("input[value=plant]")).click()
    expect(page).to_have_url(re.compile(r"picks=3&what=plant$"))
    assert picks.count() <= 3
    names = page.locator("#picks .name").all_inner_texts()
    page.reload()
    assert page.locator("#picks .name").all_inner_texts() == names
    page.locator("input[name=percentile]").focus()
    page.keyboard.press("End")
    expect(page.locator("output")).to_have_text("99\u202f%")
    expect(page).to_have_url(re.compile(r"percentile=99"))
    expect(picks).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile(r"what=plant$"))
    expect(picks).to_have_count(len(names))


def test_any_decision_is_taken_back_and_done_again(
    gallery: RunningGallery, open_page: OpenPage
) -> None:
    page = open_page(gallery, "/groups?kind=burst")
    page.wait_for_load_state("networkidle")
    page.locator(".group-link").first.focus()
    page.keyboard.press("t")
    expect(page.locator(".group.decided")).to_have_count(1)
    page.goto(gallery.origin + "/journal")
    expect(page.locator(".step")).to_have_count(1)
    page.locator("[data-take-back]").first.click()
    expect(page.locator("#toasts")).to_contain_text("undone: ")
    expect(page.locator(".step")).to_have_count(1)
    expect(page.locator(".step.undone")).to_have_count(1)
    expect(page.locator("#undo")).to_be_disabled()
    page.locator("#redo").click()
    expect(page.locator(".step.undone:not(.of-undo)")).to_have_count(0)
    expect(page.locator("#undo")).to_be_enabled()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+z")
    expect(page.locator("#undo")).to_be_disabled()
