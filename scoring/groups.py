"""How do groups of candidates do, and how sure is that?

Averaging the candidates' own estimates would shrink every group towards the middle. Instead each group has
its own normal population, estimated from the responses (EM), and plausible values are drawn from each
candidate's posterior under that population: the reported groups are in the conditioning model. Results are
then combined over the draws (Mislevy 1991; Rubin 1987). Each draw starts from a draw of the group's mean
and sd, so their own uncertainty counts as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.intervals import combine_imputations
from scoring.irt.posterior import draw
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.types import FloatArray, IntArray

N_IMPUTATIONS = 20
# A group's variance is drawn towards that of all groups as if this many candidates had been added: a
# handful of candidates cannot tell a variance, and without it the EM would run towards zero.
PRIOR_CANDIDATES = 5.0
_MAX_ITERATIONS = 500
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GroupResult:
    """Results of one group: n candidates, mean and sd of its population on the theta scale, expected
    half-points on
    the reference form, and the share of candidates in each level, lowest first.
    """

    group: str | int | None
    n: int
    mean: float
    sd: float
    expected_half_points: Estimate
    level_shares: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class GroupResults:
    """Results of all groups in the order of their sorted names, and of everybody together (`group` None)."""

    groups: tuple[GroupResult, ...]
    everybody: GroupResult
    census: bool
    converged: bool
    iterations: int


@dataclass(frozen=True, slots=True, eq=False)
class _Populations:
    mean: FloatArray
    sd: FloatArray
    converged: bool
    iterations: int


def group_results(
    log_likelihood: FloatArray,
    group: ArrayLike,
    score_by_theta: FloatArray,
    cuts: Sequence[float],
    *,
    seed: int,
    census: bool,
    n_imputations: int = N_IMPUTATIONS,
    grid: Grid = DEFAULT_GRID,
) -> GroupResults:
    """Results by group; the same seed gives the same figures.

    log_likelihood (N, Q) from `irt.log_likelihood`; group (N,) names or numbers; score_by_theta (Q,)
    expected half-points on the reference form, rising; cuts: least expected half-points of the second and
    higher levels.

    census=True: the N candidates are all there is to speak of. The interval then holds only what the items
    leave unsaid about these very candidates (measurement), not how other candidates would have done; it
    says nothing of those who did not sit, nor of error in the item parameters.

    census=False: they are a random sample of a large population, and the interval adds the sampling variance.
    """
    names, codes = np.unique(np.asarray(group), return_inverse=True)
    if log_likelihood.shape != (codes.size, grid.size) or codes.size == 0:
        raise ValueError(f"log-likelihood {log_likelihood.shape}, expected ({codes.size}, {grid.size})")
    top = log_likelihood.max(axis=1, keepdims=True)
    likelihood = np.exp(log_likelihood - top)
    populations = _estimate_populations(likelihood, codes, names.size, grid)
    points = _plausible_points(likelihood, codes, populations, score_by_theta, n_imputations, seed, grid)
    sizes = np.bincount(codes)
    results = [
        GroupResult(
            names[g].item(),
            int(sizes[g]),
            float(populations.mean[g]),
            float(populations.sd[g]),
            *_combined(points[:, codes == g], cuts, census=census),
        )
        for g in range(names.size)
    ]
    mean = float(sizes @ populations.mean / codes.size)
    spread = populations.sd**2 + (populations.mean - mean) ** 2
    sd = float(np.sqrt(sizes @ spread / codes.size))
    everybody = GroupResult(None, int(codes.size), mean, sd, *_combined(points, cuts, census=census))
    return GroupResults(tuple(results), everybody, census, populations.converged, populations.iterations)


def _estimate_populations(likelihood: FloatArray, codes: IntArray, n_groups: int, grid: Grid) -> _Populations:
    """Normal population of each group by EM; the item parameters are fixed, so the scale is theirs."""
    sizes = np.bincount(codes, minlength=n_groups)
    mean, sd = np.zeros(n_groups), np.ones(n_groups)
    for iteration in range(1, _MAX_ITERATIONS + 1):
        posterior = _posterior(likelihood, codes, mean, sd, grid)
        eap = posterior @ grid.points
        variance = posterior @ grid.points**2 - eap**2
        new_mean = np.bincount(codes, weights=eap) / sizes
        squares = variance + (eap - new_mean[codes]) ** 2
        within = np.bincount(codes, weights=squares) + PRIOR_CANDIDATES * squares.mean()
        # Narrower than the spacing of the grid a normal density can no longer be represented.
        new_sd = np.maximum(np.sqrt(within / (sizes + PRIOR_CANDIDATES)), grid.spacing)
        change = max(np.abs(new_mean - mean).max(), np.abs(new_sd - sd).max())
        mean, sd = new_mean, new_sd
        if change < _TOLERANCE:
            return _Populations(mean, sd, converged=True, iterations=iteration)
    return _Populations(mean, sd, converged=False, iterations=_MAX_ITERATIONS)


def _posterior(
    likelihood: FloatArray, codes: IntArray, mean: FloatArray, sd: FloatArray, grid: Grid
) -> FloatArray:
    weights = likelihood * normal_weights(grid, mean=mean, sd=sd)[codes]
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _plausible_points(
    likelihood: FloatArray,
    codes: IntArray,
    populations: _Populations,
    score_by_theta: FloatArray,
    n_imputations: int,
    seed: int,
    grid: Grid,
) -> FloatArray:
    """Expected half-points (M, N) at each candidate's plausible values."""
    rng = np.random.default_rng(seed)
    se_mean, se_log_sd = _population_errors(likelihood, codes, populations, grid)
    points = np.empty((n_imputations, codes.size))
    for imputation in range(n_imputations):
        mean = populations.mean + se_mean * rng.standard_normal(se_mean.size)
        log_sd = np.log(populations.sd) + se_log_sd * rng.standard_normal(se_log_sd.size)
        sd = np.maximum(np.exp(log_sd), grid.spacing)
        theta = draw(_posterior(likelihood, codes, mean, sd, grid), grid, rng)
        points[imputation] = np.interp(theta, grid.points, score_by_theta)
    return points


