"""Does the story of a pupil's predictions end where the reading of today begins?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Person
from exams.models import Form, Sitting
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.history import Movement, history_of, movement_by
from scoring.queries.runs import run_in_force
from scoring.readiness import Readiness
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.practised import practise
from tests.factories.scoring import (
    PRACTICE_ITEMS,
    REFERENCE_ITEMS,
    make_reference_form,
    make_scored_trial,
    reading_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> ClassGroup:
    return make_class()


@pytest.fixture
def pupil(group: ClassGroup) -> Person:
    return make_pupil(group)


def scored() -> ScoringRun:
    score_sittings(now=NOW + timedelta(weeks=60))
    run = run_in_force()
    assert run is not None
    return run


def test_one_point_for_each_sitting_in_order(group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:4]})
    late = practise(pupil, PRACTICE_ITEMS[:5], at=NOW + timedelta(weeks=3), correct=PRACTICE_ITEMS)
    early = practise(pupil, PRACTICE_ITEMS[5:9], at=NOW + timedelta(weeks=1), correct=PRACTICE_ITEMS[:7])
    Form.objects.filter(pk=early.form_id).update(selection={"kind": "quick"})
    trial, first, second = history_of(pupil, "mathematics", run=scored())
    assert [trial.purpose, first.purpose, second.purpose] == ["trial", "practice", "practice"]
    assert trial.at == Sitting.objects.get(administration__isnull=False).handed_in_at
    assert (trial.kind, trial.n_items, trial.n_right) == ("", 10, 4)
    assert (first.sitting, first.kind, first.n_items, first.n_right) == (early.public_id, "quick", 4, 2)
    assert (second.sitting, second.kind, second.n_items, second.n_right) == (late.public_id, "", 5, 5)


def test_history_ends_where_the_reading_begins(group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    last = practise(pupil, PRACTICE_ITEMS[:5], at=NOW + timedelta(weeks=1), correct=PRACTICE_ITEMS)
    run = scored()
    assert last.handed_in_at is not None
    reading = reading_of(pupil, "mathematics", run=run, now=last.handed_in_at)
    trial, point = history_of(pupil, "mathematics", run=run)
    assert reading is not None
    assert (point.after.low, point.after.high) == (reading.low, reading.high)
    assert point.after.expected == pytest.approx(reading.expected)
    assert (trial.before, trial.enough, point.enough) == (None, True, True)


def test_before_a_sitting_stands_what_was_believed_when_it_began(group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    sat = practise(pupil, PRACTICE_ITEMS[:5], at=NOW + timedelta(weeks=4), correct=())
    run = scored()
    assert sat.handed_in_at is not None
    moved = movement_by(sat, run=run)
    assert moved is not None and moved.before is not None
    trial, point = history_of(pupil, "mathematics", run=run)
    assert point.before is not None
    assert point.before.expected == pytest.approx(moved.before.expected)
    assert point.after.expected == pytest.approx(moved.after.expected)
    # Four weeks without practice cost a little, five items missed cost more.
    assert trial.after.expected > moved.before.expected > moved.after.expected


def test_five_responses_are_too_few_to_speak_of_before_or_after(pupil: Person) -> None:
    make_reference_form()
    for week in range(3):
        five = PRACTICE_ITEMS[5 * week : 5 * week + 5]
        practise(pupil, five, at=NOW + timedelta(weeks=week), correct=five)
    points = history_of(pupil, "mathematics", run=scored())
    assert points[0].enough is False
    assert points[1].before is None
    assert points[2].enough is True


def test_a_silent_movement_says_how_many_responses_are_missing(pupil: Person) -> None:
    make_reference_form()
    sat = practise(pupil, PRACTICE_ITEMS[:4], at=NOW)
    moved = movement_by(sat, run=scored())
    assert moved is not None
    assert (moved.before, moved.enough, moved.needed, moved.large) == (None, False, 6, False)


def test_a_step_is_large_when_it_is_written_as_more_than_a_point() -> None:
    def at(half_points: float) -> Readiness:
        return Readiness(expected=half_points, low=0, high=0, probability=1.0, pmf=np.ones(1))

    steps = [(20.0, 22.4), (20.0, 22.5), (20.4, 22.4), (20.0, 17.4), (20.0, 18.0)]
    large = [Movement(at(before), at(after), enough=True, needed=0).large for before, after in steps]
    assert large == [False, True, False, True, False]


def test_a_sitting_that_is_not_scored_has_not_moved_anything(group: ClassGroup, pupil: Person) -> None:
    make_scored_trial(group, {pupil: REFERENCE_ITEMS})
    run = scored()
    assert history_of(make_pupil(group), "mathematics", run=run) == ()
    assert history_of(pupil, "mathematics", run=None) == ()
    unscored = practise(pupil, PRACTICE_ITEMS[:5], at=NOW + timedelta(weeks=1))
    assert movement_by(unscored, run=run) is None
    trial = Sitting.objects.select_related("form").get(administration__isnull=False)
    first = movement_by(trial, run=run)
    assert first is not None and first.before is None


def test_queries_do_not_grow_with_the_history(
    pupil: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_reference_form()
    for week in range(4):
        practise(pupil, PRACTICE_ITEMS[:3], at=NOW + timedelta(weeks=week))
    run = scored()
    with django_assert_num_queries(4):
        assert len(history_of(pupil, "mathematics", run=run)) == 4
