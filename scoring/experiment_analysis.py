"""Did one of two rules, drawn at random within classes, bring pupils more than the other?

Written down before any result: everybody who was drawn counts under the rule they were drawn to, whether they
practised or not (intention to treat). The outcome is the change from before the start to the end. Rules are
compared inside each class, so that what classes have in common cannot look like an effect, and what pupils
could do before is taken out (analysis of covariance), which makes the comparison sharper without moving it.

The interval is that of least squares with a term for each class, Student's t. The test is by permutation: the
draw is repeated inside the classes, all the ways there are when they are few (Fisher 1935; Rosenbaum 2002),
so its error of the first kind holds whatever the outcome is distributed like. One rule is called better only
where both agree.

Who gave no response after the start counts as unchanged. Where both rules lose pupils, that draws the
difference towards none and narrows its interval: for want of responses any two rules look alike. So nothing
is said from fewer measured pupils than `FEWEST_PER_ARM`, however many were drawn, and rules are called alike
only where those who were measured bear it out alone (ICH E9, 5.2.3: to show that treatments are alike,
counting everybody is not the careful way).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product

import numpy as np

from scoring.intervals import t_quantile
from scoring.irt.types import BoolArray, FloatArray, IntArray

CONFIDENCE = 0.95
POWER = 0.8
FEWEST_PER_ARM = 10
"""With fewer pupils measured under either rule nothing is said about the rules."""
MOST_EXACT = 5_000
N_PERMUTATIONS = 4_999
UNEVEN_ATTRITION = 0.1
"""Rules that lose shares of pupils further apart than this are no longer compared like with like."""


class Finding(StrEnum):
    """What may be said. `NO_DIFFERENCE`: both intervals, of all and of those measured, hold only what is too
    small to matter; else it cannot tell.
    """

    TOO_FEW = "too_few"
    A_BETTER = "a_better"
    B_BETTER = "b_better"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Everybody who was drawn, (N,) each: under rule b or not, the class, the outcome before and after, how
    many items they practised in between, and whether there is any evidence from after the start.

    Without such evidence `after` is what was known before, carried on: a change of nothing.
    """

    in_b: BoolArray
    block: IntArray
    before: FloatArray
    after: FloatArray
    items: FloatArray
    measured: BoolArray

    def __post_init__(self) -> None:
        columns = (self.in_b, self.block, self.before, self.after, self.items, self.measured)
        if len({column.shape for column in columns}) != 1 or self.in_b.ndim != 1:
            raise ValueError(f"columns of different lengths: {[column.shape for column in columns]}")

    @property
    def gain(self) -> FloatArray:
        return np.asarray(self.after - self.before, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Arm:
    """n drawn, n measured; means over everybody drawn. `per_item`: all gain over all items, None for none."""

    n: int
    n_measured: int
    before: float
    gain: float
    items: float
    per_item: float | None

    @property
    def lost_share(self) -> float:
        return 1 - self.n_measured / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Rule b less rule a, with its 95 % interval.

    p_value       by permutation; `exact` when every way of drawing was counted
    standardised  Hedges' g: in standard deviations of the change among pupils of one class and rule
    detectable    the least true difference that 80 % of experiments like this one would find
    """

    value: float
    low: float
    high: float
    se: float
    p_value: float
    exact: bool
    standardised: float
    detectable: float


@dataclass(frozen=True, slots=True)
class PerItem:
    """Gain per practised item, b less a, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def per_ten(self) -> PerItem:
        """The same per ten items: easier to read where one brings little."""
        return PerItem(10 * self.value, 10 * self.low, 10 * self.high)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`baseline`: standardised difference before the start (b less a, in sds within classes).

    `among_measured` is the same difference for those with evidence from after the start: beside the main
    figure, never in its place, since who goes on is no longer drawn. None where it cannot be worked out.
    """

    a: Arm
    b: Arm
    n_classes: int
    baseline: float | None
    difference: Difference | None
    per_item: PerItem | None
    among_measured: Difference | None
    finding: Finding

    @property
    def uneven_attrition(self) -> bool:
        return abs(self.a.lost_share - self.b.lost_share) > UNEVEN_ATTRITION


def compare(
    drawn: Drawn,
    *,
    worth: float,
    seed: int,
    n_permutations: int = N_PERMUTATIONS,
    most_exact: int = MOST_EXACT,
) -> Comparison:
    """The whole analysis; deterministic for a seed. `worth`: the least difference that would matter."""
    arms = [_arm(drawn, drawn.in_b == side) for side in (False, True)]
    how = {"seed": seed, "n_permutations": n_permutations, "most_exact": most_exact}
    difference = _difference(drawn, **how)
    among = _difference(_only(drawn, drawn.measured), **how)
    enough = min(arm.n_measured for arm in arms) >= FEWEST_PER_ARM
    return Comparison(
        a=arms[0],
        b=arms[1],
        n_classes=int(np.unique(drawn.block).size),
        baseline=_baseline_difference(drawn),
        difference=difference,
        per_item=_per_item(drawn),
        among_measured=among,
        finding=_finding(difference, among, worth) if enough and difference else Finding.TOO_FEW,
    )


def _finding(difference: Difference, among: Difference | None, worth: float) -> Finding:
    if difference.p_value <= 1 - CONFIDENCE and difference.low > 0:
        return Finding.B_BETTER
    if difference.p_value <= 1 - CONFIDENCE and difference.high < 0:
        return Finding.A_BETTER
    if among and all(-worth < one.low and one.high < worth for one in (difference, among)):
        return Finding.NO_DIFFERENCE
    return Finding.CANNOT_TELL


def _arm(drawn: Drawn, own: BoolArray) -> Arm:
    n = int(own.sum())
    items = float(drawn.items[own].sum())
    gain = float(drawn.gain[own].sum())
    return Arm(
        n=n,
        n_measured=int(drawn.measured[own].sum()),
        before=float(drawn.before[own].mean()) if n else 0.0,
        gain=gain / n if n else 0.0,
        items=items / n if n else 0.0,
        per_item=gain / items if items else None,
    )


def _only(drawn: Drawn, own: BoolArray) -> Drawn:
    return Drawn(
        in_b=drawn.in_b[own],
        block=drawn.block[own],
        before=drawn.before[own],
        after=drawn.after[own],
        items=drawn.items[own],
        measured=drawn.measured[own],
    )


def _difference(drawn: Drawn, *, seed: int, n_permutations: int, most_exact: int) -> Difference | None:
    """None where no class has both rules, or too few pupils are left to tell a spread."""
    kept = _only(drawn, _in_mixed_blocks(drawn))
    block = np.unique(kept.block, return_inverse=True)[1]
    n_blocks = int(block.max()) + 1 if block.size else 0
    before = _centred(kept.before, block)
    covariate = before / length if (length := float(np.linalg.norm(before))) > 1e-9 else None
    freedom = kept.in_b.size - n_blocks - 1 - (covariate is not None)
    if n_blocks == 0 or freedom < 3:
        return None
    outcome = _without(_centred(kept.gain, block), covariate)
    value, scale = _slope(kept.in_b.astype(np.float64), outcome, block, covariate)
    residual = outcome - value * _without(_centred(kept.in_b.astype(np.float64), block), covariate)
    sd = math.sqrt(float(residual @ residual) / freedom)
    se = sd / math.sqrt(scale)
    reach = t_quantile(0.5 + CONFIDENCE / 2, freedom)
    p_value, exact = _permutation_p(kept.in_b, outcome, block, covariate, seed, n_permutations, most_exact)
    spread = _spread(kept, block)
    return Difference(
        value=value,
        low=value - reach * se,
        high=value + reach * se,
        se=se,
        p_value=p_value,
        exact=exact,
        standardised=value / spread * (1 - 3 / (4 * freedom - 1)) if spread else 0.0,
        detectable=(reach + t_quantile(POWER, freedom)) * se,
    )


def _slope(
    in_b: FloatArray, outcome: FloatArray, block: IntArray, covariate: FloatArray | None
) -> tuple[float, float]:
    """Least-squares difference and the sum of squares it rests on (Frisch and Waugh)."""
    own = _without(_centred(in_b, block), covariate)
    scale = float(own @ own)
    return float(own @ outcome) / scale, scale


def _permutation_p(
    in_b: BoolArray,
    outcome: FloatArray,
    block: IntArray,
    covariate: FloatArray | None,
    seed: int,
    n_permutations: int,
    most_exact: int,
) -> tuple[float, bool]:
    """Share of draws with a difference at least as large; two-sided, the actual draw among them."""
    places = [np.flatnonzero(block == one) for one in range(int(block.max()) + 1)]
    in_each = [int(in_b[own].sum()) for own in places]
    n_ways = math.prod(math.comb(own.size, n) for own, n in zip(places, in_each, strict=True))
    exact = n_ways <= most_exact
    if exact:
        draws = _every_draw(places, in_each, in_b.size)
    else:
        draws = _some_draws(in_b, places, np.random.default_rng(seed), n_permutations)
    # Class means of a draw do not change, so centring takes the same from every row.
    centred = draws - _class_means(in_b.astype(np.float64), block)
    along = centred @ covariate if covariate is not None else np.zeros(len(draws))
    scale = (centred**2).sum(axis=1) - along**2
    # A draw that the covariate explains completely says nothing about the rules: it counts as extreme.
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(scale > 1e-9, np.abs(centred @ outcome) / scale, np.inf)
    actual = abs(_slope(in_b.astype(np.float64), outcome, block, covariate)[0])
    as_large = int((size >= actual - 1e-9).sum())
    return (as_large / n_ways, True) if exact else ((as_large + 1) / (n_permutations + 1), False)


def _every_draw(places: list[IntArray], in_each: list[int], size: int) -> FloatArray:
    ways = [list(combinations(own, n)) for own, n in zip(places, in_each, strict=True)]
    chosen = list(product(*ways))
    draws = np.zeros((len(chosen), size))
    for row, parts in zip(draws, chosen, strict=True):
        for part in parts:
            row[list(part)] = 1
    return draws


def _some_draws(in_b: BoolArray, places: list[IntArray], rng: np.random.Generator, n: int) -> FloatArray:
    draws = np.empty((n, in_b.size))
    for own in places:
        draws[:, own] = rng.permuted(np.tile(in_b[own].astype(np.float64), (n, 1)), axis=1)
    return draws


def _per_item(drawn: Drawn) -> PerItem | None:
    """Ratio of sums by rule, its variance by linearisation within classes (Cochran 1977, 6.3).

    None where under either rule hardly anybody practised: the linearisation does not hold there.
    """
    block = np.unique(drawn.block, return_inverse=True)[1]
    ratios, variance, freedom = [], 0.0, 0
    for side in (False, True):
        own = drawn.in_b == side
        items = drawn.items[own]
        if (items > 0).sum() < FEWEST_PER_ARM:
            return None
        ratio = float(drawn.gain[own].sum() / items.sum())
        left = _centred(drawn.gain[own] - ratio * items, block[own]) / items.mean()
        own_freedom = int(own.sum()) - np.unique(block[own]).size
        if own_freedom < 3:
            return None
        ratios.append(ratio)
        variance += float(left @ left) / own_freedom / int(own.sum())
        freedom += own_freedom
    value = ratios[1] - ratios[0]
    half = t_quantile(0.5 + CONFIDENCE / 2, freedom) * math.sqrt(variance)
    return PerItem(value, value - half, value + half)


def _baseline_difference(drawn: Drawn) -> float | None:
    kept = _only(drawn, _in_mixed_blocks(drawn))
    if kept.in_b.size < 4:
        return None
    block = np.unique(kept.block, return_inverse=True)[1]
    own = kept.in_b.astype(np.float64)
    value, _ = _slope(own, _centred(kept.before, block), block, None)
    left = _centred(kept.before, block)
    freedom = kept.in_b.size - int(block.max()) - 1
    sd = math.sqrt(float(left @ left) / freedom) if freedom > 0 else 0.0
    return value / sd if sd > 1e-9 else None


def _in_mixed_blocks(drawn: Drawn) -> BoolArray:
    mixed = np.intersect1d(drawn.block[drawn.in_b], drawn.block[~drawn.in_b])
    return np.isin(drawn.block, mixed)


def _spread(drawn: Drawn, block: IntArray) -> float:
    """Standard deviation of the change among pupils of one class and rule."""
    cell = np.unique(2 * block + drawn.in_b, return_inverse=True)[1]
    left = _centred(drawn.gain, cell)
    freedom = cell.size - int(cell.max()) - 1
    return math.sqrt(float(left @ left) / freedom) if freedom > 0 else 0.0


def _class_means(values: FloatArray, block: IntArray) -> FloatArray:
    means = np.bincount(block, weights=values) / np.bincount(block)
    return np.asarray(means[block], dtype=np.float64)


def _centred(values: FloatArray, block: IntArray) -> FloatArray:
    dense = np.unique(block, return_inverse=True)[1]
    return np.asarray(values - _class_means(values, dense), dtype=np.float64)


def _without(values: FloatArray, direction: FloatArray | None) -> FloatArray:
    """What is left of centred values (N,) after taking out a direction of length 1."""
    return values if direction is None else np.asarray(values - (values @ direction) * direction)
