"""What photographs are called in a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def short_names(photos: Sequence[Path]) -> dict[Path, str]:
    """Names that tell photographs apart without the folder that they all share."""
    if not photos:
        return {}
    absolute = {photo: os.path.abspath(photo) for photo in photos}  # noqa: PTH100
    try:
        base = os.path.commonpath([os.path.dirname(name) for name in absolute.values()])  # noqa: PTH120
    except ValueError:  # on several drives
        return {photo: photo.name for photo in photos}
    return {photo: Path(os.path.relpath(name, base)).as_posix() for photo, name in absolute.items()}
