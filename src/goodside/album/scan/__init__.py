"""Scanning: folders walked, photographs read once, everything wanted kept in the catalog."""

from goodside.album.scan.analyst import Setup
from goodside.album.scan.run import Progress
from goodside.album.scan.scan import Scanned, scan
from goodside.album.scan.switch import switch_faces

__all__ = ["Progress", "Scanned", "Setup", "scan", "switch_faces"]
