"""Do two items have more to do with each other than ability explains?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.ability.likelihood import apply_missing_rules
from scoring.irt.quality.residuals import residual_chunks
from scoring.irt.types import FloatArray, IntArray, ItemParameters, MissingRule


class DependentPair(NamedTuple):
    """Items number `first` < `second` (from 0) whose Q3 is `excess` above the mean of all pairs."""

    first: int
    second: int
    excess: float


@dataclass(frozen=True, slots=True, eq=False)
class Dependence:
    """Correlations of residuals of J items; NaN where a pair has too few common candidates or no variation.

    q3    (J, J)  1 on the diagonal
    n     (J, J)  candidates who met both items
    mean  average over all pairs; about -1 / (J - 1) under the model (Yen 1993), NaN without a pair
    """

    q3: FloatArray
    n: IntArray
    mean: float

    @property
    def adjusted(self) -> FloatArray:
        """Q3 minus the mean of all pairs (J, J), NaN on the diagonal (Marais 2013)."""
        adjusted = self.q3 - self.mean
        np.fill_diagonal(adjusted, np.nan)
        return adjusted

    def pairs_above(self, limit: float = 0.2) -> tuple[DependentPair, ...]:
        """Pairs with an adjusted Q3 above the limit, largest first.

        Christensen, Makransky & Horton (2017) found 0.2 a workable limit for some hundreds of candidates;
        what chance alone brings is larger with fewer.
        """
        rows, columns = np.triu_indices(self.q3.shape[0], k=1)
        excess = self.adjusted[rows, columns]
        chosen = np.flatnonzero(excess > limit)
        chosen = chosen[np.argsort(-excess[chosen], kind="stable")]
        return tuple(DependentPair(int(rows[i]), int(columns[i]), float(excess[i])) for i in chosen)


def q3(
    responses: ArrayLike,
    parameters: ItemParameters,
    theta: ArrayLike,
    *,
    omitted: MissingRule = MissingRule.CATEGORY_ZERO,
    not_reached: MissingRule = MissingRule.NOT_PRESENTED,
) -> Dependence:
    """Q3 (Yen 1984): correlation of category minus expected category, from responses (N, J) at theta (N,).

    Each pair of items over the candidates who met both and whose theta is finite.
    Codes and errors as in `apply_missing_rules`.
    """
    codes = apply_missing_rules(responses, parameters, omitted=omitted, not_reached=not_reached)
    n_items = parameters.n_items
    n, total, squares, products = np.zeros((4, n_items, n_items))
    for _, residuals in residual_chunks(codes, parameters, theta):
        met, residual = residuals.met.astype(np.float64), residuals.residual
        n += met.T @ met
        # Row: the item summed; column: its partner, who must have been met as well.
        total += residual.T @ met
        squares += (residual**2).T @ met
        products += residual.T @ residual
    return _dependence(n, total, squares, products)


def _dependence(n: FloatArray, total: FloatArray, squares: FloatArray, products: FloatArray) -> Dependence:
    share = np.divide(1.0, n, out=np.zeros_like(n), where=n > 0)
    variation = squares - total**2 * share
    covariation = products - total * total.T * share
    spread = np.sqrt(np.maximum(variation, 0.0) * np.maximum(variation.T, 0.0))
    varies = (variation > 1e-12 * squares) & (n > 1)
    correlation = np.full_like(n, np.nan)
    np.divide(covariation, spread, out=correlation, where=varies & varies.T)
    pairs = correlation[np.triu_indices(n.shape[0], k=1)]
    pairs = pairs[np.isfinite(pairs)]
    mean = float(pairs.mean()) if pairs.size else float("nan")
    return Dependence(q3=correlation, n=n.astype(np.int64), mean=mean)
