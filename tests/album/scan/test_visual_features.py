"""A scan keeps what reasons rest on: figures of the pixels, and the network's attributes."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

import pytest

from goodside.aesthetics.explanation.qualities import Quality
from goodside.album.album_photo import read_album_photos
from goodside.album.catalog import Catalog
from goodside.album.picks import PickCriteria, Ranking, StandsOut, reason_as_json
from tests.album.scan.made import EXAMPLES, quick_scan

_NAMES = ("dahlia", "fig", "photographer", "sunset", "dandelions", "mountain-path", "cat", "coffee")


def test_photographs_are_picked_for_what_they_show(catalog: Catalog, tmp_path: Path) -> None:
    for name in _NAMES:
        copyfile(EXAMPLES / "photos" / f"{name}.jpg", tmp_path / f"{name}.jpg")
    quick_scan(catalog, tmp_path)
    shots = {shot.name.partition(".")[0]: shot for shot in read_album_photos(catalog)}
    facts = {name: shot.photo.facts for name, shot in shots.items()}
    assert facts["photographer"].colourfulness == pytest.approx(0, abs=0.1)
    assert max(facts, key=lambda name: facts[name].colourfulness or 0) == "fig"
    assert max(facts, key=lambda name: facts[name].background_blur or 0) == "dandelions"
    assert facts["sunset"].horizon_tilt_deg == pytest.approx(-3, abs=1)
    assert (facts["dahlia"].subject_x, facts["dahlia"].subject_y) == pytest.approx(
        (0.5, 0.55), abs=0.08
    )
    judged = shots["dahlia"].photo.judged
    assert judged is not None
    assert judged.attributes["technical"] > 6

    picks = Ranking(list(shots.values())).best(PickCriteria())
    said = {
        (pick.shot.name.partition(".")[0], reason.quality)
        for pick in picks
        for reason in pick.reasons
        if isinstance(reason, StandsOut)
    }
    assert {("fig", Quality.COLOURFUL), ("dandelions", Quality.SOFT_BACKGROUND)} <= said
    assert not any(name == "photographer" and "colour" in quality for name, quality in said)
    details = [reason_as_json(reason) for pick in picks for reason in pick.reasons]
    assert all(one["kind"] for one in details)
