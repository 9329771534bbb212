"""Each loss: a case worked by hand, a gradient check, and what must not change it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from goodside_train.aesthetics.losses import functional as losses

NAN = math.nan


def _probabilities(rows: int, columns: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(rows, columns, generator=generator, dtype=torch.float64)


def test_softmax_loss_by_hand() -> None:
    logits = torch.tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    expected = (-math.log(3 / 4) - math.log(1 / 2)) / 2
    assert losses.softmax_loss(logits, torch.tensor([1, 0])).item() == pytest.approx(expected)


def test_soft_cross_entropy_by_hand() -> None:
    logits = torch.tensor([[math.log(3.0), 0.0]])
    target = torch.tensor([[0.5, 0.5]])
    expected = -0.5 * math.log(3 / 4) - 0.5 * math.log(1 / 4)
    assert losses.soft_cross_entropy(logits, target).item() == pytest.approx(expected)


def test_soft_cross_entropy_leaves_rows_without_label_out() -> None:
    logits = torch.tensor([[math.log(3.0), 0.0], [9.0, -9.0]], requires_grad=True)
    loss = losses.soft_cross_entropy(logits, torch.tensor([[0.5, 0.5], [NAN, NAN]]))
    torch.autograd.backward(loss)
    assert loss.item() == pytest.approx(-0.5 * math.log(3 / 4) - 0.5 * math.log(1 / 4))
    assert logits.grad is not None
    assert logits.grad[0].any()
    assert not logits.grad[1].any()
    nothing = losses.soft_cross_entropy(logits, torch.full((2, 2), NAN))
    assert nothing.item() == 0


def test_squared_emd_by_hand() -> None:
    target = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    near, far = torch.tensor([[0.0, 1.0, 0.0, 0.0]]), torch.tensor([[0.0, 0.0, 0.0, 1.0]])
    # The cumulative sums differ by 1 in one bin of four, and in three bins of four.
    assert losses.squared_emd(near, target).item() == pytest.approx(1 / 4)
    assert losses.squared_emd(far, target).item() == pytest.approx(3 / 4)


def test_squared_emd_looks_at_cumulative_sums() -> None:
    """A distance bin by bin would call both moves equally wrong."""
    target = torch.eye(10)[[2]]
    costs = [losses.squared_emd(torch.eye(10)[[bin_]], target).item() for bin_ in range(2, 10)]
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)


def test_tag_loss_is_the_mean_over_tags_and_labelled_rows() -> None:
    logits = torch.tensor([[0.0, math.log(3.0)], [5.0, -5.0]])
    target = torch.tensor([[0.0, 1.0], [NAN, NAN]])
    expected = (-math.log(1 / 2) - math.log(3 / 4)) / 2
    assert losses.tag_logistic_loss(logits, target).item() == pytest.approx(expected)


def test_tag_loss_weighs_rows() -> None:
    logits = torch.tensor([[0.0], [math.log(3.0)]])
    target = torch.tensor([[1.0], [1.0]])
    weight = torch.tensor([3.0, 1.0])
    expected = (3 * -math.log(1 / 2) - math.log(3 / 4)) / 4
    found = losses.tag_logistic_loss(logits, target, weight=weight)
    assert found.item() == pytest.approx(expected)


def test_tag_loss_without_labels_is_zero_and_leaves_no_gradient() -> None:
    logits = torch.ones(3, 4, requires_grad=True)
    loss = losses.tag_logistic_loss(logits, torch.full((3, 4), NAN))
    torch.autograd.backward(loss)
    assert loss.item() == 0
    assert logits.grad is not None
    assert not logits.grad.any()


@pytest.mark.parametrize(("difference", "expected"), [(0.5, 0.125), (3.0, 2.5), (-3.0, 2.5)])
def test_masked_smooth_l1_by_hand(difference: float, expected: float) -> None:
    predicted = torch.tensor([difference, 9.0])
    found = losses.masked_smooth_l1(predicted, torch.tensor([0.0, NAN]))
    assert found.item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ([2.0, 4.0, 6.0], 0.0),  # a rising line, of any slope
        ([-1.0, -1.5, -2.0], 1.0),  # a falling one
        ([1.0, 3.0, 2.0], 0.25),  # r = 1 / 2
        ([1.0, 2.0, 1.0], 0.5),  # r = 0
    ],
)
def test_correlation_loss_by_hand(target: list[float], expected: float) -> None:
    found = losses.correlation_loss(torch.tensor([1.0, 2.0, 3.0]), torch.tensor(target))
    assert found.item() == pytest.approx(expected, abs=1e-6)


def test_correlation_of_one_photograph_says_nothing() -> None:
    assert losses.correlation_loss(torch.tensor([4.0]), torch.tensor([7.0])).item() == 0


def test_correlation_of_equal_scores_has_a_finite_gradient() -> None:
    predicted = torch.full((3,), 5.0, requires_grad=True)
    torch.autograd.backward(losses.correlation_loss(predicted, torch.tensor([1.0, 2.0, 3.0])))
    assert predicted.grad is not None
    assert torch.isfinite(predicted.grad).all()


def test_order_loss_by_hand() -> None:
    better, worse = torch.tensor([5.0, 5.0, 5.0, 8.0]), torch.tensor([4.0, 4.8, 5.5, 4.5])
    # leads of 1, 0.2, -0.5 and 3.5; 0.4 and 1.1 are missing to 0.6, 1 is beyond 2.5
    found = losses.order_loss(better, worse, margin=0.6, max_lead=2.5)
    assert found.item() == pytest.approx((0.4 + 1.1 + 1.0) / 4)


def test_order_loss_without_pairs_is_zero() -> None:
    none = torch.zeros(0)
    assert losses.order_loss(none, none, margin=1.0, max_lead=2.0).item() == 0


def test_expected_score_of_one_bin_and_of_none() -> None:
    logits = torch.zeros(2, 10)
    logits[0, 6] = 100
    assert losses.expected_score(logits).tolist() == pytest.approx([7.0, 5.5])


CHECKED: dict[str, Callable[[Tensor], Tensor]] = {
    "softmax": lambda x: losses.softmax_loss(x, torch.tensor([1, 0, 3])),
    "soft": lambda x: losses.soft_cross_entropy(x, _probabilities(3, 4, 1).softmax(dim=1)),
    "emd": lambda x: losses.squared_emd(x.softmax(dim=1), _probabilities(3, 4, 2).softmax(dim=1)),
    "tags": lambda x: losses.tag_logistic_loss(x, _probabilities(3, 4, 3).sigmoid()),
    "smooth": lambda x: losses.masked_smooth_l1(x, _probabilities(3, 4, 4)),
    "order": lambda x: losses.order_loss(x[:, 0], x[:, 1], margin=0.6, max_lead=0.9),
    "correlation": lambda x: losses.correlation_loss(x[:, 0], _probabilities(3, 4, 5)[:, 0]),
    "score": lambda x: losses.expected_score(x).sum(),
}


@pytest.mark.parametrize("name", CHECKED)
def test_gradients(name: str) -> None:
    x = _probabilities(3, 4, 9).requires_grad_(True)
    assert torch.autograd.gradcheck(CHECKED[name], (x,))
