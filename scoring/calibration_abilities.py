"""Which of a pupil's trials can be calibrated together, and what ability stands behind each of them?"""

from __future__ import annotations

import numpy as np

from scoring.calibration_types import CalibrationData
from scoring.growth import Dynamics, carry
from scoring.irt import DEFAULT_GRID, ItemParameters, log_likelihood
from scoring.irt.posterior import posterior_weights
from scoring.irt.quadrature import normal_weights
from scoring.irt.types import BoolArray, FloatArray, IntArray, ResponseArray

LEAST_TIES, LEAST_TIE = 3, 50


def occasions(data: CalibrationData, codes: ResponseArray) -> IntArray:
    """The occasion of each row (N,) that is to have a population of its own, 0 for what nothing ties.

    Occasions are tied by items that pupils met on the first one and others on this one: at least three, each
    by fifty on both. First presentations alone rarely tie a second trial: who sat both has met the anchors.
    """
    first = (codes[data.occasion == 1] >= 0).sum(axis=0)
    result = np.where(data.occasion == 1, 1, 0)
    for one in np.unique(data.occasion[data.occasion > 1]).tolist():
        counts = (codes[data.occasion == one] >= 0).sum(axis=0)
        if (np.minimum(counts, first) >= LEAST_TIE).sum() >= LEAST_TIES:
            result[data.occasion == one] = one
    return np.asarray(result, dtype=np.int64)


def abilities(
    data: CalibrationData,
    codes: ResponseArray,
    items: ItemParameters,
    *,
    mean: FloatArray,
    sd: FloatArray,
    dynamics: Dynamics,
) -> FloatArray:
    """Posteriors (N, Q) from responses (N, J) to items of known parameters.

    On the first occasion from the population with `mean` and `sd` (N,); later from what the pupil's trial
    before said, carried over the weeks and the practice in between.
    """
    likelihood = log_likelihood(codes, items)
    posteriors = np.empty(likelihood.shape)
    for one in np.unique(data.occasion).tolist():
        rows = np.flatnonzero(data.occasion == one)
        prior = normal_weights(DEFAULT_GRID, mean=mean[rows], sd=sd[rows])
        again = data.before[rows] >= 0
        if again.any():
            later = rows[again]
            prior[again] = carry(
                posteriors[data.before[later]],
                dynamics,
                weeks=data.weeks[later],
                practised=data.between[later],
            )
        posteriors[rows] = posterior_weights(likelihood[rows], prior)
    return posteriors


def told(data: CalibrationData, codes: ResponseArray) -> BoolArray:
    """Rows (N,) whose ability something tells: responses (N, J) to known items, here or on a trial before."""
    result = np.asarray((codes >= 0).any(axis=1), dtype=np.bool_)
    for one in np.unique(data.occasion).tolist():
        rows = np.flatnonzero((data.occasion == one) & (data.before >= 0))
        result[rows] |= result[data.before[rows]]
    return result
