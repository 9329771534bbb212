"""Write `SHA256SUMS` of a folder of weights: after a card or a data file in it was edited by hand.

python -m tools.list_checksums src/goodside/weights
"""

from __future__ import annotations

import sys
from pathlib import Path

from goodside.runtime import write_checksums

if __name__ == "__main__":
    print(write_checksums(Path(sys.argv[1])))
