"""How likely is each category of an item whose steps part everything below from everything above?

Graded response model (Samejima 1969): P(category k or higher) = 1 / (1 + exp(-a (theta - b - steps[k - 1]))).
"""

from __future__ import annotations

import numpy as np

from scoring.irt.logistic import log_logistic
from scoring.irt.types import BoolArray, FloatArray


def log_probabilities(theta: FloatArray, a: FloatArray, difficulty: FloatArray, own: BoolArray) -> FloatArray:
    """(Q, J, K) at theta (Q,) from a (J,), ascending step difficulties (J, K - 1) and own categories (J, K).

    -inf beyond an item's own categories; finite within. The difference of two logistic functions is taken as
    sigma(u) sigma(-v) (1 - exp(v - u)), which loses no digits in the tails.
    """
    z = a[:, None] * (theta[:, None, None] - np.where(own[:, 1:], difficulty, 0.0))
    edge = np.full((*z.shape[:2], 1), np.inf)
    above = np.concatenate((edge, np.where(own[:, 1:], z, -np.inf)), axis=2)  # to reach category k
    beyond = np.concatenate((above[:, :, 1:], -edge), axis=2)  # to pass it
    with np.errstate(invalid="ignore"):
        gap = np.where(np.isinf(above) | np.isinf(beyond), -np.inf, beyond - above)
    log_p = log_logistic(above) + log_logistic(-beyond) + np.log1p(-np.exp(np.minimum(gap, -1e-12)))
    return np.asarray(np.where(own, log_p, -np.inf), dtype=np.float64)


def derivatives(
    theta: FloatArray, a: FloatArray, difficulty: FloatArray, own: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives by theta (Q, J, K) of the probabilities."""
    z = a[:, None] * (theta[:, None, None] - np.where(own[:, 1:], difficulty, 0.0))
    # Each side by itself: 1 - at_least loses its digits where nearly everybody reaches the category.
    at_least = np.where(own[:, 1:], np.exp(log_logistic(z)), 0.0)
    below = np.exp(log_logistic(-z))
    first = a[:, None] * at_least * below
    second = a[:, None] * first * (below - at_least)
    return _category_differences(first), _category_differences(second)


def _category_differences(steps: FloatArray) -> FloatArray:
    edge = np.zeros((*steps.shape[:2], 1))
    differences = np.concatenate((edge, steps), axis=2) - np.concatenate((steps, edge), axis=2)
    return np.asarray(differences, dtype=np.float64)
