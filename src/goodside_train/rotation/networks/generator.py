"""The generator and the couple-agent discriminators; none of them knows a loss."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from goodside.rotation.generator.signal import Recipe, signal_channels

if TYPE_CHECKING:
    from goodside_train.rotation.networks.deformable import FlowPrediction

_CONVOLVED = "weight", "bias"
_SLOPE = 0.2  # leaky rectifier, as usual in image translation


@dataclass(frozen=True, slots=True)
class GeneratorOutput:
    """What the generator makes of a signal.

    Attributes:
        full: (N, 3, S, S) the turned face in [-1, 1].
        half, quarter: (N, 3, S/2, S/2) and (N, 3, S/4, S/4), the same at the coarser scales.
        painted: (N, 3, S, S) what the network painted itself.
        trust: (N, 1, S, S) share of the photograph's own warped pixels in `full`, 0-1; all zeros
            for recipe `capg`, which has none.
        draft: (N, 3, S, S) the mended draft that `painted` is a change to; None for recipe `capg`.
        moved: (N, 3, S, S) the photograph moved by the flow of deformable skips; None without.
        found: where they looked in the photograph; None without.
    """

    full: Tensor
    half: Tensor
    quarter: Tensor
    painted: Tensor
    trust: Tensor
    draft: Tensor | None = None
    moved: Tensor | None = None
    found: FlowPrediction | None = None


def rectified(features: Tensor) -> Tensor:
    """The leaky rectifier of all networks here."""
    return functional.leaky_relu(features, _SLOPE)


class Block(nn.Module):
    """Two 3x3 convolutions around a short cut."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.short = (
            nn.Conv2d(channels_in, channels, 1) if channels_in != channels else nn.Identity()
        )
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, features: Tensor) -> Tensor:
        inner = rectified(self.first(features))
        out: Tensor = self.short(features) + self.second(inner)
        return rectified(out)


class Generator(nn.Module):
    """Encoder-decoder with outputs at three scales.

    The widths grow from `width` to six times that as the side halves four times; every encoder
    level is handed to the decoder level of its size. For recipe `mesh` the network paints a face
    and a mask that says, pixel by pixel, how far the photograph's own warped pixels are kept; the
    mask starts from the warp's confidence.

    Args:
        recipe: `capg` or `mesh`.
        landmarks: N, the number of pose images of either side.
        width: channels at full size.
    """

    def __init__(self, recipe: Recipe, *, landmarks: int = 5, width: int = 32) -> None:
        super().__init__()
        self.recipe = recipe
        self.warp_at = 3 + 2 * landmarks
        widths = [width, width * 2, width * 4, width * 6, width * 6]
        self.stem = nn.Conv2d(signal_channels(recipe, landmarks=landmarks), width, 3, padding=1)
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths)
        )
        self.encode = nn.ModuleList(Block(b, b) for b in widths[1:])
        self.middle = Block(widths[-1], widths[-1])
        lows, highs = widths[:0:-1], widths[-2::-1]
        self.decode = nn.ModuleList(
            Block(low + high, high) for low, high in zip(lows, highs, strict=True)
        )
        self.to_rgb = nn.ModuleList(nn.Conv2d(w, 3, 3, padding=1) for w in highs[-3:])
        self.to_trust = nn.Conv2d(width, 1, 3, padding=1)
        for last in (self.to_trust, *(self.to_rgb if recipe == "mesh" else ())):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, signal: Tensor) -> GeneratorOutput:
        """Turn a face.

        Args:
            signal: (N, C, S, S) float built by `goodside.rotation.generator.signal`; S a multiple
                of 16.
        """
        features = rectified(self.stem(signal))
        kept = []
        for down, encode in zip(self.down, self.encode, strict=True):
            kept.append(features)
            features = encode(rectified(down(features)))
        features = self.middle(features)
        start = self._start(signal)
        pictures: list[Tensor] = []
        for decode, skip in zip(self.decode, reversed(kept), strict=True):
            features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = decode(torch.cat([features, skip], dim=1))
            if signal.shape[-1] > features.shape[-1] >= signal.shape[-1] // 4:
                change = self.to_rgb[len(pictures)](features)
                pictures.append(_painted(change, start))
        change, leaning = self._last(features)
        quarter, half, painted = *pictures, _painted(change, start)
        if self.recipe == "capg":
            return GeneratorOutput(
                painted, half, quarter, painted, torch.zeros_like(painted[:, :1])
            )
        warped = signal[:, self.warp_at : self.warp_at + 3]
        confidence = _without_border(signal[:, self.warp_at + 3 : self.warp_at + 4])
        trust = torch.sigmoid(leaning + 8.0 * (confidence - 0.5))
        full = trust * warped + (1 - trust) * painted
        return GeneratorOutput(full, half, quarter, painted, trust, start)

    def _last(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, S, S) colours and (N, 1, S, S) trust before its bounds, by one convolution.

        Two would cost twice as much: processors fill up so few channels with zeros.
        """
        layers = self.to_rgb[-1], self.to_trust
        weight, bias = (torch.cat([getattr(one, name) for one in layers]) for name in _CONVOLVED)
        both = functional.conv2d(features, weight, bias, padding=1)
        return both[:, :3], both[:, 3:]

    def _start(self, signal: Tensor) -> Tensor | None:
        """The mended draft: the warp, its gaps filled from its mirror image where that is seen.

        Recipe `mesh` paints as a change to it, so that a short training starts from a face; recipe
        `capg` paints from nothing.
        """
        if self.recipe == "capg":
            return None
        warped, confidence, mirrored, mirrored_confidence = torch.split(
            signal[:, self.warp_at :], [3, 1, 3, 1], dim=1
        )
        borrowed = (2 * (mirrored_confidence - confidence) - 0.5).clamp(0, 1)
        start: Tensor = warped + borrowed * (mirrored - warped)
        return start


def _without_border(confidence: Tensor) -> Tensor:
    """(N, 1, S, S) the least around each pixel: a gap's border shows what is in front."""
    return -functional.max_pool2d(-confidence, 3, stride=1, padding=1)


