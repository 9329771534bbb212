"""Runs commands and Python calls, each in a process of its own that goes on for a while.

    python walk.py PLAN WAIT_S

PLAN is a JSON file: lists of jobs `{"name": ..., "program": ..., "words": [[...], ...]}`. The lists
run beside each other, the jobs of a list one after the other, the lines of words of a job in one
process. Then each process waits as long as asked, so that what libraries do some seconds later is
seen too, and ends as Python processes do. In the working folder, `ends.json` receives how every job
ended, and `<name>.log` what it printed.

Processes are forked from one that has loaded what they share, but neither ONNX Runtime nor torch.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections import deque
from importlib import import_module
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

Job = dict[str, Any]
ENDS = Path("ends.json")
_SHARED = ("goodside.album", "goodside.aesthetics", "goodside.cli", "goodside.rotation")


def main(plan: Path, wait_s: float) -> None:
    """Run the plan; see the module."""
    for module in _SHARED:
        import_module(module)
    assert not {"onnxruntime", "torch"} & set(sys.modules)
    running = DefaultSelector()
    names: dict[int, str] = {}
    codes: dict[str, int | None] = {}
    for jobs in json.loads(plan.read_text(encoding="utf-8")):
        _start(deque(jobs), running, names, wait_s=wait_s)
    while running.get_map():
        for key, _ in running.select():
            name, jobs = key.data
            said = os.read(key.fd, 16)
            codes[name] = int(said) if said else None
            running.unregister(key.fd)
            os.close(key.fd)
            if jobs:
                _start(jobs, running, names, wait_s=wait_s)
    ends = {}
    for pid, name in names.items():
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        ends[name] = _described(codes[name], ended)
    ENDS.write_text(json.dumps(ends), encoding="utf-8")


def _start(
    jobs: deque[Job], running: DefaultSelector, names: dict[int, str], *, wait_s: float
) -> None:
    """Fork the first of the jobs; what it writes to its pipe is the work's exit code."""
    job = jobs.popleft()
    inner, outer = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(inner)
        _live(job, outer, wait_s=wait_s)
    os.close(outer)
    names[pid] = job["name"]
    running.register(inner, EVENT_READ, (job["name"], jobs))


def _live(job: Job, pipe: int, *, wait_s: float) -> None:
    log = os.open(f"{job['name']}.log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 0
    for words in job["words"]:
        code = code or _run(job["program"], words)
    os.write(pipe, str(code).encode())
    os.close(pipe)
    time.sleep(wait_s)
    sys.exit(code)


def _run(program: str, words: list[str]) -> int:
    sys.argv = [program, *words]
    sys.stdout.write(f"$ {' '.join(sys.argv)}\n")
    sys.stdout.flush()
    try:
        if program == "goodside":
            from goodside.cli import main
        elif program == "goodside_train":
            from goodside_train.cli import main
        else:
            from tests.offline.calls import main
        main()
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        traceback.print_exc()
        return 70
    return 0


def _described(code: int | None, ended: int) -> str:
    if ended < 0:
        return f"killed by {signal.Signals(-ended).name}"
    return "done" if code == ended == 0 else f"exit code {code}, then {ended}"


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(Path(sys.argv[1]), float(sys.argv[2]))
