"""A service that changes nothing offers no button that would."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.web.gallery.pages_of import Element, ReadPage


def _deciding(page: ReadPage) -> list[Element]:
    return [one for one in page.of("button") if {"data-stars", "data-flag"} & set(one.attributes)]


def test_the_page_of_a_photograph_offers_no_decision(reader: TestClient) -> None:
    (photo,) = reader.get("/v1/photos?limit=1").json()["photos"]
    page = ReadPage(reader.get(f"/photos/{photo['id']}").text)
    buttons = _deciding(page)
    assert len(buttons) >= 7
    assert all("disabled" in one.attributes for one in buttons)
    assert not page.of("form", id="add-tag")
    assert not [one for one in page.of("button") if "data-remove" in one.attributes]
    assert "--read-only" in page.text


def test_the_selection_is_exported_but_not_decided(reader: TestClient) -> None:
    page = ReadPage(reader.get("/").text)
    assert page.of("form", id="export-selected")
    assert not page.of("form", id="tag-selected")
    decided = _deciding(page)
    assert all("disabled" in one.attributes for one in decided)


def test_nobody_is_asked_for_a_name(reader: TestClient) -> None:
    page = ReadPage(reader.get("/people").text)
    fields = [one for one in page.of("input") if one.attributes.get("name") == "name"]
    assert fields
    for field in fields:
        assert "readonly" in field.attributes
        assert field.attributes["placeholder"] == "Not named yet"
    assert not [one for one in page.of("button") if "data-do" in one.attributes]
