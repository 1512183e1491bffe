"""What does the product believe of N learners while they practise? Its own formulas, for all at once.

Responses add up as in scoring.practice.learning, within a set as on a phone and between sets with the fading
of old evidence; abilities as in scoring.practice.abilities; what is due again by scoring.practice.review.
test_beliefs.py holds the arrays here to those functions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from scoring.domains import USUAL_RULE
from scoring.growth import ASSUMED, carry
from scoring.irt.quadrature import DEFAULT_GRID, diffusion_kernel, normal_weights
from scoring.irt.types import BoolArray, FloatArray, IntArray
from scoring.practice.abilities import moved
from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.practice.review import Outcome, reviews
from tests.bench.readiness.learners import SETS_A_WEEK
from tests.bench.readiness.practised_world import KnownWorld, domain_code, standard_code

TRIAL = -1
"""The trial's place among the sets."""
_FIRST = datetime(2026, 1, 5, 16, tzinfo=UTC)
_DAYS_WITHIN_WEEK = (0, 3)
_STILL = replace(ASSUMED, drift_per_week=0.0, gain_per_item=0.0)
_POINTS = DEFAULT_GRID.points
_LEAST = 1e-9


class Beliefs:
    """met (N, J): given before. likelihood (N, S, Q), seen (N, S) and grown (N, D): the evidence, as a
    Learner keeps it. The abilities are worked out for whoever asks.
    """

    def __init__(
        self, known: KnownWorld, solved: BoolArray, effects: PracticeEffects = ASSUMED_EFFECTS
    ) -> None:
        """solved (N, E): the responses to the trial."""
        self.known, self.effects, self.n = known, effects, solved.shape[0]
        n_standards, n_domains = known.world.level_of_standard.size, len(known.rows)
        self.met = np.zeros((self.n, known.bank.size), dtype=np.bool_)
        self.likelihood = np.ones((self.n, n_standards, DEFAULT_GRID.size))
        self.seen = np.zeros((self.n, n_standards), dtype=np.bool_)
        self.grown = np.zeros((self.n, n_domains))
        self._practised = np.zeros((self.n, n_domains))
        self._memories = [_Memory() for _ in range(self.n)]
        self._to_remember: list[tuple[IntArray, BoolArray, int]] = []
        self._number = TRIAL
        for column, item in enumerate(known.trial):
            self._respond(np.full(self.n, item), solved[:, column], growth=0.0)

    def learn(self, item: IntArray, solved: BoolArray) -> None:
        """A response of each learner to an item (N,), explained since."""
        self._respond(item, solved, growth=self.effects.growth)

    def rest(self) -> None:
        """The days until the next set: evidence fades, and what was missed becomes due."""
        weeks = (_day(self._number + 1) - _day(self._number)) / 7
        rows = self.likelihood[self.seen]
        spread = carry(
            rows / rows.sum(axis=1, keepdims=True),
            _STILL,
            weeks=np.full(len(rows), weeks),
            practised=self._practised[:, self.known.world.domain_of_standard][self.seen],
        )
        self.likelihood[self.seen] = spread / spread.max(axis=1, keepdims=True)
        self._practised[:] = 0
        self._number += 1

    def learner(self, row: int) -> Learner:
        """One of them as the product's own functions want it."""
        for item, solved, number in self._to_remember:
            for memory, one, right in zip(self._memories, item.tolist(), solved.tolist(), strict=True):
                memory.add(self.known, one, right, number)
        self._to_remember.clear()
        home, likelihood = self.known.world.domain_of_standard, self.likelihood[row].copy()
        return Learner(
            posterior=normal_weights(DEFAULT_GRID),
            evidence={
                standard_code(s): StandardEvidence(domain_code(home[s]), likelihood[s])
                for s in np.flatnonzero(self.seen[row]).tolist()
            },
            grown={domain_code(d): by for d, by in enumerate(self.grown[row].tolist())},
            met=self._memories[row].met_at(self._number),
        )

    def abilities(self) -> tuple[FloatArray, FloatArray]:
        """Posteriors of the domains (N, D, Q) and the standards (N, S, Q)."""
        home = self.known.world.domain_of_standard
        down = diffusion_kernel(DEFAULT_GRID, self.effects.standard_sd)
        across = diffusion_kernel(DEFAULT_GRID, USUAL_RULE.domain_sd)
        messages = _log(self.likelihood @ down.T)
        of_domain = (home == np.arange(len(self.known.rows))[:, None]).astype(np.float64)
        told = np.einsum("ds,nsq->ndq", of_domain, messages)
        heard = _log(_exp(told) @ across.T)
        subject = np.log(normal_weights(DEFAULT_GRID)) + heard.sum(axis=1, keepdims=True)
        outside = _exp(subject - heard) @ across
        within = _scaled(outside[:, home] * _exp(told[:, home] - messages)) @ down
        domains = _scaled(outside * _exp(told))
        standards = _scaled(within * self.likelihood)
        return _moved(domains, self.grown), _moved(standards, self.grown[:, home])

    def shares(self, table: FloatArray) -> FloatArray:
        """Mean (N, J) of a function (J, Q) of the ability on each item's own standard."""
        _, standards = self.abilities()
        found = np.empty((self.n, table.shape[0]))
        for standard in range(standards.shape[1]):
            rows = np.flatnonzero(self.known.world.standard == standard)
            found[:, rows] = standards[:, standard] @ table[rows].T
        return found

    def _respond(self, item: IntArray, solved: BoolArray, *, growth: float) -> None:
        """What was met before says nothing of ability."""
        world = self.known.world
        new = np.flatnonzero(~self.met[np.arange(self.n), item])
        mine, standard, domain = item[new], world.standard[item[new]], world.domain[item[new]]
        right = self.known.right[mine]
        now = np.where(solved[new, None], right, 1 - right)
        # Of the ability as it was at the beginning: where it stands today is `grown` above that.
        at = (_POINTS + self.grown[new, domain, None] - _POINTS[0]) / DEFAULT_GRID.spacing
        at = np.clip(at, 0, _POINTS.size - 1)
        below = np.minimum(at.astype(np.int64), _POINTS.size - 2)
        low, high = np.take_along_axis(now, below, 1), np.take_along_axis(now, below + 1, 1)
        together = self.likelihood[new, standard] * (low + (at - below) * (high - low))
        self.likelihood[new, standard] = together / together.max(axis=1, keepdims=True)
        self.seen[new, standard] = True
        self.grown[new, domain] += growth
        self._practised[new, domain] += growth > 0
        self.met[np.arange(self.n), item] = True
        self._to_remember.append((item, solved, self._number))