def _painted(change: Tensor, start: Tensor | None) -> Tensor:
    """A picture in [-1, 1] from a decoder's output."""
    if start is None:
        return torch.tanh(change)
    picture = functional.adaptive_avg_pool2d(start, change.shape[-1]) + change
    bounded = picture.clamp(-1, 1)
    if not torch.is_grad_enabled():
        return bounded
    # The gradient passes beyond the bounds too: a picture that has left them must find back.
    return picture + (bounded - picture).detach()


class AgentDiscriminator(nn.Module):
    """One of the two discriminators: judges a candidate beside a condition, at several depths.

    Args:
        condition_channels: 3 for the identity agent (the input face), N for the pose agent (the
            target's pose images).
        width: channels of the first level.
        levels: number of depths; every one halves the side and gives a verdict for each patch.
        last_alone: only the last depth gives a verdict and shows its features.
    """

    def __init__(
        self, condition_channels: int, *, width: int = 32, levels: int = 4, last_alone: bool = False
    ) -> None:
        super().__init__()
        self.last_alone, self.first = last_alone, levels - 1 if last_alone else 1
        sizes = [3 + condition_channels] + [width * min(2**level, 4) for level in range(levels)]
        self.levels = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in pairwise(sizes)
        )
        self.verdicts = nn.ModuleList(
            spectral_norm(nn.Conv2d(b, 1, 3, padding=1)) for b in sizes[self.first + 1 :]
        )

    def forward(self, candidate: Tensor, condition: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Judge.

        Args:
            candidate: (N, 3, S, S) in [-1, 1].
            condition: (N, K, S, S).

        Returns:
            (verdicts, features): one (N, 1, h, w) map of verdicts a level but the first, larger for
            more real; and the features of every level. Of `last_alone` one of either.
        """
        features: list[Tensor] = []
        verdicts: list[Tensor] = []
        current = torch.cat([candidate, condition], dim=1)
        for depth, level in enumerate(self.levels):
            current = rectified(level(current))
            features.append(current)
            if depth >= self.first:
                verdicts.append(self.verdicts[depth - self.first](current))
        return verdicts, features[-1:] if self.last_alone else features
