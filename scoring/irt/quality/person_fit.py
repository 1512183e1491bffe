"""Does a candidate's pattern of responses look like one of somebody of that ability?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.likelihood import apply_missing_rules
from scoring.irt.probabilities import category_derivatives, category_log_probabilities
from scoring.irt.quality.residuals import candidate_chunks, known_abilities
from scoring.irt.ratio import ratio
from scoring.irt.types import BoolArray, FloatArray, IntArray, ItemParameters, MissingRule, ResponseArray

_LEAST_SHARE = 1e-9  # of its variance that lz keeps; below, all of it was spent on estimating theta


@dataclass(frozen=True, slots=True, eq=False)
class PersonFit:
    """Of N candidates; low values mean a pattern too unlikely, high ones a pattern too good.

    lz              (N,)  standardised log-likelihood, standard normal at the true ability of a long form
    lz_star         (N,)  the same corrected for theta having been estimated from these responses
    log_likelihood  (N,)  of the responses at theta; 0 without responses
    n_items         (N,)  responses it rests on

    NaN where theta is not finite, and where nothing can vary: without responses for lz, with items all of one
    difficulty and slope (or a single one) for lz_star, because there the ability uses all there is.
    """

    lz: FloatArray
    lz_star: FloatArray
    log_likelihood: FloatArray
    n_items: IntArray


class _Moments(NamedTuple):
    """Sums over a candidate's items (n,): the log-likelihood, its slope by theta, and their moments."""

    log_likelihood: FloatArray
    expected: FloatArray
    variance: FloatArray
    slope: FloatArray
    information: FloatArray
    covariance: FloatArray


def person_fit(
    responses: ArrayLike,
    parameters: ItemParameters,
    theta: ArrayLike,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> PersonFit:
    """lz (Drasgow, Levine & Williams 1985) and lz* from responses (N, J) at abilities theta (N,).

    lz* (Snijders 2001; Sinharay 2016 for more than two categories) takes out of the log-likelihood what moves
    with theta: with c = covariance / information it is (l - E(l) - c l') / sqrt(Var(l) - c^2 information).
    The slope l' at the estimate is all that tells estimators apart (Snijders' -r0): 0 for maximum likelihood,
    -J / (2 I) for Warm's, (theta - mean) / sd^2 for the posterior mode under a normal prior. So any estimate
    whose error shrinks with the number of items will do, the posterior mean included.
    Codes and errors as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    abilities, known = known_abilities(theta, codes.shape[0])
    sums = np.zeros((len(_Moments._fields), codes.shape[0]))
    for part in candidate_chunks(codes.shape[0], parameters):
        sums[:, part] = _moments(codes[part], codes[part] >= 0, abilities[part], parameters)
    return _person_fit(_Moments(*np.where(known, sums, np.nan)), (codes >= 0).sum(axis=1))


def _person_fit(m: _Moments, n_items: IntArray) -> PersonFit:
    surprise = m.log_likelihood - m.expected
    c = ratio(m.covariance, m.information)
    left = m.variance - c * m.covariance
    left = np.where(left > _LEAST_SHARE * m.variance, left, np.nan)
    return PersonFit(
        lz=ratio(surprise, np.sqrt(m.variance)),
        lz_star=(surprise - c * m.slope) / np.sqrt(left),
        log_likelihood=m.log_likelihood,
        n_items=n_items,
    )


def _moments(
    codes: ResponseArray, met: BoolArray, theta: FloatArray, parameters: ItemParameters
) -> FloatArray:
    """The rows of `_Moments`; a category weighs w = log p in the likelihood, r = p' / p in its slope."""
    log_p = category_log_probabilities(theta, parameters)
    p, first, _ = category_derivatives(theta, parameters)
    w = np.where(np.isfinite(log_p), log_p, 0.0)
    r = np.divide(first, p, out=np.zeros_like(p), where=p > 0)
    chosen = np.maximum(codes, 0)[:, :, None].astype(np.intp)
    expected = (p * w).sum(axis=2)
    of_items = (
        np.take_along_axis(w, chosen, axis=2)[:, :, 0],
        expected,
        (p * (w - expected[:, :, None]) ** 2).sum(axis=2),
        np.take_along_axis(r, chosen, axis=2)[:, :, 0],
        (first * r).sum(axis=2),
        (first * w).sum(axis=2),
    )
    return np.stack([np.where(met, values, 0.0).sum(axis=1) for values in of_items])
