"""What a file's own structure tells before a decoder sees it: its parts are counted and capped."""

from goodside.images.structure.inspect import inspect, inspect_exif
from goodside.images.structure.jpeg import JpegLayout
from goodside.images.structure.layout import Layout

__all__ = ["JpegLayout", "Layout", "inspect", "inspect_exif"]
