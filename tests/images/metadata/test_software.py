from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from goodside.images.metadata.photo_metadata import read_metadata
from goodside.images.metadata.software import UNNAMED
from tests.images.made import encode, textured

_TAKEN, _EARLIER, _LATER = "2026:05:04 10:00:00", "2026:05:04 10:00:01", "2026:05:06 21:00:00"


@pytest.mark.parametrize(
    ("software", "changed", "expected"),
    [
        (
            "Adobe Photoshop Lightroom Classic 14.0",
            _LATER,
            "Adobe Photoshop Lightroom Classic 14.0",
        ),
        ("GIMP 3.0.4", _TAKEN, "GIMP 3.0.4"),
        ("darktable 5.0", None, "darktable 5.0"),
        ("Ver.1.02", _TAKEN, None),
        ("17.5.1", _EARLIER, None),
        ("Ver.1.02", _LATER, UNNAMED),
        (None, None, None),
        (None, "not a time", None),
    ],
)
def test_what_saved_it(
    tmp_path: Path, software: str | None, changed: str | None, expected: str | None
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = _TAKEN
    if software is not None:
        exif[0x0131] = software
    if changed is not None:
        exif[0x0132] = changed
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(textured(40, 30), "JPEG", exif=exif.tobytes()))
    assert read_metadata(path).program == expected
