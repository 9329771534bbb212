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

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from goodside_train.rotation.networks.generator import Block, GeneratorOutput, rectified

_FLOW_PX = 64
"""Side at which the flow is found, whatever the signal's."""

_REACH = 0.08  # of a landmark's pull, as a share of the picture's side
_RIDGE = 0.3
"""Pull of the affine fit toward leaving all as it is: the landmarks of a profile lie nearly on a
line, and an affine map that meets them exactly shears everything else away."""

_FARTHEST = 0.4  # that the learnt part looks beside the landmarks' flow, in halves of the side


class DeformableGenerator(nn.Module):
    """Encoder-decoder for recipe `capg` with deformable skips.

    Args:
        landmarks: N, the number of pose images of either side.
        width: channels at full size; they grow to six times that as the side halves four times.
        flow_width: channels of the part that finds the flow, at half its size.
    """

    def __init__(self, *, landmarks: int = 5, width: int = 32, flow_width: int = 32) -> None:
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
            Block(low + skip + landmarks + 1, high)
            for low, skip, high in zip(lows, skips, highs, strict=True)
        )
        self.to_rgb = nn.ModuleList(nn.Conv2d(w, 3, 3, padding=1) for w in highs[-3:])
        self.to_kept = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, signal: Tensor) -> GeneratorOutput:
        """Turn a face.

        Args:
            signal: (N, 3 + K + K, S, S) float as `goodside.rotation.generator.signal` builds it for
                recipe `capg`; S a multiple of 16, at least 64.

        Returns:
            The views; `trust` is all zeros.
        """
        source, source_pose, target_pose = torch.split(
            signal, [3, self.landmarks, self.landmarks], dim=1
        )
        flow, seen = self.flow(signal)
        features = rectified(self.stem(_joined(source, source_pose)))
        kept = [source]  # at full size the photograph's own pixels, at others features
        for down, encode in zip(self.down, self.encode, strict=True):
            features = encode(rectified(down(features)))
            kept.append(features)
        features = moved(kept.pop(), flow)
        features = _joined(features, _at(target_pose, features))
        for block in self.middle:
            features = block(features)
        pictures: list[Tensor] = []
        for decode, skip in zip(self.decode, reversed(kept), strict=True):
            features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            shown = _at(seen, features)
            given = moved(skip, flow) * shown
            features = decode(_joined(features, given, _at(target_pose, given), shown))
            if 4 * features.shape[-1] >= signal.shape[-1]:
                pictures.append(torch.tanh(self.to_rgb[len(pictures)](features)))
        quarter, half, painted = pictures
        warped = moved(source, flow)
        keep = torch.sigmoid(self.to_kept(features)) * _at(seen, warped)
        full = keep * warped + (1 - keep) * painted
        return GeneratorOutput(full, half, quarter, full, torch.zeros_like(keep), moved=warped)


class FlowNetwork(nn.Module):
    """Where in the photograph to look for each place of the result, and whether it shows there.

    Args:
        landmarks: N, the number of pose images of either side.
        width: channels at half the size at which it works.
    """

    def __init__(self, *, landmarks: int, width: int) -> None:
        super().__init__()
        self.landmarks = landmarks
        widths = [width, width * 2, width * 3, width * 3]
        self.stem = nn.Conv2d(3 + 2 * landmarks + 3, width, 4, stride=2, padding=1)
        self.first = Block(width, width)
        self.down = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths)
        )
        self.encode = nn.ModuleList(Block(b, b) for b in widths[1:])
        self.decode = nn.ModuleList(
            Block(low + high, high) for low, high in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.to_flow = nn.Conv2d(width, 3, 3, padding=1)
        nn.init.zeros_(self.to_flow.weight)
        nn.init.zeros_(self.to_flow.bias)  # type: ignore[arg-type]

    def forward(self, signal: Tensor) -> tuple[Tensor, Tensor]:
        """Find the flow.

        Args:
            signal: (N, 3 + K + K, S, S).

        Returns:
            (flow, seen): (N, 2, F, F) how far off in the photograph to look, (x, y) in halves of
            its side, and (N, 1, F, F) how far the photograph shows what belongs there, 0-1; F is
            half the size at which the network works.
        """
        signal = _at_size(signal, _FLOW_PX)
        source, source_pose, target_pose = torch.split(
            signal, [3, self.landmarks, self.landmarks], dim=1
        )
        guess = landmark_flow(source_pose, target_pose, size_px=_FLOW_PX // 2)
        features = rectified(self.stem(_joined(signal, moved(source, guess))))
        features = self.first(features)
        kept = []
        for down, encode in zip(self.down, self.encode, strict=True):
            kept.append(features)
            features = encode(rectified(down(features)))
        for decode, skip in zip(self.decode, reversed(kept), strict=True):
            features = functional.interpolate(features, scale_factor=2.0, mode="nearest")
            features = decode(_joined(features, skip))
        change = self.to_flow(features).float()
        return guess + _FARTHEST * torch.tanh(change[:, :2]), torch.sigmoid(change[:, 2:] + 1)


def landmark_flow(source_pose: Tensor, target_pose: Tensor, *, size_px: int) -> Tensor:
    """The smooth flow that carries the target's landmarks onto the source's.

    It is the affine map that fits all landmarks best, held near the identity, and near each
    landmark the rest of its way.

    Args:
        source_pose, target_pose: (N, K, S, S) pose images.
        size_px: side F of the flow.

    Returns:
        (N, 2, F, F) float32, how far off in the photograph to look, (x, y) in halves of its side.
    """
    source, target = landmarks_of(source_pose), landmarks_of(target_pose)
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
