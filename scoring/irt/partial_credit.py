"""How likely is each category of an item that gives part of its points, and how much does it tell?

Generalised partial credit model (Muraki 1992). A dichotomous item is the case of two categories, and alone
may have a guessing floor c, which turns it into the three-parameter logistic model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters


def category_log_probabilities(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Log-probabilities (Q, J, K_max) at theta (Q,); -inf beyond an item's own categories, finite within."""
    log_p = _without_guessing(theta, parameters)
    c = parameters.c
    guessed = np.flatnonzero(c > 0)
    rest = np.log1p(-c[guessed])
    log_p[:, guessed, 0] += rest
    log_p[:, guessed, 1] = np.logaddexp(np.log(c[guessed]), log_p[:, guessed, 1] + rest)
    return log_p


def category_probabilities(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Probabilities (Q, J, K_max) at theta (Q,), each item's summing to 1; 0 beyond its own categories."""
    return np.exp(category_log_probabilities(theta, parameters))


def item_information(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Fisher information (Q, J): a^2 times the variance of the category, less what guessing takes away."""
    p = np.exp(_without_guessing(theta, parameters))
    category = np.arange(parameters.max_categories)
    mean = p @ category
    variance = p @ category**2 - mean**2
    c, top = parameters.c, p[:, :, 1]
    kept = np.divide((1 - c) * top, c + (1 - c) * top, out=np.ones_like(top), where=c > 0)
    return np.asarray(parameters.a**2 * variance * kept, dtype=np.float64)


def expected_points(theta: ArrayLike, parameters: ItemParameters, category_points: IntArray) -> FloatArray:
    """Expected points (Q, J) at theta (Q,), in the unit of `category_points` (J, K_max)."""
    p = category_probabilities(theta, parameters)
    return np.asarray((p * category_points).sum(axis=2), dtype=np.float64)


def own_categories(parameters: ItemParameters) -> BoolArray:
    """Mask (J, K_max) of the categories each item really has."""
    return np.asarray(np.arange(parameters.max_categories) < parameters.n_categories[:, None])


def _without_guessing(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    theta = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    own = own_categories(parameters)
    distance = theta[:, None, None] - parameters.b[:, None] - parameters.steps
    climbed = np.where(own[:, 1:], parameters.a[:, None] * distance, 0.0).cumsum(axis=2)
    log_weight = np.concatenate((np.zeros((*climbed.shape[:2], 1)), climbed), axis=2)
    log_weight = np.where(own, log_weight, -np.inf)
    top = log_weight.max(axis=2, keepdims=True)
    log_total = top + np.log(np.exp(log_weight - top).sum(axis=2, keepdims=True))
    return np.asarray(log_weight - log_total, dtype=np.float64)
