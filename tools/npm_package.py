"""One npm package as a verified tarball: fetched with `npm pack`, or taken from a folder."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NpmPackage:
    """A package at one version, pinned by the registry's integrity string.

    Attributes:
        name, version: as in the registry.
        integrity: `sha512-<base64>` of the tarball, as the registry publishes it.
    """

    name: str
    version: str
    integrity: str

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def filename(self) -> str:
        """The name `npm pack` gives the tarball."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    def fetch(self, folder: Path) -> Path:
        """Return the verified tarball in `folder`, running `npm pack` if it is not there yet.

        Raises:
            ValueError: the tarball is not the pinned one.
            subprocess.CalledProcessError: npm could not fetch it.
        """
        path = folder / self.filename
        if not path.is_file():
            command = ["npm", "pack", self.label, "--silent", "--pack-destination", str(folder)]
            subprocess.run(command, check=True)
        self.verify(path)
        return path

    def verify(self, path: Path) -> None:
        """Compare a tarball with the pinned integrity.

        Raises:
            ValueError: it differs.
        """
        digest = hashlib.sha512(path.read_bytes()).digest()
        found = "sha512-" + base64.b64encode(digest).decode()
        if found != self.integrity:
            raise ValueError(f"{path}: expected {self.integrity}, got {found}; delete it and retry")


def read_member(tarball: Path, member: str) -> bytes:
    """Read one file of a tarball.

    Raises:
        KeyError: there is no such file in it.
    """
    with tarfile.open(tarball) as archive:
        stream = archive.extractfile(f"package/{member}")
        if stream is None:
            raise KeyError(f"{tarball}: {member} is not a file")
        return stream.read()
