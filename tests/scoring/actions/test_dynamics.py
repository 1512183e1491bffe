"""Do the pupils themselves tell how abilities change, and only when there are enough of them?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import ClassGroup, Person
from scoring.actions.dynamics import estimate_run_dynamics
from scoring.actions.score import score_sittings
from scoring.growth import ASSUMED, Dynamics, estimate_dynamics
from scoring.models import ScoringRun
from scoring.queries.evidence import evidence_in
from scoring.queries.exam_reference import exam_reference
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.practised import practise
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def learners(group: ClassGroup) -> list[Person]:
    """Three who sat a trial with three items right and practised ten all right five weeks later."""
    pupils = [make_pupil(group) for _ in range(3)]
    make_scored_trial(group, dict.fromkeys(pupils, REFERENCE_ITEMS[:3]))
    for pupil in pupils:
        practise(pupil, PRACTICE_ITEMS[:10], at=NOW + timedelta(weeks=5), correct=PRACTICE_ITEMS)
    return pupils


def scored() -> ScoringRun:
    score_sittings(now=NOW + timedelta(weeks=20))
    run = run_in_force()
    assert run is not None
    return run


def test_before_enough_have_come_back_assumptions_stay(learners: list[Person]) -> None:
    found = estimate_run_dynamics(run=scored())
    assert (found.dynamics, found.estimated, found.n_learners) == (ASSUMED, None, 3)


def test_what_a_run_had_stays_too(learners: list[Person]) -> None:
    run = scored()
    before = Dynamics("estimated-500", 0.01, 0.002, 0.05, 0.03)
    run.dynamics = before.as_table()
    assert estimate_run_dynamics(run=run).dynamics == before


def test_dynamics_are_estimated_from_everybody_who_came_back(
    group: ClassGroup, learners: list[Person]
) -> None:
    once = make_pupil(group)
    practise(once, PRACTICE_ITEMS[:3], at=NOW)
    run = scored()
    found = estimate_run_dynamics(run=run, fewest=3)
    exam = exam_reference("mathematics", run)
    assert exam is not None
    series = []
    for pupil in learners:
        evidence = evidence_in(pupil.pk, "mathematics", run=run)
        assert evidence is not None
        series.append(evidence.series.observations_for(exam.half_points, domain_sd=0.5))
    expected = estimate_dynamics(series)
    assert found.estimated is not None
    assert (found.n_learners, found.dynamics.version) == (3, "estimated-3")
    assert found.dynamics.as_table() == pytest.approx(expected.dynamics.as_table())
    # All three did far better the second time.
    assert found.dynamics.drift_per_week > ASSUMED.drift_per_week
    assert found.dynamics.gain_per_item > ASSUMED.gain_per_item


def test_of_very_many_a_sample_speaks_the_same_one_each_time(learners: list[Person]) -> None:
    run = scored()
    one, again = (estimate_run_dynamics(run=run, fewest=2, at_most=2) for _ in range(2))
    assert one.estimated is not None and again.estimated is not None
    assert (one.n_learners, one.estimated.n_learners) == (3, 2)
    assert one.dynamics == again.dynamics


def test_estimating_writes_nothing(learners: list[Person]) -> None:
    run = scored()
    estimate_run_dynamics(run=run, fewest=1)
    run.refresh_from_db()
    assert run.dynamics == {}
