"""The trunk's shape, padding and parameters."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from goodside.errors import WeightsError
from goodside_train.aesthetics.lite0 import ConvBlock, DepthwiseConv, Lite0, load_imagenet


def test_the_trunk_has_lite0s_parameters() -> None:
    """The published network has 4.65 million with its 1,281,000 of the ImageNet classifier."""
    count = sum(parameter.numel() for parameter in Lite0().parameters())
    assert count == 3_371_008


@pytest.mark.parametrize("size_px", [64, 96])
def test_features_of_any_multiple_of_32(size_px: int) -> None:
    trunk = Lite0().eval()
    with torch.inference_mode():
        assert trunk(torch.zeros(2, 3, size_px, size_px)).shape == (2, 1280)


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
    source, target = Lite0(), Lite0()
    theirs = {_published(name): value for name, value in source.state_dict().items()}
    torch.save({**theirs, "_fc.weight": torch.zeros(1000, 1280)}, tmp_path / "lite0.pth")
    load_imagenet(target, path=tmp_path / "lite0.pth")
    for name, value in target.state_dict().items():
        assert torch.equal(value, source.state_dict()[name]), name


def test_other_weights_are_refused(tmp_path: Path) -> None:
    torch.save({"_conv_stem.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="not the weights of Lite0"):
        load_imagenet(Lite0(), path=tmp_path / "other.pth")


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere"):
        load_imagenet(Lite0(), path=tmp_path / "nowhere.pth")


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
