"""By which rules could items be chosen? The usual ones, made as strong as they can be, and the product's own.

None of the usual ones gives an item twice: an item solved once teaches less the next time, and to be better
than a rule that does not know this would prove little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import BoolArray, FloatArray, IntArray
from scoring.practice.choice import next_item
from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects
from scoring.practice.policy import PracticePolicy
from tests.bench.readiness.beliefs import Beliefs
from tests.bench.readiness.learners import ITEMS_A_SET

PRODUCTIVE = 0.7
"""The chance of success at which the usual advice aims."""


class Rule(Protocol):
    """taken: the items (N,) given already in this set; u (N,): numbers even in [0, 1) for draws. `effects`:
    what its beliefs take practice to bring.
    """

    name: str

    @property
    def effects(self) -> PracticeEffects: ...

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray: ...


class _Usual:
    effects = ASSUMED_EFFECTS


class AtRandom(_Usual):
    """Any item not met before, each as likely."""

    name = "random"

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray:
        return one_of(~beliefs.met, u)


class WeakestFirst(_Usual):
    """The domain in which the ability is believed lowest, and there the item of productive difficulty."""

    name = "weakest first"

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray:
        new = ~beliefs.met
        stocked = np.stack([new[:, rows].any(axis=1) for rows in beliefs.known.rows], axis=1)
        domains, _ = beliefs.abilities()
        ability = np.where(stocked, domains @ DEFAULT_GRID.points, np.inf)
        weakest = beliefs.known.world.domain == ability.argmin(axis=1)[:, None]
        return nearest(beliefs, new & weakest, u)


class MostInformative(_Usual):
    """The item that tells most about the ability on its standard, on average over the posterior."""

    name = "most informative"

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray:
        return best_of(np.where(beliefs.met, -np.inf, beliefs.shares(beliefs.known.information)), u)


class FixedDifficulty(_Usual):
    """The item of productive difficulty, whatever it is about."""

    name = "fixed difficulty"

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray:
        return nearest(beliefs, ~beliefs.met, u)


@dataclass(frozen=True, slots=True)
class Ours:
    """The product's own rule, through the function that the server calls."""

    policy: PracticePolicy

    @property
    def name(self) -> str:
        return f"ours, {self.policy.effects.version}"

    @property
    def effects(self) -> PracticeEffects:
        return self.policy.effects

    def __call__(self, beliefs: Beliefs, taken: Sequence[IntArray], u: FloatArray) -> IntArray:
        chosen = np.empty(beliefs.n, dtype=np.int64)
        bank, exam, place = beliefs.known.bank, beliefs.known.exam, len(taken)
        held = np.array(taken, dtype=np.int64).reshape(place, beliefs.n).T.tolist()
        for row, draw in enumerate(u.tolist()):
            learner = beliefs.learner(row)
            choice = next_item(bank, learner, exam, self.policy, held[row], place, ITEMS_A_SET, draw)
            if choice is None:
                raise RuntimeError("the bank is used up")
            chosen[row] = choice.index
        return chosen


BASELINES: tuple[Rule, ...] = (AtRandom(), WeakestFirst(), MostInformative(), FixedDifficulty())


def nearest(beliefs: Beliefs, allowed: BoolArray, u: FloatArray) -> IntArray:
    """The allowed item (N, J) whose expected share of points is nearest to the productive one."""
    distance = np.abs(beliefs.shares(beliefs.known.right) - PRODUCTIVE)
    return best_of(np.where(allowed, -distance, -np.inf), u)


def best_of(values: FloatArray, u: FloatArray) -> IntArray:
    """Place of the largest value in each row (N, J); equals share the chance."""
    return one_of(values >= values.max(axis=1, keepdims=True) - 1e-12, u)


def one_of(allowed: BoolArray, u: FloatArray) -> IntArray:
    """One allowed place of each row (N, J), all as likely, by numbers u (N,) even in [0, 1)."""
    counted = allowed.cumsum(axis=1)
    return np.asarray((counted <= (u * counted[:, -1])[:, None]).sum(axis=1), dtype=np.int64)
