"""Where is a candidate's likelihood greatest: alone, times a prior, or weighted against bias?

Each estimate is a root of an estimating function f, the slope of what is to be greatest:

ml    f = l'                      maximum likelihood
map   f = l' + (m - theta) / s^2  maximum of the posterior under the prior N(m, s^2)
wle   f = l' + J / (2 I)          Warm's weighted likelihood (1989), which takes most of the bias of ml away

with l the log-likelihood, I the expected information and J the sum over items and categories of P' P'' / P.
For more than two categories the same formula holds (Samejima 1993; Magis 2015).

A candidate's best point of a grid comes first: where there are several maxima, as there can be with guessing,
that finds the highest. Within a step to either side f is then a polynomial to ten digits. Its values at a few
nodes are one product for all candidates of that point, and Newton's method runs on numbers, not on items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.response_sums import chunks, sum_over_presented, sum_over_responses
from scoring.irt.probabilities import Derivatives, category_derivatives, category_log_probabilities
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters, ResponseArray

Method = Literal["ml", "map", "wle"]

_N_NODES = 16
_NODES = chebyshev.chebpts1(_N_NODES)
_TO_COEFFICIENTS = np.linalg.inv(chebyshev.chebvander(_NODES, _N_NODES - 1))
# The response functions of an item with slope a and K categories have poles about pi / (a (K - 1)) off the
# real line. With steps of at most 1.5 / (a (K - 1)) sixteen nodes leave an error of about 4.4^-16.
_MOST_SLOPE_PER_STEP = 1.5
_TOLERANCE = 1e-11  # in steps of the grid
_MAX_ITERATIONS = 60  # bisection alone needs 38


@dataclass(frozen=True, slots=True, eq=False)
class ResponseFunctions:
    """What the responses depend on theta by: those of items, or of a total as if it were one item.

    n_categories       (J,)
    steepest           the largest slope of the log-odds of two neighbouring outcomes, times steps
    log_probabilities  from theta (Q,) to (Q, J, K)
    derivatives        from theta (Q,)
    """

    n_categories: IntArray
    steepest: float
    log_probabilities: Callable[[FloatArray], FloatArray]
    derivatives: Callable[[FloatArray], Derivatives]

    @classmethod
    def of_items(cls, items: ItemParameters) -> ResponseFunctions:
        return cls(
            n_categories=items.n_categories,
            steepest=steepest(items),
            log_probabilities=lambda theta: category_log_probabilities(theta, items),
            derivatives=lambda theta: category_derivatives(theta, items),
        )


def steepest(items: ItemParameters) -> float:
    """The largest slope times number of steps, which says how close points must lie."""
    return float((items.a * (items.n_categories - 1)).max(initial=0.0))


class _Tables(NamedTuple):
    """At Q points: P' / P of every category (Q, J, K), and of every item its terms of I and J (Q, J)."""

    slope: FloatArray
    information: FloatArray
    skew: FloatArray


def maximise(
    codes: ResponseArray | IntArray,
    functions: ResponseFunctions,
    method: Method,
    *,
    grid: Grid,
    prior: NormalPrior,
) -> tuple[FloatArray, FloatArray]:
    """Estimates and standard errors (N,) from categories (N, J), -1 where nothing was presented.

    Estimates lie within the range of the grid: where the maximum is beyond (ml of all right or all wrong),
    the end of the range. Standard errors come from the expected information there: 1 / sqrt(I), for map
    1 / sqrt(I + 1 / s^2); inf where no item tells anything. NaN for ml and wle of a candidate to whom nothing
    was presented.
    """
    theta, se = np.full(codes.shape[0], np.nan), np.full(codes.shape[0], np.nan)
    search = _search_grid(grid, functions)
    best = _best_points(codes, functions, method, search, prior)
    if method != "map":
        best[~(codes >= 0).any(axis=1)] = -1
    for place in np.unique(best[best >= 0]):
        centre = search.points[place]
        nodes = centre + search.spacing * _NODES
        tables = _tables(functions.derivatives(nodes))
        members = np.flatnonzero(best == place)
        for part in chunks(members.size):
            who = members[part]
            f, information = _estimating(codes[who], functions, method, tables, prior.select(who), nodes)
            at = centre + search.spacing * _root(_TO_COEFFICIENTS @ f)
            theta[who] = np.clip(at, grid.points[0], grid.points[-1])
            steps = (theta[who] - centre) / search.spacing
            se[who] = _inverse_root(_value(steps, _TO_COEFFICIENTS @ information))
    return theta, se


