"""How are slopes and intercepts told as a, b, steps and c, with their standard errors?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from scoring.irt.calibration.data import Data
from scoring.irt.calibration.information import observed_information
from scoring.irt.calibration.layout import SLOPE, Estimates, Layout
from scoring.irt.calibration.maximization import item_sums, slopes_of
from scoring.irt.calibration.penalty import step_difficulties
from scoring.irt.calibration.result import CalibrationResult, ItemFlag, Model, Population
from scoring.irt.calibration.screening import Screened
from scoring.irt.calibration.search import AT_BOUND, Found, at_limit
from scoring.irt.calibration.setup import Problem
from scoring.irt.quadrature import Grid
from scoring.irt.types import BoolArray, FloatArray, IntArray


def outcome(
    data: Data,
    found: Found,
    problem: Problem,
    screened: Screened,
    models: Sequence[Model],
    labels: tuple[Hashable, ...],
    grid: Grid,
    *,
    standard_errors: bool,
) -> CalibrationResult:
    """Put the end of the search into the order of the responses' columns."""
    layout, estimates = problem.layout, found.estimates
    variances = np.full((layout.index.size, layout.index.size), np.nan)
    if standard_errors:
        information = observed_information(data, found.expected, estimates, layout, problem.penalty, grid)
        variances = spread_out(_inverse(information, _at_bound(estimates, layout)), layout)
    n_items, width = len(models), int(screened.n_categories.max()) - 1
    table = {name: np.full(n_items, np.nan) for name in ("a", "b", "c", "se_a", "se_b", "se_c")}
    steps, se_steps = np.full((n_items, width), np.nan), np.full((n_items, width), np.nan)
    for name, values in _told(estimates, layout, variances).items():
        if name in table:
            table[name][problem.order] = values
        else:
            into = steps if name == "steps" else se_steps
            into[problem.order, : values.shape[1]] = values
    for copy, first in screened.copies.items():
        for values in (*table.values(), steps, se_steps):
            values[copy] = values[first]
    flags = [*screened.flags, *_flags(table["a"])]
    unusable = [flag.item for flag in flags if flag.kind in ("negative_slope", "slope_at_bound")]
    calibrated = np.isfinite(table["a"]) & ~np.isin(np.arange(n_items), unusable)
    return CalibrationResult(
        models=tuple(str(model) for model in models),
        n_categories=screened.n_categories,
        steps=steps,
        se_steps=se_steps,
        a=table["a"],
        b=table["b"],
        c=table["c"],
        se_a=table["se_a"],
        se_b=table["se_b"],
        se_c=table["se_c"],
        calibrated=calibrated,
        n_estimated=_n_estimated(estimates, problem, screened),
        flags=tuple(sorted(flags, key=lambda flag: flag.item)),
        population=_population(estimates, labels, variances),
        log_likelihood=found.expected.log_likelihood,
        n_parameters=layout.n_free,
        n_candidates=float(data.weights.sum()),
        converged=found.converged and not at_limit(estimates),
        iterations=found.iterations,
        gradient_norm=_gradient_norm(data, found, problem, grid),
        grid=grid,
    )


def _n_estimated(estimates: Estimates, problem: Problem, screened: Screened) -> IntArray:
    """Parameters (J,) that each item has for itself alone; a copy has those of the item it repeats."""
    own = problem.layout.free_items(estimates.items)
    own[:, SLOPE] &= np.bincount(problem.layout.block)[problem.layout.block] == 1
    result = np.zeros(screened.n_categories.size, dtype=np.int64)
    result[problem.order] = own.sum(axis=1)
    for copy, first in screened.copies.items():
        result[copy] = result[first]
    return result


def spread_out(covariance: FloatArray, layout: Layout) -> FloatArray:
    """Covariances of the free parameters, put at every flat place; 0 where a place is fixed."""
    places = np.flatnonzero(layout.index >= 0)
    result = np.zeros((layout.index.size, layout.index.size))
    number = layout.index[places]
    result[np.ix_(places, places)] = covariance[np.ix_(number, number)]
    return result


