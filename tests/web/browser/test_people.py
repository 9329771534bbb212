"""People in a real browser: named, merged by key and by dragging, asked about, taken apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.made_album import copy_catalog
from tests.web.browser.people_album import scanned_people
from tests.web.browser.watched_page import overflow, shoot, violations


@pytest.fixture
def people(
    serve: Serve,
    open_page: OpenPage,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> Page:
    """Everybody in an album of two people and a blurred face, of a service of the test's own."""
    base = tmp_path_factory.getbasetemp()
    made = scanned_people(base if worker_id == "master" else base.parent)
    own = copy_catalog(made.catalog, tmp_path_factory.mktemp("people") / "album.db")
    page = open_page(serve(catalog=own), "/people")
    expect(page.locator(".person")).to_have_count(2)
    _await_keys(page)
    return page


def _await_keys(page: Page) -> None:
    """Keys act once the page has read which they are."""
    page.wait_for_load_state("networkidle")


def _name(page: Page, place: int, name: str) -> None:
    """Name a card by key alone."""
    page.locator(".person-face").nth(place).focus()
    page.keyboard.press("n")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator(f'.person[data-name="{name}"]')).to_have_count(1)


def test_people_are_named_and_merged_by_key_and_undone(people: Page) -> None:
    _name(people, 0, "Anna Berg")
    expect(people.locator(".toast").last).to_contain_text("Named Anna Berg")
    expect(people.locator(".person-face").first).to_be_focused()
    people.keyboard.press("ArrowRight")
    people.keyboard.press("m")
    dialog = people.locator("#merge-dialog")
    expect(dialog).to_be_visible()
    expect(people.locator("#merge-search")).to_be_focused()
    people.keyboard.type("anna")
    expect(dialog.locator(".merge-list button")).to_have_count(1)
    shoot(people, "people-merge")
    people.keyboard.press("Enter")
    expect(people.locator(".person")).to_have_count(1)
    expect(people.locator(".toast").last).to_contain_text("is Anna Berg")
    people.keyboard.press("Control+z")
    expect(people.locator(".person")).to_have_count(2)
    people.keyboard.press("Control+z")
    expect(people.locator('.person[data-name="Anna Berg"]')).to_have_count(0)


def test_a_card_is_dragged_onto_another_and_the_message_undoes_it(people: Page) -> None:
    people.locator(".person").nth(1).drag_to(people.locator(".person").nth(0))
    expect(people.locator(".person")).to_have_count(1)
    people.locator(".toast button").last.click()
    expect(people.locator(".person")).to_have_count(2)


def test_a_name_that_somebody_has_makes_them_one(people: Page) -> None:
    _name(people, 0, "Anna Berg")
    people.locator(".person-face").nth(1).focus()
    people.keyboard.press("n")
    people.keyboard.type("anna  BERG")
    people.keyboard.press("Enter")
    expect(people.locator(".person")).to_have_count(1)


def test_escape_puts_a_name_back(people: Page) -> None:
    people.locator(".person-face").first.focus()
    people.keyboard.press("n")
    people.keyboard.type("Somebo")
    people.keyboard.press("Escape")
    expect(people.locator(".person .name-form input").first).to_have_value("")
    expect(people.locator(".person-face").first).to_be_focused()


def test_questions_are_answered_by_one_key_and_brought_back(people: Page) -> None:
    _name(people, 0, "Anna Berg")
    _name(people, 1, "Ben Okri")
    people.locator("#might-be").click()
    question = people.locator(".question:not([hidden])")
    expect(question).to_have_count(1)
    expect(question).to_contain_text("distance 0.")
    assert violations(people) == []
    shoot(people, "people-might-be")
    _await_keys(people)
    name = question.locator(".answer-name").first.inner_text().rstrip("?")
    people.keyboard.press("y")
    expect(people.locator("#no-questions")).to_be_visible()
    expect(people.locator(".toast").last).to_contain_text(f"That is {name}")
    people.keyboard.press("Control+z")
    expect(question).to_have_count(1)
    people.keyboard.press("n")
    expect(people.locator("#no-questions")).to_be_visible()
    expect(people.locator(".toast").last).to_contain_text(f"Not {name}")
    people.reload()
    expect(people.locator("#no-questions")).to_be_visible()


def test_faces_are_chosen_by_key_and_split_off(people: Page) -> None:
    _name(people, 0, "Anna Berg")
    people.keyboard.press("Enter")
    expect(people.locator("h1")).to_have_text("Anna Berg")
    _await_keys(people)
    before = people.locator(".face").count()
    people.keyboard.press("ArrowRight")
    people.keyboard.press("v")
    people.keyboard.press("ArrowRight")
    people.keyboard.press("v")
    expect(people.locator("#selection-count")).to_have_text("2 faces chosen")
    shoot(people, "person-chosen")
    people.keyboard.press("s")
    people.keyboard.type("Cara Lind")
    people.keyboard.press("Enter")
    expect(people.locator(".face")).to_have_count(before - 2)
    expect(people.locator(".face input").first).to_be_focused()
    people.keyboard.press("Control+z")
    expect(people.locator(".face")).to_have_count(before)


def test_a_face_is_not_them_or_no_face_by_one_key(people: Page) -> None:
    people.locator(".person-face").first.click()
    expect(people.locator("#person")).to_be_visible()
    _await_keys(people)
    before = people.locator(".face").count()
    for key, said in (("u", "Not"), ("x", "No face of interest")):
        people.locator(".face input").first.focus()
        people.keyboard.press(key)
        expect(people.locator(".toast").last).to_contain_text(said)
        expect(people.locator(".face")).to_have_count(before - 1)
        people.keyboard.press("Control+z")
        expect(people.locator(".face")).to_have_count(before)


def test_forgetting_says_what_it_deletes_and_asks_once(people: Page) -> None:
    _name(people, 0, "Anna Berg")
    people.locator(".person-face").first.focus()
    people.keyboard.press("Delete")
    dialog = people.locator("#forget-dialog")
    expect(dialog).to_contain_text("Forget Anna Berg?")
    expect(dialog).to_contain_text("This deletes for good")
    shoot(people, "people-forget")
    people.keyboard.press("Escape")
    expect(people.locator(".person")).to_have_count(2)
    people.keyboard.press("Delete")
    dialog.locator("button.danger").click()
    expect(people.locator('.person[data-name="Anna Berg"]')).to_have_count(0)


def test_who_is_hidden_leaves_and_comes_back(people: Page) -> None:
    people.locator(".person-face").nth(1).focus()
    people.keyboard.press("h")
    expect(people.locator(".person")).to_have_count(1)
    people.locator(".toast button").last.click()
    expect(people.locator(".person")).to_have_count(2)
    assert overflow(people) == []
