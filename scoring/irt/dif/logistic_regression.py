"""Given the total, do group or group and total together still predict the response to an item?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.irt.dif.cumulative_logit import fit_cumulative_logit
from scoring.irt.dif.matching import Comparison, Matching, compare, matching_items
from scoring.irt.dif.multiple_tests import benjamini_hochberg
from scoring.irt.types import BoolArray, FloatArray, MissingRule

_SIGNIFICANT = 0.05


class LogisticTest(NamedTuple):
    """One comparison of nested regressions for J items; NaN where there is none.

    chi_square        (J,)  twice the gain in log-likelihood
    df                      degrees of freedom
    p_value           (J,)
    adjusted_p_value  (J,)  for having tested J items (Benjamini & Hochberg 1995)
    r2_gain           (J,)  gain in Nagelkerke's (1991) R squared
    """

    chi_square: FloatArray
    df: int
    p_value: FloatArray
    adjusted_p_value: FloatArray
    r2_gain: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LogisticResult:
    """Differential item functioning of J items by regression (Swaminathan & Rogers 1990).

    total         group and its product with the standing, against the standing alone
    uniform       group against the standing alone: an equal shift at every level
    non_uniform   the product against group: a difference that changes with the level
    group_effect  (J,)  log odds of reaching a category, focal minus reference, at equal standing (no product)
    se_group_effect  (J,)
    effect_class        Jodoin & Gierl (2001) by the total R squared gain: A below 0.035 or not significant
                        at 5 %, B below 0.07, C; "" where there is no test
    converged     (J,)  whether the three regressions were found
    matched       (J,)  which items the matching total counted, besides the studied one
    """

    total: LogisticTest
    uniform: LogisticTest
    non_uniform: LogisticTest
    group_effect: FloatArray
    se_group_effect: FloatArray
    effect_class: tuple[str, ...]
    converged: BoolArray
    matched: BoolArray


class _Fits(NamedTuple):
    """For J items: log-likelihoods without anything, with standing, group, product; and what else is told."""

    empty: FloatArray
    standing: FloatArray
    group: FloatArray
    product: FloatArray
    group_effect: FloatArray
    se_group_effect: FloatArray
    n: FloatArray
    converged: FloatArray


_NOTHING = (*[float("nan")] * 7, 0.0)


def logistic_regression(
    responses: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    focal: Hashable,
    reference: Hashable | None = None,
    category_points: ArrayLike | None = None,
    matching: ArrayLike | None = None,
    matched: ArrayLike | None = None,
    purify: bool = False,
    adjust: bool = False,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> LogisticResult:
    """Regressions for every item between two groups; options as for `mantel_haenszel`.

    Items of several categories by proportional odds. Totals of different booklets say different things, so
    there `matching` (N,) must be given; a total is not divided into strata but enters as a number.
    """
    comparison = compare(
        responses,
        groups,
        focal=focal,
        reference=reference,
        category_points=category_points,
        matching=matching,
        omitted=omitted,
        not_reached=not_reached,
    )
    mask = matching_items(matched, comparison.n_items)
    result = _all_items(comparison, mask, adjust=adjust)
    if not purify:
        return result
    suspect = np.array([letter in ("B", "C") for letter in result.effect_class])
    return _all_items(comparison, matching_items(mask & ~suspect, mask.size), adjust=adjust)


def _all_items(comparison: Comparison, matched: BoolArray, *, adjust: bool) -> LogisticResult:
    matching = Matching.on(comparison, matched)
    rows = [_fit_item(comparison, matching, item) for item in range(comparison.n_items)]
    fits = _Fits(*np.array(rows, dtype=np.float64).T)
    total = _test(fits, fits.standing, fits.product, 2)
    effect = np.select([total.r2_gain < 0.035, total.r2_gain < 0.07], ["A", "B"], "C")
    effect[(total.adjusted_p_value if adjust else total.p_value) >= _SIGNIFICANT] = "A"
    effect[~(np.isfinite(total.p_value) & (fits.converged > 0))] = ""
    return LogisticResult(
        total=total,
        uniform=_test(fits, fits.standing, fits.group, 1),
        non_uniform=_test(fits, fits.group, fits.product, 1),
        group_effect=fits.group_effect,
        se_group_effect=fits.se_group_effect,
        effect_class=tuple(effect.tolist()),
        converged=fits.converged > 0,
        matched=matched,
    )


def _fit_item(comparison: Comparison, matching: Matching, item: int) -> tuple[float, ...]:
    """The fields of _Fits for one item."""
    standing, group, counts = _cells(comparison, matching, item)
    sizes = counts.sum(axis=1)
    n, category_sizes = float(sizes.sum()), counts.sum(axis=0)
    if (category_sizes > 0).sum() < 2 or group.min(initial=1) == group.max(initial=0):
        return _NOTHING
    # Centred and scaled for the sake of the arithmetic alone: the tests do not change.
    mean = sizes @ standing / n
    spread = np.sqrt(sizes @ (standing - mean) ** 2 / n)
    centred = (standing - mean) / (spread if spread > 0 else 1.0)
    columns = np.stack((centred, group, centred * group), axis=1)
    # What the groups share of the matching decides what can be told of them: nothing where the matching says
    # who is in which group, no product where all of a group stand alike.
    design = np.column_stack((np.ones_like(centred), columns))
    ranks = [int(np.linalg.matrix_rank(design[:, : width + 1])) for width in (1, 2, 3)]
    if ranks[1] == ranks[0]:
        return _NOTHING
    one, two, three = (fit_cumulative_logit(columns[:, :width], counts) for width in (1, 2, 3))
    return (
        float(special.xlogy(category_sizes, category_sizes / n).sum()),
        one.log_likelihood,
        two.log_likelihood,
        three.log_likelihood if ranks[2] > ranks[1] else float("nan"),
        float(two.coefficients[1]),
        float(two.se[1]),
        n,
        float(one.converged and two.converged and three.converged),
    )


def _cells(
    comparison: Comparison, matching: Matching, item: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Standing (R,), focal group 0 or 1 (R,) and counts (R, K) of the R combinations that occur."""
    speaks = comparison.responses[:, item] >= 0
    response = comparison.responses[speaks, item].astype(np.int64)
    value, place = np.unique(matching.continuous(item)[speaks], return_inverse=True)
    n_categories = int(response.max(initial=0)) + 1
    cell = (place * 2 + comparison.is_focal[speaks]) * n_categories + response
    counts = np.bincount(cell, minlength=value.size * 2 * n_categories).reshape(-1, n_categories)
    rows = np.flatnonzero(counts.sum(axis=1))
    return value[rows // 2], (rows % 2).astype(np.float64), counts[rows].astype(np.float64)


def _test(fits: _Fits, smaller: FloatArray, larger: FloatArray, df: int) -> LogisticTest:
    chi_square = np.maximum(2 * (larger - smaller), 0.0)
    p_value = np.where(np.isfinite(chi_square), special.chdtrc(df, chi_square), np.nan)
    gain = _nagelkerke(larger, fits) - _nagelkerke(smaller, fits)
    return LogisticTest(chi_square, df, p_value, benjamini_hochberg(p_value), gain)


def _nagelkerke(log_likelihood: FloatArray, fits: _Fits) -> FloatArray:
    """The share of what could be explained; expm1 keeps the digits of small shares."""
    possible = np.expm1(2 * fits.empty / fits.n)
    return np.asarray(np.expm1(2 * (fits.empty - log_likelihood) / fits.n) / possible)
