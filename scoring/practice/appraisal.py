"""What is each item of the bank worth to this candidate, before any place of a set is taken?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.types import BoolArray, FloatArray
from scoring.practice.bank import PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.policy import PracticePolicy


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """What the formula of `policy` needs, of J items and S standards.

    share       (J,) expected share of the points, p
    unsure      (J,) its sd, v
    claim       (J,) G^focus
    ready       (J,) kappa: how far its prerequisites are mastered
    review      (J,) rho
    due         (J,) missed before and due again
    first_step  (J,) its standard is not mastered yet and another standard with items here builds on it
    gains       (D,) G of each domain of the bank, in half-points
    mastery     (S,) of each standard of the bank, in [0, 1]
    """

    share: FloatArray
    unsure: FloatArray
    claim: FloatArray
    ready: FloatArray
    review: FloatArray
    due: BoolArray
    first_step: BoolArray
    gains: FloatArray
    mastery: FloatArray

    def productive(self, policy: PracticePolicy, *, at_an_end: bool) -> FloatArray:
        """g (J,) for a place within the set, or for its first and last."""
        target = policy.ends_target if at_an_end else policy.target
        return np.asarray(np.exp(-0.5 * ((self.share - target) / policy.width) ** 2), dtype=np.float64)


def appraise(bank: PracticeBank, learner: Learner, exam: Exam, policy: PracticePolicy) -> Appraisal:
    """Everything about the items that does not depend on what the set already holds."""
    weights = np.empty((len(bank.domain_codes), bank.grid.size))
    for place, code in enumerate(bank.domain_codes):
        weights[place] = learner.ability_in(code)
    rises = [exam.rise(code, policy.step) for code in bank.domain_codes]
    gains = np.array([float(own @ rise) for own, rise in zip(weights, rises, strict=True)])
    share, unsure = _moments(bank, weights)
    mastery = _mastery(bank, learner, weights, policy.standard_weight)
    review, due = _review(bank, learner, policy.due_factor)
    return Appraisal(
        share=share,
        unsure=unsure,
        claim=(gains**policy.focus)[bank.domain_of],
        ready=_ready(bank, mastery, policy)[bank.standard_of],
        review=review,
        due=due,
        first_step=_first_steps(bank, mastery, policy)[bank.standard_of],
        gains=gains,
        mastery=mastery,
    )


def _moments(bank: PracticeBank, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    share, square = np.empty(bank.size), np.empty(bank.size)
    for rows, table, own in zip(bank.domain_rows, bank.moments, weights, strict=True):
        both = table @ own
        share[rows], square[rows] = both[: rows.size], both[rows.size :]
    return share, np.sqrt(np.maximum(square - share**2, 0.0))


def _mastery(bank: PracticeBank, learner: Learner, weights: FloatArray, weight: float) -> FloatArray:
    """Share of points on each standard: earned so far, with `weight` half-points of what is expected."""
    expected = np.einsum("sq,sq->s", bank.standard_mean, weights[bank.standard_domain])
    earned, possible = np.zeros(expected.size), np.zeros(expected.size)
    for code, so_far in learner.standards.items():
        place = bank.standard_index.get(code)
        if place is not None:
            earned[place], possible[place] = so_far
    return np.asarray((weight * expected + earned) / (weight + possible), dtype=np.float64)


def _ready(bank: PracticeBank, mastery: FloatArray, policy: PracticePolicy) -> FloatArray:
    """kappa (S,) of each standard: the product over those on which it builds."""
    factor = np.clip(mastery / policy.prerequisite_share, policy.prerequisite_floor, 1.0)
    ready = np.ones(mastery.size)
    np.multiply.at(ready, bank.builds[:, 0], factor[bank.builds[:, 1]])
    return ready


def _first_steps(bank: PracticeBank, mastery: FloatArray, policy: PracticePolicy) -> BoolArray:
    needed = np.zeros(mastery.size, dtype=np.bool_)
    needed[bank.builds[:, 1]] = True
    return np.asarray(needed & (mastery < policy.prerequisite_share))


def _review(bank: PracticeBank, learner: Learner, due_factor: float) -> tuple[FloatArray, BoolArray]:
    review, due = np.ones(bank.size), np.zeros(bank.size, dtype=np.bool_)
    waiting: list[int] = []
    again: list[int] = []
    for key, met in learner.met.items():
        (again if met.missed and met.due else waiting).extend(bank.places.get(key, ()))
    review[waiting] = 0.0
    review[again] = due_factor
    due[again] = True
    return review, due
