"""Relationship learning (MTRLCNN): which tasks pull in the same direction.

The heads' weight matrix W (D, T), one column a task, has a matrix-normal prior MN(0, I, Omega) with
the covariance Omega (T, T) of the tasks. Its negative logarithm adds tr(W Omega^-1 W^T) to the
objective, and for a given W the best Omega with trace 1 has a closed form: Zhang and Yeung, "A
convex formulation for learning task relationships in multi-task learning" (UAI 2010). Training
alternates: gradient steps on the weights, then Omega anew.
"""

from __future__ import annotations

import torch
from torch import Tensor

_EPS = 1e-3


def best_omega(weights: Tensor) -> Tensor:
    """(W^T W)^(1/2) / tr((W^T W)^(1/2)), the covariance of the tasks with trace 1.

    Args:
        weights: (D, T).

    Returns:
        (T, T) float64, symmetric, positive semidefinite.
    """
    wide = weights.detach().double()
    values, vectors = torch.linalg.eigh(wide.T @ wide)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    omega: Tensor = root / root.trace()
    return omega


def relation_penalty(weights: Tensor, omega: Tensor, *, eps: float = _EPS) -> Tensor:
    """tr(W (Omega + eps I)^-1 W^T); a scalar, not divided by anything.

    Args:
        weights: (D, T).
        omega: (T, T).
        eps: keeps the inverse finite where tasks depend on each other.
    """
    ridge = eps * torch.eye(len(omega), dtype=omega.dtype, device=omega.device)
    inverse = torch.linalg.inv(omega + ridge).to(weights.dtype)
    penalty: Tensor = ((weights @ inverse) * weights).sum()
    return penalty


def correlation(omega: Tensor) -> Tensor:
    """The tasks' correlations, (T, T) with ones on the diagonal; 0 for a task without variance."""
    deviation = omega.diagonal().clamp(min=0).sqrt()
    scale = torch.where(deviation > 0, 1 / deviation, torch.zeros_like(deviation))
    return omega * scale[:, None] * scale[None, :]
