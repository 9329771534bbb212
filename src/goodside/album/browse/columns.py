"""The photographs of an album in columns, as computed: whatever was decided about them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from goodside.album.browse.incidence import Incidence
from goodside.album.catalog import Description, FaceColumns, PhotoColumns
from goodside.images.finding.find import natural_key
from goodside.text import folded

UNKNOWN_RATIO = 1.5


@dataclass(frozen=True)
class AlbumColumns:
    """One state of an album's photographs, in order of capture.

    Attributes:
        photos: as the catalog has them.
        faces: likewise.
        descriptions: what files say, by row number; only of photos whose files say something.
        ratios: (N,) float32, width by height; 1.5 where it is not known.
        days: (N,) datetime64[D]; NaT where the time is not known.
        day_codes: (N,) place in `known_days`, -1: not known.
        known_days: (D,) days of which there are photographs.
        camera_codes: (N,) place in `cameras`.
        cameras: their names; the empty one stands for a camera that is not known.
        folders: the folders that each photograph lies in, from the scanned one down.
        file_folders: the very folders of its files.
    """

    photos: PhotoColumns
    faces: FaceColumns
    descriptions: Mapping[int, Description]
    ratios: NDArray[np.float32]
    days: NDArray[np.datetime64]
    day_codes: NDArray[np.int64]
    known_days: NDArray[np.datetime64]
    camera_codes: NDArray[np.int64]
    cameras: tuple[str, ...]
    folders: Incidence
    file_folders: Incidence

    @classmethod
    def of(
        cls,
        photos: PhotoColumns,
        faces: FaceColumns,
        descriptions: Mapping[int, Description],
        *,
        roots: Sequence[Path],
    ) -> Self:
        """From what a catalog knows.

        Args:
            photos, faces, descriptions: of the catalog.
            roots: the folders that are scanned.
        """
        widths, heights = photos.sizes[:, 0], photos.sizes[:, 1]
        known = (widths > 0) & (heights > 0)
        ratios = np.full(len(photos), UNKNOWN_RATIO, dtype=np.float32)
        ratios[known] = widths[known] / heights[known]
        days = photos.taken.astype("datetime64[D]")
        dated = ~np.isnat(days)
        known_days, inverse = np.unique(days[dated], return_inverse=True)
        day_codes = np.full(len(photos), -1, dtype=np.int64)
        day_codes[dated] = inverse
        cameras: dict[str, int] = {}
        codes = [cameras.setdefault(name or "", len(cameras)) for name in photos.cameras]
        file_folders = Incidence.of(
            (row, folder)
            for row, paths in enumerate(photos.paths)
            for folder in dict.fromkeys(map(_folder, paths))
        )
        return cls(
            photos,
            faces,
            descriptions,
            ratios,
            days,
            day_codes,
            known_days,
            np.array(codes, dtype=np.int64),
            tuple(cameras),
            _with_parents(file_folders, roots),
            file_folders,
        )

    def __len__(self) -> int:
        return len(self.photos)

    def with_faces(self, faces: FaceColumns) -> AlbumColumns:
        """The same photographs with other faces; what was worked out of them is kept."""
        made = replace(self, faces=faces)
        own = {field.name for field in fields(self)}
        made.__dict__.update({k: v for k, v in self.__dict__.items() if k not in own})
        return made

    def warm(self) -> None:
        """Work out what the first request would wait for."""
        _ = (self.row_of, self.row_of_content, self.file_names, self.by_name, self.by_score_down)

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        """Row number in the catalog to place here."""
        return {photo_id: row for row, photo_id in enumerate(self.photos.ids.tolist())}

    @cached_property
    def row_of_content(self) -> Mapping[str, int]:
        """sha256 to place here."""
        return {content: row for row, content in enumerate(self.photos.contents)}

    @cached_property
    def file_names(self) -> Sequence[str]:
        """Names of each photograph's files, folded, a line each."""
        return ["\n".join(folded(_name(path)) for path in paths) for paths in self.photos.paths]

    @cached_property
    def by_name(self) -> NDArray[np.int64]:
        """(N,) places in the order of the files' names."""
        firsts = [paths[0] for paths in self.photos.paths]
        keys = [natural_key(_name(path)) for path in firsts]
        order = sorted(range(len(self)), key=keys.__getitem__)
        made: list[int] = []
        for _, same in groupby(order, key=keys.__getitem__):
            rows = list(same)
            if len(rows) > 1:  # of the whole path, where the name alone does not tell
                rows.sort(key=lambda row: (natural_key(firsts[row]), firsts[row]))
            made += rows
        return np.array(made, dtype=np.int64)

    @cached_property
    def by_score(self) -> NDArray[np.int64]:
        """(N,) places, the lowest score first; photographs without one last."""
        return np.argsort(self.photos.scores, kind="stable")

    @cached_property
    def by_score_down(self) -> NDArray[np.int64]:
        """(N,) places, the highest score first; photographs without one last."""
        return np.argsort(-self.photos.scores, kind="stable")

    @cached_property
    def by_percentile(self) -> NDArray[np.int64]:
        """(N,) places, the lowest percentile first; photographs without one last."""
        return np.argsort(self.photos.percentiles, kind="stable")

    @cached_property
    def by_percentile_down(self) -> NDArray[np.int64]:
        """(N,) places, the highest percentile first; photographs without one last."""
        return np.argsort(-self.photos.percentiles, kind="stable")

    @cached_property
    def by_technical(self) -> NDArray[np.int64]:
        """(N,) places, the lowest technical quality first; photographs without one last."""
        return np.argsort(self.photos.technicals, kind="stable")

    @cached_property
    def by_technical_down(self) -> NDArray[np.int64]:
        """(N,) places, the highest technical quality first; photographs without one last."""
        return np.argsort(-self.photos.technicals, kind="stable")

    @cached_property
    def by_name_down(self) -> NDArray[np.int64]:
        """(N,) places, the last name first."""
        return self.by_name[::-1].copy()

    @cached_property
    def by_time_down(self) -> NDArray[np.int64]:
        """(N,) places, the latest first, those of one moment as they come; without time last."""
        moments = self.photos.instants
        backward = np.where(np.isnat(moments), np.iinfo(np.int64).max, -moments.view(np.int64))
        return np.argsort(backward, kind="stable")


def _name(path: str) -> str:
    return path.rpartition(os.sep)[2]


def _folder(path: str) -> str:
    return path.rpartition(os.sep)[0] or os.sep


def _with_parents(found: Incidence, roots: Sequence[Path]) -> Incidence:
    """Each photograph's folders with those above, down from the scanned ones."""
    tops = {str(root) for root in roots}
    chains = [_chain(folder, tops) for folder in found.values]
    return Incidence.of(
        dict.fromkeys(
            (row, folder)
            for row, code in zip(found.rows.tolist(), found.codes.tolist(), strict=True)
            for folder in chains[code]
        )
    )


def _chain(folder: str, tops: set[str]) -> list[str]:
    """A folder and those above it, up to the highest that is scanned."""
    every = [folder, *map(str, Path(folder).parents)]
    last = max((at for at, one in enumerate(every) if one in tops), default=0)
    return every[: last + 1]
