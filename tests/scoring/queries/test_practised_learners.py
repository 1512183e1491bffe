"""Whose practice did chance alone draw, and is what they did told whole, in order and up to the right day?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from accounts.models import ClassGroup, Person
from scoring.actions.score import score_sittings
from scoring.growth import ASSUMED
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.models import ItemCalibration, ScoringRun
from scoring.practice.bank import PracticeBank
from scoring.practice.effects_fit import PractisedLearner
from scoring.practice.learning import learner_from
from scoring.queries.evidence import evidence_in
from scoring.queries.practised_learners import learners_by_chance, practised_learners
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_administration, make_versions
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_reference_form, sit_form

pytestmark = pytest.mark.django_db
EVEN = {"policy": "even-1", "kind": "full"}
OTHERS: list[dict[str, Any] | None] = [
    {"policy": "gain-2", "kind": "full"},
    {"policy": "even-1", "kind": "domain", "focus": "MA.3"},
    {"policy": "even-1", "kind": "standard", "focus": "MA.1.3.1"},
    {"policy": "even-1", "kind": "mistakes"},
    {"kind": "full"},
    None,
]
FIRST, SECOND = PRACTICE_ITEMS[:3], PRACTICE_ITEMS[3:6]


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    """Will practise once the class has sat the reference form with three items right."""
    pupil = make_pupil(group)
    administration = make_administration([group], form=make_reference_form())
    sit_form(administration, pupil, correct=REFERENCE_ITEMS[:3])
    return pupil


def weeks(number: int) -> Any:
    return NOW + timedelta(weeks=number)


def scored() -> ScoringRun:
    score_sittings(now=weeks(50))
    run = run_in_force()
    assert run is not None
    return run


def told(pupil: Person, run: ScoringRun) -> tuple[list[str], PractisedLearner]:
    """Identifiers of the items in their order, and the learner."""
    bank, (learner,) = practised_learners([("mathematics", pupil.pk)], run=run)
    return names(bank, learner), learner


def names(bank: PracticeBank, learner: PractisedLearner) -> list[str]:
    return [bank.items[place].identifier.split(".")[0] for place in learner.item]


@pytest.mark.parametrize("kind", ["quick", "full"])
def test_whose_first_practice_chance_drew_is_found(pupil: Person, kind: str) -> None:
    practise(pupil, FIRST, at=weeks(2), selection={"policy": "even-1", "kind": kind})
    assert learners_by_chance(scored()) == [("mathematics", pupil.pk)]


@pytest.mark.parametrize("rule", OTHERS)
def test_whose_first_practice_anything_else_drew_is_not(pupil: Person, rule: dict[str, Any] | None) -> None:
    practise(pupil, FIRST, at=weeks(2), selection=rule)
    practise(pupil, SECOND, at=weeks(3), selection=EVEN)
    assert learners_by_chance(scored()) == []


def test_who_only_sat_the_trial_or_met_nothing_in_practice_is_not(pupil: Person) -> None:
    sitting = practise(pupil, FIRST, at=weeks(2), selection=EVEN)
    run = scored()
    sitting.scores.get(run=run).outcomes.update(status="not_reached")
    assert learners_by_chance(run) == []


def test_a_set_of_which_nothing_was_met_steers_nothing(pupil: Person) -> None:
    empty = practise(pupil, FIRST, at=weeks(2), selection=None)
    practise(pupil, SECOND, at=weeks(3), selection=EVEN)
    run = scored()
    empty.scores.get(run=run).outcomes.update(status="not_reached")
    assert learners_by_chance(run) == [("mathematics", pupil.pk)]
    assert told(pupil, run)[0] == list(SECOND)


def test_practice_and_later_trials_are_told_up_to_practice_that_was_steered(
    pupil: Person, group: ClassGroup
) -> None:
    practise(pupil, FIRST, at=weeks(2), correct=FIRST[:1], selection=EVEN)
    again = make_administration([group], form=make_reference_form(REFERENCE_ITEMS[:2], identifier="ma-b"))
    sit_form(again, pupil, correct=REFERENCE_ITEMS[:2], started_at=weeks(3))
    practise(pupil, [*FIRST[:1], *SECOND], at=weeks(4), correct=SECOND, selection=EVEN)
    practise(pupil, PRACTICE_ITEMS[6:9], at=weeks(5), selection=OTHERS[0])
    practise(pupil, PRACTICE_ITEMS[9:12], at=weeks(6), selection=EVEN)
    items, learner = told(pupil, scored())
    assert items == [*FIRST, *REFERENCE_ITEMS[:2], *FIRST[:1], *SECOND]
    assert learner.share.tolist() == [1, 0, 0, 1, 1, 0, 1, 1, 1]
    # The two of the trial had been met in the trial before, the first of the second set in the first one.
    assert learner.first.tolist() == [True] * 3 + [False] * 3 + [True] * 3
    assert learner.taught.tolist() == [True] * 3 + [False] * 2 + [True] * 4
    assert learner.place.tolist() == [0, 1, 2, 0, 0, 0, 1, 2, 3]


def test_within_a_set_the_order_is_that_of_showing(pupil: Person) -> None:
    refs = [version.ref for version in make_versions(FIRST)]
    practise(pupil, FIRST, at=weeks(2), correct=FIRST[2:], shown=[refs[2], refs[0]], selection=EVEN)
    items, learner = told(pupil, scored())
    assert items == [FIRST[2], FIRST[0], FIRST[1]]
    assert learner.share.tolist() == [1, 0, 0]
    assert learner.place.tolist() == [0, 1, 2]


def test_a_similar_item_that_was_asked_for_after_a_missed_one_is_not_told(pupil: Person) -> None:
    refs = [version.ref for version in make_versions(FIRST)]
    practise(pupil, FIRST, at=weeks(2), told={refs[1]: {"for": refs[0]}}, selection=EVEN)
    assert told(pupil, scored())[0] == [FIRST[0], FIRST[2]]


def test_what_was_solved_with_a_hint_earned_nothing_and_what_was_not_reached_is_not_told(
    pupil: Person,
) -> None:
    refs = [version.ref for version in make_versions(FIRST)]
    sitting = practise(pupil, FIRST, at=weeks(2), correct=FIRST, hinted=refs[:1], selection=EVEN)
    run = scored()
    sitting.scores.get(run=run).outcomes.filter(position=2).update(status="not_reached")
    items, learner = told(pupil, run)
    assert (items, learner.share.tolist()) == ([FIRST[0], FIRST[2]], [0, 1])
    assert learner.first.all()


def test_the_start_is_what_was_known_on_the_day_of_the_first_practice(pupil: Person) -> None:
    score_sittings(now=weeks(1))
    practise(pupil, FIRST, at=weeks(5), correct=FIRST, selection=EVEN)
    run = scored()
    start = told(pupil, run)[1].start
    evidence = evidence_in(pupil.pk, "mathematics", run=run)
    assert evidence is not None
    assert set(start.evidence) == set(evidence.series.standards[:10])
    assert (start.grown, start.met, start.verdicts) == ({}, {}, {})


def test_the_start_fades_with_the_weeks_as_any_evidence_does(pupil: Person) -> None:
    score_sittings(now=weeks(1))
    run = run_in_force()
    assert run is not None
    trial = evidence_in(pupil.pk, "mathematics", run=run)
    assert trial is not None
    practise(pupil, FIRST, at=weeks(30), selection=EVEN)
    start = told(pupil, scored())[1].start
    expected = learner_from(trial.series, start.posterior, ASSUMED, 0.0, weeks=30, met={}, verdicts={})
    for code, one in expected.evidence.items():
        np.testing.assert_allclose(start.evidence[code].likelihood, one.likelihood, rtol=1e-9)


def test_who_practised_before_any_trial_starts_as_anybody(group: ClassGroup) -> None:
    make_reference_form()
    pupil = make_pupil(group)
    practise(pupil, FIRST, at=weeks(2), selection=EVEN)
    start = told(pupil, scored())[1].start
    np.testing.assert_array_equal(start.posterior, normal_weights(DEFAULT_GRID))
    assert start.evidence == {}


def test_several_are_told_in_their_order_from_one_bank(group: ClassGroup, pupil: Person) -> None:
    other = make_pupil(group)
    practise(other, SECOND, at=weeks(1), selection=EVEN)
    practise(pupil, FIRST, at=weeks(2), selection=EVEN)
    run = scored()
    learners = learners_by_chance(run)
    assert learners == sorted(("mathematics", person.pk) for person in (pupil, other))
    bank, found = practised_learners(learners, run=run)
    assert [names(bank, learner) for learner in found] == [list(FIRST), list(SECOND)]
    assert bank.size == ItemCalibration.objects.filter(run=run).count()
