"""By which straight line does the scale of a new calibration become the old one, judged by common items?

theta_old = A theta_new + B, so a_old = a_new / A and every step difficulty becomes A (b + step) + B.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from scoring.irt.probabilities import category_derivatives, own_categories
from scoring.irt.score_distribution import check_category_points
from scoring.irt.types import FloatArray, IntArray, ItemParameters

LINKING_POINTS = np.linspace(-4.0, 4.0, 81)
LINKING_POINTS.setflags(write=False)
_TOLERANCE = 1e-12


class LinkingMethod(StrEnum):
    """Two methods compare moments of the parameters, two compare response curves."""

    MEAN_MEAN = "mean_mean"
    MEAN_SIGMA = "mean_sigma"
    HAEBARA = "haebara"
    STOCKING_LORD = "stocking_lord"


@dataclass(frozen=True, slots=True, eq=False)
class ScaleLink:
    """theta_old = slope * theta_new + intercept, from `n_common` items.

    criterion  squared gap left between the curves, averaged over the weighted points: of the form's curve for
               stocking_lord, summed over items and categories for haebara, over both scales if symmetric;
               NaN for the moment methods
    converged  whether the search for the least gap came to its end; moment methods need no search
    """

    slope: float
    intercept: float
    method: LinkingMethod
    criterion: float
    converged: bool
    n_common: int

    def theta(self, theta: ArrayLike) -> FloatArray:
        """Abilities on the new scale, expressed on the old one."""
        return np.asarray(self.slope * np.asarray(theta, dtype=np.float64) + self.intercept)

    def items(self, items: ItemParameters) -> ItemParameters:
        """Items of the new calibration (all of them, not only the common ones) on the old scale."""
        return ItemParameters(
            a=items.a / self.slope,
            b=self.slope * items.b + self.intercept,
            steps=self.slope * items.steps,
            c=items.c,
            n_categories=items.n_categories,
            graded=items.graded,
        )


class _Curves(NamedTuple):
    """What the curve methods compare: both forms' common items, points per category, weighted abilities."""

    new: ItemParameters
    old: ItemParameters
    points: IntArray | None  # (M, K): compare curves of the form; None: compare every category
    theta: FloatArray  # (Q,)
    root_old: FloatArray  # (Q,) square roots of the weights on the old scale
    root_new: FloatArray | None  # (Q,) those on the new scale, for a symmetric criterion


def link(
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
) -> ScaleLink:
    """The link found from M common items, given in the same order from the new and the old calibration.

    method      mean_mean (Loyd & Hoover 1980), mean_sigma (Marco 1977), haebara (Haebara 1980, every category
                of every item) or stocking_lord (Stocking & Lord 1983, the curve of the whole set); for items
                of several categories as in Kim & Lee (2006): all step difficulties enter the moments
    slope       kept at this value, so that only the intercept is sought: 1.0 for Rasch items
    symmetric   compare the curves on the new scale as well, and add both gaps
    theta       (Q,) where the curves are compared, with weights (Q,) on the old and (if symmetric) the new
                scale, scaled to sum to 1; equal weights if not given
    category_points  (M, K_max) what stocking_lord counts for each category; its number if not given

    Raises ValueError for items that cannot be the same ones, naming the first.
    """
    _check_common(new, old)
    chosen = LinkingMethod(method)
    points = _points(new, category_points) if chosen is LinkingMethod.STOCKING_LORD else None
    new, old = new.trimmed(), old.trimmed()
    if slope is not None and not (np.isfinite(slope) and slope > 0):
        raise ValueError(f"the slope of a link must be positive, not {slope}")
    if chosen in (LinkingMethod.MEAN_MEAN, LinkingMethod.MEAN_SIGMA):
        found, intercept = _from_moments(new, old, chosen, slope)
        return ScaleLink(found, intercept, chosen, float("nan"), True, new.n_items)
    where = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    curves = _Curves(
        new=new,
        old=old,
        points=None if points is None else points[:, : new.max_categories],
        theta=where,
        root_old=_root_weights(old_weights, where.size),
        root_new=_root_weights(new_weights, where.size) if symmetric else None,
    )
    return _from_curves(curves, chosen, slope)


