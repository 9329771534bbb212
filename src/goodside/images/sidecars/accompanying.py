"""What stands beside a photograph: its XMP sidecars and Picasa's file of the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from goodside.errors import SidecarError
from goodside.images.sidecars.picasa import PicasaEntry, is_picasa, read_picasa
from goodside.images.sidecars.sidecar_bytes import read_sidecar_bytes
from goodside.images.xmp.tree import parse
from goodside.images.xmp.values import Properties, xmp_properties


@dataclass(frozen=True, slots=True)
class AccompanyingFiles:
    """What was read beside a photograph.

    Attributes:
        documents: the sidecars' properties, the more telling first.
        picasa: what Picasa says of the photograph; None where it says nothing.
        bad: why sidecars were left out, each with its path.
    """

    documents: tuple[Properties, ...] = ()
    picasa: PicasaEntry | None = None
    bad: tuple[SidecarError, ...] = ()


def read_accompanying(name: str, sidecars: Sequence[str | Path]) -> AccompanyingFiles:
    """Read what stands beside a photograph; what is damaged is left out and listed.

    Args:
        name: of the photograph's file.
        sidecars: the files, in the order of their worth.
    """
    documents, picasa, bad = [], None, []
    for sidecar in map(Path, sidecars):
        try:
            if is_picasa(sidecar):
                picasa = _picasa_of(sidecar).get(name.lower())
            else:
                documents.append(read_document(sidecar))
        except SidecarError as error:
            bad.append(error)
    return AccompanyingFiles(tuple(documents), picasa, tuple(bad))


def read_document(path: Path) -> Properties:
    """The properties of an XMP sidecar.

    Raises:
        SidecarError: it cannot be read, is too large, damaged, hostile, or no XMP.
    """
    try:
        return xmp_properties(parse(read_sidecar_bytes(path)))
    except SidecarError as error:
        raise SidecarError(error.message, path=path, remedy=error.remedy) from error


def check_sidecar(path: Path) -> None:
    """Read a sidecar for nothing but its errors.

    Raises:
        SidecarError: it cannot be used.
    """
    if is_picasa(path):
        read_picasa(path)
    else:
        read_document(path)


def _picasa_of(path: Path) -> Mapping[str, PicasaEntry]:
    """A folder's file, parsed once for all photographs of the folder."""
    try:
        found = path.stat()
    except OSError:
        return read_picasa(path)  # says what is wrong
    return _parsed(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _parsed(path: Path, _size: int, _mtime_ns: int) -> Mapping[str, PicasaEntry]:
    return read_picasa(path)
