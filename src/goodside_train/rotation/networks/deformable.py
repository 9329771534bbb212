"""A generator whose skips are moved to where the target's landmarks are.

A plain skip hands the source's pixels to the decoder where they were: the eyes of the photograph
shine through the turned face. Here every skip is first deformed by one flow that says, for each
place of the result, where in the photograph to look. Its first guess needs no learning: it carries
the landmarks of the target's pose images onto those of the source's. The rest of it, and how far to
trust it, is learnt (deformable skips: Siarohin and others, Deformable GANs for pose-based human
image generation, CVPR 2018; learnt flow with a mask: the same, First order motion model, NeurIPS
2019). Both pose images and photograph come from the to-be-input signal alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from goodside_train.rotation.networks.generator import Block, GeneratorOutput, rectified
from goodside_train.rotation.pairs.landmarks import MIRRORED

FLOW_PX = 64
"""Side at which the flow is found, whatever the signal's."""

_THIN = 12  # channels of the last step, at full size
_LEAST = 1e-3  # share of a place that is shown; what is less is divided by as much
_KEPT = 3.0  # how far, before its bounds, the photograph's pixels are kept at first
_VISIBLE_AT_FIRST = 2.0  # how far, before its bounds, the photograph has it all before any training
_SLOPE = 0.2
_REACH = 0.08  # of a landmark's pull, as a share of the picture's side
_RIDGE = 0.3
"""Pull of the affine fit toward leaving all as it is: the landmarks of a profile lie nearly on a
line, and an affine map that meets them exactly shears everything else away."""

_FARTHEST = 0.8  # that the learnt part looks beside the landmarks' flow, in halves of the side


