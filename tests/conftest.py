"""For the whole suite: drawn examples are the same in every run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", derandomize=True)
settings.load_profile("suite")
