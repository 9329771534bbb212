"""A network that goes on from shipped weights, whose normalisations the export folded away."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from goodside.errors import WeightsError
from goodside_train.aesthetics.networks.efficientnet_lite import ConvBlock
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork

_PREFIX = "network."
_BIAS = "_bias"
"""What ONNX's folding of a normalisation into a convolution appends to the weight's name."""


def load_shipped(network: MultiTaskNetwork, *, weights: Path, images: Tensor) -> tuple[str, ...]:
    """Fill a network with shipped weights of the same trunk and structure.

    Convolutions keep their folded weights. Each normalisation after one gets the mean and the
    variance that its input has on `images`, and the scale and the shift that undo them: the network
    says what the shipped one says, and can be trained as any other.

    Args:
        network: changed in place; heads that the weights lack stay as they are.
        weights: an ONNX file that `goodside_train export aesthetics` wrote.
        images: (N, 3, S, S), normalised photographs, some hundreds.

    Returns:
        Names of the heads that were filled.

    Raises:
        WeightsError: the file is missing, or of another network.
    """
    try:
        graph = onnx.load(str(weights)).graph
    except (OSError, ValueError) as error:
        raise WeightsError(f"the weights cannot be read: {error}", path=weights) from error
    found = {
        one.name.removeprefix(_PREFIX): torch.from_numpy(numpy_helper.to_array(one).copy())
        for one in graph.initializer
    }
    own = network.state_dict()
    fitting = {k: v for k, v in found.items() if k in own and own[k].shape == v.shape}
    blocks = {name: one for name, one in network.named_modules() if isinstance(one, ConvBlock)}
    biases = {name: found.get(f"{name}.conv.weight{_BIAS}") for name in blocks}
    if not biases or any(
        bias is None or f"{name}.conv.weight" not in fitting for name, bias in biases.items()
    ):
        raise WeightsError("the weights are of another trunk", path=weights)
    network.load_state_dict(fitting, strict=False)
    for name, block in blocks.items():
        norm = block.get_submodule("norm")
        assert isinstance(norm, nn.BatchNorm2d)
        bias = biases[name]
        assert bias is not None
        _pass_on(norm, bias=bias)
    _unfold(network, images=images)
    return tuple(name for name in network.heads if f"heads.{name}.weight" in fitting)


def _pass_on(norm: nn.BatchNorm2d, *, bias: Tensor) -> None:
    """Make a normalisation add the bias and nothing else."""
    with torch.no_grad():
        norm.running_mean.zero_()  # type: ignore[union-attr]
        norm.running_var.fill_(1 - norm.eps)  # type: ignore[union-attr]
        norm.weight.fill_(1)
        norm.bias.copy_(bias)


def _unfold(network: MultiTaskNetwork, *, images: Tensor) -> None:
    """Give every normalisation of the trunk the statistics of its input, without other effect."""
    sums: dict[nn.BatchNorm2d, list[Tensor]] = {}

    def observe(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        maps = inputs[0].float()
        moments = torch.stack([maps.mean(dim=(0, 2, 3)), maps.square().mean(dim=(0, 2, 3))])
        sums.setdefault(norm, []).append(moments * len(maps))

    norms = [one for one in network.trunk.modules() if isinstance(one, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(observe) for norm in norms]
    network.eval()
    with torch.inference_mode():
        for start in range(0, len(images), 16):
            network.trunk(images[start : start + 16])
    for hook in hooks:
        hook.remove()
    with torch.no_grad():
        for norm in norms:
            mean, square = torch.stack(sums[norm]).sum(dim=0) / len(images)
            variance = (square - mean.square()).clamp(min=1e-8)
            shift = norm.bias.clone()
            norm.running_mean.copy_(mean)  # type: ignore[union-attr]
            norm.running_var.copy_(variance)  # type: ignore[union-attr]
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.copy_(shift + mean)
