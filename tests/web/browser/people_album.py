"""The album of two people with bursts, for browsers: scanned by whichever test process is first."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock

from goodside.album.album import Album
from tests.web.browser.made_album import MadeAlbum
from tests.web.gallery.made_people import make_bursts, make_portraits, make_wide_burst


def scanned_people(base: Path) -> MadeAlbum:
    """The album, below a folder that all test processes share."""
    shared = base / "people-album"
    made = MadeAlbum(shared / "photos", shared / "scanned" / "album.db")
    done = shared / "done"
    with FileLock(str(shared.with_suffix(".lock"))):
        if not done.exists():
            make_bursts(made.photos)
            make_wide_burst(made.photos)
            make_portraits(made.photos / "portraits")
            Album(made.catalog).scan([made.photos], workers=0)
            done.touch()
    return made
