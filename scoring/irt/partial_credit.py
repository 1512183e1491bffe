"""How likely is each category of an item whose steps part two neighbouring categories?

Generalised partial credit model (Muraki 1992): the log-odds of category k against k - 1 are
a (theta - b - steps[k - 1]). A dichotomous item is the case of two categories.
"""

from __future__ import annotations

import numpy as np

from scoring.irt.logistic import log_logistic
from scoring.irt.types import BoolArray, FloatArray


def log_probabilities(theta: FloatArray, a: FloatArray, difficulty: FloatArray, own: BoolArray) -> FloatArray:
    """(Q, J, K) at theta (Q,) from a (J,), step difficulties (J, K - 1) and own categories (J, K).

    -inf beyond an item's own categories; finite within, however far theta lies.
    """
    if (
        own.shape[1] == 2
    ):  # no sums over two categories: a bank of right or wrong is looked up five times faster
        z = a * (theta[:, None] - difficulty[:, 0])
        return np.stack((log_logistic(-z), log_logistic(z)), axis=2)
    climbed = np.where(own[:, 1:], a[:, None] * (theta[:, None, None] - difficulty), 0.0).cumsum(axis=2)
    log_weight = np.concatenate((np.zeros((*climbed.shape[:2], 1)), climbed), axis=2)
    log_weight = np.where(own, log_weight, -np.inf)
    top = log_weight.max(axis=2, keepdims=True)
    log_total = top + np.log(np.exp(log_weight - top).sum(axis=2, keepdims=True))
    return np.asarray(log_weight - log_total, dtype=np.float64)


def derivatives(p: FloatArray, a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives by theta (Q, J, K) of the probabilities p (Q, J, K)."""
    if p.shape[2] == 2:
        first = a * p[:, :, 0] * p[:, :, 1]
        second = a * first * (p[:, :, 0] - p[:, :, 1])
        return np.stack((-first, first), axis=2), np.stack((-second, second), axis=2)
    category = np.arange(p.shape[2])
    away = category - (p @ category)[:, :, None]
    variance = (p * away**2).sum(axis=2, keepdims=True)
    slope = a[:, None]
    return slope * p * away, slope**2 * p * (away**2 - variance)
