"""A newcomer chooses a folder and watches it being scanned; pages show photographs meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import OpenPage, Serve
from tests.web.browser.made_album import MadeAlbum
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import Watch, shoot, violations

_SCAN_MS = 240_000
_MANY = 300
_MORE_THAN_CONNECTIONS = 7  # that a browser opens to one service


@pytest.fixture(scope="module")
def pictures(made_album: MadeAlbum, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a folder of photographs in it, and beside it what nobody may see."""
    root = tmp_path_factory.mktemp("root") / "pictures"
    root.mkdir()
    (root / "2024").symlink_to(made_album.photos, target_is_directory=True)
    (root / "2025").mkdir()
    for name in ("cat.jpg", "coffee.jpg", "fig.jpg", "broken.jpg", "dahlia.jpg"):
        (root / "2025" / name).hardlink_to(made_album.photos / name)
    (root.parent / "private").mkdir()
    return root


@pytest.fixture(scope="module")
def newcomer(serve: Serve, pictures: Path) -> RunningGallery:
    """A service whose album is empty."""
    catalog = pictures.parent / "album.db"
    return serve(["--root", str(pictures)], catalog=catalog)


def test_from_nothing_to_photographs(
    newcomer: RunningGallery, open_page: OpenPage, pictures: Path, watches: list[Watch]
) -> None:
    page = open_page(newcomer)
    watches[0].allowed.append("status of 422")  # the folders that are refused below
    expect(page).to_have_url(f"{newcomer.origin}/folders")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your photographs")
    shoot(page, "welcome")

    field, begin = (
        page.get_by_label("Folder of photographs"),
        page.get_by_role("button", name="Begin"),
    )
    suggested = page.locator("#add-folders option")
    field.fill(f"{pictures}/20")
    expect(suggested).to_have_count(1)  # the link leads outside
    expect(suggested).to_have_attribute("value", f"{pictures}/2025")
    field.fill(f"{pictures.parent}/")
    expect(suggested).to_have_attribute("value", str(pictures))

    problem = page.locator("#add-problem")
    for typed, said in (
        (f"{pictures.parent}/private", "this folder may not be used here"),
        (f"{pictures}/none", "there is no such folder"),
        ("photos", "is no whole path"),
    ):
        field.fill(typed)
        begin.click()
        expect(problem).to_contain_text(said)
        expect(field).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []

    field.fill(f"{pictures}/2025")
    begin.click()
    panel = page.locator("#scan")
    expect(panel).to_be_visible()
    expect(problem).to_be_empty()
    shoot(page, "welcome-scanning")
    assert violations(page) == []

    expect(panel.locator(".stage")).to_contain_text(
        "Scan finished: 4 read, 1 failed", timeout=_SCAN_MS
    )
    expect(page.locator(".folders li.card")).to_have_count(1, timeout=20_000)
    expect(page.locator(".sums")).to_contain_text("4 photographs")
    page.goto(newcomer.origin)
    expect(page.locator("#grid .tile")).to_have_count(4)


def test_a_scan_is_followed_paused_and_stopped_on_another_page(
    newcomer: RunningGallery, open_page: OpenPage, pictures: Path, made_album: MadeAlbum
) -> None:
    folder = pictures / "more"
    _make_many(folder, made_album.photos / "cat.jpg")
    page = open_page(newcomer, "/folders")
    page.get_by_label("Folder of photographs").fill(str(folder))
    page.get_by_role("button", name="Scan it").click()
    panel = page.locator("#scan")
    panel.get_by_role("button", name="Pause").click()
    expect(panel.locator(".stage")).to_have_text("Paused")

    elsewhere = page.context.new_page()
    elsewhere.goto(f"{newcomer.origin}/journal")
    bar = elsewhere.locator("#scan-bar")
    expect(bar.locator(".stage")).to_have_text("Paused")
    expect(bar.get_by_role("button", name="Go on")).to_be_visible()
    assert violations(elsewhere) == []
    shoot(elsewhere, "scan-bar")

    tabs = [page.context.new_page() for _ in range(_MORE_THAN_CONNECTIONS)]
    for tab in tabs:  # none waits for a connection that another tab's stream of events keeps
        tab.goto(f"{newcomer.origin}/journal")
        expect(tab.locator("#scan-bar .stage")).to_have_text("Paused")
    elsewhere.close()  # whichever of them reads the stream: another goes on with it
    bar = tabs[0].locator("#scan-bar")
    bar.get_by_role("button", name="Stop").click()
    for one in (panel, bar, tabs[-1].locator("#scan-bar")):
        expect(one.locator(".stage")).to_contain_text("Scan stopped", timeout=_SCAN_MS)


