"""Runs a command again and again as processes of their own that need not import much.

    python launcher.py COMMAND

COMMAND is a Python script, such as the one that an installation makes for `goodside`. Each line of
standard input is a JSON object `words, stdout, stderr`; the line that answers it is the exit code.
Half of what a short command takes is importing the libraries it uses. Here they are imported once,
and each run is a fork, in which COMMAND itself is imported and ends as ever.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from importlib import import_module

_LIBRARIES = "click numpy PIL.Image pydantic pydantic_settings rich.table sqlalchemy.orm jinja2"


def main() -> None:
    """Answer one line after the other."""
    command = sys.argv[1]
    for name in [*_LIBRARIES.split(), "alembic.command", "onnxruntime"]:
        import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            for number, path in ((1, asked["stdout"]), (2, asked["stderr"])):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv[:] = [command, *asked["words"]]
            runpy.run_path(command, run_name="__main__")
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