class _Memory:
    """How things stand with what one learner met, as the product keeps it."""

    def __init__(self) -> None:
        self._patterns: dict[str, tuple[tuple[int, bool], ...]] = {}
        self._met: dict[str, Met] = {}
        self._number = TRIAL

    def add(self, known: KnownWorld, item: int, solved: bool, number: int) -> None:
        key = known.bank.items[item].key
        self._patterns[key] = (*self._patterns.get(key, ()), (number, solved))
        self._met[key] = Met(missed=not solved)

    def met_at(self, number: int) -> dict[str, Met]:
        """Within a set only what it held changes; with the next one the schedule is looked at again."""
        if number != self._number:
            self._met = {key: _standing(pattern, number) for key, pattern in self._patterns.items()}
            self._number = number
        return self._met


@cache
def _standing(pattern: tuple[tuple[int, bool], ...], number: int) -> Met:
    """How things stand with one item at the beginning of set `number`: few patterns, many learners."""
    history = [Outcome("", _at(when), float(right)) for when, right in pattern]
    return reviews(history, _at(number))[""]


def _at(number: int) -> datetime:
    return _FIRST + timedelta(days=_day(number))


def _day(number: int) -> int:
    if number == TRIAL:
        return -_DAYS_WITHIN_WEEK[1]
    week, within = divmod(number, SETS_A_WEEK)
    return 7 * week + _DAYS_WITHIN_WEEK[within]


def _moved(weights: FloatArray, by: FloatArray) -> FloatArray:
    """Rows (N, M, Q) moved up by (N, M) of theta."""
    return moved(weights.reshape(-1, _POINTS.size), by.ravel()).reshape(weights.shape)


def _log(messages: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(messages / messages.max(axis=-1, keepdims=True), _LEAST)))


def _exp(told: FloatArray) -> FloatArray:
    return np.asarray(np.exp(told - told.max(axis=-1, keepdims=True)))


def _scaled(weights: FloatArray) -> FloatArray:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