def _search_grid(grid: Grid, functions: ResponseFunctions) -> Grid:
    low, high = float(grid.points[0]), float(grid.points[-1])
    needed = int(np.ceil((high - low) * functions.steepest / _MOST_SLOPE_PER_STEP)) + 1
    return grid if needed <= grid.size else Grid.uniform(needed, low, high)


def _best_points(
    codes: ResponseArray | IntArray,
    functions: ResponseFunctions,
    method: Method,
    grid: Grid,
    prior: NormalPrior,
) -> IntArray:
    """Number (N,) of the grid's point at which what is to be greatest is greatest."""
    log_p = functions.log_probabilities(grid.points)
    tables = _tables(functions.derivatives(grid.points))
    best = np.empty(codes.shape[0], dtype=np.int64)
    for part in chunks(codes.shape[0]):
        objective = sum_over_responses(codes[part], log_p, functions.n_categories)
        if method == "map":
            objective += prior.select(part).log_density(grid.points)
        elif method == "wle":
            pull = _pull(codes[part], tables)
            # What J / (2 I) is the slope of, by the trapezoid rule: exact enough to tell points apart.
            objective[1:] += ((pull[1:] + pull[:-1]) * (grid.spacing / 2)).cumsum(axis=0)
        best[part] = objective.argmax(axis=0)
    return best


def _tables(at: Derivatives) -> _Tables:
    slope = np.divide(at.first, at.p, out=np.zeros_like(at.p), where=at.p > 0)
    return _Tables(slope, (slope * at.first).sum(axis=2), (slope * at.second).sum(axis=2))


def _estimating(
    codes: ResponseArray | IntArray,
    functions: ResponseFunctions,
    method: Method,
    tables: _Tables,
    prior: NormalPrior,
    theta: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Estimating function (Q, n) and the information (Q, n) or (Q, 1) behind the standard error."""
    f = sum_over_responses(codes, tables.slope, functions.n_categories)
    information = sum_over_presented(codes, tables.information)
    if method == "map":
        return f + prior.slope(theta), information + 1 / prior.sd**2
    return (f + _pull(codes, tables) if method == "wle" else f), information


def _pull(codes: ResponseArray | IntArray, tables: _Tables) -> FloatArray:
    """Warm's J / (2 I), which keeps an estimate from the ends; 0 where there is no information."""
    information = sum_over_presented(codes, tables.information)
    skew = sum_over_presented(codes, tables.skew)
    return np.divide(skew, 2 * information, out=np.zeros_like(skew), where=information > 0)


def _root(coefficients: FloatArray) -> FloatArray:
    """Where between -1 and 1 Chebyshev series (D, n) fall through 0, by Newton's method or else by halving.

    -1 where a series is negative throughout, 1 where positive.
    """
    slopes = np.asarray(chebyshev.chebder(coefficients), dtype=np.float64)
    n = coefficients.shape[1]
    low, high, at = -np.ones(n), np.ones(n), np.zeros(n)
    for _ in range(_MAX_ITERATIONS):
        value = _value(at, coefficients)
        low, high = np.where(value > 0, at, low), np.where(value > 0, high, at)
        slope = _value(at, slopes)
        after = at - np.divide(value, slope, out=np.full(n, np.inf), where=slope < 0)
        after = np.where((after >= low) & (after <= high), after, (low + high) / 2)
        moved = np.abs(after - at).max(initial=0.0)
        at = after
        if moved < _TOLERANCE:
            break
    return at


def _value(at: FloatArray, coefficients: FloatArray) -> FloatArray:
    return np.asarray(chebyshev.chebval(at, coefficients, tensor=False), dtype=np.float64)


def _inverse_root(information: FloatArray) -> FloatArray:
    some = information > 0
    variance = np.divide(1.0, information, out=np.full(information.shape, np.inf), where=some)
    return np.asarray(np.sqrt(variance), dtype=np.float64)
