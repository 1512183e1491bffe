"""What does a practised item bring? Estimated from candidates whose items chance alone drew.

What was known of each candidate before the first practised item is where everything starts: there the chance
of every later response is computed as if nothing had been learnt. A response above it is put down to what was
practised in between, linearly:

    x - E[P(theta)] = mu_j + sum over knots b of  beta_b E[P'] E[N_db] + gamma_b E[P' N_sb]  +  nuisances

theta being the ability on the item's standard. mu_j is what the item is easier than its parameters say: only
what those who had practised more solved more often than others counts, so items need not be calibrated.

N counts, for each knot, the items explained so far in the domain, and of the standard, each by how near the
chance of solving it was to the knot; E is the expectation over what was known at the start. Since chance drew
the items, which of them N counts has nothing to do with what was not known then. How many they are may: who
goes on differs from who stops, and school goes on meanwhile. So the items explained so far in the whole
subject have a slope of their own, and only differences between domains, standards and chances of solving
count. What was known later must not be used: whoever seems to do well is given harder items, and estimates
built on that come out wrong. That one tires within a set shows in the response and is no loss of learning: a
level and a slope of their own grow with the place in the set.

Weighted least squares, drawn a little towards what was assumed and to smooth curves. The errors are sds of
what is believed afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.irt.types import BoolArray, FloatArray, IntArray
from scoring.practice.abilities import abilities
from scoring.practice.bank import PracticeBank
from scoring.practice.effects import ASSUMED_EFFECTS, KNOTS, LEAST_GAIN, PracticeEffects
from scoring.practice.learner import Learner

LONG_SET = 10
"""Items after which one tires no further."""
DOUBT = 0.05
"""Sd of a gain at a knot around what was assumed."""
ROUGHNESS = 0.02
"""Sd of the second differences of a curve."""
NUISANCES = 3
LEAST_SD, MOST_SD = 0.1, 2.0
LEAST_SPREAD = 0.05
"""P (1 - P) at least: where nearly everything was expected to be right, a surprise is not worth more."""


@dataclass(frozen=True, slots=True, eq=False)
class PractisedLearner:
    """One candidate, everything from the first practised item on, in the order of time.

    start   what was known before it
    item    (T,) places in the bank
    share   (T,) of the item's points earned; 0 where a hint was asked
    first   (T,) the item had not been met before: other responses say nothing of ability
    taught  (T,) explained at once, as in practice, and not in a later trial
    place   (T,) within its set, from 0; 0 in a trial
    """

    start: Learner
    item: IntArray
    share: FloatArray
    first: BoolArray
    taught: BoolArray
    place: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedEffects:
    """domain_se, standard_se: sds of the gains at the knots after the responses. n_responses: that speak."""

    effects: PracticeEffects
    domain_se: tuple[float, ...]
    standard_se: tuple[float, ...]
    n_learners: int
    n_responses: int


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """R responses of one candidate that speak: columns (R, 2K + 3), what was earned beyond the expected (R,),
    the chance (R,) and slope (R,) at the start, and the item (R,).
    """

    item: IntArray
    columns: FloatArray
    beyond: FloatArray
    chance: FloatArray
    slope: FloatArray

    @property
    def weight(self) -> FloatArray:
        return 1 / np.maximum(self.chance * (1 - self.chance), LEAST_SPREAD)


def estimate_effects(
    bank: PracticeBank,
    learners: Sequence[PractisedLearner],
    *,
    version: str,
    assumed: PracticeEffects = ASSUMED_EFFECTS,
) -> EstimatedEffects:
    """Without a response that speaks what was assumed comes back under the version. Takes a few milliseconds
    a candidate.
    """
    table = _Table.of(bank)
    knots, n_columns = len(KNOTS), 2 * len(KNOTS) + NUISANCES
    sums = _Sums(np.zeros((n_columns, n_columns)), np.zeros(n_columns), np.zeros((bank.size, n_columns + 2)))
    kept: list[tuple[Learner, _Rows]] = []
    for learner in learners:
        rows = _rows_of(table, learner, assumed.standard_sd)
        sums.add(rows)
        kept.append((learner.start, rows))
    information, towards = sums.within_items()
    doubt, centre = _beliefs(assumed, n_columns)
    covariance = np.linalg.inv(information + doubt)
    found = covariance @ (towards + doubt @ centre)
    errors = np.sqrt(np.diagonal(covariance))
    domain, standard = found[:knots], found[knots : 2 * knots]
    return EstimatedEffects(
        effects=replace(
            assumed,
            version=version,
            domain=tuple(np.round(np.maximum(domain, LEAST_GAIN), 5).tolist()),
            standard=tuple(np.round(np.maximum(standard, 0.0), 5).tolist()),
            growth=_growth(domain, kept, assumed.growth),
            standard_sd=_standard_sd(bank, kept, found, sums.easier(found), assumed.standard_sd),
        ),
        domain_se=tuple(np.round(errors[:knots], 5).tolist()),
        standard_se=tuple(np.round(errors[knots : 2 * knots], 5).tolist()),
        n_learners=len(kept),
        n_responses=sum(rows.beyond.size for _, rows in kept),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Weighted sums over all responses: information (C, C) of the columns, towards (C,) what was earned; and
    of each item (J, C + 2) its columns, what was earned, and the weights.
    """

    information: FloatArray
    towards: FloatArray
    items: FloatArray

    def add(self, rows: _Rows) -> None:
        weighted = rows.columns * rows.weight[:, None]
        self.information[:] += weighted.T @ rows.columns
        self.towards[:] += weighted.T @ rows.beyond
        np.add.at(self.items, rows.item, np.column_stack([weighted, rows.beyond * rows.weight, rows.weight]))

    def within_items(self) -> tuple[FloatArray, FloatArray]:
        """Information and direction with the mean of each item taken out (Frisch & Waugh 1933)."""
        met = self.items[self.items[:, -1] > 0]
        columns, means = met[:, :-2], met[:, :-1] / met[:, -1:]
        return self.information - columns.T @ means[:, :-1], self.towards - columns.T @ means[:, -1]

    def easier(self, found: FloatArray) -> FloatArray:
        """mu (J,) of each item, given the rest; 0 where it was not met."""
        earned = self.items[:, -2] - self.items[:, :-2] @ found
        return np.asarray(earned / np.maximum(self.items[:, -1], 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Of each item at each ability: slope (J, Q) of the share, nearness (J, Q, K) of it to each knot."""

    bank: PracticeBank
    slope: FloatArray
    nearness: FloatArray

    @classmethod
    def of(cls, bank: PracticeBank) -> _Table:
        at = np.interp(bank.share, KNOTS, np.arange(len(KNOTS)))
        nearness = np.maximum(0.0, 1 - np.abs(at[:, :, None] - np.arange(len(KNOTS))))
        return cls(bank, np.gradient(bank.share, bank.grid.spacing, axis=1), nearness)


def _rows_of(table: _Table, learner: PractisedLearner, standard_sd: float) -> _Rows:
    bank, item = table.bank, learner.item
    known = abilities(bank, learner.start, standard_sd).standards
    standard, domain = bank.standard_of[item], bank.domain_of[item]
    own = known[standard]
    chance = np.einsum("tq,tq->t", own, bank.share[item])
    steep = own * table.slope[item]
    slope, near = steep.sum(axis=1), np.einsum("tq,tqk->tk", own, table.nearness[item])
    taught = learner.taught & ~np.tril(item[:, None] == item, -1).any(axis=1)
    before = np.tril(np.ones((item.size, item.size), dtype=np.bool_), -1) & taught
    wide = (before & (domain[:, None] == domain)).astype(np.float64) @ near
    narrow = np.zeros_like(wide)
    for place in np.unique(standard):
        mine = np.flatnonzero(standard == place)
        seen = before[np.ix_(mine, mine)].astype(np.float64)
        narrow[mine] = np.einsum(
            "tq,tu,uqk->tk", steep[mine], seen, table.nearness[item[mine]], optimize=True
        )
    others = _nuisances(learner.place, before.sum(axis=1), chance, slope)
    speaks = learner.first
    columns = np.hstack([slope[:, None] * wide, narrow, others])
    return _Rows(
        item=item[speaks],
        columns=columns[speaks],
        beyond=(learner.share - chance)[speaks],
        chance=chance[speaks],
        slope=slope[speaks],
    )


def _nuisances(place: IntArray, explained: IntArray, chance: FloatArray, slope: FloatArray) -> FloatArray:
    """(T, NUISANCES): how far the set has gone, how much that takes from what was likely to be solved, and
    what comes with the number of items explained so far, whichever they were.
    """
    gone = np.minimum(place, LONG_SET) / LONG_SET
    return np.column_stack([gone, gone * (chance - 0.5), slope * explained / LONG_SET])


def _beliefs(assumed: PracticeEffects, n_columns: int) -> tuple[FloatArray, FloatArray]:
    """Information matrix of what was believed before, and its centre; of nuisances next to nothing."""
    knots = len(KNOTS)
    bend = np.diff(np.eye(knots), 2, axis=0)
    curve = np.eye(knots) / DOUBT**2 + bend.T @ bend / ROUGHNESS**2
    doubt = np.eye(n_columns)
    doubt[:knots, :knots] = curve
    doubt[knots : 2 * knots, knots : 2 * knots] = curve
    centre = np.zeros(n_columns)
    centre[: 2 * knots] = np.concatenate((assumed.domain, assumed.standard))
    return doubt, centre


def _growth(domain: FloatArray, kept: Sequence[tuple[Learner, _Rows]], assumed: float) -> float:
    """Mean gain of a domain by the items that were met, for the chances of solving them."""
    if not any(rows.chance.size for _, rows in kept):
        return assumed
    chances = np.concatenate([rows.chance for _, rows in kept])
    return round(float(np.interp(chances, KNOTS, np.maximum(domain, LEAST_GAIN)).mean()), 5)


def _standard_sd(
    bank: PracticeBank,
    kept: Sequence[tuple[Learner, _Rows]],
    found: FloatArray,
    easier: FloatArray,
    assumed: float,
) -> float:
    """By how much more responses of one candidate agree on a standard than within its domain: the covariance
    of what was earned beyond the expected, over that of the slopes. Of standards new since the start.
    """
    sums = np.zeros((2, 2))
    for start, rows in kept:
        standard = bank.standard_of[rows.item]
        new = np.array([bank.standard_codes[one] not in start.evidence for one in standard], dtype=np.bool_)
        left = (rows.beyond - rows.columns @ found - easier[rows.item])[new]
        standard = standard[new]
        for level, group in enumerate((standard, bank.standard_domain[standard])):
            sums[level] += _pairs(left, group), _pairs(rows.slope[new], group)
    pairs = np.array([sums[0], sums[1] - sums[0]])
    if (pairs[:, 1] <= 0).any():
        return assumed
    same, other = pairs[:, 0] / pairs[:, 1]
    return round(float(np.clip(np.sqrt(max(same - other, 0.0)), LEAST_SD, MOST_SD)), 4)


def _pairs(values: FloatArray, group: IntArray) -> float:
    """Sum of the products of all pairs within a group."""
    if not values.size:
        return 0.0
    return float((np.bincount(group, values) ** 2 - np.bincount(group, values**2)).sum())
