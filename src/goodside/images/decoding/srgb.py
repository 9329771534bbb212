"""Pixels of any kind Pillow gives, brought to eight-bit sRGB."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from goodside.errors import UnsupportedImage

_PROFILE_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
_SIMPLE = {"1": "L", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "HSV": "RGB"}


def widen(image: Image.Image) -> Image.Image:
    """Bring a decoded picture to eight bits a channel, at full colour.

    Sixteen-bit gray is scaled by 255/65535 (twelve-bit TIFF by 255/4095); a palette is looked up;
    a transparent colour becomes an alpha channel.

    Returns:
        A picture of mode L, LA, RGB, RGBA, CMYK, YCbCr or LAB.

    Raises:
        UnsupportedImage: floating point or 32-bit pixels, whose white is anybody's guess.
    """
    mode = image.mode
    if mode.startswith("I;16"):
        return Image.fromarray(_scaled(np.asarray(image), image))
    if mode in ("I", "F"):
        return _from_wide(image)
    see_through = "transparency" in image.info
    if mode == "P":
        return image.convert("RGBA" if see_through else "RGB")
    if see_through and mode in ("L", "RGB"):
        return image.convert({"L": "LA", "RGB": "RGBA"}[mode])
    return image.convert(_SIMPLE[mode]) if mode in _SIMPLE else image


def to_srgb(image: Image.Image, *, profile: bytes | None) -> Image.Image:
    """Convert to sRGB through the embedded colour profile, and lay transparency over white.

    A profile that is broken, or made for another kind of picture, is left aside: the numbers are
    then taken for sRGB (or for plain CMYK), as browsers do.

    Args:
        image: of a mode that `widen` returns.
        profile: an ICC profile's bytes, if any.

    Returns:
        A picture of mode RGB.
    """
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    if alpha is not None:
        image = image.convert({"LA": "L", "RGBA": "RGB"}[image.mode])
    elif image.mode == "YCbCr":
        image = image.convert("RGB")
    rgb = _through_profile(image, profile=profile) if profile or image.mode == "LAB" else None
    if rgb is None:
        rgb = image if image.mode == "RGB" else image.convert("RGB")
    if alpha is None:
        return rgb
    return Image.composite(rgb, Image.new("RGB", rgb.size, "white"), alpha)


def _through_profile(image: Image.Image, *, profile: bytes | None) -> Image.Image | None:
    from PIL import ImageCms

    target: Any = ImageCms.createProfile("sRGB")
    try:
        source: Any = (
            ImageCms.createProfile("LAB")
            if image.mode == "LAB"
            else ImageCms.ImageCmsProfile(BytesIO(profile or b""))
        )
        wanted = "LAB" if image.mode == "LAB" else _PROFILE_MODES.get(source.profile.xcolor_space)
        if wanted == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if wanted != image.mode:
            return None
        converted: Any = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None
    return converted if isinstance(converted, Image.Image) else None


def _scaled(values: Any, image: Image.Image) -> Any:
    """Sixteen-bit samples to eight, through a table (one byte a pixel beside the source)."""
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(258, (16,))
    white = 4095 if (bits[0] if isinstance(bits, tuple) else bits) == 12 else 65535
    table = np.minimum(np.round(np.arange(65536) * (255.0 / white)), 255).astype(np.uint8)
    if tags.get(262) == 0:  # PhotometricInterpretation: white is zero
        table = (255 - table).astype(np.uint8)
    return table[values]


def _from_wide(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    if image.mode == "I" and values.min() >= 0 and 255 < values.max() <= 65535:
        return Image.fromarray(_scaled(values.astype(np.uint16), image))
    kind = "floating point" if image.mode == "F" else "32-bit"
    raise UnsupportedImage(
        f"the picture has {kind} pixels", remedy="save it with 8 or 16 bits a channel"
    )
