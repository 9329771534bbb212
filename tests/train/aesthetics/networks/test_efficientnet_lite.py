"""The trunk's shape, padding and parameters."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from goodside.errors import WeightsError
from goodside_train.aesthetics.networks.efficientnet_lite import (
    CLASSES,
    WIDTH,
    ConvBlock,
    DepthwiseConv,
    EfficientNetLite,
    load_imagenet_weights,
)


@pytest.mark.parametrize(
    ("variant", "millions", "lower_width"),
    [("lite0", 4.65, 352), ("lite1", 5.42, 352), ("lite2", 6.09, 384)],
)
def test_the_published_number_of_parameters(
    variant: str, millions: float, lower_width: int
) -> None:
    """As published for the whole networks, with the classifier of ImageNet's classes."""
    with torch.device("meta"):
        trunk = EfficientNetLite(variant)
    count = sum(parameter.numel() for parameter in trunk.parameters())
    assert (count + (WIDTH + 1) * CLASSES) / 1e6 == pytest.approx(millions, abs=0.005)
    assert trunk.lower_width == lower_width


@pytest.mark.parametrize("size_px", [64, 96])
def test_features_of_any_multiple_of_32(size_px: int) -> None:
    trunk = EfficientNetLite().eval()
    with torch.inference_mode():
        features, lower = trunk(torch.zeros(2, 3, size_px, size_px))
    assert features.shape == (2, 1280)
    assert lower.shape == (2, 352)


@pytest.mark.parametrize("kernel", [3, 5])
def test_strided_blocks_pad_more_after_than_before(kernel: int) -> None:
    """As TensorFlow's SAME does: output k is centred on input 2k + 0.5 for an even input."""
    block = ConvBlock(1, 1, kernel=kernel, stride=2, activate=False).eval()
    conv = block.get_submodule("conv")
    assert isinstance(conv.weight, torch.Tensor)
    with torch.inference_mode():
        conv.weight.zero_()
        conv.weight[0, 0, 0, 0] = 1  # the tap at the window's top left corner
        first = torch.zeros(1, 1, 8, 8)
        corner = 0 if kernel == 3 else 1  # input index under that tap at output index `corner`
        first[0, 0, corner, corner] = 1
        found = block(first)
    assert found.shape == (1, 1, 4, 4)
    assert found[0, 0].argmax().item() == (0 if kernel == 3 else 5)


def test_depthwise_convolution_under_autocast_keeps_its_value() -> None:
    torch.manual_seed(0)
    conv = DepthwiseConv(4, 4, 3, padding=1, groups=4, bias=False)
    x = torch.randn(2, 4, 8, 8)
    plain = conv(x)
    with torch.autocast("cpu", torch.bfloat16):
        under = conv(x.bfloat16())
    assert under.dtype == torch.bfloat16
    torch.testing.assert_close(under.float(), plain, atol=0.05, rtol=0.05)


def test_published_names_are_found(tmp_path: Path) -> None:
    torch.manual_seed(1)
    source, target = EfficientNetLite(), EfficientNetLite()
    theirs = {_published(name): value for name, value in source.state_dict().items()}
    last = {"_fc.weight": torch.randn(1000, 1280), "_fc.bias": torch.randn(1000)}
    torch.save(theirs | last, tmp_path / "lite0.pth")
    classifier = load_imagenet_weights(target, path=tmp_path / "lite0.pth")
    for name, value in target.state_dict().items():
        assert torch.equal(value, source.state_dict()[name]), name
    assert torch.equal(classifier.weight, last["_fc.weight"])
    assert torch.equal(classifier.bias, last["_fc.bias"])


def test_other_weights_are_refused(tmp_path: Path) -> None:
    torch.save({"_conv_stem.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="not the weights of lite1"):
        load_imagenet_weights(EfficientNetLite("lite1"), path=tmp_path / "other.pth")


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere"):
        load_imagenet_weights(EfficientNetLite(), path=tmp_path / "nowhere.pth")


def _published(name: str) -> str:
    """Our name of a parameter as the published file spells it."""
    room, _, rest = name.partition(".")
    if room == "stem":
        return rest.replace("conv.", "_conv_stem.").replace("norm.", "_bn0.")
    if room == "head":
        return rest.replace("conv.", "_conv_head.").replace("norm.", "_bn1.")
    for ours, theirs in (
        ("expand.conv", "_expand_conv"),
        ("expand.norm", "_bn0"),
        ("depthwise.conv", "_depthwise_conv"),
        ("depthwise.norm", "_bn1"),
        ("project.conv", "_project_conv"),
        ("project.norm", "_bn2"),
    ):
        name = name.replace(ours, theirs)
    return f"_{name}"