def _at_bound(estimates: Estimates, layout: Layout) -> BoolArray:
    """Free parameters (n_free,) that are slopes held at their bound."""
    steep = np.zeros(layout.index.size, dtype=np.bool_)
    slopes = np.abs(estimates.items[:, SLOPE]) >= AT_BOUND
    steep[SLOPE : estimates.items.size : estimates.items.shape[1]] = slopes
    result = np.zeros(layout.n_free, dtype=np.bool_)
    result[layout.index[steep & (layout.index >= 0)]] = True
    return result


def _inverse(information: FloatArray, held: BoolArray) -> FloatArray:
    """Covariances, NaN for what is held at a bound; throughout where the rest is not positive definite."""
    result = np.full(information.shape, np.nan)
    rest = np.flatnonzero(~held)
    try:
        lower = np.linalg.cholesky(information[np.ix_(rest, rest)])
    except np.linalg.LinAlgError:
        return result
    half = np.linalg.inv(lower)
    result[np.ix_(rest, rest)] = half.T @ half
    return result


def _told(estimates: Estimates, layout: Layout, variances: FloatArray) -> dict[str, FloatArray]:
    items = estimates.items
    n, width = items.shape
    own = layout.steps
    difficulty, jacobian = step_difficulties(items, layout)
    n_steps = own.sum(axis=1)
    b = difficulty.sum(axis=1) / n_steps
    rows = np.arange(n)[:, None] * width + np.arange(width)
    blocks = variances[rows[:, :, None], rows[:, None, :]]
    of_b = jacobian.sum(axis=1) / n_steps[:, None]
    guessing = (np.arange(n) >= layout.n_linear) & ~layout.graded
    c = np.where(guessing, 1 / (1 + np.exp(-items[:, -1])), 0.0)
    se_step = np.sqrt(np.einsum("jsp,jpr,jsr->js", jacobian, blocks, jacobian))
    return {
        "a": items[:, SLOPE],
        "b": b,
        "c": c,
        "steps": np.where(own, difficulty - b[:, None], np.nan),
        "se_a": np.sqrt(blocks[:, SLOPE, SLOPE]),
        "se_b": np.sqrt(np.einsum("jp,jpr,jr->j", of_b, blocks, of_b)),
        "se_c": np.where(guessing, c * (1 - c) * np.sqrt(blocks[:, -1, -1]), 0.0 * blocks[:, 0, 0]),
        "se_steps": np.where(own, se_step, np.nan),
    }


def _flags(a: FloatArray) -> list[ItemFlag]:
    flags = [
        ItemFlag(int(item), "negative_slope", f"item {item}: slope {a[item]:.3f}; is the key right?")
        for item in np.flatnonzero(a <= 0)
    ]
    return flags + [
        ItemFlag(
            int(item),
            "slope_at_bound",
            f"item {item}: the slope ran away; does it repeat others? Calibrate without it or with priors",
        )
        for item in np.flatnonzero(np.abs(a) >= AT_BOUND)
    ]


def _population(estimates: Estimates, labels: tuple[Hashable, ...], variances: FloatArray) -> Population:
    n_groups = len(labels)
    sd = np.exp(estimates.log_sd)
    se = np.sqrt(np.diagonal(variances)[estimates.items.size :])
    return Population(
        groups=labels,
        mean=estimates.mean,
        sd=sd,
        se_mean=se[:n_groups],
        se_sd=sd * se[n_groups : 2 * n_groups],
        coefficients=estimates.coefficients,
        se_coefficients=se[2 * n_groups :],
    )


def _gradient_norm(data: Data, found: Found, problem: Problem, grid: Grid) -> float:
    """By slopes and intercepts: Fisher's identity makes it the gradient of the expected log-likelihood."""
    layout = problem.layout
    items = found.estimates.items
    sums = item_sums(data, found.expected, layout)
    gradient = slopes_of(items, sums, layout, problem.penalty, grid.points).gradient
    free = layout.index[: items.size] >= 0
    joined = np.bincount(layout.index[: items.size][free], gradient.ravel()[free], layout.n_free)
    return float(np.linalg.norm(joined))
