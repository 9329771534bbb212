"""What differs between two runs of the same code, and how it is made equal. Nothing else is.

- The session's working folder and the folder of the package become `{root}` and `{package}`, in
  text.
- The version of goodside, where it stands after its name, becomes `{version}`, in text.
- Moments and days while the session ran become `{moment}` and `{day}`, in text and names of files.
- Random ids become `{id 1}`, `{id 2}` … in the order of the text: 32 hexadecimal digits (entries,
  steps and commands of the journal), and the keys of people whom a split made.
- Durations become `{duration}`: numbers in the JSON fields of `DURATIONS`; in text, numbers before
  `ms` or after `read in`, and the last column of a table where its heading is `ms`, whose runs of
  spaces become one.
- Random names of tracebacks and drafts become `{name}`, in text and names of files.

A moment that is not of the session's time, as a photograph's, stays and is compared. So do ids that
follow from the photographs: hashes, and the keys of people whom no decision made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tools.outputs.record import Recording

DURATIONS = frozenset({"seconds", "ms", "ms_per_image", "ms_with_decoding"})

_MOMENT = re.compile(
    r"\b(20\d\d)[-:]?(\d\d)[-:]?(\d\d)[T -](\d\d):?(\d\d)(?::?(\d\d))?(?:\.?\d{6})?"
    r"(?:\+00:00|Z)?(?!\d)"
)
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_RANDOM_ID = re.compile(r"\b[0-9a-f]{32}\b")
_RANDOM_NAME = re.compile(r"(?<=goodside-traceback-)\w{8}|(?<=\.goodside-)[0-9a-f]{16}(?=\.part)")
_DURATION = re.compile(r"(?<=read in )\d+\.\d s\b|\b\d+(?:\.\d+)?(?= ms\b)")
_LAST = re.compile(r"\d+\.\d(?=\s*$)")
_MARGIN = timedelta(minutes=1)  # some moments are told to the minute


@dataclass(frozen=True)
class Rules:
    """How the text of one recording is normalised.

    Attributes:
        recording: its folders, its version and its time.
        people: keys of people that were drawn at random.
    """

    recording: Recording
    people: frozenset[str] = field(default=frozenset())

    def text(self, raw: str) -> str:
        """A whole text, normalised."""
        made = raw.replace(self.recording.root, "{root}")
        made = made.replace(self.recording.package, "{package}")
        version = re.escape(self.recording.version)
        made = re.sub(rf"(goodside(?:, version)?[ /]){version}\b", r"\1{version}", made)
        made = _MOMENT.sub(self._moment, made)
        made = _DAY.sub(self._day, made)
        made = _RANDOM_NAME.sub("{name}", made)
        made = _DURATION.sub("{duration}", _untimed_tables(made))
        return self._ids(made)

    def _moment(self, match: re.Match[str]) -> str:
        try:
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return match[0]
        began = datetime.fromtimestamp(self.recording.began, UTC) - _MARGIN
        ended = datetime.fromtimestamp(self.recording.ended, UTC) + _MARGIN
        return "{moment}" if began <= at <= ended else match[0]

    def _day(self, match: re.Match[str]) -> str:
        try:
            day = date.fromisoformat(match[0])
        except ValueError:
            return match[0]
        began = datetime.fromtimestamp(self.recording.began, UTC).date()
        ended = datetime.fromtimestamp(self.recording.ended, UTC).date()
        return "{day}" if began <= day <= ended else match[0]

    def _ids(self, made: str) -> str:
        numbers: dict[str, str] = {}

        def numbered(match: re.Match[str]) -> str:
            return numbers.setdefault(match[0], f"{{id {len(numbers) + 1}}}")

        made = _RANDOM_ID.sub(numbered, made)
        if not self.people:
            return made
        return re.sub("|".join(sorted(self.people)), numbered, made)


def _untimed_tables(text: str) -> str:
    """Durations in the last column; its width, and so that of the table, follows from them."""
    made, timed = [], False
    for line in text.splitlines(keepends=True):
        timed = bool(line.strip()) and (timed or line.rstrip().endswith("  ms"))
        made.append(_LAST.sub("{duration}", re.sub(" +", " ", line)) if timed else line)
    return "".join(made)


def read_json(text: str) -> Any:
    """A text as JSON: one value, or a list of the values of JSON Lines.

    Raises:
        ValueError: it is neither.
    """
    try:
        return _plain(json.loads(text))
    except ValueError:
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        if not lines or not all(isinstance(line, dict) for line in lines):
            raise ValueError("no JSON") from None
        return [_plain(line) for line in lines]


def drawn_people(values: Iterable[Any]) -> Iterator[str]:
    """Keys that a split gave to a new person, in entries of a journal."""
    for value in values:
        if isinstance(value, dict):
            if value.get("kind") == "split":
                told = value.get("payload", value)
                yield str(told["into"])
            yield from drawn_people(value.values())
        elif isinstance(value, list):
            yield from drawn_people(value)


def _plain(value: Any) -> Any:
    """JSON without durations."""
    if isinstance(value, dict):
        return {
            key: "{duration}"
            if key in DURATIONS and isinstance(inner, int | float)
            else _plain(inner)
            for key, inner in value.items()
        }
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
