"""Which item comes next, and which items make a set? The formula and its sense: see `policy`.

What was met before and is not due comes only when nothing else is left to choose from, and what the exam does
not pay for only when nothing is left for which it does. Of a family of variants a set holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.irt.types import BoolArray, FloatArray
from scoring.practice.appraisal import Appraisal, appraise
from scoring.practice.bank import PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.policy import PracticePolicy
from scoring.practice.reasons import Reason, reason_for

TIE = 1e-9
"""Values closer than this share of the best are equal: items of one level share their assumed parameters."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen item.

    index        its place in the bank
    probability  posterior predictive probability of earning all its points
    share        posterior predictive share of its points
    value        U when it was drawn
    propensity   probability with which it was drawn, given those drawn before it
    """

    index: int
    reason: Reason
    probability: float
    share: float
    value: float
    propensity: float


def next_item(
    bank: PracticeBank,
    learner: Learner,
    exam: Exam,
    policy: PracticePolicy,
    taken: Sequence[int],
    place: int,
    size: int,
    u: float,
    allowed: BoolArray | None = None,
) -> Choice | None:
    """The item for place `place` (from 0) of a set of `size`; None when no item is left.

    taken: places in the bank of the items the set holds already, in any order; u: a number even in [0, 1)
    that decides the draw; allowed (J,): only among these. Pure and deterministic.
    """
    appraisal = appraise(bank, learner, exam, policy)
    return _draw(bank, learner, appraisal, policy, taken, place, size, u, allowed)


def choose_set(
    bank: PracticeBank,
    learner: Learner,
    exam: Exam,
    policy: PracticePolicy,
    size: int,
    seed: int,
    allowed: BoolArray | None = None,
) -> tuple[Choice, ...]:
    """Up to `size` items in the order to be given, fewer where fewer can be had; the same for the same seed.

    Chosen one after another as by `next_item`, but with what is known before the set is begun.
    """
    uniform = np.random.default_rng(seed).random(size)
    appraisal = appraise(bank, learner, exam, policy)
    chosen: list[Choice] = []
    for place, u in enumerate(uniform.tolist()):
        taken = [one.index for one in chosen]
        choice = _draw(bank, learner, appraisal, policy, taken, place, size, u, allowed)
        if choice is None:
            break
        chosen.append(choice)
    return tuple(chosen)


def values(
    bank: PracticeBank,
    appraisal: Appraisal,
    policy: PracticePolicy,
    taken: Sequence[int],
    place: int,
    size: int,
    allowed: BoolArray | None = None,
) -> FloatArray:
    """U (J,) of every item at this place, 0 for what cannot be chosen."""
    suits = appraisal.ready * _left(bank, taken, allowed) / _variety(bank, policy, taken)
    if place in (0, size - 1):
        suits = suits * appraisal.share**policy.ends_ease
    gain, learnt, review = appraisal.gain, appraisal.learnt, appraisal.review
    worth = gain * suits * review
    for instead in (learnt * suits * review, gain * suits, learnt * suits):
        if worth.max(initial=0.0) > 0:
            break
        worth = instead
    return np.asarray(worth, dtype=np.float64)


def chances(worth: FloatArray, policy: PracticePolicy) -> FloatArray:
    """Probability (J,) with which each item is drawn, given the values; all 0 when no value is above 0."""
    most = worth.max(initial=0.0)
    if most <= 0:
        return np.zeros_like(worth)
    best = worth >= most * (1 - TIE)
    fair = (worth > 0) & (worth >= most * policy.exploration_floor)
    return np.asarray((1 - policy.exploration) * best / best.sum() + policy.exploration * fair / fair.sum())


def _draw(
    bank: PracticeBank,
    learner: Learner,
    appraisal: Appraisal,
    policy: PracticePolicy,
    taken: Sequence[int],
    place: int,
    size: int,
    u: float,
    allowed: BoolArray | None,
) -> Choice | None:
    worth = values(bank, appraisal, policy, taken, place, size, allowed)
    chance = chances(worth, policy)
    possible = np.flatnonzero(chance)
    if possible.size == 0:
        return None
    # The chances may sum to a hair below 1, so the last possible item takes what is beyond.
    beyond = int(np.searchsorted(np.cumsum(chance[possible]), u, side="right"))
    index = int(possible[min(beyond, possible.size - 1)])
    met = learner.met.get(bank.items[index].key)
    probability = appraisal.probability(bank, index)
    return Choice(
        index=index,
        reason=reason_for(
            due=bool(appraisal.due[index]),
            missed=met is not None and met.missed,
            any_alike=policy.any_alike,
            first_step=bool(appraisal.first_step[index]),
            verdict=learner.verdict_on(bank.items[index].domain),
            probability=probability,
        ),
        probability=probability,
        share=float(appraisal.share[index]),
        value=float(worth[index]),
        propensity=float(chance[index]),
    )


def _left(bank: PracticeBank, taken: Sequence[int], allowed: BoolArray | None) -> BoolArray:
    left = np.ones(bank.size, dtype=np.bool_) if allowed is None else np.array(allowed, dtype=np.bool_)
    for index in taken:
        left[index] = False
        if bank.family_of[index] >= 0:
            left[bank.family_of == bank.family_of[index]] = False
    return left


def _variety(bank: PracticeBank, policy: PracticePolicy, taken: Sequence[int]) -> FloatArray:
    held = np.asarray(taken, dtype=np.int64)
    standards = np.bincount(bank.standard_of[held], minlength=len(bank.standard_codes))
    domains = np.bincount(bank.domain_of[held], minlength=len(bank.domain_codes))
    return np.asarray(
        (1.0 + standards[bank.standard_of]) ** policy.standard_spread
        * (1.0 + domains[bank.domain_of]) ** policy.spread,
        dtype=np.float64,
    )
