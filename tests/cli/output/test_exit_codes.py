"""How commands end: one line, an exit code, and no traceback."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from goodside.runtime import WeightsStore
from tests.images.made import encode, textured

_ROOT = Path(__file__).parents[3]
_FACE = _ROOT / "examples" / "faces" / "astronaut.jpg"


def _run(
    code: str, *arguments: str | Path, shell: str = "", **environment: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run Python code as a program of its own; `shell` redirects its streams or limits it."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    told = {name: str(value) for name, value in environment.items()}
    return subprocess.run(
        ["sh", "-c", f'{shell.partition(";")[0]}\n"$@" {shell.partition(";")[2]}', "sh", *command],
        env={**os.environ, "PYTHONPATH": str(_ROOT / "src"), "PYTHONWARNINGS": "error", **told},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


_GOODSIDE = "from goodside.cli import main; main()"
_OURS = (
    "import click, os, signal, sys, time\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background lacks it
    "from goodside.cli.output.exit_codes import run\n@click.command()\n"
)
_OURS += "@click.option('--debug', is_flag=True)\ndef command(debug):\n    {}\n"
_OURS += "sys.exit(run(command, sys.argv[1:]))"


def _ends(does: str, *arguments: str, **environment: Path) -> tuple[int, str]:
    done = _run(_OURS.format(does), *arguments, shell="", **environment)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("does", "code", "said"),
    [
        ("pass", 0, ""),
        ("sys.exit(1)", 1, ""),
        ("raise click.UsageError('no such thing')", 2, "Error: no such thing"),
        ("raise click.Abort", 1, "goodside: aborted"),
        ("raise MemoryError", 2, "too little memory (close other programs"),
        ("open('/none/at/all')", 2, "/none/at/all: no such file or folder (check the path)"),
        ("raise OSError(24, 'x')", 2, "too many files are open at a time (raise the limit"),
        ("raise OSError(30, 'x', 'a.jpg')", 2, "a.jpg: the disk is mounted read-only (name a"),
        ("raise OSError(28, 'x', 'a.jpg')", 2, "a.jpg: the disk is full (free some space"),
        ("raise ImportError('x.so: Too many open files')", 2, "too many files are open"),
        ("raise KeyboardInterrupt", 130, "goodside: interrupted"),
        ("os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", 130, "goodside: interrupted"),
    ],
)
def test_what_is_foreseen_is_told_in_a_line(does: str, code: int, said: str) -> None:
    ended, told = _ends(does)
    assert ended == code, told
    assert said in told
    assert "Traceback" not in told


def test_ctrl_c_counts_whatever_is_made_of_it() -> None:
    press = "os.kill(os.getpid(), signal.SIGINT)"
    swallowed = f"try:\n        {press}; time.sleep(60)\n    except BaseException: raise ValueError"
    twice = f"try:\n        {press}; time.sleep(60)\n    finally:\n        {press}; time.sleep(60)"
    failed = f"try:\n        {press}; time.sleep(60)\n    except BaseException: sys.exit(1)"
    for does in (swallowed, twice, failed):
        ended, told = _ends(does)
        assert (ended, "Traceback" in told) == (130, False), told


def test_an_unforeseen_error_is_saved_where_only_its_user_reads_it(tmp_path: Path) -> None:
    ended, told = _ends("raise ValueError('of no\\n    use')", XDG_STATE_HOME=tmp_path)
    assert ended == 70
    (line,) = told.strip().splitlines()
    (saved,) = (tmp_path / "goodside").iterdir()
    assert line.startswith("goodside: an error that was not foreseen, ValueError: of no use (its")
    assert str(saved) in line
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert stat.S_IMODE(saved.parent.stat().st_mode) == 0o700
    text = saved.read_text(encoding="utf-8")
    assert "raise ValueError" in text or "ValueError: of no" in text
    assert "goodside 0." in text


def test_twenty_tracebacks_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from goodside.cli.output.traceback_file import save_traceback

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    written = [save_traceback(ValueError("x"), arguments=["assess"]) for _ in range(25)]
    assert sorted((tmp_path / "goodside").iterdir()) == written[5:]


def test_a_state_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "tmp").mkdir()
    environment = {"XDG_STATE_HOME": tmp_path / "file", "TMPDIR": tmp_path / "tmp"}
    ended, told = _ends("raise ValueError", **environment)
    (saved,) = (tmp_path / "tmp").iterdir()
    assert (ended, str(saved) in told) == (70, True)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_debug_shows_the_traceback_and_ends_alike(tmp_path: Path) -> None:
    ended, told = _ends("raise ValueError", "--debug", XDG_STATE_HOME=tmp_path)
    assert (ended, "Traceback" in told) == (70, True)
    done = _run(_GOODSIDE, "--debug", "faces", _FACE, GOODSIDE_THREADS="none")
    assert (done.returncode, "Traceback" in done.stderr) == (2, True)
    assert done.stderr.splitlines()[-1].startswith("goodside: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["model"], ["model", "--json"]])
@pytest.mark.parametrize(
    ("shell", "code", "said"),
    [
        (";> /dev/full", 2, "standard output cannot be written: the disk is full (free"),
        (";>&-", 2, "standard output cannot be written: it is closed"),
        ("exec 9<> /dev/null; | true", 0, ""),
        (";2> /dev/full", 0, ""),
        (";2>&- <&-", 0, ""),
    ],
)
def test_streams_that_are_full_or_closed(
    arguments: Sequence[str], shell: str, code: int, said: str
) -> None:
    done = _run(_GOODSIDE, *arguments, shell=shell)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "does",
    [
        "click.echo('x' * 100_000)",
        "from rich.console import Console; Console().print('x\\n' * 10_000)",
        "print('x')",
    ],
)
def test_a_reader_that_went_away(does: str) -> None:
    gone = "r, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r)\n"
    done = _run(gone.join(_OURS.format(does).split("\n", 1)).replace(gone, "\n" + gone, 1))
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("MAX_MEGAPIXELS", "MAX_MEGABYTES", "TIMEOUT_S")
          for value in ("inf", "nan", "-1", "0", "1e300", "many")),
        ("THREADS", "0"),
        ("THREADS", "1e9"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goodside.errors import SettingsError
    from goodside.settings import Settings

    monkeypatch.setenv(f"GOODSIDE_{name}", value)
    with pytest.raises(SettingsError, match=f"GOODSIDE_{name} is .*: input should be"):
        Settings()


def test_a_setting_that_makes_no_sense_ends_a_command() -> None:
    done = _run(_GOODSIDE, "assess", _FACE, GOODSIDE_MAX_MEGAPIXELS="inf")
    assert done.returncode == 2
    assert done.stderr.startswith("goodside: GOODSIDE_MAX_MEGAPIXELS is 'inf': ")


def test_few_open_files() -> None:
    done = _run(_GOODSIDE, "assess", _FACE, _FACE.parents[1], shell="ulimit -n 5;")
    assert done.returncode == 2, done.stderr
    assert "too many files are open at a time (raise the limit" in done.stderr


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped weights, each network damaged."""
    folder = tmp_path_factory.mktemp("weights") / "weights"
    shutil.copytree(WeightsStore().folder, folder)
    for network in folder.glob("*.onnx"):
        with network.open("r+b") as stream:
            stream.write(b"damaged!")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", _FACE],
        ["assess", _FACE, "--explain", "why"],
        ["faces", _FACE],
        ["rotate", _FACE, "--yaw", "20"],
        ["portrait", _FACE],
        ["page", _FACE],
        ["album", "scan", "--workers", "1", _FACE.parent],
        ["evaluate", "rotation", "--faces", _FACE.parent],
    ],
    ids=lambda arguments: " ".join(map(str, arguments[:3])) if isinstance(arguments, list) else "",
)
def test_damaged_weights_end_every_command(
    arguments: list[str | Path], damaged: Path, tmp_path: Path
) -> None:
    code = f"import os; os.chdir({str(tmp_path)!r}); {_GOODSIDE}"
    done = _run(
        code, *arguments, GOODSIDE_WEIGHTS_DIR=damaged, GOODSIDE_CATALOG=tmp_path / "catalog.db"
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert "the weights are corrupt" in line


@pytest.mark.parametrize("moment", ["before", "twice"])
def test_ctrl_c_in_a_scan(moment: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encode(textured(64, 48), "JPEG"))
    press = "os.kill(os.getpid(), signal.SIGINT)"
    code = {
        "before": f"Engines.limits = property(lambda _: ({press}, time.sleep(60)))\n",
        "twice": f"scan.run_jobs = lambda *_, **__: ({press}, {press}, time.sleep(60))\n",
    }[moment]
    done = _run(
        "import importlib, os, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from goodside.engines import Engines\n"
        f"scan = importlib.import_module('goodside.album.scan.run')\n{code}\n{_GOODSIDE}",
        *("album", "scan", "--no-faces", str(tmp_path)),
        GOODSIDE_CATALOG=tmp_path / "catalog.db",
    )
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
