"""Kill every kind of command that writes to an album, go on, and compare with an undisturbed one.

    python -m benchmarks.album_steps --faces examples/faces/astronaut.jpg --kills 100

An album is led through scan, people, marks, sidecars, another scan, merging and undo, one command
after the other, and what catalog and sidecars hold after each is kept. A round puts back what was
there before one of the commands, starts it, and kills it (SIGKILL) at a random moment. Then it is
done as a person would: a command that computes is given again; one that decides is given again
unless the journal holds all of its entries. A part of them is a failure. Catalog and sidecars have
to be equal but for row numbers, moments and drawn keys, the integrity check clean, and every
photograph bit for bit what it was.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance

from benchmarks.album_kill import contents, snapshot
from benchmarks.made import make_album
from goodside.album.catalog import Catalog, SplitPerson, entries, list_faces, open_catalog
from goodside.cli import cli

_LOADED = ("goodside.album.groups", "goodside.album.people", "goodside.album.scan")
"""What commands need: imported before they are forked off."""
_EQUAL, _ENDED = "equal", "ended before"
_THEIRS = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"/>
</rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True, slots=True)
class Step:
    """A command.

    Attributes:
        name: what it is about.
        arguments: of `goodside album`.
        decides: it adds to the journal, and must not be given twice.
        foreign: another program writes this sidecar before it.
        scans: a scan follows, killed or not, which notes the sidecars that were written.
    """

    name: str
    arguments: tuple[str, ...]
    decides: bool = False
    foreign: Path | None = None
    scans: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What an album holds: the catalog's file, its content, its journal's length, its sidecars."""

    catalog: bytes
    told: dict[str, Any]
    decided: int
    sidecars: dict[Path, bytes]


def make_people_album(folder: Path, portrait: Path, *, plain: int = 6, faces: int = 6) -> Path:
    """Photographs without faces, and variations of a portrait, all different."""
    make_album(folder, plain)
    home = folder / "people"
    home.mkdir()
    with Image.open(portrait) as image:
        whole = image.convert("RGB")
    for number in range(faces):
        cut = whole.crop((4 * number, 3 * number, whole.width - 2 * number, whole.height))
        bright = ImageEnhance.Brightness(cut).enhance(0.85 + 0.06 * number)
        bright.save(home / f"p{number}.jpg", quality=90)
    return folder


def steps_of(album: Path) -> list[Step]:
    """The commands, in their order."""
    p = [str(album / "people" / f"p{number}.jpg") for number in range(6)]
    foreign = album / "day 0" / "IMG_00001.xmp"
    return [
        Step("scan", ("scan", str(album), "--workers", "1")),
        Step("people name", ("people", "name", f"{p[0]}#1", "Ann"), decides=True),
        Step("people split", ("people", "split", "Ann", f"{p[1]}#1", f"{p[2]}#1"), decides=True),
        Step("rate", ("rate", "4", *p[:3]), decides=True),
        Step("tag", ("tag", "--add", "holiday", *p[2:]), decides=True),
        Step("sidecars", ("sidecars",), scans=True),
        Step("scan with foreign sidecars", ("scan", "--workers", "1"), foreign=foreign),
        Step("people merge", ("people", "merge", f"{p[1]}#1", "Ann"), decides=True),
        Step("undo", ("undo",), decides=True),
        Step("undo of three", ("undo", "--count", "3"), decides=True),
        Step("people update", ("people", "update")),
    ]


class Command:
    """A running command in a process group of its own."""

    def __init__(self, step: Step, catalog: Path) -> None:
        """Fork it off this process, which has loaded everything: kills then hit the work itself."""
        self._pid = os.fork()
        self._ended: int | None = None
        if self._pid == 0:
            try:
                os.setsid()
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1)
                os.dup2(quiet, 2)
                os.environ["GOODSIDE_CATALOG"] = str(catalog)
                cli.main(["album", *step.arguments], standalone_mode=False)
                os._exit(0)
            except SystemExit as end:
                os._exit(int(end.code or 0))
            finally:
                os._exit(70)

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self._ended is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._ended = os.waitstatus_to_exitcode(status) if pid else None
        return self._ended

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        if self._ended is None:
            self._ended = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._ended

    def kill(self) -> None:
        """End it and its workers as the kernel does."""
        os.killpg(self._pid, signal.SIGKILL)
        self.wait()


def lead(
    steps: Sequence[Step], album: Path, catalog: Path
) -> Iterator[tuple[Step, State, State, float]]:
    """Go through the steps undisturbed; what was there before and after each, and its seconds."""
    open_catalog(catalog).close()
    for step in steps:
        _write_foreign(step)
        before, began = state_of(album, catalog), time.monotonic()
        if Command(step, catalog).wait():
            raise RuntimeError(f"{step.name} failed")
        lasted = time.monotonic() - began
        _scan_after(step, catalog)
        yield step, before, state_of(album, catalog), lasted


