"""A face is turned and kept; photographs are exported."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from goodside.images import read_mark
from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import shoot

_VIEWS_MS = 240_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("export")


@pytest.fixture(scope="module")
def gallery(serve: Serve, root: Path) -> RunningGallery:
    """A service that may export below `root`."""
    return serve(["--root", str(root)])


def test_a_portrait_is_turned_and_kept(
    gallery: RunningGallery, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(gallery, "/good-side")
    page.locator(".faces a").first.click()
    slider, score = page.get_by_role("slider", name="Where the face looks"), page.locator("#score")
    expect(score).not_to_have_text("–", timeout=_VIEWS_MS)
    expect(page.locator("#trust")).to_have_text("Very surely still the person.")
    before = page.locator("#stage img").get_attribute("src")

    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "10° to the picture’s right", timeout=1000)
    expect(page.locator("#turning")).to_have_attribute("aria-busy", "false", timeout=_VIEWS_MS)
    expect(page.locator("#stamp")).to_have_text("Synthetic view, 10° to the picture’s right")
    assert page.locator("#stage img").get_attribute("src") != before
    expect(score).not_to_have_text("–", timeout=_VIEWS_MS)
    expect(slider).to_have_attribute(
        "aria-valuetext", f"10° to the picture’s right, score {score.inner_text()}"
    )

    changed_ms = page.evaluate(
        """() => {
          const slider = document.getElementById("yaw");
          const begun = performance.now();
          slider.value = "5";
          slider.dispatchEvent(new Event("input"));
          document.getElementById("stage").getBoundingClientRect();
          return performance.now() - begun;
        }"""
    )
    assert changed_ms < 100

    page.get_by_role("button", name="The photograph").click()
    expect(page.locator("#stamp")).to_have_text("Photograph")
    page.get_by_role("button", name="The photograph").click()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download this view").click()
    target = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(target)
    assert target.name.endswith("-yaw+005.jpg")
    mark = read_mark(target)
    assert mark is not None
    assert "compositeWithTrainedAlgorithmicMedia" in mark.source_type
    shoot(page, "good-side-live")


def test_photographs_are_copied_after_it_was_said(
    gallery: RunningGallery, open_page: OpenPage, root: Path
) -> None:
    page = open_page(gallery, "/export?q=dahlia")
    expect(page.get_by_role("heading", level=1)).to_have_text("Export 2 photographs")
    page.get_by_label("Folder", exact=True).fill(f"{root}/best")
    begin = page.get_by_role("button", name="Begin")
    expect(begin).to_be_disabled()
    page.get_by_role("button", name="What will happen?").click()
    told = page.locator("#copy-told")
    expect(told).to_contain_text(f"2 files (62\u00a0kB) will be copied into {root}/best.")
    expect(told).to_contain_text("The folder will be made.")
    expect(told).to_contain_text("Nothing that is there will be replaced.")
    assert not (root / "best").exists()
    shoot(page, "export-told", whole=True)
    begin.click()
    expect(told).to_contain_text("Done: all 2 files are in the folder.")
    assert sorted(one.name for one in (root / "best").iterdir()) == [
        "dahlia-compressed.jpg",
        "dahlia.jpg",
    ]
    begin.click()
    expect(told).to_contain_text("New in the folder: 0 of 2")


def test_tables_and_a_report_are_downloaded(
    gallery: RunningGallery, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(gallery, "/export?q=dahlia")
    for link, name in (
        ("CSV", "photographs.csv"),
        ("JSON Lines", "photographs.jsonl"),
        ("Download the report", "report.html"),
    ):
        with page.expect_download(timeout=90_000) as downloaded:
            page.get_by_role("link", name=link, exact=True).click()
        assert downloaded.value.suggested_filename == name
        downloaded.value.save_as(tmp_path / name)
        assert "dahlia.jpg" in (tmp_path / name).read_text()
