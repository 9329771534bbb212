"""Scanning: folders walked, photographs read once, everything wanted kept in the catalog."""

from goodside.album.scan.analyst import Setup
from goodside.album.scan.scan import Progress, Scanned, scan

__all__ = ["Progress", "Scanned", "Setup", "scan"]
