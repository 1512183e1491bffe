"""Does the count of what was practised hold to practice, to the subject and to the week?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from exams.enums import PracticeKind
from scoring.actions.practice import open_practice_set
from scoring.actions.score import score_sittings
from scoring.models import ScoringRun
from scoring.queries.practised import practised_by_week
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.exams import make_versions
from tests.factories.journal import sit
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, responses

pytestmark = pytest.mark.django_db


def run() -> ScoringRun:
    found = run_in_force()
    assert found is not None
    return found


def practise(pupil: Person, *, days: int, answered: int, correct: int) -> None:
    """So many of the first items of a quick set get a response, so many of them rightly; one more is seen."""
    at = NOW + timedelta(days=days)
    opened = open_practice_set(person=pupil, subject="mathematics", now=at, kind=PracticeKind.QUICK)
    versions = [
        row.version
        for row in opened.form.form_items.filter(selection__role="main").select_related("version__item")
    ]
    values = responses(opened.form, [one.item.identifier for one in versions[:correct]])
    given = {one.ref: values[one.ref] for one in versions[:answered]}
    sit(opened, given, seen=[versions[answered].ref], started_at=at, minutes=10)
    score_sittings(now=at + timedelta(hours=1))


def test_weeks_begin_on_monday_and_trials_do_not_count(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_versions(PRACTICE_ITEMS[:30])
    group = make_class()
    pupil, other = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5], other: REFERENCE_ITEMS[:5]})
    assert practised_by_week(pupil, "mathematics", run=run()) == ()
    practise(pupil, days=2, answered=4, correct=3)  # Sunday the 22nd
    practise(pupil, days=3, answered=3, correct=0)  # Monday the 23rd
    practise(other, days=3, answered=4, correct=4)
    scored = run()
    with django_assert_num_queries(2):
        weeks = practised_by_week(pupil, "mathematics", run=scored)
    assert [(week.monday, week.n_items, sum(row.n_right for row in week.domains)) for week in weeks] == [
        (date(2026, 11, 23), 4, 0),  # three with a response and one that was looked at
        (date(2026, 11, 16), 5, 3),
    ]
    assert sum(row.n_helped for week in weeks for row in week.domains) == 0
    codes = [row.domain.code for row in weeks[1].domains]
    assert codes == sorted(set(codes))
    assert practised_by_week(pupil, "serbian", run=run()) == ()


def test_what_was_solved_with_a_hint_stands_apart() -> None:
    make_versions(PRACTICE_ITEMS[:30])
    group = make_class()
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5]})
    opened = open_practice_set(person=pupil, subject="mathematics", now=NOW, kind=PracticeKind.QUICK)
    versions = [
        row.version
        for row in opened.form.form_items.filter(selection__role="main").select_related("version__item")
    ]
    values = responses(opened.form, [one.item.identifier for one in versions[:3]])
    given = {one.ref: values[one.ref] for one in versions}
    # One hint before a right response, one before a wrong one.
    sit(opened, given, hinted=[versions[0].ref, versions[-1].ref], minutes=10)
    score_sittings(now=NOW + timedelta(hours=1))
    (week,) = practised_by_week(pupil, "mathematics", run=run())
    assert week.n_items == len(versions) == 5
    assert sum(row.n_right for row in week.domains) == 2
    assert sum(row.n_helped for row in week.domains) == 1
