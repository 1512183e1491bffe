"""What ability do a candidate's responses speak for, and how surely?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.response_sums import chunks, sum_over_responses
from scoring.irt.posterior import mean_and_sd, posterior_weights
from scoring.irt.probabilities import category_log_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, Grid, normal_weights
from scoring.irt.responses import resolve_missing
from scoring.irt.types import AbilityEstimate, FloatArray, ItemParameters, MissingRule, ResponseArray


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
    return resolve_missing(responses, parameters.n_categories, omitted=omitted, not_reached=not_reached)


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
    table = category_log_probabilities(grid.points, parameters)
    result = np.empty((codes.shape[0], grid.size))
    for part in chunks(codes.shape[0]):
        result[part] = sum_over_responses(codes[part], table, parameters.n_categories).T
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
    A candidate to whom nothing was presented gets the prior back. Codes as in `apply_missing_rules`. Raises
    ValueError as well where a prior leaves more than 1e-4 of itself outside the grid (`score` finds its own).
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    NormalPrior.of(prior_mean, prior_sd, n_candidates=codes.shape[0]).require_within(grid)
    prior = normal_weights(grid, mean=prior_mean, sd=prior_sd)
    posterior = posterior_weights(log_likelihood(codes, parameters, grid=grid), prior)
    theta, se = mean_and_sd(posterior, grid)
    return AbilityEstimate(theta=theta, se=se, posterior=posterior, n_items=(codes >= 0).sum(axis=1))
