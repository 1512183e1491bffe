"""How wide is the interval around a figure estimated from several imputations?"""

from __future__ import annotations

import math
from statistics import NormalDist

from scoring.irt.types import FloatArray


def combine_imputations(
    estimates: FloatArray,
    sampling_variance: float,
    *,
    sampling_freedom: float = math.inf,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Mean of M >= 2 estimates and the half-width of its interval (Rubin 1987, chapter 3).

    sampling_variance: the mean over imputations of the variance each estimate would have with complete
    data, known with `sampling_freedom` degrees of freedom (n - 1 for a mean of n); 0 where the candidates
    are the whole population. Degrees of freedom of the result by Barnard & Rubin (1999).
    """
    m = estimates.size
    if m < 2:
        raise ValueError("two imputations are the least from which a variance can be told")
    between = (1 + 1 / m) * float(estimates.var(ddof=1))
    total = sampling_variance + between
    if total <= 0:
        return float(estimates.mean()), 0.0
    missing = between / total
    across = (m - 1) / missing**2 if missing > 1e-6 else math.inf
    freedom = across
    if sampling_variance > 0 and math.isfinite(sampling_freedom):
        complete = (sampling_freedom + 1) / (sampling_freedom + 3) * sampling_freedom * (1 - missing)
        freedom = 1 / (1 / across + 1 / complete)
    return float(estimates.mean()), t_quantile(0.5 + confidence / 2, freedom) * math.sqrt(total)


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of the t distribution by the expansion around the normal one (Abramowitz & Stegun 26.7.5).

    For probability 0.975 the error is below 0.0001 from 10 degrees of freedom and below 0.02 from 3.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
