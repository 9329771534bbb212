"""The session: what is run, in order, in one working folder."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

_ASTRONAUT = "faces/astronaut.jpg"


@dataclass(frozen=True)
class Step:
    """One call of the command.

    Attributes:
        name: unique; its outputs are compared with those of the same name.
        words: what follows `goodside`.
    """

    name: str
    words: tuple[str, ...]


def plan_session() -> list[Step]:
    """All steps but the help of each command; what they write goes below `out`.

    Raises:
        ValueError: two steps have one name.
    """
    steps = []
    for line in "\n".join((_JUDGING, _TURNING, _MEASURING, _ALBUM)).splitlines():
        name, _, words = line.partition(":")
        if words:
            filled = words.replace("{out}", f"out/{name}").replace("{face}", _ASTRONAUT)
            steps.append(Step(name, tuple(shlex.split(filled))))
    names = [step.name for step in steps]
    if len(set(names)) < len(names):
        raise ValueError(f"twice: {sorted({name for name in names if names.count(name) > 1})}")
    return steps


_JUDGING = """
version: --version
unknown-command: nothing
assess: assess photos --sort
assess-json: assess photos faces damaged --json
assess-explain: assess photos/cat.jpg photos/dahlia.jpg --explain {out} --json
assess-explain-again: assess photos/cat.jpg --explain out/assess-explain
assess-int8: assess photos/cat.jpg photos/fig.jpg damaged/broken.jpg --model aesthetics-lite0-int8
assess-missing: assess photos/nothing.jpg
taste-learn: taste learn tables/picks.csv --images photos -o {out}.json --json
taste-learn-again: taste learn tables/picks.csv --images photos -o out/taste-learn.json
taste-learn-scores: taste learn tables/labels.csv --images photos -o {out}.json
assess-taste: assess photos/cat.jpg photos/fig.jpg --taste out/taste-learn.json
assess-taste-json: assess photos/cat.jpg --taste out/taste-learn.json --json
page: page photos faces -o {out}.html --portrait {face} --yaws -30:30:30 --credits CREDITS.md
page-again: page people -o out/page.html --title Again --no-portrait
page-empty: page damaged -o {out}.html
model: model
model-json: model --json
model-rotation: model rotation --templates {out}.png
model-aesthetics: model aesthetics
model-relations: model aesthetics --relations {out}.png
model-relations-text: model aesthetics --relations
model-faces: model faces
model-unknown: model nothing
"""

_TURNING = """
faces: faces photos/astronaut.jpg photos/photographer.jpg photos/cat.jpg people damaged/broken.jpg
faces-json: faces photos/astronaut.jpg photos/photographer.jpg people --json
faces-draw: faces {face} people/both.jpg --draw {out}
faces-draw-again: faces {face} --draw out/faces-draw/astronaut.jpg
rotate: rotate {face} --yaw 20 -o {out}.jpg
rotate-again: rotate {face} --yaw 20 -o out/rotate.jpg
rotate-pose: rotate {face} --yaw -35 --pitch 8 --roll -10 --size 256 -o {out}.png --json
rotate-frontal: rotate photos/photographer.jpg --frontal -o {out}.webp --json
rotate-sweep: rotate {face} people/bo.jpg --sweep -30:30:30 --size 192 -o {out} --json
rotate-gif: rotate {face} --sweep -10:10:10 --size 128 --animate gif -o {out}.gif --json
rotate-mp4: rotate {face} --sweep 0:10:10 --size 128 -o {out}.mp4
rotate-paste: rotate {face} --yaw 15 --paste -o {out}.jpg --json
rotate-capg: rotate {face} --yaw 20 --model rotation-capg -o {out}.png --json
rotate-several: rotate people/both.jpg --yaw 10 -o {out}.jpg
rotate-chosen: rotate people/both.jpg --yaw 10 --face 1 --size 128 -o {out}.png
rotate-no-face: rotate photos/cat.jpg --yaw 10 -o {out}.jpg --json
rotate-too-far: rotate {face} --yaw 90 -o {out}.jpg
portrait: portrait {face} -o {out}.jpg
portrait-json: portrait people/bo.jpg --yaws -20:20:20 --json
portrait-no-face: portrait photos/cat.jpg
"""

_MEASURING = """
evaluate-scores: evaluate aesthetics --images photos --labels tables/labels.csv --scores out/s.csv
evaluate-scores-json: evaluate aesthetics --images photos --labels tables/missing.csv --json
evaluate-rotation: evaluate rotation --faces people --limit 1 --yaws=-20,20 --sheet {out}.png
evaluate-rotation-json: evaluate rotation --faces faces --yaws 15 --json
evaluate-verification: evaluate verification --images people --pairs tables/pairs.csv
evaluate-verification-json: evaluate verification --images people --pairs tables/pairs.csv --json
evaluate-multipie: evaluate multipie multipie --setting 1
leaks: leaks photos series
leaks-json: leaks photos faces --json
leaks-labels: leaks photos --labels tables/splits.csv
"""

_ALBUM = """
no-catalog: album picks
scan: album scan photos faces people series damaged --workers 1
scan-again-json: album scan --workers 1 --json
errors: album errors
errors-json: album errors --json
groups: album groups
groups-json: album groups --json
picks: album picks -n 12
picks-json: album picks -n 40 --json
picks-per-day: album picks -n 5 --per-day 1 --tag animal --to {out}
find: album find
find-sharpest: album find --sort sharpness --limit 5
find-like: album find --like photos/raccoon.jpg --limit 6 --min-score 5
find-others: album find --tag insect --label red --text pond
find-unknown-tag: album find --tag insekt
find-csv: album find --format csv --out {out}.csv
people: album people
people-json: album people list --all --json
people-name: album people name faces/astronaut.jpg#1 Ann
people-name-second: album people name people/bo.jpg#1 Bo
people-name-again: album people name people/bo.jpg#1 Ann
people-confirm: album people confirm Bo
people-split: album people split Ann people/both.jpg#1 --as Cy
people-show: album people show Ann
people-show-json: album people show Bo --json --sheet {out}.jpg
people-list: album people list --all
people-merge: album people merge Cy Ann
people-not: album people not Bo people/both.jpg#2
people-undo: album undo
people-reject: album people reject people/both.jpg#2
people-update: album people update
people-evidence: album people --evidence --json
people-list-json: album people list --all --json
pick: album pick photos/coffee-underexposed.jpg photos/cat.jpg
reject: album reject photos/dahlia.jpg
rate: album rate 4 photos/fig.jpg series
rate-none: album rate none series/burst-0.jpg
tag: album tag photos/fig.jpg photos/sunset.jpg --add fruit --add Evening
tag-remove: album tag photos/sunset.jpg --remove FRUIT
unmark: album unmark photos/cat.jpg
undo: album undo --count 2
redo: album undo
undo-nothing: album undo 999
decided-journal: album journal
decided-journal-json: album journal --json
decided-picks: album picks -n 12
decided-picks-json: album picks -n 40 --json
decided-people-picks: album picks --people Ann --min-percentile 20
decided-groups-json: album groups --json
decided-find: album find --people Bo --sort stars
decided-csv: album find --format csv
decided-jsonl: album find --out {out}.jsonl --sort score
decided-parquet: album find --out {out}.parquet --sort name
report: album report -o {out}.html --title Album --credits CREDITS.md --portrait {face}
report-again: album report faces people -o out/report.html -n 2
sidecars-elsewhere: album sidecars --sidecar-dir {out} --sidecar-style both
sidecars: album sidecars people faces photos/fig.jpg photos/dragonfly.jpg --rate
sidecars-again: album sidecars people faces
journal-export: album journal --export {out}.jsonl
journal-import: album journal --import out/journal-export.jsonl --catalog out/import.db
imported: album journal --json --catalog out/import.db
fresh: album review faces people --workers 1 -o {out}.html --catalog out/fresh.db
fresh-again: album ./people --workers 1 -n 1 -o {out}.html --catalog out/fresh.db
fresh-read: album sidecars --read --catalog out/fresh.db
fresh-journal: album journal --json --catalog out/fresh.db
fresh-people: album people list --all --json --catalog out/fresh.db
folders-exclude: album folders series --exclude bracket-*
folders: album folders --json
scan-excluded: album scan series --workers 1
faces-off: album faces off people
forget: album people forget Ann --yes
people-left: album people list --all --json
verify: album verify
verify-json: album verify --json
repair: album repair
repair-json: album repair --json
journal-last: album journal --json
"""