def _from_moments(
    new: ItemParameters, old: ItemParameters, method: LinkingMethod, slope: float | None
) -> tuple[float, float]:
    new_steps, old_steps = _step_difficulties(new), _step_difficulties(old)
    if slope is None:
        if method is LinkingMethod.MEAN_MEAN:
            slope = float(new.a.mean() / old.a.mean())
        elif new_steps.std() > 0 and old_steps.std() > 0:
            slope = float(old_steps.std() / new_steps.std())
        else:
            raise ValueError(
                "mean/sigma needs common items that differ in difficulty; add some or fix the slope"
            )
    return slope, float(old_steps.mean() - slope * new_steps.mean())


def _from_curves(curves: _Curves, method: LinkingMethod, slope: float | None) -> ScaleLink:
    """Nonlinear least squares in log A and B (B alone when the slope is fixed), from the mean/mean link."""
    start = _from_moments(curves.new, curves.old, LinkingMethod.MEAN_MEAN, slope)

    def unpack(x: FloatArray) -> tuple[float, float]:
        return (float(np.exp(x[0])), float(x[1])) if slope is None else (slope, float(x[0]))

    def gaps(x: FloatArray) -> FloatArray:
        return _gaps(curves, *unpack(x))[0]

    def jacobian(x: FloatArray) -> FloatArray:
        found, intercept = unpack(x)
        by_slope, by_intercept = _gaps(curves, found, intercept)[1:]
        columns = [found * by_slope, by_intercept] if slope is None else [by_intercept]
        return np.stack(columns, axis=1)

    first = [np.log(start[0]), start[1]] if slope is None else [start[1]]
    result = optimize.least_squares(
        gaps, first, jac=jacobian, method="trf", xtol=_TOLERANCE, ftol=_TOLERANCE, gtol=_TOLERANCE
    )
    found, intercept = unpack(result.x)
    criterion = float(2 * result.cost)
    return ScaleLink(found, intercept, method, criterion, bool(result.status > 0), curves.new.n_items)


def _gaps(curves: _Curves, slope: float, intercept: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted differences between the curves, and their derivatives by slope and intercept, each flat.

    An item moved to the other scale has at theta the probabilities it had where that theta came from, so the
    items need not be moved: the new ones are read at (theta - B) / A, for symmetry the old at A theta + B.
    """
    theta = curves.theta
    there = (theta - intercept) / slope
    old = category_derivatives(theta, curves.old)
    new = category_derivatives(there, curves.new)
    rows = [
        _row(curves.points, curves.root_old, part)
        for part in (
            old.p - new.p,
            new.first * (there / slope)[:, None, None],
            new.first / slope,
        )
    ]
    if curves.root_new is None:
        return rows[0], rows[1], rows[2]
    new = category_derivatives(theta, curves.new)
    old = category_derivatives(slope * theta + intercept, curves.old)
    back = [
        _row(curves.points, curves.root_new, part)
        for part in (new.p - old.p, -old.first * theta[:, None, None], -old.first)
    ]
    together = [np.concatenate(pair) for pair in zip(rows, back, strict=True)]
    return together[0], together[1], together[2]


def _row(points: IntArray | None, root: FloatArray, part: FloatArray) -> FloatArray:
    curves = part if points is None else (part * points).sum(axis=(1, 2))[:, None, None]
    return np.asarray((root[:, None, None] * curves).ravel(), dtype=np.float64)


def _step_difficulties(items: ItemParameters) -> FloatArray:
    return np.asarray((items.b[:, None] + items.steps)[own_categories(items)[:, 1:]], dtype=np.float64)


def _points(items: ItemParameters, category_points: ArrayLike | None) -> IntArray:
    if category_points is not None:
        return check_category_points(items, category_points)
    return np.where(own_categories(items), np.arange(items.max_categories), 0)


def _root_weights(weights: ArrayLike | None, size: int) -> FloatArray:
    values = np.ones(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.shape != (size,) or not (np.isfinite(values).all() and (values >= 0).all() and values.any()):
        raise ValueError(f"weights must be {size} numbers of at least 0, one for each theta, not all 0")
    return np.asarray(np.sqrt(values / values.sum()))


def _check_common(new: ItemParameters, old: ItemParameters) -> None:
    if new.n_items == 0 or new.n_items != old.n_items:
        raise ValueError(
            f"{new.n_items} new and {old.n_items} old items: give the common items of both forms"
        )
    # What model a dichotomous item came from cannot be told from its curve.
    other = (new.n_categories != old.n_categories) | ((new.graded != old.graded) & (new.n_categories > 2))
    if other.any():
        item = int(np.flatnonzero(other)[0])
        raise ValueError(f"item {item}: the two calibrations differ in model or categories; leave it out")
