"""The structures: what each shares, shown by where the gradient of each task arrives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import ConvTrunk, PaperTrunk, build_trunk
from goodside_train.aesthetics.recipe import Structure

SIZES = {
    net.HIGH_LOW: 2,
    net.DISTRIBUTION: 10,
    net.TECHNICAL: 1,
    net.ATTRIBUTE: 8,
    net.PEER: 4,
    net.SEMANTIC: 5,
    net.EMOTION: 3,
    net.IMAGENET: 6,
}
STRUCTURES: tuple[Structure, ...] = ("single", "1", "2", "3", "enhanced")


def _network(structure: Structure) -> MultiTaskNetwork:
    torch.manual_seed(4)
    widths = (12, 7) if structure == "2" else ()
    network = MultiTaskNetwork(
        build_trunk("tiny"), structure=structure, heads=SIZES, fully_connected=widths
    )
    return network.eval()


def _photos() -> Tensor:
    return torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def _reached(module: nn.Module) -> bool:
    return any(p.grad is not None and bool(p.grad.any()) for p in module.parameters())


@pytest.mark.parametrize("structure", STRUCTURES)
def test_every_task_has_an_output_of_its_size(structure: Structure) -> None:
    outputs = _network(structure)(_photos())
    sizes = {name: value.shape[1] for name, value in outputs.items()}
    width = sizes.pop(net.EMBEDDING)
    assert width == (7 if structure == "2" else 32)
    if structure == "single":
        assert sizes == {k: v for k, v in SIZES.items() if k not in net.SEMANTIC_SIDE}
    else:
        assert sizes == SIZES


@pytest.mark.parametrize(
    ("structure", "task", "reached", "missed"),
    [
        ("single", net.HIGH_LOW, ["trunk"], []),
        ("1", net.HIGH_LOW, ["trunk"], []),
        ("1", net.SEMANTIC, ["trunk"], []),
        ("2", net.HIGH_LOW, ["trunk", "aesthetic"], ["shared"]),
        ("2", net.SEMANTIC, ["trunk", "shared"], ["aesthetic"]),
        ("2", net.EMOTION, ["trunk", "shared"], ["aesthetic"]),
        ("3", net.HIGH_LOW, ["trunk", "lower"], []),
        ("3", net.DISTRIBUTION, ["trunk", "lower"], []),
        ("3", net.SEMANTIC, ["trunk"], ["lower"]),
        ("3", net.IMAGENET, ["trunk"], ["lower"]),
        ("enhanced", net.HIGH_LOW, ["trunk", "column"], []),
        ("enhanced", net.PEER, ["trunk", "column"], []),
        ("enhanced", net.SEMANTIC, ["trunk"], ["column"]),
    ],
)
def test_what_a_task_shares(
    structure: Structure, task: str, reached: list[str], missed: list[str]
) -> None:
    network = _network(structure)
    torch.autograd.backward(network(_photos())[task].square().sum())
    assert {name: _reached(network.get_submodule(name)) for name in (*reached, *missed)} == {
        **dict.fromkeys(reached, True),
        **dict.fromkeys(missed, False),
    }


def test_the_lower_stages_reach_the_aesthetic_heads_past_the_features() -> None:
    """In structure 3 the early maps count even where the trunk's features are cut off."""
    network = _network("3")
    head = network.heads.get_submodule(net.HIGH_LOW)
    with torch.no_grad():
        head.get_parameter("weight")[:, : network.shared_width] = 0
    torch.autograd.backward(network(_photos())[net.HIGH_LOW].square().sum())
    stages = network.trunk.get_submodule("stages")
    assert _reached(stages.get_submodule("1"))
    assert not _reached(stages.get_submodule("2"))


def test_the_semantic_heads_read_the_embedding() -> None:
    network = _network("enhanced")
    outputs = network(_photos())
    head = network.heads.get_submodule(net.SEMANTIC)
    torch.testing.assert_close(outputs[net.SEMANTIC], head(outputs[net.EMBEDDING]))


@pytest.mark.parametrize("structure", ["1", "2", "3", "enhanced"])
def test_w_holds_both_tasks_over_the_shared_features(structure: Structure) -> None:
    network = _network(structure)
    weights = network.task_weights()
    assert weights.shape == (network.shared_width, 2 + SIZES[net.SEMANTIC])
    high_low = network.heads.get_submodule(net.HIGH_LOW).get_parameter("weight")
    semantic = network.heads.get_submodule(net.SEMANTIC).get_parameter("weight")
    torch.testing.assert_close(weights[:, 1], high_low[1, : network.shared_width])
    torch.testing.assert_close(weights[:, 2], semantic[0])
    torch.autograd.backward(weights.sum())
    assert _reached(network.heads.get_submodule(net.HIGH_LOW))
    assert _reached(network.heads.get_submodule(net.SEMANTIC))


def test_a_single_task_has_nothing_to_relate() -> None:
    with pytest.raises(ValueError, match="no tasks to relate"):
        _network("single").task_weights()


def test_structure_2_wants_layers_to_part() -> None:
    with pytest.raises(ValueError, match="name their widths"):
        MultiTaskNetwork(ConvTrunk(8, 8), structure="2", heads=SIZES)


def test_the_papers_network() -> None:
    """Two shared layers of 4096 between the flattened maps and W_a, W_s; built without memory."""
    with torch.device("meta"):
        network = MultiTaskNetwork(
            PaperTrunk(),
            structure="1",
            heads={net.HIGH_LOW: 2, net.SEMANTIC: 29},
            fully_connected=(4096, 4096),
        )
        outputs = network(torch.zeros(2, 3, 227, 227))
    layers = [layer for layer in network.shared if isinstance(layer, nn.Linear)]
    assert [layer.weight.shape for layer in layers] == [(4096, 256 * 13 * 13), (4096, 4096)]
    assert network.task_weights().shape == (4096, 2 + 29)
    assert outputs[net.SEMANTIC].shape == (2, 29)


@pytest.mark.parametrize(
    ("structure", "beside"),
    [
        ("single", -(4096 * 29 + 29)),
        ("1", 0),
        ("2", (43264 * 4096 + 4096) + (4096 * 4096 + 4096)),
        ("3", 2 * 704 + (704 * 128 + 128) + 2 * 128),
        ("enhanced", 9 * (3 * 16 + 16 * 32 + 32 * 64 + 64 * 128) + 2 * 240 + 2 * 128),
    ],
)
def test_the_papers_parameters_by_hand(structure: Structure, beside: int) -> None:
    """Convolutions 785,024, two layers 193,994,752, heads 8,194 + 118,813; and what each adds."""
    with torch.device("meta"):
        network = MultiTaskNetwork(
            PaperTrunk(),
            structure=structure,
            heads={net.HIGH_LOW: 2, net.SEMANTIC: 29},
            fully_connected=(4096, 4096),
        )
    assert sum(each.numel() for each in network.parameters()) == 194_906_783 + beside
