"""What ability do the responses of many candidates speak for, by which method, and how surely?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.estimators import ResponseFunctions, maximise
from scoring.irt.ability.form_grid import form_grid, maximum_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.posterior_moments import posterior_mean_and_sd
from scoring.irt.ability.scorable import Calibrated, populations_of, prior_of, scorable
from scoring.irt.quadrature import Grid
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule

ScoringMethod = Literal["eap", "map", "ml", "wle"]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Ability of N candidates.

    theta    (N,)
    se       (N,)  eap: posterior sd; else from the expected information at theta
    n_items  (N,)  how many responses spoke, after the missing rules
    method   what theta is
    """

    theta: FloatArray
    se: FloatArray
    n_items: IntArray
    method: ScoringMethod


def score(
    responses: ArrayLike,
    items: ItemParameters | Calibrated,
    method: ScoringMethod = "eap",
    *,
    prior_mean: ArrayLike | None = None,
    prior_sd: ArrayLike | None = None,
    grid: Grid | None = None,
    omitted: MissingRule | None = None,
    not_reached: MissingRule | None = None,
) -> Scores:
    """Theta and standard errors from responses (N, J) to J items, or to the columns of a calibration.

    eap  mean and sd of the posterior on the grid (Bock & Mislevy 1982), to 1e-4; without responses the prior
    map  its maximum; 1 / sqrt(I + 1 / prior_sd^2)
    ml   maximum of the likelihood; 1 / sqrt(I). All right or all wrong: the end of the grid
    wle  weighted likelihood (Warm 1989), nearly without bias; 1 / sqrt(I)

    All lie within the range of the grid. By default that is wide enough for every posterior of the population
    and as fine as the form is sharp (`form_grid`), or for ml and wle holds every population and every finite
    maximum (`maximum_grid`). The last three are exact to 1e-8 whatever its spacing; ml and wle
    take no prior, and are NaN where nothing was presented. prior_mean and prior_sd: one number, or (N,) as
    from `population.of_groups`; by default the population of the calibration, N(0, 1) for bare parameters.
    Columns that a calibration left out say nothing; omitted and not reached count as they did there.
    Codes: 0 and above the category, -1 not presented, -2 omitted, -3 not reached. Raises ValueError naming
    what is wrong: the method, the prior, or candidate and item from 0.
    """
    check_method(method)
    codes, parameters = scorable(responses, items, omitted=omitted, not_reached=not_reached)
    n_candidates = codes.shape[0]
    if method in ("eap", "map"):
        prior = prior_of(items, prior_mean, prior_sd, n_candidates=n_candidates)
        grid = form_grid(parameters, prior) if grid is None else grid
    else:
        prior = NormalPrior.of(0.0, 1.0, n_candidates=n_candidates)  # without effect
        known = populations_of(items, prior_mean, prior_sd, n_candidates=n_candidates)
        grid = maximum_grid(parameters, known) if grid is None else grid
    if method == "eap":
        theta, se = posterior_mean_and_sd(codes, parameters, grid=grid, prior=prior)
    else:
        functions = ResponseFunctions.of_items(parameters)
        theta, se = maximise(codes, functions, method, grid=grid, prior=prior)
    complete = codes.min(initial=0) >= 0
    n_items = np.full(codes.shape[0], codes.shape[1]) if complete else (codes >= 0).sum(axis=1)
    return Scores(theta=theta, se=se, n_items=n_items, method=method)


def check_method(method: str) -> None:
    """Raises ValueError unless it is one of the names that `score` knows."""
    if method not in get_args(ScoringMethod):
        raise ValueError(f"method must be one of {', '.join(get_args(ScoringMethod))}, not {method!r}")
