"""Which columns of a table of responses can be scored, with which parameters and which population?"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.responses import resolve_missing
from scoring.irt.types import BoolArray, FloatArray, ItemParameters, MissingRule, ResponseArray


class NormalPopulation(Protocol):
    """Means and sds (G,) of the groups of a calibration, and its regression's coefficients (P,)."""

    @property
    def mean(self) -> FloatArray: ...

    @property
    def sd(self) -> FloatArray: ...

    @property
    def coefficients(self) -> FloatArray: ...


class Calibrated(Protocol):
    """What of a calibration's result scoring needs: which of J columns have parameters (J,), and those."""

    @property
    def calibrated(self) -> BoolArray: ...

    @property
    def items(self) -> ItemParameters: ...

    @property
    def population(self) -> NormalPopulation: ...

    @property
    def omitted(self) -> MissingRule: ...

    @property
    def not_reached(self) -> MissingRule: ...


def scorable(
    responses: ArrayLike,
    items: ItemParameters | Calibrated,
    *,
    omitted: MissingRule | None = None,
    not_reached: MissingRule | None = None,
) -> tuple[ResponseArray, ItemParameters]:
    """Codes (N, J') of the columns with parameters, only categories and -1 left, and their J' items.

    Codes and errors as in `resolve_missing`; columns without parameters may hold any category. Rules that are
    not given are those of the calibration, or omitted counts as 0 and not reached as not presented.
    """
    if isinstance(items, ItemParameters):
        omitted = MissingRule.CATEGORY_ZERO if omitted is None else omitted
        not_reached = MissingRule.NOT_PRESENTED if not_reached is None else not_reached
        return resolve_missing(responses, items.n_categories, omitted=omitted, not_reached=not_reached), items
    omitted = items.omitted if omitted is None else omitted
    not_reached = items.not_reached if not_reached is None else not_reached
    parameters = items.items
    n_categories = np.full(items.calibrated.size, np.iinfo(np.int8).max)
    n_categories[items.calibrated] = parameters.n_categories
    codes = resolve_missing(responses, n_categories, omitted=omitted, not_reached=not_reached)
    return (codes if items.calibrated.all() else codes[:, items.calibrated]), parameters


def populations_of(
    items: ItemParameters | Calibrated,
    prior_mean: ArrayLike | None,
    prior_sd: ArrayLike | None,
    *,
    n_candidates: int,
) -> NormalPrior | None:
    """Every population that is known, for a scale wide enough for all; None for bare parameters alone.

    What is given goes before the calibration, as in `prior_of`, but several populations are no trouble: all
    get the largest sd.
    """
    mean, sd = np.zeros(1), np.ones(1)
    if not isinstance(items, ItemParameters):
        mean, sd = items.population.mean, items.population.sd
    elif prior_mean is None and prior_sd is None:
        return None
    given = NormalPrior.of(
        0.0 if prior_mean is None else prior_mean,
        1.0 if prior_sd is None else prior_sd,
        n_candidates=n_candidates,
    )
    mean = mean if prior_mean is None else given.mean
    sd = sd if prior_sd is None else given.sd
    return NormalPrior(mean, sd.max(keepdims=True)) if mean.size and sd.size else None


def prior_of(
    items: ItemParameters | Calibrated,
    prior_mean: ArrayLike | None,
    prior_sd: ArrayLike | None,
    *,
    n_candidates: int,
) -> NormalPrior:
    """What was given, else the population of the calibration, else N(0, 1).

    Raises ValueError where a calibration has several populations, so that none of them is everybody's.
    """
    mean, sd = 0.0, 1.0
    if not isinstance(items, ItemParameters) and (prior_mean is None or prior_sd is None):
        population = items.population
        if population.mean.size > 1 or population.coefficients.size:
            raise ValueError(
                "the calibration has several populations: give prior_mean and prior_sd, "
                "as from population.of_groups or population.of_covariates"
            )
        mean, sd = float(population.mean[0]), float(population.sd[0])
    return NormalPrior.of(
        mean if prior_mean is None else prior_mean,
        sd if prior_sd is None else prior_sd,
        n_candidates=n_candidates,
    )
