"""Do as many candidates of each total choose each category of an item as the model says?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from scoring.irt.ability.form_grid import form_grid
from scoring.irt.ability.normal_prior import NormalPrior
from scoring.irt.ability.response_sums import chunks
from scoring.irt.ability.scorable import Calibrated, prior_of, scorable
from scoring.irt.probabilities import category_probabilities, own_categories
from scoring.irt.quadrature import Grid, normal_weights
from scoring.irt.quality.rest_score import rest_score_distributions
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule, ResponseArray


class Estimated(Calibrated, Protocol):
    """A calibration's result, with the number of parameters (J,) that each column had estimated."""

    @property
    def n_estimated(self) -> IntArray: ...


@dataclass(frozen=True, slots=True, eq=False)
class ItemFit:
    """S-X2 of J items; NaN where no degree of freedom is left or the item was not calibrated.

    statistic   (J,)  Pearson's chi-square over groups of equal totals
    df          (J,)  free cells less the parameters estimated, at least 0
    p           (J,)  probability of a statistic this large under the model
    n_used      candidates without a missing response
    n_left_out  the others
    """

    statistic: FloatArray
    df: IntArray
    p: FloatArray
    n_used: int
    n_left_out: int

    @property
    def rmsea(self) -> FloatArray:
        """(J,) misfit for each degree of freedom whatever the number of candidates: below .05 is small."""
        excess = np.maximum(self.statistic - self.df, 0.0)
        scale = np.maximum(self.df * (self.n_used - 1.0), 1.0)
        return np.asarray(np.sqrt(excess / scale), dtype=np.float64)


class _Cells(NamedTuple):
    """How many candidates were observed, and expected, in each cell of a table, a group, or in one cell."""

    observed: FloatArray
    expected: FloatArray

    def chi_square(self) -> float:
        return float(((self.observed - self.expected) ** 2 / self.expected).sum())

    def can_be_parted(self, least: float) -> bool:
        """Whether the categories fall into a lower and an upper cell both expecting `least`."""
        below = self.expected.cumsum()[:-1]
        return bool(np.minimum(below, self.expected.sum() - below).max() >= least)

    def joined(self, other: _Cells) -> _Cells:
        return _Cells(self.observed + other.observed, self.expected + other.expected)


def s_x2(
    responses: ArrayLike,
    items: ItemParameters | Estimated,
    *,
    n_parameters: ArrayLike | None = None,
    grid: Grid | None = None,
    prior_mean: ArrayLike | None = None,
    prior_sd: ArrayLike | None = None,
    least_expected: float = 1.0,
    omitted: MissingRule | None = None,
    not_reached: MissingRule | None = None,
) -> ItemFit:
    """S-X2 (Orlando & Thissen 2000, 2003; Kang & Chen 2008 for more than two categories), responses (N, J).

    The total counts categories as 0, 1, 2, …; only candidates who met every item can be compared by it. Give
    the result of the calibration rather than its items: then the population, the parameters estimated and the
    missing rules are its own, and columns it left out have NaN and count in no total.

    n_parameters          (J,) how many parameters of each item these responses determined; for bare
                          parameters its slope, its steps and its guessing (where above 0)
    prior_mean, prior_sd  the population, N(0, 1) for bare parameters; one number, or (N,) as from
                          `population.of_groups`, which makes it a mixture of those who met every item
    grid                  by default `form_grid`
    least_expected        cells are pooled until each expects so many candidates, see `_pooled`

    Codes and errors as in `score`.
    """
    codes, parameters = scorable(responses, items, omitted=omitted, not_reached=not_reached)
    if not least_expected > 0:
        raise ValueError(f"least_expected must be above 0, not {least_expected}")
    prior = prior_of(items, prior_mean, prior_sd, n_candidates=len(codes))
    estimated = _estimated(n_parameters, items)
    rows = np.flatnonzero((codes >= 0).all(axis=1))
    tested = np.arange(parameters.n_items)
    if not isinstance(items, ItemParameters):
        tested = np.flatnonzero(items.calibrated)
    statistic, df = np.full(estimated.size, np.nan), np.zeros(estimated.size, dtype=np.int64)
    if rows.size and tested.size:
        prior = prior.select(rows)
        grid = form_grid(parameters, prior) if grid is None else grid
        statistic[tested], df[tested] = _statistics(
            codes[rows], parameters, estimated[tested], grid, _mixture(grid, prior), least_expected
        )
    p = np.where(df > 0, special.chdtrc(np.maximum(df, 1), np.nan_to_num(statistic)), np.nan)
    return ItemFit(statistic, df, p, n_used=rows.size, n_left_out=len(codes) - rows.size)


def _statistics(
    complete: ResponseArray,
    parameters: ItemParameters,
    estimated: IntArray,
    grid: Grid,
    weights: FloatArray,
    least_expected: float,
) -> tuple[FloatArray, IntArray]:
    """S-X2 and its degrees of freedom (J,) from the responses of candidates who met every item."""
    totals = complete.sum(axis=1, dtype=np.int64)
    counts = np.bincount(totals, minlength=int((parameters.n_categories - 1).sum()) + 1)
    statistic, df = np.full(parameters.n_items, np.nan), np.zeros(parameters.n_items, dtype=np.int64)
    for item, share in _expected_shares(parameters, grid, weights):
        observed = _observed(complete[:, item], totals, share.shape)
        groups = _pooled(_Cells(observed, share * counts[:, None]), least_expected)
        df[item] = max(sum(group.observed.size - 1 for group in groups) - int(estimated[item]), 0)
        if df[item]:
            statistic[item] = sum(group.chi_square() for group in groups)
    return statistic, df


