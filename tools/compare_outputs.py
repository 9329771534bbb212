"""Record what goodside puts out about the bundled photographs, and compare two recordings.

    python -m tools.compare_outputs record BEFORE --goodside .venv-test/bin/goodside
    python -m tools.compare_outputs compare BEFORE AFTER

For a change of the code that should change nothing a user sees: record before and after it, then
compare. Every command and every public Python call is run in a scripted session, and all that it
prints and writes is kept. Exit code 0: the same; 1: something differs, and each difference is
printed; 2: a recording cannot be made or read. What is normalised is listed in
`tools.outputs.normalise`, and nothing else is.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.outputs.compare import compare
from tools.outputs.record import record


def main() -> int:
    """Read the arguments, record or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="run the session and keep its outputs")
    recording.add_argument("folder", type=Path, help="receives the recording; new or empty")
    recording.add_argument("--goodside", type=Path, required=True, help="the command to run")
    recording.add_argument("--python", type=Path, help="by default the one beside --goodside")
    comparing = commands.add_parser("compare", help="print every difference of two recordings")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--most", type=int, default=12, help="differences shown of each output")
    args = parser.parse_args()
    try:
        if args.command == "record":
            record(args.folder, goodside=args.goodside, python=args.python)
            return 0
        return compare(args.before, args.after, most=args.most, show=print)
    except OSError as error:
        print(f"compare_outputs: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
