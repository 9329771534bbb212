"""Families of image encoders: how each wants its pixels, and what its graphs give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Pooling = Literal["first", "mean"]
_Channels = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Preset:
    """What the graphs of a family have in common.

    Attributes:
        name: of the family.
        mean, std: per channel, on the 0-255 scale.
        fit: how a photograph of another shape is brought to the input's size.
        size_px: side of the input, where the graph takes any.
        outputs: names of outputs that hold an embedding, the better one first.
        pooling: of tokens (N, T, D), where the graph gives no embedding.
        class_token: whether a token stands before those of the patches.
    """

    name: str
    mean: _Channels
    std: _Channels
    fit: Literal["squash", "crop"]
    size_px: int
    outputs: tuple[str, ...]
    pooling: Pooling
    class_token: bool


def _of_255(*share: float) -> _Channels:
    """From the 0-1 scale, on which the families' authors give them."""
    red, green, blue = (round(255 * value, 4) for value in share)
    return red, green, blue


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "clip",
            mean=_of_255(0.48145466, 0.4578275, 0.40821073),
            std=_of_255(0.26862954, 0.26130258, 0.27577711),
            fit="crop",
            size_px=224,
            outputs=("image_embeds", "image_features", "pooler_output"),
            pooling="first",
            class_token=True,
        ),
        Preset(
            "siglip",
            mean=_of_255(0.5, 0.5, 0.5),
            std=_of_255(0.5, 0.5, 0.5),
            fit="squash",
            size_px=224,
            outputs=("image_embeds", "image_features", "pooler_output"),
            pooling="mean",
            class_token=False,
        ),
        Preset(
            "dinov2",
            mean=_of_255(0.485, 0.456, 0.406),
            std=_of_255(0.229, 0.224, 0.225),
            fit="crop",
            size_px=224,
            outputs=("pooler_output", "image_embeds"),
            pooling="first",
            class_token=True,
        ),
    )
}
"""By name: what `goodside model add --preset` takes."""


def family_in(name: str) -> str | None:
    """The family that a file's name or path names, if it names just one."""
    found = [family for family in PRESETS if family in name.lower()]
    if "siglip" in found or "dinov2" in found:  # no path names two, but for one within another
        found = [family for family in found if family != "clip"]
    if not found and "dino" in name.lower():
        found = ["dinov2"]
    return found[0] if len(found) == 1 else None