def _population_errors(
    likelihood: FloatArray, codes: IntArray, populations: _Populations, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    """Standard errors of each group's mean and log sd: complete less missing information (Louis 1982)."""
    posterior = _posterior(likelihood, codes, populations.mean, populations.sd, grid)
    deviation = (grid.points - populations.mean[codes][:, None]) / populations.sd[codes][:, None]
    first = (posterior * deviation).sum(axis=1)
    second = (posterior * deviation**2).sum(axis=1)
    fourth = (posterior * deviation**4).sum(axis=1)
    sizes = np.bincount(codes)
    known_mean = np.bincount(codes, weights=1 - (second - first**2))
    known_sd = np.bincount(codes, weights=2 * second - (fourth - second**2)) + 2 * PRIOR_CANDIDATES
    # With hardly any responses the difference can come out at or below zero: then little is known, not a
    # negative amount.
    known_mean = np.maximum(known_mean, 0.05 * sizes)
    known_sd = np.maximum(known_sd, 0.05 * sizes + PRIOR_CANDIDATES)
    return populations.sd / np.sqrt(known_mean), 1 / np.sqrt(known_sd)


def _combined(
    points: NDArray[np.float64], cuts: Sequence[float], *, census: bool
) -> tuple[Estimate, tuple[Estimate, ...]]:
    mean = _estimate(points, census=census)
    level = np.searchsorted(np.asarray(cuts, dtype=np.float64), points, side="right")
    shares = []
    for number in range(len(cuts) + 1):
        share = _estimate((level == number).astype(np.float64), census=census)
        shares.append(Estimate(share.value, max(share.low, 0.0), min(share.high, 1.0)))
    return mean, tuple(shares)


def _estimate(values: FloatArray, *, census: bool) -> Estimate:
    n = values.shape[1]
    sampling = 0.0 if census or n < 2 else float(values.var(axis=1, ddof=1).mean()) / n
    value, half_width = combine_imputations(values.mean(axis=1), sampling, sampling_freedom=max(n - 1, 1))
    return Estimate(value, value - half_width, value + half_width)
