"""How likely is each category of an item whose steps part two neighbouring categories?

Generalised partial credit model (Muraki 1992): the log-odds of category k against k - 1 are
a (theta - b - steps[k - 1]). A dichotomous item is the case of two categories.
"""

from __future__ import annotations

import numpy as np

from scoring.irt.types import BoolArray, FloatArray


def log_probabilities(theta: FloatArray, a: FloatArray, difficulty: FloatArray, own: BoolArray) -> FloatArray:
    """(Q, J, K) at theta (Q,) from a (J,), step difficulties (J, K - 1) and own categories (J, K).

    -inf beyond an item's own categories; finite within, however far theta lies.
    """
    climbed = np.where(own[:, 1:], a[:, None] * (theta[:, None, None] - difficulty), 0.0).cumsum(axis=2)
    log_weight = np.concatenate((np.zeros((*climbed.shape[:2], 1)), climbed), axis=2)
    log_weight = np.where(own, log_weight, -np.inf)
    top = log_weight.max(axis=2, keepdims=True)
    log_total = top + np.log(np.exp(log_weight - top).sum(axis=2, keepdims=True))
    return np.asarray(log_weight - log_total, dtype=np.float64)


def derivatives(p: FloatArray, a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives by theta (Q, J, K) of the probabilities p (Q, J, K)."""
    category = np.arange(p.shape[2])
    away = category - (p @ category)[:, :, None]
    variance = (p * away**2).sum(axis=2, keepdims=True)
    slope = a[:, None]
    return slope * p * away, slope**2 * p * (away**2 - variance)
