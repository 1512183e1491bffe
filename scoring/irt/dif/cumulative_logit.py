"""How do the odds of reaching each category depend on covariates?

The proportional odds model (McCullagh 1980), which for two categories is logistic regression.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from scoring.irt.types import FloatArray

_TOLERANCE = 1e-10  # of the log-likelihood per candidate
_ITERATIONS = 60
_HALVINGS = 30
_CHUNK = 8192  # rows at a time


class CumulativeLogit(NamedTuple):
    """A fit of logit P(category >= k) = threshold_k + x'coefficients.

    coefficients    (P,)
    se              (P,)  from the expected information; NaN where that is singular
    log_likelihood  at the maximum, or, where categories part perfectly, as near to its limit as told
    converged       False if the search had to be broken off
    """

    coefficients: FloatArray
    se: FloatArray
    log_likelihood: float
    converged: bool


def fit_cumulative_logit(design: FloatArray, counts: FloatArray) -> CumulativeLogit:
    """Maximum likelihood, by Fisher scoring, from covariates (R, P) and frequencies (R, K) of categories.

    Categories that never occur are left out; at least two must occur. P may be 0.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    total = counts.sum()
    n_steps, n_coefficients = counts.shape[1] - 1, design.shape[1]
    reached = 1 - np.cumsum(counts.sum(axis=0))[:-1] / total
    parameters = np.concatenate((special.logit(reached), np.zeros(n_coefficients)))
    current, gradient, information = _evaluate(parameters, design, counts)
    converged = False
    for _ in range(_ITERATIONS):
        # lstsq, since covariates may be collinear in a small group: then the least of the equal steps.
        step: FloatArray = np.linalg.lstsq(information, gradient, rcond=None)[0].astype(np.float64)
        following = _climb(parameters, step, current, design, counts)
        if following is None:
            converged = bool(gradient @ step < _TOLERANCE * total)
            break
        parameters, (gained, gradient, information) = following
        converged = gained - current < _TOLERANCE * total
        current = gained
        if converged:
            break
    return CumulativeLogit(
        coefficients=parameters[n_steps:],
        se=_standard_errors(information)[n_steps:],
        log_likelihood=current,
        converged=converged,
    )


_Point = tuple[float, FloatArray, FloatArray]  # log-likelihood, gradient, information


def _climb(
    parameters: FloatArray, step: FloatArray, current: float, design: FloatArray, counts: FloatArray
) -> tuple[FloatArray, _Point] | None:
    """The first of step, step / 2, step / 4, … that raises the log-likelihood; None if all fail."""
    for halving in range(_HALVINGS):
        trial = parameters + step / 2**halving
        point = _evaluate(trial, design, counts)
        if point[0] > current:
            return trial, point
    return None


def _evaluate(parameters: FloatArray, design: FloatArray, counts: FloatArray) -> _Point:
    """-inf with thresholds out of order, where some category would have a negative probability."""
    n_steps = counts.shape[1] - 1
    threshold, coefficients = parameters[:n_steps], parameters[n_steps:]
    size = parameters.size
    log_likelihood, gradient, information = 0.0, np.zeros(size), np.zeros((size, size))
    if (np.diff(threshold) >= 0).any():
        return -np.inf, gradient, information
    for start in range(0, design.shape[0], _CHUNK):
        rows, seen = design[start : start + _CHUNK], counts[start : start + _CHUNK]
        reach = special.expit(threshold + (rows @ coefficients)[:, None])
        p = np.maximum(-np.diff(reach, axis=1, prepend=1.0, append=0.0), 1e-300)
        slope = reach * (1 - reach)
        # d reach_k / d parameters is slope_k times (1 at threshold k, x); a category is a difference of two.
        of_reach = np.zeros((rows.shape[0], n_steps + 2, size))
        steps = np.arange(n_steps)
        of_reach[:, steps + 1, steps] = slope
        of_reach[:, 1:-1, n_steps:] = slope[:, :, None] * rows[:, None, :]
        of_p = of_reach[:, :-1] - of_reach[:, 1:]
        log_likelihood += float((seen * np.log(p)).sum())
        gradient += np.einsum("rk,rkp->p", seen / p, of_p)
        weight = seen.sum(axis=1, keepdims=True) / p
        information += np.einsum("rkp,rkq->pq", of_p * weight[:, :, None], of_p)
    return log_likelihood, gradient, information


def _standard_errors(information: FloatArray) -> FloatArray:
    try:
        variance = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return np.full(information.shape[0], np.nan)
    return np.sqrt(np.where(variance > 0, variance, np.nan))
