"""How much would a link change if other common items had been drawn?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.linking.scales import LINKING_POINTS, LinkingMethod, link
from scoring.irt.types import BoolArray, FloatArray, ItemParameters


@dataclass(frozen=True, slots=True, eq=False)
class LinkUncertainty:
    """Spread of a link over the choice of its M common items.

    covariance  (2, 2)  of slope and intercept
    without     (M, 2)  slope and intercept with each item left out: what hangs on one item shows here
    converged   (M,)    whether each of these links was found
    """

    covariance: FloatArray
    without: FloatArray
    converged: BoolArray

    @property
    def se_slope(self) -> float:
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def se_intercept(self) -> float:
        return float(np.sqrt(self.covariance[1, 1]))

    def se_theta(self, theta: ArrayLike) -> FloatArray:
        """Standard errors that the link adds to abilities of the new scale, in units of the old one."""
        rows = np.stack((np.asarray(theta, dtype=np.float64), np.ones(np.shape(theta))), axis=-1)
        return np.asarray(np.sqrt(np.maximum(((rows @ self.covariance) * rows).sum(axis=-1), 0.0)))


def jackknife(
    new: ItemParameters,
    old: ItemParameters,
    *,
    method: LinkingMethod | str = LinkingMethod.STOCKING_LORD,
    slope: float | None = None,
    symmetric: bool = False,
    theta: ArrayLike = LINKING_POINTS,
    old_weights: ArrayLike | None = None,
    new_weights: ArrayLike | None = None,
    category_points: ArrayLike | None = None,
) -> LinkUncertainty:
    """The link of `link`, with the same options, from all common items but one, each in turn.

    The common items count as drawn from many possible ones (Haberman, Lee & Qian 2009), which takes in both
    their drift and the error of their calibration. Raises ValueError for fewer than three.
    """
    n_items = new.n_items
    if n_items < 3 or old.n_items != n_items:
        raise ValueError(
            f"{n_items} new and {old.n_items} old items: leaving out each needs at least three pairs"
        )
    links = []
    for item in range(n_items):
        rest = np.delete(np.arange(n_items), item)
        points = None if category_points is None else np.asarray(category_points)[rest]
        links.append(
            link(
                new.select(rest),
                old.select(rest),
                method=method,
                slope=slope,
                symmetric=symmetric,
                theta=theta,
                old_weights=old_weights,
                new_weights=new_weights,
                category_points=points,
            )
        )
    without = np.array([(one.slope, one.intercept) for one in links])
    deviation = without - without.mean(axis=0)
    return LinkUncertainty(
        covariance=(n_items - 1) / n_items * deviation.T @ deviation,
        without=without,
        converged=np.array([one.converged for one in links]),
    )
