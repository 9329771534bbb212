"""Photographs in the order in which they were taken, whatever the time zones of their cameras."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from goodside.album.catalog.records import PhotoRecord


def in_chronological_order(photos: Iterable[PhotoRecord]) -> list[PhotoRecord]:
    """Photos by the instant of capture, then by path; those without a time last.

    A camera that notes no offset is taken to be where the others were: it gets the offset of the
    photograph whose clock is nearest, and UTC where no photograph has one.
    """
    photos = list(photos)
    known = sorted(
        (facts.taken_at, facts.taken_offset_min)
        for facts in (photo.facts for photo in photos)
        if facts.taken_at is not None and facts.taken_offset_min is not None
    )
    clocks = [clock for clock, _ in known]

    def instant(photo: PhotoRecord) -> datetime | None:
        clock, offset_min = photo.facts.taken_at, photo.facts.taken_offset_min
        if clock is None:
            return None
        if offset_min is None and known:
            at = bisect(clocks, clock)
            near = known[max(0, at - 1) : at + 1]
            offset_min = min(near, key=lambda one: abs(one[0] - clock))[1]
        try:
            return clock.replace(tzinfo=UTC) - timedelta(minutes=offset_min or 0)
        except OverflowError:  # in the first or last hours that a clock can show
            return clock.replace(tzinfo=UTC)

    return sorted((replace(photo, instant=instant(photo)) for photo in photos), key=_order)


def _order(photo: PhotoRecord) -> tuple[bool, datetime, str]:
    path = str(photo.paths[0]) if photo.paths else photo.sha256
    instant = photo.instant or datetime.max.replace(tzinfo=UTC)
    return photo.instant is None, instant, path
