"""What does the product believe of N learners while they practise? Its own formulas, for all at once.

After the trial as in scoring.domains, after each item as in scoring.practice.learning, between sets as in
scoring.growth with the assumed dynamics; what is due again by scoring.practice.review. test_beliefs.py holds
the arrays here to those functions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from scoring.domains import VerdictRule
from scoring.growth import ASSUMED, carry
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import BoolArray, FloatArray, IntArray
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import blur
from scoring.practice.review import Outcome, reviews
from tests.bench.readiness.learners import ITEMS_A_SET, SETS_A_WEEK
from tests.bench.readiness.practised_world import KnownWorld, domain_code

TRIAL = -1
"""The trial's place among the sets."""
_FIRST = datetime(2026, 1, 5, 16, tzinfo=UTC)
_DAYS_WITHIN_WEEK = (0, 3)
_BLUR = blur(DEFAULT_GRID, VerdictRule().domain_sd)


class Beliefs:
    """posterior (N, Q); domains (N, D, Q); met (N, J): given before. The rest is for `learner`."""

    def __init__(self, known: KnownWorld, solved: BoolArray) -> None:
        """solved (N, E): the responses to the trial."""
        self.known, self.n = known, solved.shape[0]
        self.met = np.zeros((self.n, known.bank.size), dtype=np.bool_)
        self._memories = [_Memory() for _ in range(self.n)]
        self._to_remember: list[tuple[IntArray, BoolArray, int]] = []
        self._number = TRIAL
        likelihood = np.ones((self.n, len(known.rows), DEFAULT_GRID.size))
        for column, item in enumerate(known.trial):
            likelihood[:, known.world.domain[item]] *= self._likelihood(item, solved[:, column])
            self._remember(np.full(self.n, item), solved[:, column])
        prior = normal_weights(DEFAULT_GRID)
        self.posterior = _scaled(prior * likelihood.prod(axis=1))
        others = [np.delete(likelihood, own, axis=1).prod(axis=1) for own in range(len(known.rows))]
        widened = np.stack([_scaled(prior * one) @ _BLUR for one in others], axis=1)
        self.domains = _scaled(widened * likelihood)

    def learn(self, item: IntArray, solved: BoolArray) -> None:
        """A response of each learner to an item (N,)."""
        rows, domain = np.arange(self.n), self.known.world.domain[item]
        likelihood = self._likelihood(item, solved)
        own = self.domains[rows, domain] * likelihood
        self.domains *= (likelihood @ _BLUR.T)[:, None]
        self.domains[rows, domain] = own
        self.domains = _scaled(self.domains)
        self.posterior = _scaled(self.posterior * likelihood)
        self._remember(item, solved)

    def rest(self) -> None:
        """The days until the next set: abilities move, and what was missed becomes due."""
        weeks = (_day(self._number + 1) - _day(self._number)) / 7
        both = np.concatenate((self.posterior[:, None], self.domains), axis=1)
        rows = both.reshape(-1, DEFAULT_GRID.size)
        moved = carry(
            rows,
            ASSUMED,
            weeks=np.full(rows.shape[0], weeks),
            practised=np.full(rows.shape[0], 0 if self._number == TRIAL else ITEMS_A_SET),
        ).reshape(both.shape)
        self.posterior, self.domains = moved[:, 0], moved[:, 1:]
        self._number += 1

    def learner(self, row: int) -> Learner:
        """One of them as the product's own functions want it."""
        for item, solved, number in self._to_remember:
            for memory, one, right in zip(self._memories, item.tolist(), solved.tolist(), strict=True):
                memory.add(self.known, one, right, number)
        self._to_remember.clear()
        memory = self._memories[row]
        return Learner(
            posterior=self.posterior[row],
            domains={domain_code(d): own for d, own in enumerate(self.domains[row])},
            standards=memory.standards,
            met=memory.met_at(self._number),
        )

    def shares(self, table: FloatArray) -> FloatArray:
        """Mean (N, J) of a function (J, Q) of each item's own ability."""
        found = np.empty((self.n, table.shape[0]))
        for domain, rows in enumerate(self.known.rows):
            found[:, rows] = self.domains[:, domain] @ table[rows].T
        return found

    def _likelihood(self, item: IntArray | int, solved: BoolArray) -> FloatArray:
        right = self.known.right[item]
        return np.where(solved[:, None], right, 1 - right)

    def _remember(self, item: IntArray, solved: BoolArray) -> None:
        self.met[np.arange(self.n), item] = True
        self._to_remember.append((item, solved, self._number))


class _Memory:
    """What one learner met, as the product keeps it."""

    def __init__(self) -> None:
        self.standards: dict[str, tuple[int, int]] = {}
        self._patterns: dict[str, tuple[tuple[int, bool], ...]] = {}
        self._met: dict[str, Met] = {}
        self._number = TRIAL

    def add(self, known: KnownWorld, item: int, solved: bool, number: int) -> None:
        standard, key = known.bank.items[item].standard, known.bank.items[item].key
        earned, possible = self.standards.get(standard, (0, 0))
        self.standards[standard] = (earned + 2 * solved, possible + 2)
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


def _scaled(weights: FloatArray) -> FloatArray:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
