"""Asking a running `goodside serve` from Python; needs `pip install goodside[client]`.

from goodside.client import Client

with Client("http://127.0.0.1:8765", token=TOKEN) as client:
client.assess("photo.jpg").aesthetic.score
"""

from goodside.client.client import Client
from goodside.client.results import RemoteFace, RemoteFaces, RemotePhoto, RemoteTurned, ScanProgress

__all__ = ["Client", "RemoteFace", "RemoteFaces", "RemotePhoto", "RemoteTurned", "ScanProgress"]
