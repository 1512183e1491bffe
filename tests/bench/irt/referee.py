"""How likely are the data under somebody's parameters? One plain computation judges every program alike.

It shares no code with scoring.irt: float64, 201 equally spaced points on +-7 standard deviations of the
population, each model's formula written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
_POINTS = np.linspace(-7.0, 7.0, 201)
_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What a program found.

    a       (J,)
    steps   (J, K - 1)  difficulties of the steps on the theta scale, NaN beyond an item's own
    c       (J,)
    graded  steps part "k or higher" from the rest, instead of two neighbours
    mean, sd            of the population
    """

    a: FloatArray
    steps: FloatArray
    c: FloatArray
    graded: bool = False
    mean: float = 0.0
    sd: float = 1.0

    @classmethod
    def of(cls, arrays: dict[str, Any]) -> Solution:
        """From the arrays a program hands in; c, graded, mean and sd may be left out."""
        a = np.asarray(arrays["a"], dtype=np.float64)
        steps = np.asarray(arrays["steps"], dtype=np.float64).reshape(a.size, -1)
        c = np.asarray(arrays.get("c", np.zeros(a.size)), dtype=np.float64)
        scalars = {name: arrays[name].item() for name in ("graded", "mean", "sd") if name in arrays}
        return cls(a=a, steps=steps, c=c, **scalars)


def log_probabilities(theta: ArrayLike, solution: Solution) -> FloatArray:
    """log P (Q, J, K); -inf beyond an item's own categories."""
    theta = np.asarray(theta, dtype=np.float64)
    logit = solution.a[:, None] * (theta[:, None, None] - solution.steps)  # (Q, J, K - 1)
    ones = np.ones((*logit.shape[:2], 1))
    if solution.graded or solution.steps.shape[1] == 1:
        at_least = np.nan_to_num(1 / (1 + np.exp(-logit)), nan=0.0)
        at_least = solution.c[:, None] + (1 - solution.c[:, None]) * at_least
        p = np.concatenate([ones, at_least], axis=2) - np.concatenate([at_least, 0 * ones], axis=2)
    else:
        climbed = np.exp(np.cumsum(logit, axis=2))
        p = np.concatenate([ones, np.nan_to_num(climbed, nan=0.0)], axis=2)
        p /= p.sum(axis=2, keepdims=True)
    with np.errstate(divide="ignore"):
        return np.log(p)


def log_likelihood(responses: NDArray[np.integer[Any]], solution: Solution) -> float:
    """Marginal log-likelihood of responses (N, J), negative ones not presented, over a normal population."""
    points = solution.mean + solution.sd * _POINTS
    given = _given_theta(responses, log_probabilities(points, solution))
    return _marginal(given, -0.5 * _POINTS**2)


def posterior_means(responses: NDArray[np.integer[Any]], solution: Solution) -> FloatArray:
    """Expected ability (N,) given the responses."""
    points = solution.mean + solution.sd * _POINTS
    joint = _given_theta(responses, log_probabilities(points, solution)) - 0.5 * _POINTS**2
    weights = np.exp(joint - joint.max(axis=1, keepdims=True))
    return weights @ points / weights.sum(axis=1)


def with_best_population(responses: NDArray[np.integer[Any]], solution: Solution) -> Solution:
    """The solution with that normal population which makes the responses likeliest.

    For a program whose scale is its own: its items are judged as kindly as they can be.
    """
    given = _given_theta(responses, log_probabilities(_POINTS, solution))
    mean, log_sd, stride = 0.0, 0.0, 0.5
    best = _marginal(given, _normal(mean, log_sd))
    while stride > 1e-5:
        for move in ((stride, 0.0), (-stride, 0.0), (0.0, stride), (0.0, -stride)):
            tried = _marginal(given, _normal(mean + move[0], log_sd + move[1]))
            if tried > best:
                best, mean, log_sd = tried, mean + move[0], log_sd + move[1]
                break
        else:
            stride /= 2
    return Solution(solution.a, solution.steps, solution.c, solution.graded, mean, float(np.exp(log_sd)))


def log_prior_of_guessing(solution: Solution, mean: float, sd: float) -> float:
    """Log-density, without its constant, of a normal prior on logit c."""
    logit = np.log(solution.c / (1 - solution.c))
    return float(-0.5 * np.sum(((logit - mean) / sd) ** 2))


def _normal(mean: float, log_sd: float) -> FloatArray:
    return -0.5 * ((_POINTS - mean) / np.exp(log_sd)) ** 2


def _given_theta(responses: NDArray[np.integer[Any]], log_p: FloatArray) -> FloatArray:
    """log P(responses | theta) (N, Q)."""
    log_p = np.where(np.isfinite(log_p), log_p, -1e300)
    found = np.empty((len(responses), len(log_p)))
    for start in range(0, len(responses), _CHUNK):
        part = responses[start : start + _CHUNK]
        found[start : start + _CHUNK] = sum(
            (part == category).astype(np.float64) @ log_p[:, :, category].T
            for category in range(log_p.shape[2])
        )
    return found


def _marginal(given: FloatArray, log_weight: FloatArray) -> float:
    log_weight = log_weight - np.log(np.sum(np.exp(log_weight)))
    total = 0.0
    for start in range(0, len(given), _CHUNK):
        joint = given[start : start + _CHUNK] + log_weight
        highest = joint.max(axis=1, keepdims=True)
        total += float(np.sum(highest[:, 0] + np.log(np.exp(joint - highest).sum(axis=1))))
    return total
