"""Anyone's own rated photographs: a CSV file with a row a photograph, and the folder they lie in.

Columns: `image`, `score`, and if wanted `semantic`, `votes_<score>` and `split`; others are
ignored. Commas, semicolons or tabs stand between them, and the case of headings does not count.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from goodside.aesthetics.scores import distribution_from_votes, rescale
from goodside.errors import SettingsError, reason_of
from goodside.images import find_photos
from goodside.images.decoding.sniff import PHOTO_SUFFIXES, RAW_SUFFIXES
from goodside.regular_file import open_text
from goodside.spreadsheet import path_from_text, unescape_cell

MAX_TABLE_BYTES = 200_000_000

Scale = tuple[float, float]
"""Lowest and highest score that a rater can give."""

CUSTOMARY: tuple[Scale, ...] = ((0, 1), (1, 5), (1, 10), (0, 10), (0, 100))
"""Scales that people rate photographs on; the first that holds all scores is taken for theirs."""

LARGEST = 1e12
"""Of a score or a number of votes."""

_VOTES = "votes_"
_SUFFIXES = PHOTO_SUFFIXES | RAW_SUFFIXES
_HEADINGS = "the first line has to be image,score[,semantic][,votes_1,votes_2,...]"
_Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class RatedPhotos:
    """N photographs and what people said about them.

    Attributes:
        names: as the table writes them.
        paths: where the photographs lie; a path to nothing where there is none of that name, or
            more than one.
        score: (N,) float64 mean scores, in the table's unit.
        scale: of the scores; None where it is neither given nor customary.
        distribution: (N, 10) float64 shares of the scores 1 ... 10, NaN in rows without votes; None
            where the table has no votes.
        semantic: the labels of a photograph, see `labels.labels_in`, None where it has none;
            None where the table has none.
        split: such as `train` or `test`, one a photograph; None where the table has none.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    score: NDArray[np.float64]
    scale: Scale | None
    distribution: NDArray[np.float64] | None = None
    semantic: tuple[str | None, ...] | None = None
    split: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.names)

    @property
    def ten(self) -> NDArray[np.float64] | None:
        """The scores on the 1-10 scale, (N,); None where their scale is not known."""
        if self.scale is None:
            return None
        return rescale(self.score, low=self.scale[0], high=self.scale[1])

    @property
    def middle(self) -> float:
        """Of the scale, in the table's unit; of the scores' range where the scale is not known."""
        low, high = self.scale or (float(self.score.min()), float(self.score.max()))
        return (low + high) / 2

    def take(self, rows: Sequence[int]) -> RatedPhotos:
        """Some of the photographs, in the order of `rows`."""
        chosen = np.asarray(rows, dtype=np.int64)
        return RatedPhotos(
            names=tuple(self.names[row] for row in rows),
            paths=tuple(self.paths[row] for row in rows),
            score=self.score[chosen],
            scale=self.scale,
            distribution=None if self.distribution is None else self.distribution[chosen],
            semantic=None if self.semantic is None else tuple(self.semantic[row] for row in rows),
            split=None if self.split is None else tuple(self.split[row] for row in rows),
        )


def read_table(path: Path, *, photos: Path, scale: Scale | None = None) -> RatedPhotos:
    """Read a table of rated photographs.

    An image's name may stand with or without its folder and its suffix.

    The scale of the scores is the one given; else the one the votes span, from the lowest to the
    highest value that has a column; else the first customary one. It has to hold every score. The
    votes span a scale of their own, mapped linearly to 1-10.

    Args:
        path: a CSV file in UTF-8 with a line of headings.
        photos: the folder of the photographs, searched with everything in it.
        scale: lowest and highest possible score.

    Raises:
        SettingsError: the table cannot be read, has no rows, lacks a column, or holds a score or a
            vote that is no number or does not fit.
    """
    rows = read_rows(path, needed=("image", "score"))
    headings = [heading for heading in rows[0] if heading is not None]
    names = tuple((row["image"] or "").strip() for row in rows)
    score = _numbers(rows, "score", path=path)
    votes = [heading for heading in headings if heading.startswith(_VOTES)]
    values = _vote_values(votes, path=path)
    semantic = None
    if "semantic" in headings:
        semantic = tuple((row["semantic"] or "").strip() or None for row in rows)
    split = None
    if "split" in headings:
        split = tuple((row["split"] or "").strip() for row in rows)
    return RatedPhotos(
        names=names,
        paths=locate(names, photos),
        score=score,
        scale=_scale(score, given=scale, voted=values, path=path),
        distribution=None if values is None else _shares(rows, votes, values=values, path=path),
        semantic=semantic,
        split=split,
    )


