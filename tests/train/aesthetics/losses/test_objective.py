"""The objective: which parts a network calls for, and what each of them is."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from goodside_train.aesthetics.batches import AestheticsBatch
from goodside_train.aesthetics.losses import functional as losses
from goodside_train.aesthetics.losses.objective import Objective, from_standardized, standardized
from goodside_train.aesthetics.losses.relations import best_omega, relation_penalty
from goodside_train.aesthetics.networks import multi_task as net
from goodside_train.aesthetics.networks.multi_task import MultiTaskNetwork
from goodside_train.aesthetics.networks.trunks import build_trunk
from goodside_train.aesthetics.recipe import LossRecipe, Structure

COUNT, PAIRS, TAGS = 4, 2, 5
HEADS = {net.HIGH_LOW: 2, net.DISTRIBUTION: 10, net.TECHNICAL: 1, net.SEMANTIC: TAGS}
ALWAYS = {"high_low", "emd", "score", "correlation", "technical", "order"}
Outputs = dict[str, Tensor]


def _network(structure: Structure = "1", **more: int) -> MultiTaskNetwork:
    torch.manual_seed(6)
    return MultiTaskNetwork(build_trunk("tiny"), structure=structure, heads=HEADS | more)


def _batch(tags: int = TAGS) -> AestheticsBatch:
    generator = torch.Generator().manual_seed(2)
    random = torch.rand(COUNT, 10, generator=generator)
    return AestheticsBatch(
        pixels=torch.zeros(COUNT + PAIRS, 8, 8, 3, dtype=torch.uint8),
        original=torch.tensor([2, 0]),
        score=torch.tensor([3.0, 5.0, 6.0, 8.0]),
        technical=torch.tensor([4.0, 5.0, 6.0, 7.0]),
        distribution=random / random.sum(dim=1, keepdim=True),
        emotions=random[:, :3].softmax(dim=1),
        attributes=torch.tensor([[5.0, 6.0], [math.nan] * 2, [4.0, 7.0], [math.nan] * 2]),
        high=torch.tensor([0, 0, 1, 1]),
        tags=torch.eye(tags)[:COUNT],
        tag_weight=torch.ones(COUNT),
        imagenet=random.softmax(dim=1),
        peer=random[:, :4],
    )


def _outputs(network: MultiTaskNetwork) -> Outputs:
    generator = torch.Generator().manual_seed(3)
    sizes = {name: head.get_parameter("bias").numel() for name, head in network.heads.items()}
    return {
        name: torch.randn(COUNT + PAIRS, size, generator=generator) for name, size in sizes.items()
    }


@pytest.mark.parametrize(
    ("structure", "more", "relation", "expected"),
    [
        ("single", {}, 1e-3, ALWAYS),
        ("1", {}, 0.0, ALWAYS | {"semantic"}),
        ("1", {}, 1e-3, ALWAYS | {"semantic", "relation"}),
        ("3", {net.ATTRIBUTE: 2, net.PEER: 4}, 0.0, ALWAYS | {"semantic", "attribute", "peer"}),
        ("1", {net.EMOTION: 3, net.IMAGENET: 10}, 0, ALWAYS | {"semantic", "emotion", "imagenet"}),
    ],
)
def test_the_heads_say_which_parts_there_are(
    structure: Structure, more: dict[str, int], relation: float, expected: set[str]
) -> None:
    network = _network(structure, **more)
    objective = Objective(network, recipe=LossRecipe(relation=relation))
    parts = objective(_outputs(network), _batch())
    assert set(parts) == expected
    assert all(math.isfinite(part.item()) for part in parts.values())


def test_the_semantic_part_is_lambda_times_the_mean_over_tags() -> None:
    network = _network()
    outputs, batch = _outputs(network), _batch()
    found = Objective(network, recipe=LossRecipe(semantic=3.0))(outputs, batch)["semantic"]
    logits = outputs[net.SEMANTIC][:COUNT]
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, batch.tags)
    assert found.item() == pytest.approx(3 * each.item())


def test_more_tags_do_not_drown_the_aesthetic_task() -> None:
    """Two cross-entropies added without balance would let the tags' number decide."""
    objective = Objective(_network(), recipe=LossRecipe())
    outputs, batch = _outputs(_network()), _batch()
    often = AestheticsBatch(**{name: getattr(batch, name) for name in AestheticsBatch.__slots__} | {
        "tags": batch.tags.repeat(1, 20)
    })  # fmt: skip
    wide = outputs | {net.SEMANTIC: outputs[net.SEMANTIC].repeat(1, 20)}
    few, many = objective(outputs, batch), objective(wide, often)
    assert many["semantic"].item() == pytest.approx(few["semantic"].item(), rel=1e-5)


