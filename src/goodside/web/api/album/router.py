"""The album's part of `/v1`, all in one router."""

from __future__ import annotations

from fastapi import APIRouter

from goodside.web.api.album import (
    decisions,
    failures,
    folders,
    groups,
    journal,
    people,
    photos,
    picks,
    scans,
    sidecars,
)

router = APIRouter()
for part in (
    photos, groups, people, picks, decisions, journal, folders, scans, failures, sidecars,
):  # fmt: skip
    router.include_router(part.router)