def _mixture(grid: Grid, prior: NormalPrior) -> FloatArray:
    """Weights (Q,) of the population that candidates with these priors make together."""
    normals, counts = np.unique(
        np.stack([*np.broadcast_arrays(prior.mean, prior.sd)]), axis=1, return_counts=True
    )
    weights = np.zeros(grid.size)
    for part in chunks(counts.size):
        weights += counts[part] @ normal_weights(grid, normals[0, part], normals[1, part])
    return np.asarray(weights / counts.sum(), dtype=np.float64)


def _estimated(n_parameters: ArrayLike | None, items: ItemParameters | Estimated) -> IntArray:
    """Parameters estimated (J,) of each column of the responses."""
    if isinstance(items, ItemParameters):
        default = np.asarray(items.n_categories + (items.c > 0), dtype=np.int64)
    else:
        default = items.n_estimated
    if n_parameters is None:
        return default
    estimated = np.asarray(n_parameters, dtype=np.int64)
    if estimated.shape != default.shape or (estimated < 0).any():
        raise ValueError(
            f"n_parameters has shape {estimated.shape}, expected one count per item, none below 0"
        )
    return estimated


def _expected_shares(
    parameters: ItemParameters, grid: Grid, weights: FloatArray
) -> Iterator[tuple[int, FloatArray]]:
    """Each item and P(category | total) (S, K) over the population; 0 where the total is impossible."""
    p = category_probabilities(grid.points, parameters)
    own = own_categories(parameters)
    points = np.where(own, np.arange(parameters.max_categories), 0)
    n_totals = int((parameters.n_categories - 1).sum()) + 1
    for item, rest in rest_score_distributions(p, points, parameters.n_categories):
        joint = np.zeros((n_totals, int(parameters.n_categories[item])))
        for category in range(joint.shape[1]):
            joint[category : category + rest.shape[1], category] = (weights * p[:, item, category]) @ rest
        of_total = joint.sum(axis=1, keepdims=True)
        yield item, np.divide(joint, of_total, out=np.zeros_like(joint), where=of_total > 0)


def _observed(codes: ResponseArray, totals: IntArray, shape: tuple[int, ...]) -> FloatArray:
    """How many candidates (S, K) of each total chose each category."""
    cells = totals * shape[1] + codes
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _pooled(table: _Cells, least: float) -> list[_Cells]:
    """Groups of totals, each with the cells to compare, from a table (S, K) of totals by categories.

    In this order: totals at which some category is impossible join the nearest one where all are possible
    (the lowest and highest total say nothing); totals nobody has are dropped; a group too small to be parted
    in two cells expecting `least` each joins its smaller neighbour; within a group the smallest cell joins
    its smaller neighbour until all expect `least`. For two categories this is the rule of R mirt
    (mincell = 1), which only lets a group of a single candidate always join the one above.
    """
    groups = [group for group in _possible(table) if group.observed.sum() > 0]
    while len(groups) > 1:
        small = next((i for i, group in enumerate(groups) if not group.can_be_parted(least)), None)
        if small is None:
            break
        _join_smaller_neighbour(groups, small, [float(group.observed.sum()) for group in groups])
    return [_pool_categories(group, least) for group in groups]


def _possible(table: _Cells) -> list[_Cells]:
    n_totals, n_categories = table.observed.shape
    lowest, highest = n_categories - 1, n_totals - n_categories
    if highest < lowest:
        return []
    # To which of the totals lowest…highest each one goes; the outermost two to none.
    joins = np.clip(np.arange(1, n_totals - 1), lowest, highest) - lowest
    pooled = np.zeros((2, highest - lowest + 1, n_categories))
    for part, cells in zip(pooled, table, strict=True):
        np.add.at(part, joins, cells[1:-1])
    return [_Cells(*cells) for cells in pooled.swapaxes(0, 1)]


def _pool_categories(group: _Cells, least: float) -> _Cells:
    cells = [_Cells(*pair) for pair in np.stack(group, axis=1)]
    while len(cells) > 1:
        sizes = [float(cell.expected) for cell in cells]
        if min(sizes) >= least:
            break
        _join_smaller_neighbour(cells, sizes.index(min(sizes)), sizes)
    return _Cells(*np.array(cells).T)


def _join_smaller_neighbour(parts: list[_Cells], place: int, sizes: list[float]) -> None:
    """Parts in order, of the given sizes: the one at `place` is added to its smaller neighbour."""
    neighbours = [i for i in (place - 1, place + 1) if 0 <= i < len(parts)]
    chosen = min(neighbours, key=lambda i: sizes[i])
    parts[chosen] = parts[chosen].joined(parts[place])
    del parts[place]
