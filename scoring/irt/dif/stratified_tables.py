"""What do tables of right and wrong, one for each level of standing, say about two groups?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.types import FloatArray, IntArray


class MantelHaenszelStatistics(NamedTuple):
    """What one item's table says; NaN where it cannot be said (nobody to compare, or all alike).

    chi_square    Mantel & Haenszel (1959) with two categories, Mantel (1963) with more; one degree of freedom
    alpha         common odds ratio, above 1 where the reference group does better; two categories only
    se_log_alpha  of ln alpha, by Robins, Breslow & Greenland (1986)
    smd           standardised mean difference in points, focal minus reference (Dorans & Schmitt 1993)
    se_smd        its standard error if there is no difference (Zwick & Thayer 1996, hypergeometric)
    """

    chi_square: float
    alpha: float
    se_log_alpha: float
    smd: float
    se_smd: float


def mantel_haenszel_statistics(
    table: ArrayLike, points: ArrayLike | None = None, *, correct: bool = True
) -> MantelHaenszelStatistics:
    """Statistics from counts (S, 2, K): S strata, reference before focal, categories worth `points` (K,)."""
    counts = np.asarray(table, dtype=np.float64)
    worth = np.arange(counts.shape[2]) if points is None else np.asarray(points)
    sizes = counts.sum(axis=2)
    # A stratum without one of the groups, or with one candidate, compares nobody.
    counts = counts[(sizes > 0).all(axis=1)]
    two = counts.shape[2] == 2
    excess, variance = _mantel(counts, worth)
    alpha, se_log_alpha = _odds_ratio(counts) if two else (float("nan"), float("nan"))
    smd, se_smd = _standardised_difference(counts, worth, variance)
    gap = abs(float(excess.sum()))
    if two and correct:
        gap = max(0.0, gap - 0.5 * abs(float(worth[1] - worth[0])))
    total = float(variance.sum())
    return MantelHaenszelStatistics(
        chi_square=gap**2 / total if total > 0 else float("nan"),
        alpha=alpha,
        se_log_alpha=se_log_alpha,
        smd=smd,
        se_smd=se_smd,
    )


def _mantel(counts: FloatArray, worth: IntArray) -> tuple[FloatArray, FloatArray]:
    """Per stratum: the focal group's points above what its size would bring, and their variance if equal."""
    either = counts.sum(axis=1)
    n = either.sum(axis=1)
    focal = counts[:, 1].sum(axis=1)
    total, squares = either @ worth, either @ worth**2
    excess = counts[:, 1] @ worth - focal * total / n
    spread = n * squares - total**2
    return excess, np.asarray((n - focal) * focal * spread / (n**2 * (n - 1)), dtype=np.float64)


def _odds_ratio(counts: FloatArray) -> tuple[float, float]:
    """Common odds ratio and the standard error of its logarithm, NaN where it would be 0 or infinite."""
    n = counts.sum(axis=(1, 2))
    agree = counts[:, 0, 1] * counts[:, 1, 0] / n  # reference right, focal wrong
    oppose = counts[:, 0, 0] * counts[:, 1, 1] / n
    r, s = float(agree.sum()), float(oppose.sum())
    if not (r > 0 and s > 0):
        return float("nan"), float("nan")
    p = (counts[:, 0, 1] + counts[:, 1, 0]) / n
    q = 1 - p
    variance = p @ agree / (2 * r**2) + (p @ oppose + q @ agree) / (2 * r * s) + q @ oppose / (2 * s**2)
    return r / s, float(np.sqrt(variance))


def _standardised_difference(
    counts: FloatArray, worth: IntArray, variance: FloatArray
) -> tuple[float, float]:
    if counts.shape[0] == 0:
        return float("nan"), float("nan")
    size = counts.sum(axis=2)
    mean = (counts @ worth) / size
    share = size[:, 1] / size[:, 1].sum()
    # If the groups were equal, all that moves within a stratum is how its points fall to the two.
    spread = share**2 * (1 / size[:, 1] + 1 / size[:, 0]) ** 2 * variance
    return float(share @ (mean[:, 1] - mean[:, 0])), float(np.sqrt(spread.sum()))
