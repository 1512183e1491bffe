"""Which parameters make these responses most likely?

Marginal maximum likelihood (Bock & Aitkin 1981) or, with priors, maximum a posteriori (Mislevy 1986), for
items of several models at once, on a uniform grid that is widened or refined where a population or the
precision of the items asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.calibration.candidates import Candidates, check_groups, read_candidates
from scoring.irt.calibration.data import Data, prepare
from scoring.irt.calibration.outcome import outcome
from scoring.irt.calibration.result import Anchors, CalibrationResult, Model, Population, Priors
from scoring.irt.calibration.screening import Screened, screen
from scoring.irt.calibration.search import Found, Progress, search
from scoring.irt.calibration.setup import Problem, set_up
from scoring.irt.quadrature import Grid
from scoring.irt.types import MissingRule

# Beyond 5.5 sd lie 4 in 100 million: of 65,000 candidates that is 0.0025 of the log-likelihood.
_GRID = Grid.uniform(45, -5.5, 5.5)
_TAIL = 1e-5  # share of candidates at an end of the grid from which it is too narrow
_REACH = 7.0  # sds of every population that a wider grid holds
_REFINEMENTS = 6


def fit(
    responses: ArrayLike,
    model: str | Sequence[str] = "2pl",
    *,
    groups: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
    anchors: Anchors | None = None,
    population: Population | None = None,
    priors: Priors | None = None,
    weights: ArrayLike | None = None,
    grid: Grid | None = None,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
    tolerance: float = 1e-5,
    max_iterations: int = 2000,
    standard_errors: bool = True,
    progress: Progress | None = None,
) -> CalibrationResult:
    """Calibrate J items from responses (N, J) of whole numbers.

    responses   category from 0; -1 not presented, -2 omitted, -3 not reached, which count as `omitted` and
                `not_reached` say
    model       one name, or one for each item: rasch, 1pl, 2pl, 3pl, pcm, gpcm, grm
    groups      (N,) labels: each has a normal population of its own
    covariates  (N, P): theta is normal with mean covariates @ coefficients (latent regression, Mislevy 1985);
                theta 0 is whoever has 0 in all, so centre them
    anchors     items held where they are
    population  held as it is (`Population.fixed`) instead of being estimated
    priors      by default only on guessing; `Priors.weak()` for few candidates
    weights     (N,) from 0: how often each row counts. Not for surveys: standard errors shrink with their sum
    grid        by default 45 points on -5.5 to 5.5, more where that is too coarse or too narrow
    tolerance   largest change of any slope or intercept in the last step
    progress    called with the pass through the responses and the log-likelihood

    Where nothing else sets the scale, the first group (in sorted order) has mean 0 and sd 1. A fixed slope
    (rasch, pcm) sets its unit, so the sd is estimated; anchors set both, so the mean is, too. Raises
    ValueError naming the place, before anything is estimated; but not where the search stops early: look at
    `converged`.
    """
    candidates = read_candidates(
        responses, groups, covariates, weights, omitted=omitted, not_reached=not_reached
    )
    models = _models(model, candidates.codes.shape[1], anchors)
    priors = Priors() if priors is None else priors
    screened = screen(candidates.codes, candidates.weights, models, anchors, priors)
    n_coefficients, labels = candidates.covariates.shape[1], candidates.labels
    problem = set_up(
        screened, models, anchors, population, priors, labels=labels, n_coefficients=n_coefficients
    )
    anchored = np.isin(problem.order, [] if anchors is None else anchors.index)
    check_groups(candidates, problem.order, anchored=anchored, fixed=population is not None)
    data = _prepared(candidates, problem, screened)
    found, used_grid = _search(data, problem, grid, tolerance, max_iterations, progress)
    result = outcome(
        data, found, problem, screened, models, labels, used_grid, standard_errors=standard_errors
    )
    return replace(result, omitted=MissingRule(omitted), not_reached=MissingRule(not_reached))


def _prepared(candidates: Candidates, problem: Problem, screened: Screened) -> Data:
    n_linear, weights = problem.layout.n_linear, candidates.weights
    return prepare(
        candidates.codes,
        linear=problem.order[:n_linear],
        tabled=problem.order[n_linear:],
        n_categories=screened.n_categories,
        group=candidates.group,
        weights=np.ones(candidates.group.size) if weights is None else weights,
        covariates=candidates.covariates,
        equal_slopes=problem.equal_slopes,
    )


def _search(
    data: Data,
    problem: Problem,
    grid: Grid | None,
    tolerance: float,
    max_iterations: int,
    progress: Progress | None,
) -> tuple[Found, Grid]:
    used = _GRID if grid is None else grid
    start, passes = problem.start, 0
    for refinement in range(_REFINEMENTS + 1):
        found = search(
            data,
            start,
            problem.layout,
            problem.penalty,
            used,
            tolerance=tolerance,
            max_iterations=max(max_iterations - passes, 1),
            progress=progress,
        )
        passes += found.iterations
        found = found._replace(iterations=passes)
        better = _better_grid(data, found, used)
        if better is None or (grid is not None and not _misleads(data, found, used)):
            return found, used
        if grid is not None:
            return found._replace(converged=False), used
        if refinement == _REFINEMENTS or passes >= max_iterations:
            return found._replace(converged=False), used
        start, used = found.estimates, better
    raise AssertionError("unreachable")


def _misleads(data: Data, found: Found, grid: Grid) -> bool:
    """Whether a grid that was asked for is so narrow or coarse that the estimates are not to be used."""
    ends, mean_variance = _seen_on(data, found, grid)
    return bool(ends > 0.01 or grid.spacing > 2 * np.sqrt(mean_variance))


def _seen_on(data: Data, found: Found, grid: Grid) -> tuple[float, float]:
    """Share of candidates at the fuller end of the grid; mean posterior variance, in the narrowest group."""
    counts = np.zeros((int(data.group.max()) + 1, grid.size))
    np.add.at(counts, data.group, found.expected.counts)
    group = data.group[data.segment_of(np.arange(data.n_rows))]
    of_means = np.bincount(group, data.weights * found.expected.eap**2, len(counts))
    variances = (counts @ grid.points**2 - of_means) / counts.sum(axis=1)
    whole = counts.sum(axis=0)
    return float(max(whole[0], whole[-1]) / whole.sum()), float(variances.min())


def _better_grid(data: Data, found: Found, grid: Grid) -> Grid | None:
    """A wider or finer grid where this one shows too little, else None."""
    estimates = found.estimates
    ends, mean_variance = _seen_on(data, found, grid)
    low, high, spacing = float(grid.points[0]), float(grid.points[-1]), grid.spacing
    # The trapezoid rule errs by 2 exp(-2 pi^2 sd^2 / h^2): h = sd leaves 5e-9.
    fine = bool(spacing <= 1.05 * np.sqrt(mean_variance))
    if ends <= _TAIL and fine:
        return None
    if ends > _TAIL:
        # On too narrow a grid the sd itself is too small, so some more than it asks for.
        reach = _REACH * np.exp(estimates.log_sd)
        low = min(1.4 * low, float((estimates.mean - reach).min()))
        high = max(1.4 * high, float((estimates.mean + reach).max()))
    if not fine:
        spacing = 0.9 * float(np.sqrt(max(mean_variance, 1e-4)))
    return Grid.uniform(int(np.ceil((high - low) / spacing)) + 1, low, high)


def _models(model: str | Sequence[str], n_items: int, anchors: Anchors | None) -> tuple[Model, ...]:
    """What was asked for, and for anchors what they are."""
    names = [model] * n_items if isinstance(model, str) else list(model)
    if len(names) != n_items:
        raise ValueError(f"{len(names)} models for {n_items} items; give one name, or one for each item")
    known = ", ".join(one.value for one in Model)
    for item, name in enumerate(names):
        if name not in set(Model):
            raise ValueError(f"item {item}: there is no model {name!r}; take one of {known}")
    models = [Model(name) for name in names]
    if anchors is not None:
        for item, of_anchor in zip(anchors.index, anchors.models, strict=True):
            if 0 <= item < n_items:
                models[int(item)] = of_anchor
    return tuple(models)
