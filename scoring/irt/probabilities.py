"""How likely is each category of an item at a given ability, how does that change, and how much does it tell?

The one door to the response functions: items of different models may be mixed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt import graded, partial_credit
from scoring.irt.logistic import information
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters


class Derivatives(NamedTuple):
    """Probabilities (Q, J, K_max), their first and second derivatives by theta; 0 beyond own categories."""

    p: FloatArray
    first: FloatArray
    second: FloatArray


def category_log_probabilities(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Log-probabilities (Q, J, K_max) at theta (Q,); -inf beyond an item's own categories, finite within."""
    log_p = _without_guessing(_points(theta), parameters)
    c = parameters.c
    guessed = np.flatnonzero(c > 0)
    rest = np.log1p(-c[guessed])
    log_p[:, guessed, 0] += rest
    log_p[:, guessed, 1] = np.logaddexp(np.log(c[guessed]), log_p[:, guessed, 1] + rest)
    return log_p


def category_probabilities(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Probabilities (Q, J, K_max) at theta (Q,), each item's summing to 1; 0 beyond its own categories."""
    return np.exp(category_log_probabilities(theta, parameters))


def category_derivatives(theta: ArrayLike, parameters: ItemParameters) -> Derivatives:
    """Probabilities at theta (Q,) and how they change with theta."""
    points = _points(theta)
    p = np.exp(_without_guessing(points, parameters))
    first, second = partial_credit.derivatives(p, parameters.a)
    rows = np.flatnonzero(parameters.graded)
    if rows.size:
        own, difficulty = own_categories(parameters), _difficulty(parameters)
        of_graded = graded.derivatives(points, parameters.a[rows], difficulty[rows], own[rows])
        first[:, rows], second[:, rows] = of_graded
    kept = (1 - parameters.c)[:, None]
    p, first, second = p * kept, first * kept, second * kept
    p[:, :, 1] += parameters.c
    return Derivatives(p, first, second)


def item_information(theta: ArrayLike, parameters: ItemParameters) -> FloatArray:
    """Fisher information (Q, J): the sum over categories of P'^2 / P, which is never negative."""
    if parameters.max_categories == 2:
        return information(theta, parameters.a, _difficulty(parameters)[:, 0], parameters.c)
    p, first, _ = category_derivatives(theta, parameters)
    share = np.divide(first**2, p, out=np.zeros_like(p), where=p > 0)
    return np.asarray(share.sum(axis=2), dtype=np.float64)


def expected_points(theta: ArrayLike, parameters: ItemParameters, category_points: IntArray) -> FloatArray:
    """Expected points (Q, J) at theta (Q,), in the unit of `category_points` (J, K_max)."""
    p = category_probabilities(theta, parameters)
    return np.asarray((p * category_points).sum(axis=2), dtype=np.float64)


def own_categories(parameters: ItemParameters) -> BoolArray:
    """Mask (J, K_max) of the categories each item really has."""
    return np.asarray(np.arange(parameters.max_categories) < parameters.n_categories[:, None])


def _points(theta: ArrayLike) -> FloatArray:
    return np.atleast_1d(np.asarray(theta, dtype=np.float64))


def _difficulty(parameters: ItemParameters) -> FloatArray:
    return np.asarray(parameters.b[:, None] + parameters.steps)


def _without_guessing(theta: FloatArray, parameters: ItemParameters) -> FloatArray:
    own, difficulty = own_categories(parameters), _difficulty(parameters)
    log_p = partial_credit.log_probabilities(theta, parameters.a, difficulty, own)
    rows = np.flatnonzero(parameters.graded)
    if rows.size:
        of_graded = graded.log_probabilities(theta, parameters.a[rows], difficulty[rows], own[rows])
        log_p[:, rows] = of_graded
    return log_p
