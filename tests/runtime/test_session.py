"""A network in memory: what its runs keep."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from goodside.runtime import open_session

_RUNS = """
import sys
import numpy as np
from goodside.runtime import open_session

def resident_mb():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * 4096 / 1e6

session = open_session("face-blazeface-full", frees_memory=sys.argv[1] == "True")
session.load()
before = resident_mb()
session.run({"pixels": np.zeros((16, 192, 192, 3), np.float32)})
print(resident_mb() - before)
"""


def _kept_mb(*, frees_memory: bool) -> float:
    found = subprocess.run(
        [sys.executable, "-c", _RUNS, str(frees_memory)], capture_output=True, text=True, check=True
    )
    return float(found.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_a_run_is_given_back() -> None:
    kept = _kept_mb(frees_memory=False)
    assert kept > 25  # else there is nothing to give back
    assert _kept_mb(frees_memory=True) < kept - 20


def test_results_are_the_same() -> None:
    pixels = np.random.default_rng(1).normal(size=(1, 256, 256, 3)).astype(np.float32)
    plain, freeing = (
        open_session("person-matte", frees_memory=frees).run({"pixels": pixels})["matte"]
        for frees in (False, True)
    )
    np.testing.assert_array_equal(plain, freeing)
