"""Have items become harder, easier or less telling since they entered the bank?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from scoring.irt.linking.scales import ScaleLink
from scoring.irt.quadrature import DEFAULT_GRID, Grid
from scoring.irt.quality.curve_gap import curve_gap
from scoring.irt.types import BoolArray, FloatArray, ItemParameters

_TO_SD = 0.74  # interquartile ranges of a normal distribution in a standard deviation
_EPSILON = 1e-12


class StandardErrors(NamedTuple):
    """Standard errors (J,) of the parameters of J items; 0 where held fixed, NaN where unknown."""

    a: ArrayLike
    b: ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class DriftTable:
    """What changed between the bank and a new calibration of J items, all on the bank's scale.

    displacement  (J,)  b_new - b_bank
    slope_change  (J,)  a_new - a_bank
    z_b, z_a      (J,)  those in standard errors of the difference; NaN where both sides were fixed
    robust_z_b    (J,)  displacement against the middle of all (see `robust_z`)
    robust_z_a    (J,)  the same of ln a
    mean_gap      (J,)  expected share of points, new minus bank, over the population
    d_squared     (J,)  mean square of that difference (Wells, Hambleton, Kirkpatrick & Meng 2014)
    flagged       (J,)  |z_b| or |z_a| above the limit or unknown for want of a standard error, or the root of
                        d_squared above the limit of gaps
    """

    displacement: FloatArray
    slope_change: FloatArray
    z_b: FloatArray
    z_a: FloatArray
    robust_z_b: FloatArray
    robust_z_a: FloatArray
    mean_gap: FloatArray
    d_squared: FloatArray
    flagged: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class AnchorProposal:
    """Which of J common items to link by.

    keep           (J,)
    robust_z_b     (J,)  of b_bank - A b_new, with A from the items whose slopes agree
    robust_z_a     (J,)  of ln a_new - ln a_bank
    correlation          of the kept items' difficulties in the two calibrations; NaN for fewer than two
    sd_ratio             A times the standard deviation of b_new over that of b_bank, of the kept items
    """

    keep: BoolArray
    robust_z_b: FloatArray
    robust_z_a: FloatArray
    correlation: float
    sd_ratio: float


def drift(
    *,
    bank: ItemParameters,
    new: ItemParameters,
    bank_se: StandardErrors,
    new_se: StandardErrors,
    link: ScaleLink | None = None,
    z_limit: float = 3.0,
    gap_limit: float = 0.1,
    category_points: ArrayLike | None = None,
    grid: Grid = DEFAULT_GRID,
    population: ArrayLike | None = None,
) -> DriftTable:
    """Compare parameters that were estimated independently, the new ones without holding these items fixed.

    link: moves `new` and its standard errors to the bank's scale first. The rest is as for `curve_gap`; b is
    an item's location, so steps that drift apart show in the gaps alone. With many candidates z finds
    changes that do not matter, and gaps say how much they do.
    """
    new_a, new_b = _errors(new_se, new.n_items, "new")
    bank_a, bank_b = _errors(bank_se, bank.n_items, "bank")
    if link is not None:
        new, new_a, new_b = link.items(new), new_a / link.slope, new_b * link.slope
    gap = curve_gap(bank, new, category_points=category_points, grid=grid, population=population)
    displacement, slope_change = new.b - bank.b, new.a - bank.a
    z_b, z_a = _z(displacement, bank_b, new_b), _z(slope_change, bank_a, new_a)
    moved = (np.abs(z_b) > z_limit) | (np.abs(z_a) > z_limit)
    untested = ~np.isfinite(bank_a + bank_b + new_a + new_b)  # no news is not good news
    return DriftTable(
        displacement=displacement,
        slope_change=slope_change,
        z_b=z_b,
        z_a=z_a,
        robust_z_b=robust_z(displacement),
        robust_z_a=robust_z(np.log(new.a / bank.a)),
        mean_gap=gap.mean,
        d_squared=gap.squared,
        flagged=moved | untested | (np.sqrt(gap.squared) > gap_limit),
    )


def robust_z(differences: ArrayLike) -> FloatArray:
    """(d - median) / (0.74 interquartile range), which outliers among the differences (J,) hardly move.

    Huynh & Meyer (2010). If the middle half of them are one number, any other is infinitely far from it.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size == 0:
        return d
    low, middle, high = np.quantile(d, [0.25, 0.5, 0.75])
    spread = _TO_SD * (high - low)
    rounding = _EPSILON * max(1.0, float(np.abs(d).max()))
    if spread <= rounding:
        return np.where(np.abs(d - middle) <= rounding, 0.0, np.copysign(np.inf, d - middle))
    return np.asarray((d - middle) / spread, dtype=np.float64)


def propose_anchors(
    *, bank: ItemParameters, new: ItemParameters, limit: float = 1.645, most_dropped: float = 0.2
) -> AnchorProposal:
    """Common items to link by: those whose difference is not far from the middle one, by robust z.

    Needs no link, since a shift of the scale moves the middle and slopes are compared first (Huynh & Meyer
    2010). At most the share `most_dropped` of the items is dropped, worst first; if more are beyond the
    limit, the calibrations differ too much for a link that leaves them out in silence.
    """
    if bank.n_items == 0 or bank.n_items != new.n_items:
        raise ValueError(f"{bank.n_items} bank and {new.n_items} new items: give the common items of both")
    if not 0 <= most_dropped < 1:
        raise ValueError(f"most_dropped must be a share of at least 0 and below 1, not {most_dropped}")
    z_a = robust_z(np.log(new.a / bank.a))
    steady = ~(np.abs(z_a) > limit)
    if not steady.any():
        steady[:] = True
    slope = float(new.a[steady].mean() / bank.a[steady].mean())
    z_b = robust_z(bank.b - slope * new.b)
    size = np.fmax(np.nan_to_num(np.abs(z_a)), np.nan_to_num(np.abs(z_b)))
    n_dropped = min(int((size > limit).sum()), int(most_dropped * size.size + 1e-9))
    keep = np.ones(size.size, dtype=np.bool_)
    keep[np.argsort(-size, kind="stable")[:n_dropped]] = False
    old_b, new_b = bank.b[keep], slope * new.b[keep]
    spread = float(old_b.std())
    both = keep.sum() > 1 and spread > 0 and new_b.std() > 0
    return AnchorProposal(
        keep=keep,
        robust_z_b=z_b,
        robust_z_a=z_a,
        correlation=float(np.corrcoef(old_b, new_b)[0, 1]) if both else float("nan"),
        sd_ratio=float(new_b.std()) / spread if both else float("nan"),
    )


def _errors(errors: StandardErrors, n_items: int, which: str) -> tuple[FloatArray, FloatArray]:
    a, b = (np.asarray(part, dtype=np.float64) for part in errors)
    for part in (a, b):
        if part.shape != (n_items,) or (part < 0).any():
            raise ValueError(
                f"{which} standard errors must be {n_items} numbers of at least 0 for a and for b"
            )
    return a, b


def _z(difference: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    error = np.hypot(first, second)
    return np.asarray(difference / np.where(error > 0, error, np.nan), dtype=np.float64)
