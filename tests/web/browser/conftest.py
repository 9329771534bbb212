"""A real Chromium, and a real service over an album that is scanned once a run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, expect, sync_playwright

from goodside.album.album import Album
from tests.web.browser.made_album import MadeAlbum, copy_catalog, make_photos
from tests.web.browser.running_gallery import RunningGallery
from tests.web.browser.watched_page import Scheme, Watch, open_context

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
)
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

OpenPage = Callable[..., Page]
Serve = Callable[..., RunningGallery]

expect.set_options(timeout=20_000)  # other tests share the cores


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file of tests, so that its event loop is gone before other files run."""
    if CHROMIUM is None:
        pytest.skip("no chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def made_album(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> MadeAlbum:
    """The album, scanned by whichever of the test processes comes first."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "browser-album"
    made = MadeAlbum(shared / "photos", shared / "scanned" / "album.db")
    done = shared / "done"
    with FileLock(str(shared.with_suffix(".lock"))):
        if not done.exists():
            make_photos(made.photos)
            Album(made.catalog).scan([made.photos], workers=0)
            done.touch()
    return made


@pytest.fixture(scope="module")
def serve(made_album: MadeAlbum, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts services that end with the file of tests; by default over a copy of the album."""
    with ExitStack() as running:

        def start(options: Sequence[str] = (), *, catalog: Path | None = None) -> RunningGallery:
            home = tmp_path_factory.mktemp("home")
            own = catalog or copy_catalog(made_album.catalog, home / "album.db")
            return running.enter_context(RunningGallery(own, options=options, home=home))

        yield start


@pytest.fixture(scope="module")
def gallery(serve: Serve) -> RunningGallery:
    """One service for a file of tests."""
    return serve()


@pytest.fixture
def watches() -> Iterator[list[Watch]]:
    """Of the test's pages; what went wrong in them fails the test at its end."""
    found: list[Watch] = []
    yield found
    for watch in found:
        watch.check()


@pytest.fixture
def open_page(browser: Browser, watches: list[Watch]) -> Iterator[OpenPage]:
    """Opens pages of a service, each in a context of its own that has followed the link."""
    with ExitStack() as opened:

        def start(
            gallery: RunningGallery,
            address: str = "/",
            *,
            size: str = "desk",
            scheme: Scheme = "light",
            locale: str = "en-US",
        ) -> Page:
            context, watch = open_context(
                browser, gallery.origin, size=size, scheme=scheme, locale=locale
            )
            opened.callback(context.close)
            watches.append(watch)
            page = context.new_page()
            page.goto(gallery.link)
            if address != "/":
                page.goto(gallery.origin + address)
            return page

        yield start
