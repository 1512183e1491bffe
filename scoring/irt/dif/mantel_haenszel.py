"""Among candidates of equal total, has one group better chances on an item than the other?

Mantel-Haenszel for dichotomous items, Mantel's test and standardised mean differences for any.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from scoring.irt.dif.matching import Comparison, Matching, compare, matching_items
from scoring.irt.dif.multiple_tests import benjamini_hochberg
from scoring.irt.dif.stratified_tables import mantel_haenszel_statistics
from scoring.irt.types import BoolArray, FloatArray, IntArray, MissingRule

_DELTA = -2.35  # ETS delta units per unit of log odds
_SIGNIFICANT = 0.05
_ONE_SIDED = 1.645  # standard errors by which |delta| must exceed 1 in class C
_FEW = 5  # candidates of equal matching, on average, below which it may be too fine


@dataclass(frozen=True, slots=True, eq=False)
class MantelHaenszelResult:
    """Statistics of J items, as explained in MantelHaenszelStatistics, and what follows from them.

    delta             (J,)  -2.35 ln alpha: negative where the item is harder for the focal group
    se_delta          (J,)
    p_value           (J,)  of chi_square
    adjusted_p_value  (J,)  for having tested J items (Benjamini & Hochberg 1995)
    ets_class         J letters: A negligible, B moderate, C large, "" where there is no statistic. With two
                      categories: A if chi_square is not significant at 5 % or |delta| < 1; C if |delta| is
                      1.5 or more and significantly above 1, or beyond measure (Dorans & Holland 1993, Zwick
                      2012). With more: by |smd| in standard deviations of the item, limits 0.17 and 0.25.
    n_reference       (J,)  candidates with a category on the item
    n_focal           (J,)
    matched           (J,)  which items the matching total counted, besides the studied one
    """

    chi_square: FloatArray
    p_value: FloatArray
    adjusted_p_value: FloatArray
    alpha: FloatArray
    se_log_alpha: FloatArray
    delta: FloatArray
    se_delta: FloatArray
    smd: FloatArray
    se_smd: FloatArray
    ets_class: tuple[str, ...]
    n_reference: IntArray
    n_focal: IntArray
    matched: BoolArray


def mantel_haenszel(
    responses: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    focal: Hashable,
    reference: Hashable | None = None,
    category_points: ArrayLike | None = None,
    matching: ArrayLike | None = None,
    matched: ArrayLike | None = None,
    purify: bool = False,
    correct: bool = True,
    adjust: bool = False,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> MantelHaenszelResult:
    """Differential item functioning of every item between two groups, as `compare` takes them.

    matching candidates of equal value are compared, so round an estimate of ability
    matched  items the total counts (positions or mask; all if not given), the studied item always included
    purify   a second run whose total leaves out what was B or C in the first (Holland & Thayer 1988)
    correct  the continuity correction, for two categories
    adjust   classes by adjusted p-values

    Raises ValueError where the matching is so fine that most of the smaller group have nobody to be compared
    with, and where no item has candidates of both groups who are alike.
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
    _require_levels(comparison)
    mask = matching_items(matched, comparison.n_items)
    result = _all_items(comparison, mask, correct=correct, adjust=adjust)
    if not purify:
        return result
    suspect = np.array([letter in ("B", "C") for letter in result.ets_class])
    return _all_items(comparison, matching_items(mask & ~suspect, mask.size), correct=correct, adjust=adjust)