def test_how_a_scan_ended_stays_until_it_is_closed(
    newcomer: RunningGallery, open_page: OpenPage, pictures: Path
) -> None:
    page = open_page(newcomer, "/folders")
    panel, cards = page.locator("#scan"), page.locator(".folders li.card")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(panel).to_be_hidden()

    (pictures / "third").mkdir()
    (pictures / "third" / "fig.jpg").hardlink_to(pictures / "2025" / "fig.jpg")
    before = cards.count()
    page.get_by_label("Folder of photographs").fill(f"{pictures}/third")
    page.get_by_role("button", name="Scan it").click()
    expect(panel.locator(".stage")).to_contain_text("Scan finished", timeout=_SCAN_MS)
    expect(cards).to_have_count(before + 1)  # without the page being loaded anew
    shoot(page, "scan-ended")
    card = page.locator(f"li.card[data-path='{pictures}/third']")
    card.get_by_role("button", name="Remove from the album").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(cards).to_have_count(before)
    expect(panel.locator(".stage")).to_contain_text("Scan finished")


def _make_many(folder: Path, photo: Path) -> None:
    """So many different files that no computer has read them before a button is pressed."""
    folder.mkdir()
    data = photo.read_bytes()
    for number in range(_MANY):
        (folder / f"{number:03d}.jpg").write_bytes(data + number.to_bytes(4))


def test_a_folder_is_left_out_and_removed(
    newcomer: RunningGallery, open_page: OpenPage, pictures: Path
) -> None:
    page = open_page(newcomer, "/folders")
    card = page.locator(f"li.card[data-path='{pictures}/2025']")
    card.locator(".sums a").first.evaluate("(link) => { link.textContent = '0 photographs'; }")
    page.evaluate("document.dispatchEvent(new CustomEvent('goodside:album-changed'))")
    expect(card.locator(".sums")).to_have_text("4 photographs · 1 error")
    card.get_by_label("Pattern of what to leave out").fill("*.png")
    card.get_by_role("button", name="Leave out").click()
    expect(card.locator(".chip code")).to_have_text("*.png")
    page.wait_for_load_state()
    card.get_by_role("button", name="Read *.png after all").click()
    expect(card.locator(".chip")).to_have_count(0)
    page.wait_for_load_state()  # the page was loaded anew, and its script listens from then on
    with page.expect_response("**/v1/folders/*") as answered:
        card.get_by_label("Look for faces").uncheck()
    assert answered.value.ok
    page.reload()
    expect(card.get_by_label("Look for faces")).not_to_be_checked()

    card.get_by_role("button", name="Remove from the album").click()
    sheet = page.get_by_role("dialog", name="Remove from the album?")
    expect(sheet).to_contain_text(f"{pictures}/2025")
    assert violations(page) == []
    sheet.get_by_role("button", name="Keep it").click()
    expect(card).to_be_visible()
    card.get_by_role("button", name="Remove from the album").click()
    sheet.get_by_role("button", name="Remove", exact=True).click()
    expect(card).to_have_count(0)
    assert sorted(one.name for one in (pictures / "2025").iterdir()) == [
        "broken.jpg", "cat.jpg", "coffee.jpg", "dahlia.jpg", "fig.jpg",
    ]  # fmt: skip
