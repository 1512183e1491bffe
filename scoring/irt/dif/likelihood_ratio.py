"""Does an item need parameters of its own in each group, once the groups' abilities may differ?

Thissen, Steinberg & Wainer (1993): calibrations with the item equal and with the item free are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.irt.calibration import CalibrationResult, Priors, fit
from scoring.irt.dif.matching import Comparison, compare, item_mask, matching_items
from scoring.irt.dif.multiple_tests import benjamini_hochberg
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.quality.curve_gap import curve_gap
from scoring.irt.types import NOT_PRESENTED, BoolArray, FloatArray, IntArray, ItemParameters, MissingRule

_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class LikelihoodRatioResult:
    """Differential item functioning of J items; NaN (df 0) where an item was not or could not be tested.

    chi_square        (J,)  twice the log-likelihood gained by freeing the item, never below 0
    df                (J,)  parameters freed
    p_value           (J,)
    adjusted_p_value  (J,)  for having tested so many items (Benjamini & Hochberg 1995)
    a_*, b_*          (J,)  parameters of the freed item in each group, on the reference group's scale
    mean_gap          (J,)  focal minus reference curve (expected share of points), mean over the focal group
    root_gap          (J,)  root mean square of that difference
    anchors           (J,)  items held equal in both groups while others were tested
    converged         (J,)  whether both calibrations of the test came to their end
    """

    chi_square: FloatArray
    df: IntArray
    p_value: FloatArray
    adjusted_p_value: FloatArray
    a_reference: FloatArray
    a_focal: FloatArray
    b_reference: FloatArray
    b_focal: FloatArray
    mean_gap: FloatArray
    root_gap: FloatArray
    anchors: BoolArray
    converged: BoolArray


def likelihood_ratio(
    responses: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    model: str | Sequence[str] = "2pl",
    *,
    focal: Hashable,
    reference: Hashable | None = None,
    items: ArrayLike | None = None,
    anchors: ArrayLike | None = None,
    purify: bool = False,
    priors: Priors | None = None,
    grid: Grid | None = None,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
    progress: Callable[[int, int], None] | None = None,
) -> LikelihoodRatioResult:
    """One calibration, and one more for each item tested; groups as `compare` takes them, model as `fit`.

    items     which to test (positions or mask); all if not given
    anchors   items equal in both groups unless under test; all if not given. Other items are free in each
              group, so that what they do cannot bend the comparison.
    purify    a second run in which items of adjusted p-value below 5 % are no anchors any more
    priors    as for `fit`; with them the test is approximate, for likelihoods are compared at the mode
    progress  called with the calibrations done and to be done

    Raises ValueError if there is no anchor, and as `compare` and `fit`.
    """
    comparison = compare(
        responses, groups, focal=focal, reference=reference, omitted=omitted, not_reached=not_reached
    )
    n_items = comparison.n_items
    models = [model] * n_items if isinstance(model, str) else list(model)
    tested, equal = item_mask(items, n_items), matching_items(anchors, n_items)
    total = (1 + int(purify)) * (1 + int(tested.sum()))
    calibrations = _Calibrations(comparison, models, priors, grid, progress, total)
    result = _run(calibrations, tested, equal)
    if not purify:
        return result
    kept = equal & ~(result.adjusted_p_value < _SIGNIFICANT)
    return _run(calibrations, tested, matching_items(kept, n_items))


_UNTESTED = (float("nan"), 0.0, *[float("nan")] * 6, 0.0)  # a row as _test gives it


class _Calibrations:
    """Calibrations that differ only in the items that are free in each group, on one grid."""

    def __init__(
        self,
        comparison: Comparison,
        models: Sequence[str],
        priors: Priors | None,
        grid: Grid | None,
        progress: Callable[[int, int], None] | None,
        total: int,
    ) -> None:
        self.comparison = comparison
        self.models = models
        self.priors = priors
        self.progress = progress
        self.total = total
        self.done = 0
        self.grid = grid

    def of(self, free: BoolArray) -> CalibrationResult:
        """All items, those in the mask (J,) for the reference group, then those again for the focal group."""
        is_focal = self.comparison.is_focal
        first = self.comparison.responses.copy()
        first[np.ix_(is_focal, free)] = NOT_PRESENTED
        own = self.comparison.responses[:, free]
        own[~is_focal] = NOT_PRESENTED
        result = fit(
            np.concatenate((first, own), axis=1),
            [*self.models, *(self.models[item] for item in np.flatnonzero(free).tolist())],
            groups=is_focal.astype(np.int64),
            priors=self.priors,
            grid=self.grid,
            standard_errors=False,
        )
        self.grid = result.grid
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)
        return result


def _run(calibrations: _Calibrations, tested: BoolArray, equal: BoolArray) -> LikelihoodRatioResult:
    usual = calibrations.of(~equal)
    rows = [_UNTESTED] * tested.size
    for item in np.flatnonzero(tested).tolist():
        other_free = ~equal
        other_free[item] = equal[item]
        if other_free.all():
            continue  # the only anchor: nothing else says how the groups' abilities differ
        other = calibrations.of(other_free)
        smaller, larger = (usual, other) if equal[item] else (other, usual)
        free = other_free if equal[item] else ~equal
        rows[item] = _test(smaller, larger, item, tested.size + int(free[:item].sum()))
    columns = np.array(rows, dtype=np.float64).T
    chi_square, df = columns[:2]
    p_value = np.where(df > 0, special.chdtrc(np.maximum(df, 1), chi_square), np.nan)
    return LikelihoodRatioResult(
        chi_square=chi_square,
        df=df.astype(np.int64),
        p_value=p_value,
        adjusted_p_value=benjamini_hochberg(p_value),
        a_reference=columns[2],
        a_focal=columns[3],
        b_reference=columns[4],
        b_focal=columns[5],
        mean_gap=columns[6],
        root_gap=columns[7],
        anchors=equal,
        converged=columns[8] > 0,
    )


def _test(smaller: CalibrationResult, larger: CalibrationResult, item: int, again: int) -> tuple[float, ...]:
    """Test of an item that in the larger model stands at `item` for the reference, `again` for the focal."""
    if not (smaller.calibrated[item] and larger.calibrated[[item, again]].all()):
        return _UNTESTED
    return (
        max(0.0, 2 * (larger.log_likelihood - smaller.log_likelihood)),
        larger.n_parameters - smaller.n_parameters,
        *larger.a[[item, again]].tolist(),
        *larger.b[[item, again]].tolist(),
        *_gaps(larger, item, again),
        float(smaller.converged and larger.converged),
    )


def _gaps(result: CalibrationResult, item: int, again: int) -> tuple[float, float]:
    """Mean and root mean square over the focal group; NaN where a group never reached the last category."""
    reference, focal = (_single(result, place) for place in (item, again))
    if reference.n_categories != focal.n_categories:
        return float("nan"), float("nan")
    mean, sd = result.population.mean[1], result.population.sd[1]
    population = normal_weights(result.grid, mean=mean, sd=sd)
    gap = curve_gap(reference, focal, grid=result.grid, population=population)
    return float(gap.mean[0]), float(np.sqrt(gap.squared[0]))


def _single(result: CalibrationResult, item: int) -> ItemParameters:
    """One calibrated item on its own."""
    return result.items.select([int(result.calibrated[:item].sum())])
