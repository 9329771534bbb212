"""The page of the password in a real browser, whose headers no client of a test imitates."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from goodside.web.security.passwords import hash_password
from tests.web.conftest import OPTIONS
from tests.web.live import live_service

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_PASSWORD = "correct horse battery"


@pytest.mark.skipif(_CHROMIUM is None, reason="no chromium here")
def test_a_person_comes_in_with_the_password(scanned: Path, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    kept = hash_password(_PASSWORD)
    options = replace(OPTIONS, names=("photos.example",), password_hash=kept)
    with (
        live_service(scanned / "album.db", tmp_path, options=options) as service,
        playwright.sync_playwright() as runner,
    ):
        browser = runner.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(f"{service.origin}/people")
        for password in ("not this one", _PASSWORD):
            page.get_by_label("Password").fill(password)
            page.get_by_role("button").click()
            if password != _PASSWORD:
                page.get_by_role("alert").wait_for()
        page.wait_for_url(f"{service.origin}/people")
        assert page.title().startswith("People")
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        assert not [said for said in complaints if "Content Security Policy" in said]
        browser.close()