def read_rows(path: Path, *, needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV table, text by column.

    Args:
        path: a file in UTF-8 with a line of headings.
        needed: columns it must have.

    Raises:
        SettingsError: the table cannot be read, has no rows, or lacks a column.
    """
    try:
        with open_text(path, max_bytes=MAX_TABLE_BYTES, encoding="utf-8-sig") as stream:
            rows = list(open_rows(stream))
    except UnicodeDecodeError as error:
        raise SettingsError(
            "the table of labels is not in UTF-8", path=path, remedy="save it as CSV in UTF-8"
        ) from error
    except (OSError, csv.Error) as error:
        raise SettingsError(
            f"the table of labels cannot be read: {reason_of(error)}",
            path=path,
            remedy="name a CSV file",
        ) from error
    if not rows:
        raise SettingsError(
            "the table of labels has no rows",
            path=path,
            remedy="write a line of headings and below it a line a photograph",
        )
    for heading in needed:
        if heading not in rows[0]:
            raise SettingsError(
                f"the table of labels has no column {heading!r}",
                path=path,
                remedy=_HEADINGS
                if "score" in needed
                else f"the first line has to hold {','.join(needed)}",
            )
    return rows


def open_rows(stream: TextIO) -> csv.DictReader[str]:
    """A reader of the rows below the headings, which it gives in lower case.

    The separator is the one that stands most often between the headings.
    """
    headings = stream.readline()
    separator = max(",;\t", key=headings.count)
    names = next(csv.reader([headings], delimiter=separator), [])
    return csv.DictReader(stream, [name.strip().casefold() for name in names], delimiter=separator)


def to_number(cell: str) -> float:
    """A number with a point or a comma before its decimals; NaN for anything else.

    Nobody rates in numbers beyond `LARGEST`, and sums of such would overflow.
    """
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return math.nan
    return number if abs(number) <= LARGEST else math.nan


def _numbers(
    rows: list[_Row], heading: str, *, path: Path, empty: float | None = None
) -> NDArray[np.float64]:
    """One column; `empty` stands for empty cells, which are an error without it."""
    numbers = []
    for line, row in enumerate(rows, start=2):
        cell = (row[heading] or "").strip()
        number = empty if empty is not None and not cell else to_number(cell)
        if math.isnan(number):
            raise SettingsError(
                f"line {line}: {heading} is {cell!r}, expected a number",
                path=path,
                remedy="write one, or leave the line out",
            )
        numbers.append(number)
    return np.array(numbers)


def _vote_values(votes: list[str], *, path: Path) -> NDArray[np.float64] | None:
    """The scores that the columns of votes stand for; None without such columns."""
    if not votes:
        return None
    values = np.array([to_number(heading.removeprefix(_VOTES)) for heading in votes])
    if np.isnan(values).any():
        odd = votes[int(np.flatnonzero(np.isnan(values))[0])]
        raise SettingsError(
            f"the column of votes {odd!a} does not end in a number", path=path, remedy=_HEADINGS
        )
    if values.max() == values.min():
        raise SettingsError(
            "votes need a column for each of at least two scores", path=path, remedy=_HEADINGS
        )
    return values


def _shares(
    rows: list[_Row], votes: list[str], *, values: NDArray[np.float64], path: Path
) -> NDArray[np.float64]:
    counts = np.stack([_numbers(rows, heading, path=path, empty=0.0) for heading in votes], axis=1)
    if (counts < 0).any():
        line = int(np.flatnonzero((counts < 0).any(axis=1))[0]) + 2
        raise SettingsError(
            f"line {line}: a number of votes is negative",
            path=path,
            remedy="write how many gave each score",
        )
    places = rescale(values, low=float(values.min()), high=float(values.max()))
    return distribution_from_votes(counts, values=places)


def _scale(
    score: NDArray[np.float64],
    *,
    given: Scale | None,
    voted: NDArray[np.float64] | None,
    path: Path,
) -> Scale | None:
    lowest, highest = float(score.min()), float(score.max())

    def holds(scale: Scale) -> bool:
        return scale[0] <= lowest and highest <= scale[1]

    if given is not None:
        if given[0] >= given[1] or not holds(given):
            raise SettingsError(
                f"scores run from {lowest:g} to {highest:g}, outside the scale "
                f"{given[0]:g} to {given[1]:g}",
                path=path,
                remedy="give the lowest and the highest possible score",
            )
        return given
    likely = CUSTOMARY if voted is None else ((float(voted.min()), float(voted.max())), *CUSTOMARY)
    return next((scale for scale in likely if holds(scale)), None)


def locate(names: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Where each photograph lies: exactly as named, else the only file that the name fits.

    A name may stand as goodside's own tables write it: after an apostrophe (`'=a.jpg`), or as a
    file URI (`file:b%FF.jpg`) where its bytes are no UTF-8.

    Where there is none, or more than one, a path to nothing. A name fits in any case of letters
    and in any Unicode form of its accents. It may begin above the folder: `photos/a.jpg` or
    `/home/ann/photos/a.jpg` is `a.jpg` in a folder `photos`.
    """
    direct = [_as_written(folder, name) for name in names]
    if all(_is_file(path) for path in direct):
        return tuple(direct)
    by_path: dict[str, Path | None] = {}
    by_name: dict[str, Path | None] = {}
    for photo in find_photos([folder], on_error=lambda _: None):  # what is in there is missing
        place = photo.relative_to(folder)
        for index, known in ((by_path, place), (by_name, PurePath(place.name))):
            for key in {_key(known), _key(_bare(known))}:
                index[key] = photo if key not in index else None
    here = folder.resolve().name

    def found(path: Path, name: str) -> Path:
        if _is_file(path):
            return path
        places = [PurePath(name.replace("\\", "/"))]
        if here in (parts := places[0].parts):
            places.append(PurePath(*parts[parts.index(here) + 1 :]))
        for place in places:
            if _is_file(folder / place):  # whatever its suffix
                return folder / place
            for key in (_key(place), _key(_bare(place))):
                if (hit := by_path.get(key) or by_name.get(key)) is not None:
                    return hit
        return path

    return tuple(found(path, name) for path, name in zip(direct, names, strict=True))


def _as_written(folder: Path, name: str) -> Path:
    """The path that a name means, also as `escape_cell` and `path_to_text` write it."""
    plain = unescape_cell(name)
    for path in (folder / name, folder / plain, folder / path_from_text(plain)):
        if _is_file(path):
            return path
    return folder / name


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _key(place: PurePath) -> str:
    return unicodedata.normalize("NFC", place.as_posix()).casefold()


def _bare(place: PurePath) -> PurePath:
    """Without the suffix, if it is a photograph's."""
    return place.with_suffix("") if place.suffix.lower() in _SUFFIXES else place