def _all_items(
    comparison: Comparison, matched: BoolArray, *, correct: bool, adjust: bool
) -> MantelHaenszelResult:
    matching = Matching.on(comparison, matched)
    tables = [_table(comparison, matching.strata(item), item) for item in range(comparison.n_items)]
    if not any((table.sum(axis=2) > 0).all(axis=1).any() for table in tables):
        raise ValueError(
            "on no item do candidates of both groups have an equal matching, so nothing can be compared; "
            "match them more coarsely"
        )
    worth = [comparison.worth[item, : table.shape[2]] for item, table in enumerate(tables)]
    rows = [
        mantel_haenszel_statistics(table, points, correct=correct)
        for table, points in zip(tables, worth, strict=True)
    ]
    chi_square, alpha, se_log_alpha, smd, se_smd = np.array(rows).T
    p_value = np.where(np.isfinite(chi_square), special.chdtrc(1, chi_square), np.nan)
    adjusted = benjamini_hochberg(p_value)
    delta, se_delta = _DELTA * np.log(alpha), -_DELTA * se_log_alpha
    deviation = [_deviation(table.sum(axis=(0, 1)), own) for table, own in zip(tables, worth, strict=True)]
    two = np.array([table.shape[2] == 2 for table in tables])
    effect = np.where(two, _class_by_odds(delta, se_delta), _class_by_mean(np.abs(smd), np.array(deviation)))
    effect[(adjusted if adjust else p_value) >= _SIGNIFICANT] = "A"
    effect[~np.isfinite(p_value)] = ""
    sizes = np.array([table.sum(axis=(0, 2)) for table in tables], dtype=np.int64)
    return MantelHaenszelResult(
        chi_square=chi_square,
        p_value=p_value,
        adjusted_p_value=adjusted,
        alpha=alpha,
        se_log_alpha=se_log_alpha,
        delta=delta,
        se_delta=se_delta,
        smd=smd,
        se_smd=se_smd,
        ets_class=tuple(effect.tolist()),
        n_reference=sizes[:, 0],
        n_focal=sizes[:, 1],
        matched=matched,
    )


def _require_levels(comparison: Comparison) -> None:
    """Raises ValueError for values that differ from candidate to candidate, as estimates of ability do.

    Where levels hold few candidates but most of the smaller group still meet the other, as in a small sample
    matched on totals, the statistics are sound.
    """
    if comparison.value is None:
        return
    values, level = np.unique(comparison.value, return_inverse=True)
    sizes = np.array(
        [np.bincount(level[comparison.is_focal == side], minlength=values.size) for side in (0, 1)]
    )
    smaller = sizes[sizes.sum(axis=1).argmin()]
    met = int(smaller[(sizes > 0).all(axis=0)].sum())
    if sizes.sum() < _FEW * values.size and 2 * met < smaller.sum():
        raise ValueError(
            f"matching has {values.size} distinct values for {sizes.sum()} candidates, too many to find "
            "equals in both groups; round or group it, for instance np.round(matching, 1)"
        )


def _class_by_odds(delta: FloatArray, se_delta: FloatArray) -> NDArray[np.str_]:
    """Classes as if significant. An odds ratio that is 0 or infinite has no size to go by: C."""
    size = np.abs(delta)
    large = (size >= 1.5) & (size - _ONE_SIDED * se_delta > 1)
    return np.select([size < 1, large | np.isnan(size)], ["A", "C"], "B")


def _class_by_mean(difference: FloatArray, deviation: FloatArray) -> NDArray[np.str_]:
    return np.select([difference <= 0.17 * deviation, difference <= 0.25 * deviation], ["A", "B"], "C")


def _deviation(counts: FloatArray, worth: IntArray) -> float:
    """Standard deviation of an item's points, from how often each category occurred."""
    n = counts.sum()
    if n == 0:
        return float("nan")
    mean = counts @ worth / n
    return float(np.sqrt(counts @ (worth - mean) ** 2 / n))


def _table(comparison: Comparison, strata: IntArray, item: int) -> FloatArray:
    """Counts (S, 2, K): strata, reference before focal, categories."""
    response = comparison.responses[:, item]
    speaks = response >= 0
    n_strata = int(strata.max(initial=0)) + 1
    n_categories = max(2, int(response.max(initial=0)) + 1)
    cell = (strata * 2 + comparison.is_focal) * n_categories + response
    counts = np.bincount(cell[speaks], minlength=n_strata * 2 * n_categories)
    return counts.reshape(n_strata, 2, n_categories).astype(np.float64)