@dataclass(frozen=True, slots=True)
class FlowPrediction:
    """Where a photograph shows the places of the result.

    Attributes:
        flow: (N, 2, F, F) how far off in the photograph to look, (x, y) in halves of its side.
        mirrored_flow: (N, 2, F, F) the same in the mirrored photograph.
        visible: (N, 2, F, F) how far either shows what belongs there, 0-1.
    """

    flow: Tensor
    mirrored_flow: Tensor
    visible: Tensor

    def shares(self) -> Tensor:
        """(N, 2, F, F) shares of both in the result: the mirror has what the photograph leaves."""
        first, second = self.visible.chunk(2, dim=1)
        return torch.cat([first, (1 - first) * second], dim=1)

    def read(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """(N, C, S, S) features as the result needs them, faint where they are not shown, and how
        far each of both shows them, (N, 2, S, S).
        """
        shares = _at(self.shares(), features)
        first, second = shares.chunk(2, dim=1)
        own, other = moved(features, self.flow), moved(features.flip(-1), self.mirrored_flow)
        return own * first + other * second, shares

    def picture(self, source: Tensor) -> Tensor:
        """(N, 3, S, S) the photograph as the result needs it, where nothing shows that too."""
        given, shares = self.read(source)
        return given / shares.sum(dim=1, keepdim=True).clamp(min=_LEAST)


class DeformableGenerator(nn.Module):
    """Encoder-decoder for recipe `capg` with deformable skips.

    Args:
        landmarks: N, the number of pose images of either side.
        width: channels at full size; they grow to six times that as the side halves four times.
        flow_width: channels of the part that finds the flow, at half its size.
        fine: for signals of more than 64 pixels: all but the last step works at 64, since what is
            painted is what the photograph does not show; its detail comes with the pixels moved.
    """

    def __init__(
        self, *, landmarks: int = 5, width: int = 32, flow_width: int = 32, fine: bool = False
    ) -> None:
        super().__init__()
        self.landmarks = landmarks
        widths = [width, width * 2, width * 4, width * 6, width * 6]
        self.flow = FlowNetwork(landmarks=landmarks, width=flow_width)
        self.stem = nn.Conv2d(3 + landmarks, width, 3, padding=1)
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths)
        )
        self.encode = nn.ModuleList(Block(b, b) for b in widths[1:])
        self.middle = nn.ModuleList(
            [Block(widths[-1] + landmarks, widths[-1]), Block(widths[-1], widths[-1])]
        )
        lows, highs = widths[:0:-1], widths[-2::-1]
        skips = [*highs[:-1], 3]
        self.decode = nn.ModuleList(
            Block(low + skip + landmarks + 2, high)
            for low, skip, high in zip(lows, skips, highs, strict=True)
        )
        scales = 2 if fine else 3  # of pictures, beside the last step's
        self.to_rgb = nn.ModuleList(nn.Conv2d(w, 3, 3, padding=1) for w in highs[-scales:])
        self.to_kept = nn.Conv2d(width, 1, 3, padding=1)
        nn.init.zeros_(self.to_kept.weight)
        nn.init.constant_(self.to_kept.bias, _KEPT)  # type: ignore[arg-type]
        self.finish = Finish(width) if fine else None

    def forward(self, signal: Tensor) -> GeneratorOutput:
        """Turn a face.

        Args:
            signal: (N, 3 + K + K, S, S) float as `goodside.rotation.generator.signal` builds it for
                recipe `capg`; S a multiple of 16, at least 64.

        Returns:
            The views; `trust` is all zeros.
        """
        whole = signal[:, :3]
        if self.finish is not None:
            signal = _at_size(signal, FLOW_PX)
        source, source_pose, target_pose = torch.split(
            signal, [3, self.landmarks, self.landmarks], dim=1
        )
        found = self.flow(signal)
        features = rectified(self.stem(_joined(source, source_pose)))
        kept = [source]  # at full size the photograph's own pixels, at others features
        for down, encode in zip(self.down, self.encode, strict=True):
            features = encode(rectified(down(features)))
            kept.append(features)
        features, _ = found.read(kept.pop())
        features = _joined(features, _at(target_pose, features))
        for block in self.middle:
            features = block(features)
        layers: list[Tensor] = []
        for decode, skip in zip(self.decode, reversed(kept), strict=True):
            features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            given, shown = found.read(skip)
            features = decode(_joined(features, given, _at(target_pose, given), shown))
            if features.shape[-1] << len(self.to_rgb) > signal.shape[-1]:
                layers.append(self.to_rgb[len(layers)](features))
        kept_most = self.to_kept(features)
        if self.finish is not None:
            last, kept_most = self.finish(features, whole, found, layers[-1], kept_most)
            layers.append(last)
        quarter, half, painted = (torch.tanh(layer) for layer in layers)
        given, shown = found.read(whole)
        known = shown.sum(dim=1, keepdim=True)
        warped = given / known.clamp(min=_LEAST)
        keep = torch.sigmoid(kept_most) * known
        full = keep * warped + (1 - keep) * painted
        return GeneratorOutput(
            full, half, quarter, full, torch.zeros_like(keep), moved=warped, found=found
        )


class Finish(nn.Module):
    """The last step to a signal's full size: changes what was painted and what is kept there.

    Args:
        width: channels that come from 64 pixels.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.thin = nn.Conv2d(width, _THIN, 1)
        self.block = Block(_THIN + 3 + 2, _THIN)
        self.change = nn.Conv2d(_THIN, 4, 3, padding=1)
        nn.init.zeros_(self.change.weight)
        nn.init.zeros_(self.change.bias)  # type: ignore[arg-type]

    def forward(
        self, features: Tensor, source: Tensor, found: FlowPrediction, painted: Tensor, kept: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Colours and mask, both before their bounds, at the size of (N, 3, S, S) `source`.

        Args:
            features: (N, width, 64, 64).
            source: (N, 3, S, S) the photograph.
            found: where to look in it.
            painted, kept: (N, 3, 64, 64) and (N, 1, 64, 64) what is to be changed.
        """
        size_px = source.shape[-1]
        given, shown = found.read(source)
        large = _at_size(self.thin(features), size_px)
        change = self.change(
            self.block(_joined(large, given.to(large.dtype), shown.to(large.dtype)))
        )
        return _at_size(painted, size_px) + change[:, :3], _at_size(kept, size_px) + change[:, 3:]


