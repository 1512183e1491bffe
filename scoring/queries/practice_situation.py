"""What is there to choose from for one pupil now, and what is known of them? Asked once for all offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from accounts.models import Person
from exams.models import Sitting
from exams.queries.experiments import running_assignment
from scoring.growth import Dynamics
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import BoolArray
from scoring.models import ScoringRun
from scoring.practice.appraisal import Appraisal, appraise
from scoring.practice.effects import PracticeEffects
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import learner_from
from scoring.practice.policy import DEFAULT_POLICY, POLICIES, PracticePolicy
from scoring.queries.estimates import posterior_now
from scoring.queries.exposure import RecentSets, recent_sets
from scoring.queries.practice_bank import SubjectBank, free_of_trials, subject_bank
from scoring.queries.practice_history import PracticeHistory, practice_history


@dataclass(frozen=True, eq=False)
class Situation:
    """Of one pupil in one subject.

    allowed   (J,) items of the bank that may be given at all
    n_items   responses that the estimate rests on; with none the learner is anybody of the population
    finished  how many sittings of the subject the pupil has finished
    """

    person: UUID
    subject: str
    subject_bank: SubjectBank
    learner: Learner
    n_items: int
    history: PracticeHistory
    allowed: BoolArray
    recent: RecentSets | None
    policy: PracticePolicy
    experiment: UUID | None
    arm: str
    finished: int

    @property
    def known(self) -> bool:
        return self.n_items > 0

    @cached_property
    def appraisal(self) -> Appraisal:
        return appraise(self.subject_bank.bank, self.learner, self.subject_bank.exam, self.policy)

    @cached_property
    def missed(self) -> Mapping[str, Met]:
        """Key in the bank → how it stands, of what waits to be repaired and can be."""
        places = self.subject_bank.bank.places
        return {
            key: met
            for key, met in self.learner.met.items()
            if met.missed and any(self.allowed[index] for index in places[key])
        }

    def as_table(self) -> dict[str, Any]:
        """The rule by which a set comes about, as it is kept with the form."""
        return {
            "policy": self.policy.version,
            "effects": self.policy.effects.version,
            "experiment": str(self.experiment) if self.experiment else None,
            "arm": self.arm,
        }


def situation_of(person: Person, subject: str, *, run: ScoringRun | None, now: datetime) -> Situation | None:
    """None when there is nothing to practise with: no run, no items with parameters, no reference form."""
    bank = subject_bank(subject, run=run) if run is not None else None
    if run is None or bank is None:
        return None
    allowed = free_of_trials(bank, now=now)
    if not allowed.any():
        return None
    history = practice_history(person, subject, run=run, now=now)
    assigned = running_assignment(person, subject, now)
    if assigned is not None and assigned.policy not in POLICIES:
        assigned = None  # a rule that is no longer there chooses for nobody
    policy = POLICIES[assigned.policy] if assigned else DEFAULT_POLICY
    effects = PracticeEffects.from_table(run.practice_effects)
    known = posterior_now(person, subject, run=run, now=now)
    met = _met_in(bank, history)
    if known is None:
        learner = Learner(posterior=normal_weights(DEFAULT_GRID), met=met)
    else:
        learner = learner_from(
            known.series,
            known.posterior,
            Dynamics.from_table(run.dynamics),
            effects.growth,
            weeks=known.weeks,
            met=met,
            verdicts=known.verdicts,
        )
    return Situation(
        person=person.public_id,
        subject=subject,
        subject_bank=bank,
        learner=learner,
        n_items=known.n_items if known else 0,
        history=history,
        allowed=allowed,
        recent=recent_sets(bank, subject=subject),
        policy=replace(policy, effects=effects),
        experiment=assigned.experiment if assigned else None,
        arm=assigned.arm if assigned else "",
        finished=Sitting.objects.filter(candidate=person, form__subject=subject).finished().count(),
    )


def _met_in(bank: SubjectBank, history: PracticeHistory) -> dict[str, Met]:
    """As the bank names things: an item without a family by the ref of its newest version."""
    return {
        row.key: history.met[row.family or item]
        for row, item in zip(bank.bank.items, bank.items, strict=True)
        if (row.family or item) in history.met
    }
