"""Which grid is fine and wide enough for everybody who sits this form?

Posteriors and maxima lie in different places. A posterior lies within the population but for what responses
can move it; a maximum of the likelihood is wherever the items put it, far from the population perhaps. No
scale is taken for granted: N(500, 100^2) has as many points as N(0, 1).
"""

from __future__ import annotations

import numpy as np

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.probabilities import category_log_probabilities, item_information
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters

_REACH = 6.0  # sds of every population
_FEWEST_POINTS = 49
_NEGLIGIBLE = 11.0  # e^-11 of the mode, with as much behind it as a tail so steep has, moves no mean by 1e-4
_LOOKS = 257  # points at which to look how far responses can move a posterior
_MOST_POINTS = 8001  # times 8192 candidates in single precision: a quarter of a gigabyte
_PER_SLOPE = 0.375  # apart are points at which maxima are looked for, times the median slope
_HALVINGS = 40


def form_grid(parameters: ItemParameters, prior: NormalPrior, *, n_presented: int | None = None) -> Grid:
    """At least 49 points, from 6 sds below every prior mean to 6 above: wider where all wrong or all right is
    a posterior beyond, finer where one falls between.

    The spacing is at most the smallest posterior sd, 1 / sqrt(I + 1 / sd^2), with I the greatest information
    anywhere on the grid: there sums err by 5e-9 (see `quadrature`). n_presented: no candidate meets more of
    the items than this many. Raises ValueError where that would take more than 8001 points.
    """
    if not (prior.mean.size and prior.sd.size):  # of nobody
        prior = NormalPrior.of(0.0, 1.0, n_candidates=1)
    low, high = _posterior_range(parameters, prior)
    sharpest = _greatest_information(parameters, low, high, n_presented)
    smallest_sd = float(1 / np.sqrt(sharpest + 1 / prior.sd.min() ** 2))
    n_points = max(int(np.ceil((high - low) / smallest_sd)) + 1, _FEWEST_POINTS)
    if n_points > _MOST_POINTS:
        raise ValueError(
            f"posteriors as narrow as {smallest_sd:.3g} between {low:.4g} and {high:.4g} need {n_points} "
            f"points, more than {_MOST_POINTS}: score populations apart, or give a grid"
        )
    return Grid.uniform(n_points, low, high)


def maximum_grid(parameters: ItemParameters, populations: NormalPrior | None = None) -> Grid:
    """Wide enough for every finite maximum of the likelihood, weighted or not, of some or all of these items.

    From 6 sds below the mean of every population to 6 above, and as far as the items reach. The population is
    N(0, 1) where none is known, unless the items lie so far off that theirs must be another scale.
    Its spacing hangs on the items' slopes alone.
    """
    low, high = _items_reach(parameters)
    near = parameters.n_items == 0 or (low <= _REACH and high >= -_REACH)
    usual = populations is None and near
    known = NormalPrior.of(0.0, 1.0, n_candidates=1) if usual else populations
    if known is not None:
        low = min(low, float((known.mean - _REACH * known.sd).min()))
        high = max(high, float((known.mean + _REACH * known.sd).max()))
    typical = float(np.median(parameters.a)) if parameters.n_items else 1.0
    return Grid.uniform(max(int(np.ceil((high - low) * typical / _PER_SLOPE)) + 1, 3), low, high)


def _posterior_range(parameters: ItemParameters, prior: NormalPrior) -> tuple[float, float]:
    low = float((prior.mean - _REACH * prior.sd).min())
    high = float((prior.mean + _REACH * prior.sd).max())
    if parameters.n_items == 0:
        return low, high
    lowest, highest = _items_reach(parameters)
    sd = float(prior.sd.max())
    worst, best = np.zeros(parameters.n_items, dtype=np.int64), parameters.n_categories - 1
    # The slopes add up to the most by which responses can pull, so that far items do not widen without need.
    pull = sd**2 * float((parameters.a * best).sum())
    mean = float(prior.mean.min())
    points = np.linspace(mean, min(low, max(lowest, mean - pull) - _REACH * sd), _LOOKS)
    low = min(low, _end(points, parameters, worst, mean, sd))
    mean = float(prior.mean.max())
    points = np.linspace(mean, max(high, min(highest, mean + pull) + _REACH * sd), _LOOKS)
    return low, max(high, _end(points, parameters, best, mean, sd))


def _end(
    points: FloatArray, parameters: ItemParameters, responses: IntArray, mean: float, sd: float
) -> float:
    """The first of the points beyond which the posterior, given these responses, is negligible."""
    table = category_log_probabilities(points, parameters)
    log_posterior = table[:, np.arange(parameters.n_items), responses].sum(axis=1)
    log_posterior -= 0.5 * ((points - mean) / sd) ** 2
    inside = np.flatnonzero(log_posterior > log_posterior.max() - _NEGLIGIBLE)
    return float(points[min(inside[-1] + 1, points.size - 1)])


def _greatest_information(
    parameters: ItemParameters, low: float, high: float, n_presented: int | None
) -> float:
    """Of all items, or as many of the most informative ones, at the points between low and high."""
    if parameters.n_items == 0:
        return 0.0
    # An item's information rises and falls within about 1 / a (K - 1).
    steepest = float((parameters.a * (parameters.n_categories - 1)).max())
    n_points = min(max(int(np.ceil((high - low) * 2 * steepest)) + 1, _FEWEST_POINTS), _MOST_POINTS)
    greatest = 0.0
    for points in np.array_split(np.linspace(low, high, n_points), -(-n_points // 64)):
        information = item_information(points, parameters)
        if n_presented is not None and 0 <= n_presented < parameters.n_items:
            information = np.sort(information, axis=1)[:, parameters.n_items - n_presented :]
        greatest = max(greatest, float(information.sum(axis=1).max()))
    return greatest


def _items_reach(parameters: ItemParameters) -> tuple[float, float]:
    """Between which abilities all finite maxima lie, those of the weighted likelihood included.

    All right has the highest of them, or whoever met some of the items and has all of these right. Above the
    steps the slope of the log-likelihood is at most the sum of a Q, and Warm's J / (2 I) is a mean of
    a (2 P - 1) / 2 of the items met. Where the sum over all items has fallen below the least of these, there
    is no maximum of anybody. Here half of it, for margin; downwards the same. (inf, -inf) without items.
    """
    if parameters.n_items == 0:
        return np.inf, -np.inf
    difficulty = parameters.b[:, None] + parameters.steps
    return (
        -_highest(parameters, -np.nanmin(difficulty, axis=1)),
        _highest(parameters, np.nanmax(difficulty, axis=1)),
    )


def _highest(parameters: ItemParameters, outermost: FloatArray) -> float:
    """Where every step counts as if it were its item's outermost."""
    a, n_steps = parameters.a, parameters.n_categories - 1

    def beyond(theta: float) -> bool:
        q = 0.5 * (1 - np.tanh(a * (theta - outermost) / 2))
        return bool((a * n_steps * q).sum() <= 0.25 * (a * (1 - 2 * q)).min())

    low, step = float(outermost.max()), 1 / float(a.min())
    while not beyond(low + step):
        step *= 2
    below, above = low, low + step
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (below, middle) if beyond(middle) else (middle, above)
    return above
