"""What is each item of the bank worth to this candidate, before any place of a set is taken?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.types import BoolArray, FloatArray
from scoring.practice.abilities import Abilities, abilities
from scoring.practice.bank import PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner
from scoring.practice.policy import PracticePolicy


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """What the formula of `policy` needs, of J items, D domains and S standards.

    share       (J,) expected share of the points, p
    learnt      (J,) theta that practising it is expected to bring, beta + gamma
    gain        (J,) half-points on the exam that come of it, beta G_d + gamma G_s
    ready       (J,) kappa: how far its prerequisites are mastered
    review      (J,) rho
    due         (J,) missed before and due again
    first_step  (J,) its standard is not mastered yet and another standard with items here builds on it
    gains       (D,) G_d of each domain of the bank, in half-points
    mastery     (S,) of each standard of the bank, in [0, 1]
    abilities   on each of these domains and standards
    """

    share: FloatArray
    learnt: FloatArray
    gain: FloatArray
    ready: FloatArray
    review: FloatArray
    due: BoolArray
    first_step: BoolArray
    gains: FloatArray
    mastery: FloatArray
    abilities: Abilities

    def probability(self, bank: PracticeBank, index: int) -> float:
        """Of earning all points of the item at `index`."""
        return float(self.abilities.standards[bank.standard_of[index]] @ bank.whole[index])


def appraise(bank: PracticeBank, learner: Learner, exam: Exam, policy: PracticePolicy) -> Appraisal:
    """Everything about the items that does not depend on what the set already holds."""
    effects = policy.effects
    known = abilities(bank, learner, effects.standard_sd)
    share = _shares(bank, known)
    gains, own_gains = _gains(bank, exam, policy, known)
    wide, narrow = effects.domain_gain(share), effects.standard_gain(share)
    mastery = np.einsum("sq,sq->s", bank.standard_mean, known.standards)
    review, due = _review(bank, learner, policy)
    return Appraisal(
        share=share,
        learnt=wide + narrow,
        gain=wide * gains[bank.domain_of] + narrow * own_gains[bank.standard_of],
        ready=_ready(bank, mastery, policy)[bank.standard_of],
        review=review,
        due=due,
        first_step=_first_steps(bank, mastery, policy)[bank.standard_of],
        gains=gains,
        mastery=mastery,
        abilities=known,
    )


def _shares(bank: PracticeBank, known: Abilities) -> FloatArray:
    share = np.empty(bank.size)
    for rows, table, own in zip(bank.standard_rows, bank.standard_shares, known.standards, strict=True):
        share[rows] = table @ own
    return share


def _gains(
    bank: PracticeBank, exam: Exam, policy: PracticePolicy, known: Abilities
) -> tuple[FloatArray, FloatArray]:
    """G_d (D,) of domains and G_s (S,) of standards."""
    wide = np.array([exam.rise(code, policy.step) for code in bank.domain_codes]).reshape(-1, bank.grid.size)
    narrow = exam.standard_rises(bank.standard_homes, policy.step, policy.repeats)
    gains = np.einsum("dq,dq->d", known.domains, wide)
    own = np.einsum("sq,sq->s", known.standards, narrow)
    return gains / policy.step, own / policy.step


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


def _review(bank: PracticeBank, learner: Learner, policy: PracticePolicy) -> tuple[FloatArray, BoolArray]:
    review, due = np.ones(bank.size), np.zeros(bank.size, dtype=np.bool_)
    waiting: list[int] = []
    again: list[int] = []
    confirm: list[int] = []
    for key, met in learner.met.items():
        kind = waiting if not (met.missed and met.due) else confirm if met.confirm else again
        kind.extend(bank.places.get(key, ()))
    review[waiting] = 0.0
    review[again] = policy.due_factor
    review[confirm] = policy.confirm_factor
    due[again + confirm] = True
    return review, due
