"""What ability do a candidate's responses speak for, and how surely?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.posterior import mean_and_sd, posterior_weights
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.types import (
    NOT_PRESENTED,
    NOT_REACHED,
    OMITTED,
    AbilityEstimate,
    FloatArray,
    ItemParameters,
    MissingRule,
    ResponseArray,
)

_CHUNK = 8192  # candidates at a time: memory beyond data and result stays flat


def apply_missing_rules(
    responses: ArrayLike,
    parameters: ItemParameters,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> ResponseArray:
    """Responses (N, J) with only categories and -1 left.

    Codes: 0 and above the category, -1 not presented, -2 omitted, -3 not reached.
    Raises ValueError naming the first candidate and item whose code the item does not have.
    """
    codes = np.atleast_2d(np.asarray(responses))
    if codes.ndim != 2 or codes.shape[1] != parameters.n_items:
        raise ValueError(f"responses have shape {codes.shape}, expected (N, {parameters.n_items})")
    if not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(f"responses must be whole numbers, not {codes.dtype}")
    bad = (codes < NOT_REACHED) | (codes >= parameters.n_categories)
    if bad.any():
        row, column = (int(place) for place in np.argwhere(bad)[0])
        raise ValueError(f"candidate {row}, item {column}: no category {int(codes[row, column])}")
    codes = codes.astype(np.int8)
    for code, rule in ((OMITTED, omitted), (NOT_REACHED, not_reached)):
        codes[codes == code] = 0 if MissingRule(rule) is MissingRule.CATEGORY_ZERO else NOT_PRESENTED
    return codes


def log_likelihood(
    responses: ArrayLike,
    parameters: ItemParameters,
    *,
    grid: Grid = DEFAULT_GRID,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> FloatArray:
    """Log-likelihood (N, Q) of the responses (N, J) at each point of the grid; 0 where nothing was presented.

    Codes and errors as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    log_p = category_log_probabilities(grid.points, parameters)
    # Beyond an item's own categories log_p is -inf, and 0 * -inf would poison the product below.
    tables = np.where(np.isfinite(log_p), log_p, 0.0).transpose(2, 1, 0)
    result = np.zeros((codes.shape[0], grid.size))
    for start in range(0, codes.shape[0], _CHUNK):
        part = codes[start : start + _CHUNK]
        for category, table in enumerate(tables):
            result[start : start + _CHUNK] += (part == category).astype(np.float64) @ table
    return result


def eap(
    responses: ArrayLike,
    parameters: ItemParameters,
    *,
    grid: Grid = DEFAULT_GRID,
    prior_mean: ArrayLike = 0.0,
    prior_sd: ArrayLike = 1.0,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> AbilityEstimate:
    """Expected a posteriori ability (Bock & Mislevy 1982) of N candidates from responses (N, J).

    The prior is normal; its mean and sd are one number, or (N,) for candidates of different populations.
    A candidate to whom nothing was presented gets the prior back. Codes as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    prior = normal_weights(grid, mean=prior_mean, sd=prior_sd)
    posterior = posterior_weights(log_likelihood(codes, parameters, grid=grid), prior)
    theta, se = mean_and_sd(posterior, grid)
    return AbilityEstimate(theta=theta, se=se, posterior=posterior, n_items=(codes >= 0).sum(axis=1))
