"""Which figures does the report of a calibration show?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.reliability import empirical_reliability
from scoring.irt.ability.scores import Scores, score
from scoring.irt.calibration.result import CalibrationResult, Model, Population
from scoring.irt.posterior import mean_and_sd
from scoring.irt.quality.classical import ClassicalStatistics, classical_statistics
from scoring.irt.quality.dependence import Dependence, q3
from scoring.irt.quality.item_fit import ItemFit, s_x2
from scoring.irt.quality.mean_squares import MeanSquares, item_mean_squares
from scoring.irt.report.item_curves import ObservedCurves, observed_curves
from scoring.irt.responses import resolve_missing
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule, ResponseArray


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """N candidates' responses (N, J) to the items called `items`, and by which rules missing ones were read.

    source      where they come from, for people
    groups      N labels, or None
    covariates  (N, P), or None
    anchors     names of the items that were held fixed
    """

    source: str
    items: tuple[str, ...]
    responses: ResponseArray
    groups: tuple[str, ...] | None = None
    covariates: FloatArray | None = None
    covariate_names: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    omitted: MissingRule = MissingRule.CATEGORY_ZERO
    not_reached: MissingRule = MissingRule.NOT_PRESENTED


@dataclass(frozen=True, slots=True, eq=False)
class ReportFacts:
    """All that the report needs; the J' calibrated items only, except for `classical` with all J.

    codes       (N, J')  responses with only categories and -1 left
    group       (N,)  each candidate's position in result.population.groups
    alpha       Cronbach's, of the calibrated items
    n_items     (N,)  responses that spoke
    """

    sample: Sample
    result: CalibrationResult
    names: tuple[str, ...]
    parameters: ItemParameters
    codes: ResponseArray
    group: IntArray
    classical: ClassicalStatistics
    alpha: float
    observed: ObservedCurves
    item_fit: ItemFit
    mean_squares: MeanSquares
    dependence: Dependence
    reliability: float
    n_items: IntArray

    @property
    def complete(self) -> bool:
        """Whether every candidate met every calibrated item."""
        return bool((self.codes >= 0).all())


def gather(sample: Sample, result: CalibrationResult) -> ReportFacts:
    """The figures of a calibration of these responses."""
    parameters, kept = result.items, result.calibrated
    codes = resolve_missing(sample.responses, None, omitted=sample.omitted, not_reached=sample.not_reached)
    group = group_positions(result.population, sample.groups, codes.shape[0])
    mean, sd = candidate_priors(result.population, group, sample.covariates)
    calibrated = codes[:, kept]
    observed = observed_curves(calibrated, parameters, grid=result.grid, prior_mean=mean, prior_sd=sd)
    # Warm's estimates are nearly free of bias, also for a short form, and finite for everybody.
    theta = score(calibrated, parameters, "wle", grid=result.grid).theta
    whole_mean, whole_sd = mean_and_sd(observed.density, observed.grid)
    n_items = (calibrated >= 0).sum(axis=1)
    estimates = Scores(theta=observed.theta, se=observed.se, n_items=n_items, method="eap")
    return ReportFacts(
        sample=sample,
        result=result,
        names=tuple(name for name, chosen in zip(sample.items, kept, strict=True) if chosen),
        parameters=parameters,
        codes=calibrated,
        group=group,
        classical=_classical(codes, result.n_categories),
        alpha=_classical(calibrated, parameters.n_categories).alpha,
        observed=observed,
        item_fit=s_x2(
            calibrated,
            parameters,
            n_parameters=_n_free(sample, result)[kept],
            prior_mean=float(whole_mean),
            prior_sd=float(whole_sd),
        ),
        mean_squares=item_mean_squares(calibrated, parameters, theta),
        dependence=q3(calibrated, parameters, theta),
        reliability=empirical_reliability(estimates),
        n_items=n_items,
    )


def group_positions(population: Population, labels: tuple[str, ...] | None, n: int) -> IntArray:
    """Each candidate's position (N,) in population.groups; 0 for all where there are no labels."""
    if labels is None:
        return np.zeros(n, dtype=np.int64)
    place = {label: position for position, label in enumerate(population.groups)}
    return np.array([place[label] for label in labels], dtype=np.int64)


def candidate_priors(
    population: Population, group: IntArray, covariates: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Mean and sd (N,) of ability before any response, from groups (N,) and covariates (N, P)."""
    mean = population.mean[group]
    if covariates is not None:
        mean = mean + np.asarray(covariates, dtype=np.float64) @ population.coefficients
    return np.asarray(mean, dtype=np.float64), np.asarray(population.sd[group], dtype=np.float64)


def _n_free(sample: Sample, result: CalibrationResult) -> IntArray:
    """How many parameters (J,) of each item its own responses determined."""
    own_slope = np.array([model not in (Model.RASCH, Model.PCM, Model.ONE) for model in result.models])
    guessing = np.array([model == Model.THREE for model in result.models])
    free = result.n_categories - 1 + own_slope + guessing
    return np.where([name in sample.anchors for name in sample.items], 0, free)


def _classical(codes: ResponseArray, n_categories: IntArray) -> ClassicalStatistics:
    points = np.where(codes >= 0, codes, np.nan)
    return classical_statistics(points, n_categories - 1)
