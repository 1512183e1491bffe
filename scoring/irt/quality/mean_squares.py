"""Are responses to an item, or of a candidate, about as surprising as the model says they should be?

Wright & Masters (1982), Rating scale analysis, chapter 5: mean squares of residuals, 1 where all is well,
above where responses are wilder than the model allows, below where they are tamer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.likelihood import apply_missing_rules
from scoring.irt.quality.residuals import Residuals, residual_chunks
from scoring.irt.ratio import ratio
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule

_LEAST_VARIANCE = 1e-10  # keeps a response that was certain beforehand from being infinitely surprising
_GREATEST_Q = 1.4142  # the cube root is far from normal beyond; R mirt holds it here, too


@dataclass(frozen=True, slots=True, eq=False)
class MeanSquares:
    """Of J items or N candidates; NaN for one without responses.

    outfit    (J,) or (N,)  mean of squared standardised residuals: speaks for single wild responses
    infit     (J,) or (N,)  the same weighted by information: speaks for responses near the ability
    outfit_z  (J,) or (N,)  about standard normal (Wilson & Hilferty 1931); NaN where outfit cannot vary
    infit_z   (J,) or (N,)
    n         (J,) or (N,)  responses it rests on
    """

    outfit: FloatArray
    infit: FloatArray
    outfit_z: FloatArray
    infit_z: FloatArray
    n: IntArray


class _Sums(NamedTuple):
    n: FloatArray
    squares: FloatArray  # of residuals
    standard_squares: FloatArray  # of residuals, each by its variance
    variance: FloatArray
    spread: FloatArray  # variance of the squares
    standard_spread: FloatArray  # variance of the standardised squares, plus n


def item_mean_squares(
    responses: ArrayLike,
    parameters: ItemParameters,
    theta: ArrayLike,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> MeanSquares:
    """Fit of each item, from responses (N, J) at abilities theta (N,).

    Candidates whose theta is not finite are left out. Abilities estimated from the same responses lie nearer
    to them than the true ones do, so values run somewhat below 1.
    Codes and errors as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    total = np.zeros((len(_Sums._fields), parameters.n_items))
    for _, residuals in residual_chunks(codes, parameters, theta):
        total += _sums(residuals, axis=0)
    return _mean_squares(_Sums(*total))


def person_mean_squares(
    responses: ArrayLike,
    parameters: ItemParameters,
    theta: ArrayLike,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> MeanSquares:
    """Fit of each candidate, from responses (N, J) at abilities theta (N,).

    NaN where theta is not finite. Codes and errors as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    total = np.zeros((len(_Sums._fields), codes.shape[0]))
    for part, residuals in residual_chunks(codes, parameters, theta):
        total[:, part] = _sums(residuals, axis=1)
    return _mean_squares(_Sums(*total))


def _sums(residuals: Residuals, *, axis: int) -> FloatArray:
    """The rows of `_Sums`."""
    met, residual, variance, fourth = residuals
    bounded = np.maximum(variance, _LEAST_VARIANCE)
    terms = (
        met.astype(np.float64),
        residual**2,
        residual**2 / bounded,
        variance,
        fourth - variance**2,
        fourth / bounded**2,
    )
    return np.stack([term.sum(axis=axis) for term in terms])


def _mean_squares(sums: _Sums) -> MeanSquares:
    outfit = ratio(sums.standard_squares, sums.n)
    infit = ratio(sums.squares, sums.variance)
    outfit_variance = ratio(sums.standard_spread - sums.n, sums.n**2)
    infit_variance = ratio(sums.spread, sums.variance**2)
    return MeanSquares(
        outfit=outfit,
        infit=infit,
        outfit_z=_standardised(outfit, outfit_variance),
        infit_z=_standardised(infit, infit_variance),
        n=sums.n.astype(np.int64),
    )


def _standardised(mean_square: FloatArray, variance: FloatArray) -> FloatArray:
    q = np.minimum(np.sqrt(np.maximum(variance, 0.0)), _GREATEST_Q)
    return ratio((np.cbrt(mean_square) - 1) * 3, q) + q / 3