def kill_and_go_on(
    step: Step, before: State, after: State, *, album: Path, catalog: Path, moment_s: float
) -> str:
    """One round; `equal`, or what differs. Prefixed by whether the command had ended."""
    _put_back(before, album, catalog)
    child = Command(step, catalog)
    time.sleep(moment_s)
    ended = child.poll() is not None
    if not ended:
        child.kill()
    with open_catalog(catalog) as opened:
        opened.check()
        decided = _decided(opened)
    if step.decides and before.decided < decided < after.decided:
        return f"a part of its decisions: {decided - before.decided}"
    if not step.decides or decided == before.decided:
        if Command(step, catalog).wait():
            return "given again, it failed"
    elif Command(Step("people update", ("people", "update")), catalog).wait():
        return "people update failed"
    _scan_after(step, catalog)
    now = state_of(album, catalog)
    differing = [name for name, told in after.told.items() if now.told[name] != told]
    if now.sidecars != after.sidecars:
        differing.append("sidecar files")
    return ", ".join(differing) or (_ENDED if ended else _EQUAL)


def state_of(album: Path, catalog: Path) -> State:
    """What an album holds now."""
    with open_catalog(catalog) as opened:
        opened.check()
        told, decided = _comparable(opened), _decided(opened)
    return State(catalog.read_bytes(), told, decided, _sidecars(album))


def _comparable(catalog: Catalog) -> dict[str, Any]:
    """A snapshot with people, without moments of sidecars, its drawn keys numbered."""
    told = snapshot(catalog)
    files = {
        path: row[:4] + row[5:] if row[0] == "sidecar" else row
        for path, row in told["files"].items()
    }
    with catalog.read() as session:
        journal = [entry.decision for entry in entries(session)]
        numbers = {entry.uid: str(entry.number) for entry in entries(session)}
        faces = list_faces(session)
    drawn = [one.into for one in journal if isinstance(one, SplitPerson)]
    keys = {key: f"drawn {number}" for number, key in enumerate(drawn)} | numbers
    text = json.dumps([one.model_dump(mode="json") for one in journal])
    for key, name in keys.items():
        text = text.replace(key, name)
    people = {
        face.ref: (keys.get(face.person or "", face.person), face.confirmed) for face in faces
    }
    return {**told, "files": files, "journal": text, "people": people}


def _decided(catalog: Catalog) -> int:
    with catalog.read() as session:
        return len(entries(session))


def _sidecars(album: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(album.rglob("*.xmp"))}


def _scan_after(step: Step, catalog: Path) -> None:
    if step.scans:
        Command(Step("scan", ("scan", "--no-faces", "--workers", "1")), catalog).wait()


def _write_foreign(step: Step) -> None:
    if step.foreign is not None:
        step.foreign.write_text(_THEIRS, encoding="utf-8")


def _put_back(state: State, album: Path, catalog: Path) -> None:
    for suffix in ("-wal", "-shm"):
        catalog.with_name(catalog.name + suffix).unlink(missing_ok=True)
    catalog.write_bytes(state.catalog)
    for path, data in _sidecars(album).items():
        if path not in state.sidecars:
            path.unlink()
        elif data != state.sidecars[path]:
            path.write_bytes(state.sidecars[path])
    for path, data in state.sidecars.items():
        if not path.exists():
            path.write_bytes(data)


def main() -> int:
    """Run it; exit code 1 if a round differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, required=True, help="A portrait of one person.")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--quick", action="store_true", help="Kill no scans.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="Folder for a dated table of results.")
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    for name in _LOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as home:
        album = make_people_album(Path(home) / "album", asked.faces)
        originals = {path: sha for path, sha in contents(album).items() if path.suffix != ".xmp"}
        catalog = Path(home) / "catalog.db"
        led = list(lead(steps_of(album), album, catalog))
        led = [one for one in led if not asked.quick or not one[0].name.startswith("scan")]
        results: dict[str, Counter[str]] = {step.name: Counter() for step, *_ in led}
        killed = number = 0
        while killed < asked.kills:
            step, before, after, lasted = led[number % len(led)]
            moment = rng.uniform(0.05, 0.85) * lasted
            told = kill_and_go_on(
                step, before, after, album=album, catalog=catalog, moment_s=moment
            )
            now = {path: sha for path, sha in contents(album).items() if path in originals}
            if now != originals:
                told = "a photograph changed"
            results[step.name][told] += 1
            killed += told != _ENDED
            number += 1
            print(
                f"{number:>3}. {step.name} after {moment:.2f} of {lasted:.2f} s: {told}",
                flush=True,
            )
        drafts = len(list(album.rglob(".*.part")))
        shutil.rmtree(album)
    bad = sum(
        count
        for counts in results.values()
        for told, count in counts.items()
        if told not in (_EQUAL, _ENDED)
    )
    text = _table(results, killed=killed, bad=bad, drafts=drafts)
    print(text)
    if asked.out is not None:
        day = time.strftime("%Y-%m-%d")
        (asked.out / f"{day}-album-kills.md").write_text(text, encoding="utf-8")
    return 1 if bad else 0


def _table(results: dict[str, Counter[str]], *, killed: int, bad: int, drafts: int) -> str:
    lines = [
        "# Killed at any moment",
        "",
        f"{time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}, "
        "`python -m benchmarks.album_steps`",
        "",
        "| command | killed, then equal | ended before the kill, equal | different |",
        "|---|---|---|---|",
    ]
    for name, counts in results.items():
        equal, ended = counts[_EQUAL], counts[_ENDED]
        lines.append(f"| {name} | {equal} | {ended} | {counts.total() - equal - ended} |")
    lines += [
        "",
        f"{killed - bad} of {killed} kills ended in an equal catalog and equal sidecars; every",
        f"photograph is bit for bit what it was. Hidden drafts of sidecars left behind: {drafts}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