class FlowNetwork(nn.Module):
    """Where in the photograph to look for each place of the result, and whether it shows there.

    Faces are nearly the same on both sides, so that there are two answers: where the place itself
    is, and where it is in the mirrored photograph, for what the head hides.

    Args:
        landmarks: N, the number of pose images of either side.
        width: channels at half the size at which it works.
    """

    def __init__(self, *, landmarks: int, width: int) -> None:
        super().__init__()
        self.landmarks = landmarks
        widths = [width, width * 2, width * 3, width * 3]
        self.stem = nn.Conv2d(3 + 2 * landmarks + 6 + 6, width, 4, stride=2, padding=1)
        self.first = Block(width, width)
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths)
        )
        self.encode = nn.ModuleList(Block(b, b) for b in widths[1:])
        self.decode = nn.ModuleList(
            Block(low + high, high) for low, high in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.describe_pose = nn.Sequential(
            nn.Linear(4 * landmarks, 4 * width), nn.LeakyReLU(_SLOPE)
        )
        self.pose_scales = nn.ModuleList(
            nn.Linear(4 * width, 2 * w) for w in (*widths[1:], *widths[-2::-1])
        )
        self.to_flow = nn.Conv2d(width, 6, 3, padding=1)
        for last in (self.to_flow, *self.pose_scales):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
        first = torch.tensor([0, 0, 0, 0, _VISIBLE_AT_FIRST, -_VISIBLE_AT_FIRST])
        self.to_flow.bias = nn.Parameter(first)

    def forward(self, signal: Tensor) -> FlowPrediction:
        """Find the places: signal (N, 3 + K + K, S, S)."""
        signal = _at_size(signal, FLOW_PX)
        source, source_pose, target_pose = torch.split(
            signal, [3, self.landmarks, self.landmarks], dim=1
        )
        there, here = landmarks_of(source_pose), landmarks_of(target_pose)
        opposite = there[:, list(MIRRORED[: self.landmarks])]
        mirrored = opposite * torch.tensor([-1.0, 1.0], device=there.device)
        guesses = [
            landmark_flow(places, here, size_px=FLOW_PX // 2) for places in (there, mirrored)
        ]
        guess = torch.cat(guesses, dim=1)
        looked = moved(source, guesses[0]), moved(source.flip(-1), guesses[1])
        large = _at_size(guess, FLOW_PX)
        axes = _places(FLOW_PX, like=guess).permute(2, 0, 1).expand(guess.shape[0], -1, -1, -1)
        features = rectified(self.stem(_joined(signal, *looked, large, axes)))
        features = self.first(features)
        scales = iter(self.pose_scales)
        pose = self.describe_pose(torch.cat([there, here], dim=1).flatten(1))
        kept = []
        for down, encode in zip(self.down, self.encode, strict=True):
            kept.append(features)
            features = _scaled(encode(rectified(down(features))), next(scales)(pose))
        for decode, skip in zip(self.decode, reversed(kept), strict=True):
            features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = _scaled(decode(_joined(features, skip)), next(scales)(pose))
        change = self.to_flow(features).float()
        flow, mirrored_flow = (guess + _FARTHEST * torch.tanh(change[:, :4])).chunk(2, dim=1)
        return FlowPrediction(flow, mirrored_flow, torch.sigmoid(change[:, 4:]))


def _scaled(features: Tensor, how: Tensor) -> Tensor:
    """Features whose channels are scaled and shifted by a vector: all of the picture at once learns
    of the pose (feature-wise linear modulation: Perez and others, FiLM, AAAI 2018).
    """
    scale, shift = how.to(features.dtype)[:, :, None, None].chunk(2, dim=1)
    return features * (1 + scale) + shift


def landmark_flow(source: Tensor, target: Tensor, *, size_px: int) -> Tensor:
    """The smooth flow that carries the target's landmarks onto the source's.

    It is the affine map that fits all landmarks best, held near the identity, and near each
    landmark the rest of its way.

    Args:
        source, target: (N, K, 2) landmarks (x, y) in [-1, 1].
        size_px: side F of the flow.

    Returns:
        (N, 2, F, F) float32, how far off in the photograph to look, (x, y) in halves of its side.
    """
    source_mean, target_mean = source.mean(dim=1, keepdim=True), target.mean(dim=1, keepdim=True)
    around, spread = source - source_mean, target - target_mean
    change = _inverse(spread.mT @ spread) @ (spread.mT @ (around - spread))
    affine = change + torch.eye(2, device=source.device)  # (N, 2, 2), of row vectors
    rest = around - spread @ affine
    places = _places(size_px, like=source).reshape(1, -1, 2)
    squared = (places[:, :, None] - target[:, None]).square().sum(dim=-1)  # (N, F * F, K)
    pull = torch.exp(-squared / (2 * (2 * _REACH) ** 2))
    pulled = pull @ rest / (pull.sum(dim=-1, keepdim=True) + 0.1)
    flow = (places - target_mean) @ affine + source_mean + pulled - places
    return flow.mT.reshape(-1, 2, size_px, size_px)


def landmarks_of(pose: Tensor) -> Tensor:
    """(N, K, 2) float32 centres of mass (x, y) of (N, K, S, S) pose images, in [-1, 1]."""
    pose = pose.float()
    axis = _axis(pose.shape[-1], like=pose)
    mass = pose.sum(dim=(2, 3)) + 1e-6
    return torch.stack([(pose.sum(dim=2) @ axis) / mass, (pose.sum(dim=3) @ axis) / mass], dim=-1)


def moved(features: Tensor, flow: Tensor) -> Tensor:
    """(N, C, S, S) features read where a flow (N, 2, F, F) says, beyond the edge as on it."""
    size_px = features.shape[-1]
    grid = _places(size_px, like=flow) + _at_size(flow, size_px).permute(0, 2, 3, 1)
    read = functional.grid_sample(
        features.float(), grid, padding_mode="border", align_corners=False
    )
    return read.to(features.dtype)


def _places(size_px: int, *, like: Tensor) -> Tensor:
    """(S, S, 2) the centres (x, y) of a picture's pixels, in [-1, 1] from edge to edge."""
    axis = _axis(size_px, like=like)
    return torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1)


def _axis(size_px: int, *, like: Tensor) -> Tensor:
    return torch.linspace(-1, 1, 2 * size_px + 1, device=like.device)[1::2]


def _inverse(matrix: Tensor) -> Tensor:
    """(N, 2, 2) inverses of symmetric matrices, with a ridge; written out so that it exports."""
    a, b, d = matrix[:, 0, 0] + _RIDGE, matrix[:, 0, 1], matrix[:, 1, 1] + _RIDGE
    rows = torch.stack([torch.stack([d, -b], dim=-1), torch.stack([-b, a], dim=-1)], dim=-2)
    return rows / (a * d - b * b)[:, None, None]


def _joined(*parts: Tensor) -> Tensor:
    """Maps side by side, channel by channel; one layout in memory, or every join is a slow copy."""
    return torch.cat([t.contiguous(memory_format=torch.channels_last) for t in parts], dim=1)


def _at(picture: Tensor, like: Tensor) -> Tensor:
    """A picture at the size and in the type of some features."""
    return _at_size(picture, like.shape[-1]).to(like.dtype)


def _at_size(picture: Tensor, size_px: int) -> Tensor:
    if picture.shape[-1] > size_px:
        return functional.adaptive_avg_pool2d(picture, size_px)
    if picture.shape[-1] < size_px:
        return functional.interpolate(
            picture, size=(size_px, size_px), mode="bilinear", align_corners=False
        )
    return picture
