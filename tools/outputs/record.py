"""Runs the session and keeps what every step puts out.

A recording is a folder with `recording.json` and a folder a step: `step.json` (command, exit code,
files written), `stdout`, `stderr`, and below `files` what the step wrote or changed. All is kept as
it came; `tools.outputs.normalise` has its say when two recordings are compared.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from tools.outputs.inputs import make_inputs
from tools.outputs.session import plan_session

_CALLS = Path(__file__).with_name("calls.py")
_LAUNCHER = Path(__file__).with_name("launcher.py")
_NOT_KEPT = (".db", ".db-wal", ".db-shm", ".db-journal")  # of catalogs, the schema is kept


@dataclass(frozen=True)
class Recording:
    """What was recorded, where and when.

    Attributes:
        root: the working folder, gone by now.
        package: where `goodside` was imported from.
        version: what `goodside --version` says.
        began, ended: seconds since 1970.
        inputs: sha256 of each file that the session reads.
        steps: names, in order.
    """

    root: str
    package: str
    version: str
    began: float
    ended: float
    inputs: dict[str, str]
    steps: list[str]


def record(folder: Path, *, goodside: Path, python: Path | None = None) -> None:
    """Run the whole session and write the recording.

    Args:
        folder: new or empty.
        goodside: the command.
        python: of the same environment; by default the one beside `goodside`.

    Raises:
        OSError: the folder holds something, or a program cannot be run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    command = goodside.absolute()
    interpreter = (python or command.with_name("python")).absolute()
    root = Path(mkdtemp(prefix="goodside-outputs-")).resolve()
    began = datetime.now(UTC).timestamp()
    try:
        make_inputs(root)
        inputs = {str(path.relative_to(root)): _sha256(path) for path in _files(root)}
        session = _Session(root, folder.absolute(), command, interpreter)
        package = session.ask([str(interpreter), "-c", "import goodside as g; print(g.__file__)"])
        version = session.ask([str(command), "--version"]).split()[-1]
        with session:
            session.walk_help([])
            for step in plan_session():
                session.run(step.name, step.words)
        session.make_calls()
        session.keep_schema(root / "album.db")
    finally:
        shutil.rmtree(root, ignore_errors=True)
    done = Recording(
        root=str(root),
        package=str(Path(package).parent),
        version=version,
        began=began,
        ended=datetime.now(UTC).timestamp(),
        inputs=inputs,
        steps=session.steps,
    )
    _write(folder / "recording.json", asdict(done))
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = spent.ru_utime + spent.ru_stime
    print(f"{folder}: {len(session.steps)} steps of {done.package}, {cpu_s:.0f} s of CPU")


class _Session:
    """Runs commands in the working folder and keeps their outputs."""

    def __init__(self, root: Path, folder: Path, command: Path, interpreter: Path) -> None:
        self._root = root
        self._folder = folder
        self._command = [str(interpreter), str(_LAUNCHER), str(command)]
        self._interpreter = str(interpreter)
        self._known = _stats(root)
        self.steps: list[str] = []
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "temporary"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "100",
            "GOODSIDE_CATALOG": str(root / "album.db"),
            "ORT_DISABLE_TELEMETRY": "1",
        }

    def __enter__(self) -> None:
        self._launcher = subprocess.Popen(
            self._command,
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __exit__(self, *_: object) -> None:
        self._launcher.communicate()

    def ask(self, command: list[str]) -> str:
        """What a program prints; nothing is kept of it."""
        done = subprocess.run(
            command, cwd=self._root, env=self._environment, capture_output=True, check=False
        )
        if done.returncode:
            raise OSError(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode().strip()

    def walk_help(self, words: list[str]) -> None:
        """`--help` of a command and of all below it, as its own help lists them."""
        name = "-".join(["help", *words])
        self.run(name, [*words, "--help"])
        out = (self._folder / name / "stdout").read_text(encoding="utf-8")
        for below in re.findall(r"^  ([\w-]+)", out.partition("\nCommands:\n")[2], re.MULTILINE):
            self.walk_help([*words, below])

    def run(self, name: str, words: Sequence[str]) -> None:
        """Run the command once and keep its outputs."""
        into = self._folder / name
        into.mkdir()
        streams = {stream: str(into / stream) for stream in ("stdout", "stderr")}
        asked = {"words": list(words), **streams}
        assert self._launcher.stdin
        assert self._launcher.stdout
        self._launcher.stdin.write(json.dumps(asked) + "\n")
        self._launcher.stdin.flush()
        answer = self._launcher.stdout.readline()
        if not answer:  # it said why
            raise ChildProcessError(f"the launcher died at {name}")
        self._keep(name, ["goodside", *words], int(answer))

    def make_calls(self) -> None:
        """The calls from Python, as a step."""
        into = self._folder / "calls"
        into.mkdir()
        with (into / "stdout").open("wb") as stdout, (into / "stderr").open("wb") as stderr:
            done = subprocess.run(
                [self._interpreter, str(_CALLS), "out/calls"],
                cwd=self._root,
                env=self._environment,
                stdout=stdout,
                stderr=stderr,
                check=False,
            )
        self._keep("calls", ["calls.py"], done.returncode)

    def keep_schema(self, catalog: Path) -> None:
        """The tables of a catalog, as a step of its own."""
        with closing(sqlite3.connect(catalog)) as connection:
            rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL ORDER BY 1")
            text = "\n".join(row[0] for row in rows)
        into = self._folder / "schema"
        into.mkdir()
        (into / "stdout").write_text(text, encoding="utf-8")
        (into / "stderr").write_bytes(b"")
        self._keep("schema", ["schema"], 0)

    def _keep(self, name: str, words: list[str], code: int) -> None:
        into = self._folder / name
        listed = self._keep_files(into / "files")
        _write(into / "step.json", {"words": words, "exit": code, "files": listed})
        self.steps.append(name)

    def _keep_files(self, into: Path) -> list[str]:
        """Copy what is new or changed; a line a file: what became of it, mode, path."""
        now, before = _stats(self._root), self._known
        self._known = now
        lines = [f"gone {name}" for name in before.keys() - now.keys()]
        for name in now:
            if before.get(name) == now[name]:
                continue
            path = self._root / name
            what = "changed" if name in before else "new"
            if not name.endswith(_NOT_KEPT):
                lines.append(f"{what} {path.stat().st_mode & 0o777:04o} {name}")
                (into / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, into / name)
            elif what == "new" and name.endswith(".db"):
                lines.append(f"{what} {path.stat().st_mode & 0o777:04o} {name}")
        return sorted(lines)


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def _stats(root: Path) -> dict[str, tuple[int, ...]]:
    told = {str(path.relative_to(root)): path.stat() for path in _files(root)}
    return {name: (one.st_size, one.st_mtime_ns, one.st_ino) for name, one in told.items()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
