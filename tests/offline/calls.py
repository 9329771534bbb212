"""Every public function and engine of goodside, used once."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import goodside
from goodside.errors import SettingsError


def main() -> None:
    """Use them on a portrait and on a table of picks with its folder of photographs."""
    portrait, picks, photos = map(Path, sys.argv[1:])
    assert goodside.assess(portrait).aesthetic.score
    assert goodside.faces(portrait)
    assert goodside.rotate(portrait, yaw_deg=10, size_px=128).image.size
    assert goodside.portrait(portrait).angles
    assessor = goodside.Assessor()
    taste = goodside.learn_taste(picks, assessor=assessor, photos=photos)
    taste.write("calls-taste.json")
    assert goodside.Taste.read("calls-taste.json").ratings == taste.ratings
    assert len(list(assessor.assess_each([portrait]))) == 1
    assert goodside.Rotator().rotate(portrait, 10, size_px=128).image.size
    assert goodside.FaceFinder()
    album = goodside.Album("calls.db")
    assert album.review([portrait.parent], out="calls.html", workers=1).report
    assert album.picks()
    with suppress(SettingsError):  # nothing was decided in it
        album.learn_taste()
