"""How long tests look for surprises: a moment in the suite, as long as one likes by a variable.

`GOODSIDE_FUZZ_EXAMPLES=100000 pytest tests/...` draws that many examples, others in every run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


def fuzzed(examples: int) -> settings:
    """Settings of a test that draws `examples` in the suite."""
    asked = os.environ.get("GOODSIDE_FUZZ_EXAMPLES")
    return settings(
        max_examples=examples if asked is None else int(asked),
        derandomize=asked is None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
