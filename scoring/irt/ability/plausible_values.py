"""Which values of theta are plausible for each candidate, so that groups keep their true mean and spread?

Estimates of single candidates lie too close together (eap) or too far apart (ml, wle), and so does what one
computes from them. Draws from each posterior do not, if the prior is the population of the group reported on
(Mislevy 1991).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.form_grid import form_grid
from scoring.irt.ability.likelihood import log_likelihood
from scoring.irt.ability.response_sums import chunks
from scoring.irt.ability.scorable import Calibrated, prior_of, scorable
from scoring.irt.keyed_numbers import uniforms
from scoring.irt.posterior import draw_at, posterior_weights
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule


def plausible_values(
    responses: ArrayLike,
    items: ItemParameters | Calibrated,
    *,
    n_draws: int,
    seed: int,
    keys: ArrayLike | None = None,
    prior_mean: ArrayLike | None = None,
    prior_sd: ArrayLike | None = None,
    grid: Grid | None = None,
    omitted: MissingRule | None = None,
    not_reached: MissingRule | None = None,
) -> FloatArray:
    """Draws (n_draws, N) of theta from the posteriors of responses (N, J); of the prior where there are none.

    prior_mean, prior_sd as in `score`: for figures about groups they must be those of the groups
    (`population.of_groups`) or of a regression that holds them (`population.of_covariates`). keys (N,):
    whole numbers that name the candidates; their draws depend on seed, key, responses and prior alone,
    whoever else is there, and the first ones stay when more are drawn. Without keys the number of the row is
    the key.
    Responses and errors as in `score`; ValueError as well where two keys are equal or n_draws is below 1.
    """
    if n_draws < 1:
        raise ValueError(f"n_draws must be at least 1, not {n_draws}")
    codes, parameters = scorable(responses, items, omitted=omitted, not_reached=not_reached)
    n_candidates = codes.shape[0]
    prior = prior_of(items, prior_mean, prior_sd, n_candidates=n_candidates)
    names = _check_keys(np.arange(n_candidates) if keys is None else keys, n_candidates)
    grid = form_grid(parameters, prior) if grid is None else grid
    draws = np.arange(n_draws)[:, None]
    result = np.empty((n_draws, n_candidates))
    for part in chunks(n_candidates):
        likelihood = log_likelihood(codes[part], parameters, grid=grid)
        population = prior.select(part)
        posterior = posterior_weights(likelihood, normal_weights(grid, population.mean, population.sd))
        result[:, part] = draw_at(posterior, grid, uniforms(seed, names[part], draws))
    return result


def _check_keys(keys: ArrayLike, n_candidates: int) -> IntArray:
    given = np.asarray(keys)
    if given.shape != (n_candidates,) or not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"keys must be ({n_candidates},) whole numbers, not {given.dtype} of {given.shape}")
    order = np.argsort(given, kind="stable")
    twice = np.flatnonzero(np.diff(given[order]) == 0)
    if twice.size:
        first, second = sorted(int(place) for place in order[twice[0] : twice[0] + 2])
        raise ValueError(f"candidates {first} and {second} have the same key {given[first]}")
    return given.astype(np.int64)
