from __future__ import annotations

import os
from pathlib import Path

import pytest

from goodside.album.scan.capacity import cores, memory_mb, worker_count


def _system(root: Path, limits: dict[str, str], *, free_mb: int = 16_000, group: str = "/") -> Path:
    """A `proc` and a `sys`, and the limits of the group."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(f"MemTotal: 1 kB\nMemAvailable: {free_mb * 1000} kB\n")
    (root / "proc/self/cgroup").write_text(f"1:name=systemd:/x\n0::{group}\n")
    folder = root / "sys/fs/cgroup" / group.strip("/")
    folder.mkdir(parents=True)
    for name, text in limits.items():
        (folder / name).write_text(text + "\n")
    return root


@pytest.fixture
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))


@pytest.mark.usefixtures("eight_cores")
@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, 8),
        ({"cpu.max": "max 100000"}, 8),
        ({"cpu.max": "250000 100000"}, 2),
        ({"cpu.max": "10000 100000"}, 1),
    ],
)
def test_cores(tmp_path: Path, limits: dict[str, str], expected: int) -> None:
    assert cores(root=_system(tmp_path, limits)) == expected


@pytest.mark.parametrize(
    ("free_mb", "limits", "expected"),
    [
        (16_000, {}, 16_384),
        (16_000, {"memory.max": "max"}, 16_384),
        (16_000, {"memory.max": "2000000000"}, 2_000),
        (1_000, {"memory.max": "2000000000"}, 1_024),
    ],
)
def test_memory(tmp_path: Path, free_mb: int, limits: dict[str, str], expected: int) -> None:
    assert memory_mb(root=_system(tmp_path, limits, free_mb=free_mb)) == expected


def test_limits_of_the_groups_around_count(tmp_path: Path) -> None:
    root = _system(tmp_path, {"memory.max": "8000000000"}, group="/outer/inner")
    (root / "sys/fs/cgroup/outer/memory.max").write_text("3000000000\n")
    assert memory_mb(root=root) == 3_000


@pytest.mark.usefixtures("eight_cores")
@pytest.mark.parametrize(("memory", "expected"), [("max", 8), ("1900000000", 3), ("200000000", 1)])
def test_workers_fit_into_memory(tmp_path: Path, memory: str, expected: int) -> None:
    assert worker_count(root=_system(tmp_path, {"memory.max": memory})) == expected


def test_where_nothing_says_anything(tmp_path: Path) -> None:
    assert memory_mb(root=tmp_path) == float("inf")
    assert worker_count(root=tmp_path) >= 1
