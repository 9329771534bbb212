"""Scanning: folders walked, photographs read once, everything wanted kept in the catalog."""

from goodside.album.scan.analyzer import Setup
from goodside.album.scan.exclude import exclude_files
from goodside.album.scan.face_switch import switch_faces
from goodside.album.scan.run import Progress
from goodside.album.scan.scan import ScanSummary, scan

__all__ = ["Progress", "ScanSummary", "Setup", "exclude_files", "scan", "switch_faces"]