def test_a_learnt_balance_is_a_parameter_and_a_fixed_one_is_not() -> None:
    network = _network()
    fixed = Objective(network, recipe=LossRecipe(semantic=2.0))
    learnt = Objective(network, recipe=LossRecipe(semantic=2.0, balance="learnt", influence=0.3))
    assert not list(fixed.parameters())
    assert len(list(learnt.parameters())) == 1
    assert fixed.balance == 2.0
    assert learnt.balance == pytest.approx(2.0)
    outputs, batch = _outputs(network), _batch()
    one, other = (each(outputs, batch)["semantic"].item() for each in (fixed, learnt))
    assert other == pytest.approx(one - 0.3 * math.log(2))


def test_omega_begins_without_relations_and_is_computed_anew() -> None:
    network = _network()
    objective = Objective(network, recipe=LossRecipe(relation=0.5))
    tasks = 2 + TAGS
    torch.testing.assert_close(objective.omega, torch.eye(tasks, dtype=torch.float64) / tasks)
    objective.relate(network)
    torch.testing.assert_close(objective.omega, best_omega(network.task_weights()))
    part = objective(_outputs(network), _batch())["relation"]
    expected = 0.5 * relation_penalty(network.task_weights(), objective.omega)
    assert part.item() == pytest.approx(expected.item())
    assert "omega" in objective.state_dict()


def test_the_relations_pull_at_the_last_layers_of_both_tasks() -> None:
    network = _network()
    objective = Objective(network, recipe=LossRecipe(relation=0.5))
    torch.autograd.backward(objective(_outputs(network), _batch())["relation"])
    for name in (net.HIGH_LOW, net.SEMANTIC):
        gradient = network.heads.get_submodule(name).get_parameter("weight").grad
        assert gradient is not None
        assert gradient.abs().sum() > 0


def test_a_single_task_has_no_relations_to_learn() -> None:
    network = _network("single")
    objective = Objective(network, recipe=LossRecipe(relation=1.0))
    objective.relate(network)
    assert objective.omega.tolist() == [[1.0]]


def test_degraded_copies_take_part_in_the_order_alone() -> None:
    network = _network("1", **{net.EMOTION: 3, net.PEER: 4})
    objective = Objective(network, recipe=LossRecipe(correlation=1.0))
    outputs, batch = _outputs(network), _batch()
    moved = {name: torch.cat([v[:COUNT], v[COUNT:] * 3 + 1]) for name, v in outputs.items()}
    before, after = objective(outputs, batch), objective(moved, batch)
    assert {name for name in before if before[name] != after[name]} == {"order"}


def test_the_order_compares_each_copy_with_its_original() -> None:
    network = _network()
    recipe = LossRecipe(order=2.0, margin=0.6, max_lead=2.5)
    outputs = _outputs(network)
    scores = losses.expected_score(outputs[net.DISTRIBUTION])
    expected = 2 * losses.order_loss(scores[[2, 0]], scores[COUNT:], margin=0.6, max_lead=2.5)
    found = Objective(network, recipe=recipe)(outputs, _batch())["order"]
    assert found.item() == pytest.approx(expected.item())


def test_standardised_scores_come_back() -> None:
    scores = torch.tensor([1.0, 5.9, 10.0])
    assert standardized(scores)[1].item() == 0
    torch.testing.assert_close(from_standardized(standardized(scores)), scores)


def test_the_gaussian_priors_pull_each_weight_toward_zero() -> None:
    network, batch = _network(), _batch()
    outputs = {name: value.requires_grad_() for name, value in _outputs(network).items()}
    parts = Objective(network, recipe=LossRecipe(prior=0.3))(outputs, batch)
    weights = [one for one in network.parameters() if one.ndim > 1]
    by_hand = 0.15 * sum(float(one.detach().square().sum()) for one in weights)
    assert float(parts["prior"].detach()) == pytest.approx(by_hand, rel=1e-5)
    parts["prior"].backward()
    for one in network.parameters():
        if one.ndim > 1:
            assert one.grad is not None
            torch.testing.assert_close(one.grad, 0.3 * one.detach())
        else:
            assert one.grad is None
    assert "prior" not in Objective(network, recipe=LossRecipe())(outputs, batch)
